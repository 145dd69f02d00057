from __future__ import annotations

import re

import pytest
from helpers_edge_cases import stage_of

from simgen.edge_cases.sensor_knock import SensorKnock
from simgen.errors import SceneError, UserError
from simgen.generate.sequence import calibrations
from simgen.scenario import loads, scene_from_yaml, scene_to_yaml

SCENE = """
simgen: 1
name: knocked
clock: {duration_s: 1.0, rate_hz: 10}
world: {type: empty}
edge_cases: [CASE]
sensors:
  - {name: top, type: lidar, mount: {position_m: [0, 0, 2]}}
  - {name: eye, type: camera, mount: {position_m: [0, 0, 2]}}
  - {name: round, type: camera, mount: {path: {type: orbit}}}
"""


def scene_of(case):
    return loads(SCENE.replace("CASE", case), "s.yaml").sample(seed=2)


def test_the_knock_is_in_the_true_calibration_alone_and_survives_the_certain_scene():
    scene = scene_of("{type: sensor_knock, sensor: eye, at_s: {uniform: [0.2, 0.6]}, rotation_deg: [0, 0, 3]}")
    at_s = dict(scene.draws)["edge_cases.sensor_knock.at_s"]
    top, eye, _ = scene.sensors
    assert (eye.mount.knock.at_s, eye.mount.knock.rotation_deg) == (at_s, (0.0, 0.0, 3.0))
    assert top.mount.knock is None
    assert scene.tags == ("sensor_knock",)
    true, reported = calibrations(eye, 10, scene.seed)
    assert true["mount"]["knock"]["time_ns"] == round(at_s * 1e9)
    assert "knock" not in reported["mount"]
    assert scene_from_yaml(scene_to_yaml(scene)) == scene


MISTAKES = {
    "sensor: ey": "no sensor 'ey'; did you mean 'eye'",
    "sensor: round": "'round' cannot be knocked, for it follows a path",
    "sensor: top, at_s: 0.95": "nothing shows of a knock of 'top' at 0.95 s; its last frame is at 0.9 s",
}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes_are_told(case):
    words = MISTAKES[case]
    scene = scene_of("")
    fields = dict(pair.split(": ") for pair in case.split(", "))
    at_s = float(fields.get("at_s", 0.0))
    with pytest.raises(UserError, match=re.escape(words)):
        SensorKnock(sensor=fields["sensor"], at_s=at_s).apply(scene, stage_of(scene))


def test_a_sensor_is_knocked_once():
    with pytest.raises(SceneError, match=r"s.yaml:6:\d+: sensor_knock: 'top' cannot be knocked, for it is already"):
        scene_of("{type: sensor_knock, sensor: top}, {type: sensor_knock, sensor: top}")
