"""People in a town: their pace, their distance from each other, and red lights."""

from __future__ import annotations

import math

import numpy as np
from driving import PERSON, Actor, on_lane, play, yaw_state

from simgen import registry
from simgen.behaviours._paths import paths_of
from simgen.polyline import Polyline
from simgen.records.actors import ActorState
from simgen.records.roads import Lane, RoadMap
from simgen.rng import stream

HZ = 30


def walker(state: ActorState, **parameters: object) -> Actor:
    return Actor("stroll", parameters, state, PERSON, 0.0)


def pavement(length: float = 60.0) -> RoadMap:
    there = np.array([[0.0, 0.0, 0.0], [length, 0.0, 0.0]])
    back = there[::-1] + np.array([0.0, 0.4, 0.0])
    lanes = (
        Lane(name="there", kind="sidewalk", centerline=there, width_m=1.5),
        Lane(name="back", kind="sidewalk", centerline=back, width_m=1.5),
    )
    return RoadMap(lanes=lanes)


def test_alone_one_walks_at_ones_own_pace() -> None:
    states = play(pavement(), {"one": walker(yaw_state(2.0, 0.0), speed_m_s=1.34)}, 20.0, hz=HZ)["one"]
    v = np.array([s.speed_m_s for s in states[1:]])
    assert np.abs(v - 1.34).max() < 0.01
    assert states[-1].distance_m == abs(states[-1].position[0] - 2.0) or states[-1].distance_m > 26.0
    assert abs(states[-1].position[1]) < 0.05


def test_one_comes_up_to_speed_in_the_relaxation_time() -> None:
    """From rest v(t) = v0 (1 - exp(-t / tau)), tau = 0.5 s, sampled every tenth of a second."""
    states = play(pavement(), {"one": walker(yaw_state(2.0, 0.0), speed_m_s=1.34, start_s=1.0)}, 3.0, hz=100)["one"]
    assert all(s.speed_m_s < 0.01 for s in states[:95])
    v = np.array([s.speed_m_s for s in states])
    reached = next(k for k, x in enumerate(v) if x > 1.34 * (1.0 - math.exp(-1.0))) / 100 - 1.0
    assert 0.35 < reached < 0.65


def test_two_who_meet_pass_without_touching() -> None:
    actors = {"a": walker(yaw_state(5.0, 0.0)), "b": walker(yaw_state(35.0, 0.1, 0.0, math.pi))}
    log = play(pavement(), actors, 20.0, hz=HZ)
    gap = [math.dist(a.position[:2], b.position[:2]) for a, b in zip(log["a"], log["b"], strict=True)]
    assert min(gap) > 0.55
    assert log["a"][-1].position[0] > 25.0
    assert log["b"][-1].position[0] < 15.0


def test_a_crowd_keeps_apart_and_slows_down_where_it_is_dense() -> None:
    rng = stream(3, "test", "crowd")

    def mean_speed(count: int) -> float:
        actors = {}
        for k in range(count):
            x, back = 1.0 + 56.0 * (k + 0.3 * float(rng.random())) / count, k % 2 == 1
            actors[f"p/{k}"] = walker(yaw_state(x, 0.4 * back, 0.0, math.pi * back))
        log = play(pavement(), actors, 12.0, hz=20)
        place = np.array([[s.position[:2] for s in states] for states in log.values()])
        gap = np.sqrt(((place[:, None] - place[None]) ** 2).sum(-1)) + 9.0 * np.eye(count)[:, :, None]
        assert gap.min() > 0.5, count
        return float(np.mean([s.speed_m_s for states in log.values() for s in states[20:]]))

    few, many = mean_speed(4), mean_speed(36)
    assert few > 1.2
    assert many < few


def test_they_wait_at_red_and_cross_at_green(crossing: RoadMap) -> None:
    # the west arm's crosswalk is green with the north-south axis, from 17 s to 29 s
    x = float(crossing.lane("crosswalk/west/1").centerline[0, 0])
    path = next(p for p in paths_of(crossing).all if p.lane.name == "sidewalk/south_west/1")
    at = next(s for s, walk in path.branches if walk.lane.name == "crosswalk/west/1")
    px, py, _ = path.track.at(at - 4.0)
    state = yaw_state(px, py, 0.12, path.track.bearing(at - 4.0)[0])
    states = play(crossing, {"one": walker(state, crosses=1.0)}, 40.0, hz=HZ, seed=1)["one"]
    y = np.array([s.position[1] for s in states])
    edge = float(crossing.lane("crosswalk/west/1").centerline[0, 1])
    steps_off = int(np.flatnonzero(y > edge + 0.2)[0]) / HZ
    assert 17.0 <= steps_off < 22.0
    assert y[-1] > -edge - 0.5
    assert abs(states[int(steps_off * HZ) + 60].position[0] - x) < 1.5
    heights = np.array([s.position[2] for s in states])
    assert heights.min() == 0.0 or heights.min() < 0.01  # down from the kerb and up again
    assert abs(heights[-1] - 0.12) < 0.02


def test_at_a_zebra_they_wait_for_cars_that_cannot_stop() -> None:
    road_map = registry.get("world", "intersection")(signals=False).build(0).map
    path = next(p for p in paths_of(road_map).all if p.lane.name == "sidewalk/south_west/1")
    at = next(s for s, walk in path.branches if walk.lane.name == "crosswalk/west/1")
    px, py, _ = path.track.at(at - 1.0)
    length = Polyline(road_map.lane("east/1").centerline).length
    person = walker(yaw_state(px, py, 0.12, path.track.bearing(at)[0]), crosses=1.0)
    # this one heeds nobody and arrives first
    car = Actor("follow_lane", {"speed_m_s": 12.0, "heeds_others": False}, on_lane(road_map, "east/1", length - 40.0))
    log = play(road_map, {"person": person, "car": car}, 30.0, hz=HZ, seed=2)
    edge = float(road_map.lane("crosswalk/west/1").centerline[0, 1])
    x = float(road_map.lane("crosswalk/west/1").centerline[0, 0])
    off = next(k for k, s in enumerate(log["person"]) if s.position[1] > edge + 0.3)
    assert log["car"][off].position[0] > x
    assert log["person"][-1].position[1] > -edge - 1.0


def test_a_town_keeps_walking(crossing: RoadMap) -> None:
    rng = stream(1, "test", "people")
    lanes = [lane for lane in crossing.lanes if lane.kind == "sidewalk"]
    actors = {}
    for k in range(24):
        lane = lanes[k % len(lanes)]
        actors[f"p/{k}"] = walker(on_lane(crossing, lane.name, 4.0 + 7.0 * (k // len(lanes)) + float(rng.random())))
    log = play(crossing, actors, 30.0, hz=20, seed=4)
    place = np.array([[s.position[:2] for s in states] for states in log.values()])
    gap = np.sqrt(((place[:, None] - place[None]) ** 2).sum(-1)) + 9.0 * np.eye(24)[:, :, None]
    assert gap.min() > 0.5
    speed = np.mean([s.speed_m_s for states in log.values() for s in states[1:]])
    assert 1.0 < speed < 1.4
