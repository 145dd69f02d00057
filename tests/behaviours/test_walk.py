"""Walkers: speed, place on the sidewalk, kerbs and other people."""

from __future__ import annotations

import math

import numpy as np
import pytest
from driving import HZ, PERSON, Actor, path_length, play, track, yaw_state

from simgen.errors import UserError
from simgen.polyline import inside_polygon
from simgen.records.roads import RoadMap

KERB = 0.12


def walker(x: float, y: float, z: float = KERB, yaw: float = 0.0, **parameters: object) -> Actor:
    return Actor("walk", parameters, yaw_state(x, y, z, yaw), PERSON, 0.0)


def test_a_walker_covers_speed_times_time_and_stays_on_the_sidewalk(crossing: RoadMap) -> None:
    states = play(crossing, {"a": walker(-60.0, -11.5, yaw=0.1)}, 60.0)["a"]
    assert states[-1].distance_m == pytest.approx(84.0, abs=1e-6)
    assert path_length(states) == pytest.approx(84.0, rel=1e-6)
    sidewalk = next(a.polygon for a in crossing.areas if a.name == "sidewalk/south_west")
    assert inside_polygon(sidewalk, track(states)).all()
    # it went round the corner, southwards
    assert states[-1].position[1] < -25.0


def test_at_the_end_it_turns_round(crossing: RoadMap) -> None:
    states = play(crossing, {"a": walker(-80.0, -11.0, yaw=math.pi)}, 20.0)["a"]
    x = track(states)[:, 0]
    assert x.min() < -88.0
    assert x[-1] > -80.0
    assert abs(2.0 * math.atan2(states[-1].quaternion[3], states[-1].quaternion[0])) < 0.2


def test_headings_turn_smoothly(crossing: RoadMap) -> None:
    states = play(crossing, {"a": walker(-80.0, -11.0, yaw=math.pi)}, 20.0)["a"]
    yaw = np.unwrap([2.0 * math.atan2(s.quaternion[3], s.quaternion[0]) for s in states])
    assert np.abs(np.diff(yaw)).max() <= math.pi / HZ + 1e-9


def test_over_the_crosswalk_and_up_the_kerb(crossing: RoadMap) -> None:
    middle = -(7.0 + 2.3 + 6.0) - 0.5 - 2.0
    start = walker(middle + 0.5, -8.0, 0.0, 0.5 * math.pi)
    states = play(crossing, {"a": start}, 20.0)["a"]
    z, y = track(states)[:, 2], track(states)[:, 1]
    assert (np.abs(z[(y > -8.0) & (y < 9.0)]) < 1e-9).all()
    assert z[-1] == pytest.approx(KERB)
    assert np.abs(np.diff(z)).max() < 0.01
    sidewalk = next(a.polygon for a in crossing.areas if a.name == "sidewalk/north_west")
    assert inside_polygon(sidewalk, track(states)[-1:]).all()


def test_to_a_point_and_no_further(crossing: RoadMap) -> None:
    states = play(crossing, {"a": walker(-50.0, -11.0, to_m=(-45.0, -3.0))}, 9.0)["a"]
    assert states[-1].position == pytest.approx((-45.0, -3.0, 0.0), abs=1e-6)
    assert states[-1].speed_m_s == 0.0
    assert states[-1].distance_m == pytest.approx(path_length(states), abs=1e-6)


def test_it_waits_for_its_time(crossing: RoadMap) -> None:
    states = play(crossing, {"a": walker(-60.0, -11.5, start_s=2.0)}, 3.0)["a"]
    assert states[2 * HZ - 1].distance_m == 0.0
    assert states[-1].distance_m == pytest.approx(1.4, abs=0.01)


def test_two_who_meet_pass_each_other(crossing: RoadMap) -> None:
    actors = {"a": walker(-60.0, -11.4), "b": walker(-50.0, -11.5, yaw=math.pi)}
    log = play(crossing, actors, 12.0)
    gap = track(log["a"])[:, :2] - track(log["b"])[:, :2]
    assert np.hypot(*gap.T).min() > 0.45
    assert log["a"][-1].position[0] > -45.0
    assert log["b"][-1].position[0] < -62.0


def test_one_who_stands_is_walked_round(crossing: RoadMap) -> None:
    standing = Actor("stand", {}, yaw_state(-50.0, -12.0, KERB), PERSON, 0.0)
    log = play(crossing, {"a": walker(-58.0, -12.0), "b": standing}, 12.0)
    gap = track(log["a"])[:, :2] - np.array([-50.0, -12.0])
    assert np.hypot(*gap.T).min() > 0.4
    assert log["a"][-1].position[0] > -48.0


def test_no_sidewalk_is_told() -> None:
    with pytest.raises(UserError, match=r"no sidewalks for 'a'.*to_m"):
        play(RoadMap(), {"a": walker(0.0, 0.0)}, 0.1)


def test_a_point_needs_two_numbers() -> None:
    with pytest.raises(UserError, match=r"to_m needs the two numbers \[x, y\], not 1"):
        play(RoadMap(), {"a": walker(0.0, 0.0, to_m=(1.0,))}, 0.1)
