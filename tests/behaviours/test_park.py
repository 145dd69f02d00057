"""Forward parking: where it ends, how it brakes, that its wheels do not slip."""

from __future__ import annotations

import numpy as np
import pytest

from simgen.assembly import assemble
from simgen.errors import SceneError
from simgen.geometry import quat_rotate
from simgen.physics import simulate
from simgen.scenario import loads

SCENE = """
simgen: 1
clock: {duration_s: 12.0, rate_hz: 10}
world: {type: straight_road, lanes: 1, length_m: 300}
objects:
  - name: car
    asset: sedan
    place: {on: lane, lane: east/1, at_m: 40}
    behaviour: {type: park, speed_m_s: 8, distance_m: 40, lateral_m: -2.5, deceleration_m_s2: 2.0%s}
"""


def driven(extra: str = ""):
    scene = loads(SCENE % extra, "park.yaml").sample(0)
    trajectory = simulate(assemble(scene)).from_zero()
    row = next(k for k, name in enumerate(trajectory.actor_names) if name == "car")
    body = int(trajectory.actor_body[row])
    return trajectory, trajectory.position[:, body], trajectory.quaternion[:, body]


def test_it_stands_where_it_should_and_straight():
    _, position, quaternion = driven()
    moved = position[-1] - position[0]
    assert moved[0] == pytest.approx(40.0, abs=0.02)
    assert moved[1] == pytest.approx(-2.5, abs=0.01)
    assert quat_rotate(quaternion[-1], np.array([1.0, 0.0, 0.0]))[1] == pytest.approx(0.0, abs=1e-3)
    np.testing.assert_allclose(position[-1], position[-20], atol=1e-9)


def test_it_brakes_evenly_and_does_not_slip():
    trajectory, position, quaternion = driven()
    dt = trajectory.step_ns * 1e-9
    velocity = np.diff(position, axis=0) / dt
    speed = np.linalg.norm(velocity, axis=1)
    sideways = np.abs((quat_rotate(quaternion[:-1], np.tile([0.0, 1.0, 0.0], (len(velocity), 1))) * velocity).sum(-1))
    assert sideways.max() < 0.03
    # v^2 = 2 b (s1 - s) along the lane, half way through braking
    k = int(np.argmin(np.abs(position[:-1, 0] - (position[-1, 0] - 8.0))))
    assert velocity[k, 0] == pytest.approx(np.sqrt(2.0 * 2.0 * 8.0), rel=0.03)
    assert speed[:10].max() == pytest.approx(8.0, rel=0.01)


def test_a_shift_longer_than_the_way_is_refused():
    with pytest.raises(SceneError, match="shift_m"):
        driven(", shift_m: 60")
