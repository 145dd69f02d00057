"""Metrics of the road: how much of a lane is taken up, and how long a light had been red. Closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from synthetic import Thing, World

from simgen.metrics import measure
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.records.roads import SIGNAL_STATES, Lane, RoadMap, Signal

EGO = Thing("ego", 1, "car", (4.0, 2.0, 1.5), (0.0, 0.0, 0.0), (10.0, 0.0, 0.0))


def lane(name="own", y=0.0, **more):
    return Lane(name=name, centerline=np.array([[-50.0, y, 0.0], [200.0, y, 0.0]]), width_m=3.5, **more)


def blocked(thing, *lanes, other="ego"):
    evidence = Evidence(trajectory=World(frames=2, things=(EGO, thing)).trajectory(), map=RoadMap(lanes=lanes))
    asked = Constraint(kind="lane_blocked_fraction", subject=thing.name, other=other, asked=0.5, tolerance=0.1)
    return measure(asked, evidence).achieved


def box(y, size=(4.0, 2.0, 1.5)):
    return Thing("box", 2, "car", size, (30.0, y, 0.0), (0.0, 0.0, 0.0))


@pytest.mark.parametrize(("y", "share"), [(0.0, 2.0 / 3.5), (1.75, 1.0 / 3.5), (-2.75, 0.0), (9.0, 0.0)], ids=str)
def test_the_share_of_a_lane_is_that_of_the_box_within_it(y, share):
    assert blocked(box(y), lane()) == pytest.approx(share, abs=1e-6)


def test_the_lane_is_the_egos_or_the_nearest():
    # mostly on the left lane, half a metre over the line
    beside = (lane(), lane("left", 3.5))
    assert blocked(box(2.25), *beside) == pytest.approx(0.5 / 3.5, abs=1e-6)
    assert blocked(box(2.25), *beside, other="") == pytest.approx(1.5 / 3.5, abs=1e-6)
    assert math.isnan(blocked(box(0.0)))


def red(thing, states, stop_m=100.0):
    """Where the stop line is at x = 50, and the light shows some states in equal parts of the sequence."""
    guarded = lane(signal="light", stop_at_m=stop_m)
    trajectory = World(frames=20, things=(thing,)).trajectory()
    count = len(trajectory.time_ns)
    shown = np.repeat([SIGNAL_STATES.index(s) for s in states], -(-count // len(states)))[:count]
    trajectory = trajectory.replace(signal_state=shown[:, None].astype(np.uint8), signal_names=("light",))
    evidence = Evidence(trajectory=trajectory, map=RoadMap(lanes=(guarded,), signals=(Signal(name="light"),)))
    asked = Constraint(kind="into_red_s", subject=thing.name, asked=0.0, tolerance=0.0, relation="at_least")
    return measure(asked, evidence).achieved, trajectory


def test_the_time_into_red_is_since_it_turned_red():
    # the nose, 2 m before the origin, comes to x = 50 after (50 - 2 - 40) / 10 = 0.8 s
    runner = Thing("runner", 1, "car", (4.0, 2.0, 1.5), (40.0, 0.0, 0.0), (10.0, 0.0, 0.0))
    found, trajectory = red(runner, ("green", "red", "red", "red", "red", "red", "red", "red"))
    turned = float(trajectory.time_ns[len(trajectory.time_ns) // 8]) * 1e-9
    assert found == pytest.approx(0.8 - turned, abs=0.02)
    assert red(runner, ("red",))[0] == pytest.approx(0.8, abs=0.01)


def test_green_and_no_light_at_all_are_no_red():
    runner = Thing("runner", 1, "car", (4.0, 2.0, 1.5), (40.0, 0.0, 0.0), (10.0, 0.0, 0.0))
    assert red(runner, ("green",))[0] == -math.inf
    # it stops before the line
    assert red(runner, ("red",), stop_m=200.0)[0] == -math.inf
    # it goes the other way
    back = Thing("runner", 1, "car", (4.0, 2.0, 1.5), (60.0, 0.0, 0.0), (-10.0, 0.0, 0.0))
    assert red(back, ("red",))[0] == -math.inf
