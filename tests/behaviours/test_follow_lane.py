"""Driving along lanes: how far, how straight, where it stops and how it turns."""

from __future__ import annotations

import math

import numpy as np
import pytest
from driving import CAR, HZ, PERSON, Actor, on_lane, path_length, play, track, yaw_state

from simgen.errors import UserError
from simgen.placement.route import route_from
from simgen.polyline import Polyline
from simgen.records.actors import ActorState
from simgen.records.roads import RoadMap

FRONT = 0.5 * 2.76 + 0.5 * 4.7


def drive(road_map: RoadMap, state: ActorState, seconds: float, **parameters: object) -> list[ActorState]:
    return play(road_map, {"car": Actor("follow_lane", parameters, state)}, seconds)["car"]


def test_a_free_road_is_covered_at_the_wished_speed(crossing: RoadMap) -> None:
    states = drive(crossing, on_lane(crossing, "east/1", 5.0), 4.0, speed_m_s=8.0)
    assert states[-1].position[0] == pytest.approx(-85.0 + 32.0, abs=1e-3)
    assert states[-1].distance_m == pytest.approx(32.0, abs=1e-3)


def test_wheels_roll_as_far_as_the_car_goes(crossing: RoadMap) -> None:
    states = drive(crossing, on_lane(crossing, "east/1", 40.0), 8.0, speed_m_s=8.0, turn="right")
    assert states[-1].distance_m == pytest.approx(path_length(states), rel=1e-4)


def test_a_car_beside_its_lane_returns_to_it_and_stays(crossing: RoadMap) -> None:
    states = drive(crossing, on_lane(crossing, "east/1", 2.0, lateral_m=0.8), 6.0, speed_m_s=8.0)
    lateral = track(states)[:, 1] + 5.25
    assert np.abs(lateral[4 * HZ :]).max() < 0.05
    assert lateral.min() > -0.1


def test_lateral_m_is_kept(crossing: RoadMap) -> None:
    state = on_lane(crossing, "east/1", 2.0, lateral_m=0.5)
    states = drive(crossing, state, 4.0, speed_m_s=8.0, lateral_m=0.5)
    assert np.abs(track(states)[:, 1] + 4.75).max() < 0.01


@pytest.mark.parametrize(("lane", "turn"), [("east/1", "right"), ("east/2", "left"), ("west/1", "right")])
def test_turns_follow_the_lane_without_steps_in_steering(crossing: RoadMap, lane: str, turn: str) -> None:
    states = drive(crossing, on_lane(crossing, lane, 40.0), 12.0, speed_m_s=8.0, turn=turn)
    line = route_from(crossing, lane, turn).line  # type: ignore[arg-type]
    _, lateral = line.closest(track(states))
    assert np.abs(lateral).max() < 0.1
    steer = np.array([s.steer_rad for s in states if s.exists])
    assert np.abs(steer).max() > 0.1
    assert np.abs(np.diff(steer)).max() < 1.2 / HZ + 1e-9
    assert (float(np.sum(steer)) > 0.0) == (turn == "left")


def test_the_bicycle_does_not_skid(crossing: RoadMap) -> None:
    """The rear axle moves along the heading, and the heading turns by v tan(steer) / wheelbase."""
    states = drive(crossing, on_lane(crossing, "east/2", 45.0), 8.0, speed_m_s=8.0, turn="left")
    xy, yaw = track(states)[:, :2], np.array([2.0 * math.atan2(s.quaternion[3], s.quaternion[0]) for s in states])
    yaw = np.unwrap(yaw)
    step = np.diff(xy, axis=0)
    middle = 0.5 * (yaw[1:] + yaw[:-1])
    across = step[:, 1] * np.cos(middle) - step[:, 0] * np.sin(middle)
    assert np.abs(across).max() < 1e-9
    rolled = np.diff([s.distance_m for s in states])
    steer = np.array([s.steer_rad for s in states[1:]])
    np.testing.assert_allclose(np.diff(yaw), rolled * np.tan(steer) / 2.76, atol=1e-12)


def test_bends_are_taken_no_faster_than_comfort_allows(crossing: RoadMap) -> None:
    states = drive(crossing, on_lane(crossing, "east/1", 10.0), 12.0, speed_m_s=14.0, turn="right")
    v = np.array([s.speed_m_s for s in states if s.exists])
    steer = np.array([s.steer_rad for s in states if s.exists])
    assert (v**2 * np.abs(np.tan(steer)) / 2.76).max() < 3.0


def test_a_long_bend_is_held(bend: RoadMap) -> None:
    states = drive(bend, on_lane(bend, "east/2", 10.0), 10.0, speed_m_s=30.0)
    _, lateral = Polyline(bend.lane("east/2").centerline).closest(track(states))
    assert np.abs(lateral).max() < 0.05
    assert states[-1].distance_m == pytest.approx(300.0, abs=0.1)


def test_it_stops_before_a_red_light_and_goes_when_it_is_green(crossing: RoadMap) -> None:
    # north-south is red until 17 s
    states = drive(crossing, on_lane(crossing, "north/1", 10.0), 26.0, speed_m_s=12.0)
    y = np.array([s.position[1] for s in states])
    stop_line = -90.0 + float(crossing.lane("north/1").stop_at_m or 0.0)
    red = int(17.0 * HZ)
    assert y[:red].max() + FRONT < stop_line
    assert stop_line - (y[red - 1] + FRONT) < 2.0
    assert states[red - HZ].speed_m_s < 0.1
    assert y[-1] > stop_line
    v = np.array([s.speed_m_s for s in states])
    assert np.diff(v).min() * HZ > -5.0


def test_the_blind_run_red_lights(crossing: RoadMap) -> None:
    states = drive(crossing, on_lane(crossing, "north/1", 10.0), 8.0, speed_m_s=12.0, heeds_signals=False)
    assert states[-1].distance_m == pytest.approx(96.0, abs=1e-3)


def test_a_platoon_never_touches(crossing: RoadMap) -> None:
    """Six cars run up to a red light; gaps stay positive, and they stop about the standstill gap apart."""
    actors = {
        f"car/{k}": Actor(
            "follow_lane", {"speed_m_s": 11.0 + 0.5 * (k % 3)}, on_lane(crossing, "north/1", 1.0 + 9.0 * k)
        )
        for k in range(6)
    }
    log = play(crossing, actors, 16.0)
    y = np.array([[s.position[1] for s in log[f"car/{k}"]] for k in range(6)])
    gaps = np.diff(y, axis=0) - 4.7
    assert gaps.min() > 0.5
    np.testing.assert_allclose(gaps[:, -1], 2.0, atol=0.7)


def test_it_brakes_for_someone_who_stands_in_the_way_but_not_for_parked_cars(crossing: RoadMap) -> None:
    parked = Actor("stand", {}, yaw_state(-70.0, -8.1), CAR)
    free = {"car": Actor("follow_lane", {"speed_m_s": 8.0}, on_lane(crossing, "east/1", 5.0)), "parked": parked}
    assert play(crossing, free, 4.0)["car"][-1].distance_m == pytest.approx(32.0, abs=1e-3)
    person = Actor("stand", {}, yaw_state(-50.0, -5.0), PERSON, 0.0)
    blocked = {"car": Actor("follow_lane", {"speed_m_s": 8.0}, on_lane(crossing, "east/1", 5.0)), "person": person}
    states = play(crossing, blocked, 12.0)["car"]
    assert states[-1].speed_m_s < 0.1
    assert 0.5 < -50.3 - (states[-1].position[0] + FRONT) < 3.5
    ignoring = {"car": Actor("follow_lane", {"speed_m_s": 8.0, "heeds_others": False}, blocked["car"].state)}
    assert play(crossing, ignoring, 4.0)["car"][-1].distance_m == pytest.approx(32.0, abs=1e-3)


def test_the_start_is_no_faster_than_the_way_ahead_allows(crossing: RoadMap) -> None:
    actors = {
        "car": Actor("follow_lane", {"speed_m_s": 15.0}, on_lane(crossing, "north/1", 30.0)),
        "wall": Actor("stand", {}, on_lane(crossing, "north/1", 40.0)),
    }
    log = play(crossing, actors, 5.0)["car"]
    assert max(s.position[1] for s in log) + FRONT < -50.0 - 0.97


@pytest.mark.parametrize(
    ("name", "at_end", "there", "moving"),
    [
        ("car", "vanish", False, False),
        ("ego", "vanish", True, False),
        ("car", "stop", True, False),
        ("car", "go_on", True, True),
    ],
)
def test_the_end_of_the_road(crossing: RoadMap, name: str, at_end: str, there: bool, moving: bool) -> None:
    state = on_lane(crossing, "east/1", 150.0)
    last = play(crossing, {name: Actor("follow_lane", {"speed_m_s": 10.0, "at_end": at_end}, state)}, 9.0)[name][-1]
    assert last.exists == there
    assert (last.speed_m_s > 5.0) == moving
    assert (last.position[0] > 95.0) == moving


def test_the_nearest_lane_that_goes_its_way_is_taken(crossing: RoadMap) -> None:
    states = drive(crossing, yaw_state(-85.0, 0.2, 0.0, 0.0), 5.0, speed_m_s=8.0)
    assert states[-1].position[1] == pytest.approx(-1.75, abs=0.05)


def test_unknown_lanes_and_worlds_without_lanes_are_told(crossing: RoadMap) -> None:
    with pytest.raises(UserError, match="no lane 'east/7'; did you mean"):
        drive(crossing, yaw_state(0.0, 0.0), 1.0, lane="east/7")
    with pytest.raises(UserError, match="no lanes for 'car' to follow"):
        drive(RoadMap(), yaw_state(0.0, 0.0), 1.0)


def test_columns_start_at_speed_although_nobody_moved_before(bend: RoadMap) -> None:
    """Everybody's first state is at rest; that must not make those behind brake."""
    actors = {
        f"car/{k}": Actor("follow_lane", {"speed_m_s": 25.0}, on_lane(bend, "east/1", 20.0 + 60.0 * k))
        for k in range(3)
    }
    log = play(bend, actors, 2.0)
    assert min(s.speed_m_s for states in log.values() for s in states[1:]) > 24.0
