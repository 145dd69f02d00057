"""Constraints are measured from the trajectory: closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from synthetic import Thing, World

from simgen.errors import UserError
from simgen.metrics import measure
from simgen.records.base import array_specs
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence, Sightings

EGO = Thing("ego", 1, "car", (4.0, 2.0, 1.5), (0.0, 0.0, 0.0), (10.0, 0.0, 0.0))


def asked(kind, subject="ego", other="walker", value=1.0, tolerance=0.05, time_s=-1.0):
    return Constraint(kind=kind, subject=subject, other=other, asked=value, tolerance=tolerance, time_s=time_s)


def seen(**statuses):
    """The evidence of statuses alone."""
    none = {name: np.zeros(0) for name in ("frame", "instance", "visible_fraction", "truncation", "pixels", "points")}
    columns = {name: value.astype(array_specs(Sightings)[name].dtype) for name, value in none.items()}
    return {
        name: Sightings(time_ns=np.arange(len(status)), status=np.array(status, np.uint8), **columns)
        for name, status in statuses.items()
    }


def trajectory(*things, frames=20):
    return World(frames=frames, things=(EGO, *things)).trajectory()


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_time_to_collision_is_what_is_left_at_the_entry(side):
    # half width of the ego 1 m, of the runner 0.25 m: it enters at |y| = 1.25, after (5 - 1.25) / 3 = 1.25 s.
    # The nose is then at 2 + 12.5 = 14.5 m, the runner's near side at 30 - 0.25: 15.25 m at 10 m/s.
    runner = Thing("walker", 2, "child", (0.5, 0.5, 1.2), (30.0, 5.0 * side, 0.0), (0.0, -3.0 * side, 0.0))
    outcome = measure(asked("time_to_collision_s", value=1.5), Evidence(trajectory=trajectory(runner)))
    # read at the first step of 5 ms after the entry
    assert outcome.achieved == pytest.approx(1.525, abs=0.006)
    assert outcome.holds
    assert not measure(asked("time_to_collision_s", value=1.4), Evidence(trajectory=trajectory(runner))).holds


def test_time_to_collision_beyond_the_driven_path():
    # the ego stops being recorded at x = 21; the runner crosses straight ahead of there
    runner = Thing("walker", 2, "child", (0.5, 0.5, 1.2), (40.0, 5.0, 0.0), (0.0, -3.0, 0.0))
    outcome = measure(asked("time_to_collision_s"), Evidence(trajectory=trajectory(runner)))
    assert outcome.achieved == pytest.approx(2.525, abs=0.006)


def test_what_never_enters_has_no_time_to_collision():
    away = Thing("walker", 2, "child", (0.5, 0.5, 1.2), (30.0, 5.0, 0.0), (0.0, 3.0, 0.0))
    behind = Thing("walker", 2, "child", (0.5, 0.5, 1.2), (-30.0, 5.0, 0.0), (0.0, -3.0, 0.0))
    for thing in (away, behind):
        outcome = measure(asked("time_to_collision_s"), Evidence(trajectory=trajectory(thing)))
        assert math.isinf(outcome.achieved)
        assert not outcome.holds


def test_minimum_distance_is_between_the_boxes():
    runner = Thing("walker", 2, "child", (0.6, 0.8, 1.2), (15.0, 12.0, 0.0))
    outcome = measure(asked("minimum_distance_m", value=10.6), Evidence(trajectory=trajectory(runner)))
    assert outcome.achieved == pytest.approx(12.0 - 0.4 - 1.0, abs=1e-5)
    assert outcome.holds


def test_visible_fraction_behind_beside_and_half_behind_a_wall():
    child = Thing("walker", 2, "child", (0.5, 0.5, 1.2), (20.0, 4.0, 0.0))

    def seen(x, y, size):
        wall = Thing("wall", 3, "van", size, (x, y, 0.0))
        constraint = asked("visible_fraction", subject="walker", other="ego", value=0.0, time_s=0.0)
        return measure(constraint, Evidence(trajectory=trajectory(child, wall))).achieved

    assert seen(18.0, 3.6, (1.0, 3.0, 3.0)) == 0.0
    assert seen(18.0, -6.0, (1.0, 3.0, 3.0)) == 1.0
    # behind the child
    assert seen(25.0, 5.0, (1.0, 3.0, 3.0)) == 1.0
    # a wall as high as half the child, right before it: the eye is at 1.35 m
    assert 0.35 < seen(19.4, 3.9, (0.2, 3.0, 0.65)) < 0.65


def test_visible_fraction_is_measured_at_its_time():
    child = Thing("walker", 2, "child", (0.5, 0.5, 1.2), (20.0, 4.0, 0.0), (0.0, -4.0, 0.0))
    wall = Thing("wall", 3, "van", (1.0, 3.0, 3.0), (18.0, 4.0, 0.0))
    at = [
        measure(
            asked("visible_fraction", "walker", "ego", time_s=t), Evidence(trajectory=trajectory(child, wall))
        ).achieved
        for t in (0.0, 1.0)
    ]
    assert at == [0.0, 1.0]


def test_frames_dropped_are_counted():
    evidence = Evidence(trajectory=trajectory(), seen=seen(top=[0, 1, 1]))
    outcome = measure(asked("frames_dropped", subject="top", value=2.0, tolerance=0.0), evidence)
    assert (outcome.achieved, outcome.holds) == (2.0, True)


def test_wrong_names_are_told():
    with pytest.raises(UserError, match=r"unknown metric 'time_to_colision_s'; did you mean 'time_to_collision_s'"):
        measure(asked("time_to_colision_s"), Evidence(trajectory=trajectory()))
    with pytest.raises(UserError, match="no actor 'walker'"):
        measure(asked("minimum_distance_m"), Evidence(trajectory=trajectory()))
    with pytest.raises(UserError, match=r"no sensor 'tpo'; did you mean 'top'"):
        measure(asked("frames_dropped", subject="tpo"), Evidence(trajectory=trajectory(), seen=seen(top=[0])))


def test_the_dead_do_not_enter():
    runner = Thing("walker", 2, "child", (0.5, 0.5, 1.2), (30.0, 5.0, 0.0), (0.0, -3.0, 0.0))
    full = trajectory(runner)
    exists = full.exists.copy()
    exists[:, 1] = False
    assert np.isinf(measure(asked("time_to_collision_s"), Evidence(trajectory=full.replace(exists=exists))).achieved)
