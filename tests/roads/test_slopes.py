"""On hills: cars lie on the slope, and what stands in sloping areas stands on the ground."""

from __future__ import annotations

import numpy as np
import pytest

from simgen.behaviours.follow_lane import FollowLane
from simgen.geometry import quat_rotate
from simgen.placement.ground import GroundHeight, height_within
from simgen.records.actors import ActorState, Situation
from simgen.records.roads import Area, Lane, RoadMap

GRADE = 0.08


def test_a_car_pitches_with_the_lane() -> None:
    x = np.linspace(0.0, 200.0, 101)
    line = np.stack([x, np.zeros_like(x), GRADE * x], -1)
    road_map = RoadMap(lanes=(Lane(name="up", centerline=line),))
    state = ActorState(position=(10.0, 0.0, 0.8), quaternion=(1.0, 0.0, 0.0, 0.0))
    driver = FollowLane(speed_m_s=10.0, lane="up").start("car", state, road_map, 2.7, 0)
    for k in range(30):
        situation = Situation(
            map=road_map, time_s=0.02 * k, dt_s=0.02, actors={"car": state}, sizes={"car": (4.5, 1.8, 1.5)}
        )
        state = driver.step(state, situation)
    nose = quat_rotate(np.array(state.quaternion), np.array([1.0, 0.0, 0.0]))
    assert nose[2] / nose[0] == pytest.approx(GRADE, abs=1e-6)
    assert state.position[2] == pytest.approx(GRADE * state.position[0], abs=0.01)


def test_heights_in_a_sloping_strip_follow_its_sides() -> None:
    x = np.linspace(0.0, 100.0, 51)
    z = 3.0 * np.sin(x / 20.0)
    strip = np.concatenate([np.stack([x, 0 * x, z], -1), np.stack([x, 0 * x + 3.0, z], -1)[::-1]])
    ground = GroundHeight(RoadMap(areas=(Area(name="walk", kind="sidewalk", polygon=strip),)))
    for at in (11.0, 33.3, 60.0, 88.0):
        assert ground.at(at, 1.2) == pytest.approx(3.0 * np.sin(at / 20.0), abs=0.05)
    assert height_within(strip, 44.0, 0.0) == pytest.approx(3.0 * np.sin(2.2), abs=1e-3)
    assert ground.at(50.0, 8.0) == 0.0
