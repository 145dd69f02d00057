"""Traffic: formulas against closed forms, and a town in which nobody touches anybody and everybody gets on."""

from __future__ import annotations

import math

import numpy as np
import pytest
from driving import CAR, PERSON, Actor, on_lane, play, track, yaw_state

from simgen import registry
from simgen.behaviours._idm import (
    Temper,
    changes_lane,
    equilibrium_gap,
    following_acceleration,
    quintic,
    stopping_acceleration,
)
from simgen.behaviours._junctions import time_for
from simgen.behaviours._network import network_of
from simgen.errors import UserError
from simgen.placement.footprint import Footprint
from simgen.polyline import Polyline
from simgen.records.actors import ActorState
from simgen.records.roads import Lane, RoadMap, Signal
from simgen.rng import stream

HZ = 30
FRONT = 0.5 * 2.76 + 0.5 * 4.7


def road(length: float = 1000.0, lanes: int = 1, limit: float = 20.0, **more: object) -> RoadMap:
    def line(k: int) -> np.ndarray:
        return np.array([[0.0, 3.5 * k, 0.0], [length, 3.5 * k, 0.0]])

    return RoadMap(
        lanes=tuple(
            Lane(
                name=f"lane/{k}",
                centerline=line(k),
                speed_limit_m_s=limit,
                left=f"lane/{k + 1}" if k + 1 < lanes else "",
                right=f"lane/{k - 1}" if k else "",
                **more,  # type: ignore[arg-type]
            )
            for k in range(lanes)
        )
    )


def driver(state: ActorState, **parameters: object) -> Actor:
    return Actor("drive", parameters, state)


def overlaps(a: tuple[ActorState, Actor], b: tuple[ActorState, Actor]) -> bool:
    return _foot(*a).overlaps(_foot(*b))


def _foot(state: ActorState, actor: Actor) -> Footprint:
    yaw = 2.0 * math.atan2(state.quaternion[3], state.quaternion[0])
    ahead = actor.center[0]
    x, y = state.position[0] + ahead * math.cos(yaw), state.position[1] + ahead * math.sin(yaw)
    return Footprint(x=x, y=y, half_length=0.5 * actor.size[0], half_width=0.5 * actor.size[1], yaw=yaw)


def touches(actors: dict[str, Actor], log: dict[str, list[ActorState]], every: int) -> list[tuple[str, str, int]]:
    found = []
    for k in range(0, len(next(iter(log.values()))), every):
        there = [(name, log[name][k]) for name in actors if log[name][k].exists]
        for i, (a, sa) in enumerate(there):
            for b, sb in there[i + 1 :]:
                near = math.dist(sa.position[:2], sb.position[:2]) < 12.0
                if near and overlaps((sa, actors[a]), (sb, actors[b])):
                    found.append((a, b, k))
    return found


def town(road_map: RoadMap, cars: int, seed: int) -> dict[str, Actor]:
    rng = stream(seed, "test", "town")
    lanes = [lane for lane in road_map.lanes if lane.kind == "driving" and not lane.junction]
    taken: list[tuple[str, float]] = []
    actors: dict[str, Actor] = {}
    while len(actors) < cars:
        lane = lanes[int(rng.integers(len(lanes)))]
        s = float(rng.uniform(3.0, Polyline(lane.centerline).length - 6.0))
        if all(name != lane.name or abs(s - at) > 9.0 for name, at in taken):
            taken.append((lane.name, s))
            parameters = {"at_end": "again", "limit_share": float(rng.uniform(0.85, 1.15))}
            actors[f"car/{len(actors)}"] = driver(on_lane(road_map, lane.name, s), **parameters)
    return actors


# ------------------------------------------------------------------------------------------------------ formulas


def test_the_model_rests_at_its_equilibrium_gap() -> None:
    temper = Temper()
    gap = equilibrium_gap(10.0, 20.0, temper)
    assert gap == pytest.approx((2.0 + 15.0) / math.sqrt(1.0 - 0.5**4))
    assert following_acceleration(10.0, 20.0, gap, 10.0, temper) == pytest.approx(0.0, abs=1e-12)


def test_it_follows_at_the_equilibrium_gap() -> None:
    actors = {
        "first": driver(on_lane(road(), "lane/0", 60.0), speed_m_s=10.0),
        "second": driver(on_lane(road(), "lane/0", 30.0), speed_m_s=20.0, start_speed_m_s=10.0),
    }
    log = play(road(), actors, 60.0, hz=HZ)
    gap = log["first"][-1].position[0] - log["second"][-1].position[0] - CAR[0]
    assert gap == pytest.approx(equilibrium_gap(10.0, 20.0, Temper()), abs=0.2)


def test_a_platoon_damps_what_its_leader_does() -> None:
    """String stability: a dip of the leader's speed grows weaker from car to car (T = 1.5 s, a = 1.4 m/s2)."""
    v, dt, temper = np.full(12, 15.0), 0.1, Temper()
    x = -np.arange(12) * (equilibrium_gap(15.0, 33.0, temper) + 5.0)
    low = v.copy()
    for k in range(1500):
        a = np.array(
            [0.0, *(following_acceleration(v[i], 33.0, x[i - 1] - x[i] - 5.0, v[i - 1], temper) for i in range(1, 12))]
        )
        a[0] = -1.0 if 10.0 <= 0.1 * k < 13.0 else 1.0 if 15.0 <= 0.1 * k < 18.0 else 0.0
        x, v = x + v * dt + 0.5 * a * dt * dt, np.maximum(v + a * dt, 0.0)
        low = np.minimum(low, v)
    dips = 15.0 - low
    assert dips[0] == pytest.approx(3.0, abs=0.01)
    assert (np.diff(dips[1:]) < 0.01).all()
    assert dips[-1] < 0.8 * dips[1]


def test_stopping_ends_at_the_line() -> None:
    v, gap, least = 14.0, 80.0, 0.0
    for _ in range(600):
        a = stopping_acceleration(v, gap, Temper())
        least, gap, v = min(least, a), gap - 0.05 * max(v + 0.025 * a, 0.0), max(v + 0.05 * a, 0.0)
    assert -0.03 < gap < 0.4
    assert v < 0.05
    assert least > -3.0


def test_mobil_counts_everybody() -> None:
    temper = Temper(politeness=0.5, threshold_m_s2=0.1, keep_right_m_s2=0.0, safe_braking_m_s2=4.0)

    def asks(gain: float, loss: float) -> bool:
        return changes_lane(0.0, gain, (0.0, -loss), (0.0, 5.0), temper=temper, to_right=False)

    assert asks(0.2, 0.0)
    assert not asks(0.05, 0.0)
    # 1.0 - 0.5 * 2.0 = 0: not worth it
    assert not asks(1.0, 2.0)
    assert asks(1.3, 2.0)
    assert not asks(100.0, 4.5)
    # going right, those who are let go count instead
    assert changes_lane(0.0, -0.9, (0.0, 0.0), (0.0, 2.5), temper=temper, to_right=True)
    right = Temper(keep_right_m_s2=0.3)
    assert changes_lane(0.0, 0.0, (0.0, 0.0), (0.0, 0.0), temper=right, to_right=True)
    assert not changes_lane(0.0, 0.0, (0.0, 0.0), (0.0, 0.0), temper=right, to_right=False)


def test_the_quintic_begins_and_ends_at_rest() -> None:
    assert quintic(0.0) == (0.0, 0.0, 0.0)
    assert quintic(1.0)[0] == pytest.approx(1.0)
    assert quintic(1.0)[1:] == (0.0, 0.0)
    assert quintic(0.5) == (pytest.approx(0.5), pytest.approx(1.875), 0.0)


def test_times_are_those_of_even_acceleration() -> None:
    assert time_for(8.0, 0.0, 1.0, 100.0) == pytest.approx(4.0)
    assert time_for(50.0, 10.0, 1.0, 10.0) == pytest.approx(5.0)
    assert time_for(-1.0, 10.0, 1.0, 10.0) == 0.0


# ------------------------------------------------------------------------------------------------------ lanes


def test_it_overtakes_and_comes_back_to_the_right() -> None:
    actors = {
        "slow": driver(on_lane(road(lanes=2), "lane/0", 80.0), speed_m_s=8.0),
        "fast": driver(on_lane(road(lanes=2), "lane/0", 20.0), speed_m_s=16.0),
    }
    log = play(road(lanes=2), actors, 30.0, hz=HZ)
    y = track(log["fast"])[:, 1]
    assert y.max() == pytest.approx(3.5, abs=0.01)
    assert y[-1] == pytest.approx(0.0, abs=0.01)
    assert log["fast"][-1].position[0] > log["slow"][-1].position[0] + 20.0
    assert not touches(actors, log, 1)
    out = np.array([s.indicator for s in log["fast"][1:]])
    away = np.flatnonzero((y[1:] > 0.05) & (y[1:] < 3.45) & (np.diff(y) > 0.0))
    assert (out[away] == 1).all()
    duration = len(away) / HZ
    assert 2.0 < duration < 4.0  # of the four seconds, the ends hardly move


def test_changes_of_lane_do_not_skid() -> None:
    """The rear axle moves along the heading, and the heading turns as the wheels are steered."""
    actors = {
        "slow": driver(on_lane(road(lanes=2), "lane/0", 80.0), speed_m_s=8.0),
        "fast": driver(on_lane(road(lanes=2), "lane/0", 20.0), speed_m_s=16.0),
    }
    states = play(road(lanes=2), actors, 15.0, hz=240)["fast"][2:]
    xy, yaw = track(states)[:, :2], np.array([2.0 * math.atan2(s.quaternion[3], s.quaternion[0]) for s in states])
    step, middle = np.diff(xy, axis=0), 0.5 * (yaw[1:] + yaw[:-1])
    assert np.abs(step[:, 1] * np.cos(middle) - step[:, 0] * np.sin(middle)).max() < 2e-4
    way = np.sqrt((step**2).sum(-1))
    steer = np.array([s.steer_rad for s in states])
    wanted = way * np.tan(0.5 * (steer[1:] + steer[:-1])) / 2.76
    assert np.abs(np.diff(yaw) - wanted).max() < 2e-5


def test_a_lane_that_ends_is_left_in_time() -> None:
    lanes = (
        Lane(name="on", centerline=np.array([[0.0, 0.0, 0.0], [250.0, 0.0, 0.0]]), left="through"),
        Lane(
            name="through", centerline=np.array([[0.0, 3.5, 0.0], [250.0, 3.5, 0.0]]), right="on", successors=("more",)
        ),
        Lane(name="more", centerline=np.array([[250.0, 3.5, 0.0], [600.0, 3.5, 0.0]])),
    )
    road_map = RoadMap(lanes=lanes)
    actors = {"car": driver(on_lane(road_map, "on", 10.0))}
    actors |= {f"other/{k}": driver(on_lane(road_map, "through", 5.0 + 22.0 * k)) for k in range(5)}
    log = play(road_map, actors, 40.0, hz=HZ)
    assert max(s.position[0] for s in log["car"]) > 300.0
    assert not touches(actors, log, 2)


# ------------------------------------------------------------------------------------------------------ junctions


def test_nobody_crosses_the_line_at_red(crossing: RoadMap) -> None:
    actors = town(crossing, 24, 5)
    log = play(crossing, actors, 60.0, hz=HZ, seed=5)
    signals = {s.name: s for s in crossing.signals}
    lines = {(1, 0): "east_west", (-1, 0): "east_west", (0, 1): "north_south", (0, -1): "north_south"}
    stop = 90.0 - float(crossing.lane("east/1").stop_at_m or 0.0)
    ran, passed = [], 0
    for name, states in log.items():
        for k in range(2, len(states) - 1):
            a, b = states[k], states[k + 1]
            if not (a.exists and b.exists):
                continue
            yaw = 2.0 * math.atan2(a.quaternion[3], a.quaternion[0])
            for (ux, uy), group in lines.items():
                if math.cos(yaw) * ux + math.sin(yaw) * uy < 0.99:
                    continue
                before = -(a.position[0] * ux + a.position[1] * uy) - FRONT
                after = -(b.position[0] * ux + b.position[1] * uy) - FRONT
                if before > stop >= after:
                    passed += 1
                    if signals[group].state(k / HZ) == "red" and signals[group].state(k / HZ - 1.0) == "red":
                        ran.append((name, k / HZ))
    assert passed > 15
    assert not ran


def test_a_yellow_light_stops_those_who_can() -> None:
    lanes = (
        Lane(name="a", centerline=np.array([[0.0, 0.0, 0.0], [100.0, 0.0, 0.0]]), signal="s", successors=("b",)),
        Lane(name="b", centerline=np.array([[100.0, 0.0, 0.0], [300.0, 0.0, 0.0]])),
    )
    # v = 12 m/s: 24 m at 3 m/s2. At yellow, 2 s from now, one has 18 m left, the other 36 m
    road_map = RoadMap(lanes=lanes, signals=(Signal(name="s", green_s=2.0, yellow_s=3.0, red_s=20.0),))
    for left, goes in ((18.0, True), (36.0, False)):
        actors = {"car": driver(on_lane(road_map, "a", 100.0 - left - FRONT - 24.0), speed_m_s=12.0)}
        states = play(road_map, actors, 12.0, hz=HZ)["car"]
        assert (states[-1].position[0] > 100.0) == goes
        if not goes:
            assert 0.0 < 100.0 - FRONT - states[-1].position[0] < 1.0


def test_turning_left_waits_for_oncoming_traffic(crossing: RoadMap) -> None:
    route = ("east/2/left",)
    actors = {"left": driver(on_lane(crossing, "east/2", 30.0), route=route)}
    actors |= {
        f"on/{k}": driver(on_lane(crossing, "west/2", 60.0 - 14.0 * k), route=("west/2/straight",)) for k in range(3)
    }
    log = play(crossing, actors, 30.0, hz=HZ)
    inside = next(k for k, s in enumerate(log["left"]) if s.position[0] + FRONT > -20.0)
    for k in range(3):
        past = next(k for k, s in enumerate(log[f"on/{k}"]) if s.position[0] < 0.0)
        assert past < inside + 4 * HZ
    assert not touches(actors, log, 1)
    assert max(s.position[1] for s in log["left"]) > 30.0


def test_priority_to_the_right_without_signals() -> None:
    road_map = registry.get("world", "intersection")(signals=False, crosswalks=False).build(0).map
    length = Polyline(road_map.lane("east/2").centerline).length
    actors = {
        "east": driver(on_lane(road_map, "east/2", length - 40.0), route=("east/2/straight",)),
        "north": driver(on_lane(road_map, "north/2", length - 40.0), route=("north/2/straight",)),
    }
    log = play(road_map, actors, 20.0, hz=HZ)
    first = next(k for k, s in enumerate(log["north"]) if s.position[1] > 0.0)
    second = next(k for k, s in enumerate(log["east"]) if s.position[0] > 0.0)
    assert first + HZ < second  # northbound traffic comes from the eastbound's right
    assert not touches(actors, log, 1)


def test_a_stop_sign_is_a_stop() -> None:
    lanes = (
        Lane(name="a", centerline=np.array([[-80.0, 0.0, 0.0], [-6.0, 0.0, 0.0]]), must_stop=True, successors=("aa",)),
        Lane(
            name="aa",
            centerline=np.array([[-6.0, 0.0, 0.0], [6.0, 0.0, 0.0]]),
            successors=("b",),
            junction="j",
            gives_way_to=("cc",),
        ),
        Lane(name="b", centerline=np.array([[6.0, 0.0, 0.0], [80.0, 0.0, 0.0]])),
        Lane(name="c", centerline=np.array([[0.0, -150.0, 0.0], [0.0, -6.0, 0.0]]), successors=("cc",)),
        Lane(name="cc", centerline=np.array([[0.0, -6.0, 0.0], [0.0, 6.0, 0.0]]), successors=("d",), junction="j"),
        Lane(name="d", centerline=np.array([[0.0, 6.0, 0.0], [0.0, 80.0, 0.0]])),
    )
    road_map = RoadMap(lanes=lanes)
    log = play(road_map, {"car": driver(on_lane(road_map, "a", 10.0))}, 20.0, hz=HZ)["car"]
    stopped = [s for s in log[5:] if s.speed_m_s < 0.3]
    assert stopped
    assert 0.0 <= -6.0 - FRONT - stopped[0].position[0] < 3.0
    assert log[-1].position[0] > 10.0
    # with a stream of one car every 3 s nobody gets across; with one every 9 s everybody does
    # (critical gaps of straight crossings from a stop: 6.5 s, Highway Capacity Manual)
    for headway, goes in ((3.0, False), (9.0, True)):
        actors = {"car": driver(on_lane(road_map, "a", 66.0), start_speed_m_s=0.0)}
        count = int(120.0 / (12.0 * headway)) + 1
        for k in range(count):
            actors[f"stream/{k}"] = driver(on_lane(road_map, "c", 120.0 - 12.0 * headway * k), speed_m_s=12.0)
        states = play(road_map, actors, 6.0 if count > 3 else 12.0, hz=HZ)
        assert (states["car"][-1].position[0] > 0.0) == goes, headway
        assert not touches(actors, states, 2)


def test_people_on_a_zebra_go_first() -> None:
    road_map = registry.get("world", "intersection")(signals=False).build(0).map
    x = float(road_map.lane("crosswalk/west/1").centerline[0, 0])
    walker = Actor(
        "waypoints",
        {"positions_m": ((x, 14.0),), "speed_m_s": 1.3},
        yaw_state(x, -9.0, 0.0, 0.5 * math.pi),
        PERSON,
        0.0,
    )
    length = Polyline(road_map.lane("east/2").centerline).length
    actors = {"car": driver(on_lane(road_map, "east/2", length - 45.0)), "person": walker}
    log = play(road_map, actors, 25.0, hz=HZ)
    assert not touches(actors, log, 1)
    k = next(k for k, s in enumerate(log["person"]) if s.position[1] > -0.5)
    assert log["car"][k].position[0] + FRONT < x
    assert log["car"][-1].position[0] > x


def test_indicators_tell_the_way_before_the_turn(crossing: RoadMap) -> None:
    actors = {"car": driver(on_lane(crossing, "east/2", 20.0), route=("east/2/left",))}
    states = play(crossing, actors, 14.0, hz=HZ)["car"]
    said = [s.indicator for s in states[1:]]
    turning = next(k for k, s in enumerate(states) if abs(s.steer_rad) > 0.05)
    assert set(said[turning - HZ : turning]) == {1}
    assert said[5] == 0


@pytest.mark.parametrize("signals", [True, False])
def test_a_minute_in_town_without_a_touch(signals: bool) -> None:
    road_map = registry.get("world", "intersection")(signals=signals).build(0).map
    actors = town(road_map, 30, 1)
    log = play(road_map, actors, 60.0, hz=20, seed=1)
    assert not touches(actors, log, 4)
    # and it goes on
    moved = [log[n][-1].distance_m - log[n][-400].distance_m > 1.0 for n in actors]
    assert sum(moved) > 8


@pytest.mark.parametrize("seed", [1, pytest.param(0, marks=pytest.mark.slow), pytest.param(2, marks=pytest.mark.slow)])
def test_five_minutes_in_town(crossing: RoadMap, seed: int) -> None:
    actors = town(crossing, 30, seed)
    log = play(crossing, actors, 300.0, hz=20, seed=seed)
    # also those who turn left against a full road: they leave as their light turns red
    assert not touches(actors, log, 4)
    assert all(log[n][-1].distance_m - log[n][-2400].distance_m > 1.0 for n in actors)


def test_the_network_knows_who_crosses_whom(crossing: RoadMap) -> None:
    network = network_of(crossing)
    left = network.by_name["east/2/left"]
    kinds = {c.other.lane.name: c.kind for c in left.conflicts}
    assert kinds["west/2/straight"] == "cross"
    assert kinds["north/2/straight"] == "merge"
    assert kinds["east/2/straight"] == "fork"
    assert network.by_name["west/1/straight"].row in left.yields_to
    assert [len(z.paths) for z in left.zebras] == [2, 2]
    assert not network.by_name["east/1"].conflicts


def test_it_needs_a_lane_nearby(crossing: RoadMap) -> None:
    with pytest.raises(UserError, match="at least one of turn_shares"):
        registry.get("behaviour", "drive")(turn_shares=(0.0, 0.0, 0.0))
    with pytest.raises(UserError, match="25 m from the nearest lane"):
        play(crossing, {"car": driver(yaw_state(-60.0, -30.25))}, 0.1)
    with pytest.raises(UserError, match="no lanes"):
        play(RoadMap(), {"car": driver(yaw_state(0.0, 0.0))}, 0.1)
