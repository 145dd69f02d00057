from __future__ import annotations

import re

import pytest
from helpers_edge_cases import applied, outcomes

from simgen.edge_cases.sensor_dropout import SensorDropout
from simgen.errors import UserError
from simgen.scenario import loads

SCENE = """
simgen: 1
name: silent
clock: {duration_s: 1.0, rate_hz: 10}
world: {type: empty}
sensors:
  - {name: top, type: lidar, mount: {position_m: [0, 0, 2]}}
  - {name: slow, type: lidar, rate_hz: 5, mount: {position_m: [0, 0, 2]}}
"""


@pytest.fixture(scope="module")
def scene():
    return loads(SCENE, "silent.yaml").sample(seed=0)


@pytest.mark.parametrize(("start", "length", "lost"), [(0.2, 0.3, [2, 3, 4]), (0.0, 0.05, [0]), (0.85, 5.0, [9])])
def test_exactly_the_frames_of_the_stretch_are_lost(scene, start, length, lost):
    changed = applied(scene, SensorDropout(sensor="top", from_s=start, duration_s=length))
    top, slow = changed.sensors
    times = top.schedule(changed.clock.duration_ns, changed.clock.rate_hz)
    assert [k for k, t in enumerate(times) if top.dropped(t)] == lost
    assert slow == scene.sensors[1]
    (asked,) = changed.constraints
    assert (asked.kind, asked.subject, asked.asked) == ("frames_dropped", "top", len(lost))
    assert changed.tags == ("sensor_dropout",)
    (outcome,) = outcomes(changed)
    assert outcome.holds


def test_two_dropouts_of_one_sensor_ask_for_their_sum(scene):
    changed = applied(
        scene,
        SensorDropout(sensor="top", from_s=0.1, duration_s=0.2),
        SensorDropout(sensor="top", from_s=0.6, duration_s=0.1),
        SensorDropout(sensor="slow", from_s=0.4, duration_s=0.2),
    )
    assert [(c.subject, c.asked) for c in changed.constraints] == [("top", 3.0), ("slow", 1.0)]


def test_mistakes_are_told(scene):
    with pytest.raises(UserError, match=r"no sensor 'tpo'; did you mean 'top'"):
        applied(scene, SensorDropout(sensor="tpo"))
    words = "'slow' takes no frame between 0.21 and 0.39 s; its frames are at 0, 0.2, ..., 0.8 s"
    with pytest.raises(UserError, match=re.escape(words)):
        applied(scene, SensorDropout(sensor="slow", from_s=0.21, duration_s=0.18))
