"""Standing, going straight, dashing, waypoints and keyframes against their closed forms."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from driving import HZ, PERSON, Actor, path_length, play, track, yaw_state
from hypothesis import given, settings
from hypothesis import strategies as st

from simgen import registry
from simgen.errors import UserError
from simgen.records.actors import ActorState
from simgen.records.roads import RoadMap


def run(
    behaviour: str, state: ActorState, seconds: float, road_map: RoadMap | None = None, **parameters: object
) -> list[ActorState]:
    actor = Actor(behaviour, parameters, state, PERSON, 0.0)
    return play(road_map or RoadMap(), {"a": actor}, seconds)["a"]


def yaw(state: ActorState) -> float:
    return 2.0 * math.atan2(state.quaternion[3], state.quaternion[0])


def test_standing_is_standing() -> None:
    first = yaw_state(1.0, 2.0, 3.0, 0.4)
    assert run("stand", first, 0.5)[-1] == first


@settings(max_examples=20, deadline=None)
@given(st.floats(-20.0, 20.0), st.floats(-3.0, 3.0), st.floats(0.0, 0.5))
def test_straight_ahead_is_speed_times_time(speed: float, heading: float, wait: float) -> None:
    last = run("drive_straight", yaw_state(1.0, 2.0, 0.0, heading), 1.0, speed_m_s=speed, start_s=wait)[-1]
    way = speed * (1.0 - wait)
    assert last.position == pytest.approx((1.0 + way * math.cos(heading), 2.0 + way * math.sin(heading), 0.0))
    assert last.distance_m == pytest.approx(way)


def test_a_dash_starts_on_time_and_steps_down_the_kerb(crossing: RoadMap) -> None:
    start = yaw_state(-50.0, -10.5, 0.12)
    states = run("dash", start, 3.0, crossing, speed_m_s=3.0, start_s=1.0, toward_m=(-50.0, 0.0))
    assert states[HZ].position[:2] == (-50.0, -10.5)
    assert states[HZ].speed_m_s == 0.0
    assert states[2 * HZ].position == pytest.approx((-50.0, -7.5, 0.0), abs=1e-9)
    assert yaw(states[0 + 1]) == pytest.approx(0.5 * math.pi)
    assert max(abs(b.position[2] - a.position[2]) for a, b in itertools.pairwise(states)) < 0.006


def test_a_dash_ends_at_its_point_or_after_its_distance() -> None:
    assert run("dash", yaw_state(0.0, 0.0), 3.0, toward_m=(3.0, 4.0))[-1].position == pytest.approx((3.0, 4.0, 0.0))
    last = run("dash", yaw_state(0.0, 0.0), 3.0, direction_deg=90.0, distance_m=2.0)[-1]
    assert last.position == pytest.approx((0.0, 2.0, 0.0))
    assert last.speed_m_s == 0.0
    assert last.distance_m == pytest.approx(2.0)


def test_waypoints_are_walked_in_order_at_the_speed() -> None:
    states = run("waypoints", yaw_state(0.0, 0.0), 6.0, positions_m=((4.0, 0.0), (4.0, 3.0)), speed_m_s=2.0)
    assert states[2 * HZ].position == pytest.approx((4.0, 0.0, 0.0), abs=1e-6)
    assert states[-1].position == pytest.approx((4.0, 3.0, 0.0))
    assert states[-1].distance_m == pytest.approx(7.0)
    assert states[-1].speed_m_s == 0.0
    assert path_length(states) == pytest.approx(7.0, abs=0.01)


def test_a_loop_goes_on_for_ever() -> None:
    square = ((2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (0.0, 0.0))
    states = run("waypoints", yaw_state(0.0, 0.0), 12.0, positions_m=square, speed_m_s=1.0, loop=True)
    assert states[8 * HZ].position == pytest.approx((0.0, 0.0, 0.0), abs=1e-6)
    assert states[-1].position == pytest.approx((2.0, 2.0, 0.0), abs=1e-6)
    assert states[-1].distance_m == pytest.approx(12.0)
    assert track(states)[:, :2].max() <= 2.0 + 1e-9


def test_keyframes_are_met_exactly_and_halved_between() -> None:
    times, points = (0.5, 1.0, 2.0), ((0.0, 0.0, 0.0), (1.0, 0.0, 0.5), (1.0, 4.0, 0.5))
    states = run(
        "keyframes", yaw_state(9.0, 9.0), 3.0, times_s=times, positions_m=points, yaw_deg=(170.0, -170.0, 90.0)
    )
    assert states[HZ // 4].position == points[0]
    assert states[HZ].position == pytest.approx(points[1])
    assert states[3 * HZ // 4].position == pytest.approx((0.5, 0.0, 0.25))
    # from 170 to -170 degrees the short way passes 180
    assert abs(yaw(states[3 * HZ // 4])) == pytest.approx(math.pi)
    assert states[3 * HZ // 2].speed_m_s == pytest.approx(4.0)
    assert states[-1].position == pytest.approx(points[2])
    assert states[-1].distance_m == pytest.approx(5.0)


def test_keyframes_without_headings_face_the_way_they_go() -> None:
    states = run(
        "keyframes", yaw_state(0.0, 0.0), 1.5, times_s=(0.0, 1.0, 2.0), positions_m=((0, 0, 0), (0, 1, 0), (-1, 1, 0))
    )
    assert yaw(states[HZ // 2]) == pytest.approx(0.5 * math.pi)
    assert abs(yaw(states[-1])) == pytest.approx(math.pi)


def test_one_keyframe_is_a_place() -> None:
    assert run("keyframes", yaw_state(0.0, 0.0), 0.5, times_s=(1.0,), positions_m=((3.0, 2.0, 1.0),))[-1].position == (
        3,
        2,
        1,
    )


@pytest.mark.parametrize(
    ("behaviour", "parameters", "words"),
    [
        ("keyframes", {"times_s": (0.0, 1.0), "positions_m": ((0, 0, 0),)}, "as many positions_m"),
        ("keyframes", {"times_s": (1.0, 1.0), "positions_m": ((0, 0, 0), (1, 0, 0))}, "times_s must rise"),
        ("keyframes", {"times_s": (1.0,), "positions_m": ((0, 0, 0),), "yaw_deg": (1.0, 2.0)}, "as many yaw_deg"),
        ("waypoints", {"positions_m": ()}, "at least one point"),
        ("dash", {"toward_m": (1.0,)}, "two numbers"),
        ("dash", {"toward_m": (1.0, 2.0), "direction_deg": 3.0}, "not both"),
    ],
)
def test_mistakes_are_told(behaviour: str, parameters: dict[str, object], words: str) -> None:
    with pytest.raises(UserError, match=words):
        registry.get("behaviour", behaviour)(**parameters)


def test_steps_of_any_length_give_the_same_places() -> None:
    places = [
        np.array(
            play(RoadMap(), {"a": Actor("waypoints", {"positions_m": ((3.0, 1.0),)}, yaw_state(0, 0))}, 1.0, hz)["a"][
                -1
            ].position
        )
        for hz in (60, 240, 1000)
    ]
    np.testing.assert_allclose(places, [places[0]] * 3, atol=1e-9)
