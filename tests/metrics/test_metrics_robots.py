"""When things fall and pass, and what depth cameras lose: closed forms."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from synthetic import Thing, World

from simgen.errors import UserError
from simgen.metrics import measure
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence, Sightings

EGO = Thing("ego", 1, "car", (4.0, 2.0, 1.5), (0.0, 0.0, 0.0), (10.0, 0.0, 0.0))


def value(kind, evidence, subject, other="", time_s=-1.0):
    asked = Constraint(kind=kind, subject=subject, other=other, asked=0.0, tolerance=0.0, time_s=time_s)
    return measure(asked, evidence).achieved


def test_a_fall_is_told_when_it_is_a_tenth_of_a_metre_deep():
    # 0.1 m at 0.4 m/s: after 0.25 s
    sinking = Thing("cup", 2, "cup", (0.1, 0.1, 0.1), (3.0, 0.0, 1.0), (0.0, 0.0, -0.4))
    evidence = Evidence(trajectory=World(frames=20, things=(EGO, sinking)).trajectory())
    assert value("falls_s", evidence, "cup") == pytest.approx(0.25, abs=0.0051)
    assert math.isinf(value("falls_s", evidence, "ego"))


def test_somebody_passes_when_the_middles_are_nearest():
    waiting = Thing("arm", 2, "robot", (0.5, 0.5, 1.0), (12.0, 3.0, 0.0))
    evidence = Evidence(trajectory=World(frames=20, things=(EGO, waiting)).trajectory())
    middle = evidence.trajectory.box_center[0][0]
    assert value("passes_s", evidence, "ego", "arm") == pytest.approx((12.0 - middle) / 10.0, abs=0.0051)
    far = Thing("arm", 2, "robot", (0.5, 0.5, 1.0), (900.0, 3.0, 0.0))
    evidence = Evidence(trajectory=World(frames=20, things=(EGO, far)).trajectory())
    assert math.isinf(value("passes_s", evidence, "ego", "arm"))


@pytest.fixture(scope="module")
def sighted():
    things = [Thing(f"pile/{k}", 2 + k, "bottle", (0.1, 0.1, 0.2), (3.0 + k, 0.0, 0.0)) for k in range(4)]
    # the fourth has no box; the ego's is none of the pile's
    seen = Sightings(
        time_ns=np.array([0, 10**8]), status=np.zeros(2, np.uint8), frame=np.array([0, 0, 0, 0, 1], np.int32),
        instance=np.array([1, 2, 3, 4, 2], np.uint32), truncation=np.zeros(5, np.float32),
        visible_fraction=np.array([1.0, 1.0, 0.5, 0.1, 0.3], np.float32), pixels=np.full(5, 50, np.uint32),
        points=np.zeros(5, np.uint32), depth_lost=np.array([0.0, 0.25, 0.5, 1.0, 0.75], np.float32),
    )  # fmt: skip
    return Evidence(trajectory=World(frames=20, things=(EGO, *things)).trajectory(), seen={"eye": seen})


def test_the_mean_counts_the_whole_group_and_nothing_else(sighted):
    assert value("mean_visible_fraction", sighted, "pile", "eye") == pytest.approx(1.6 / 4.0)
    assert value("mean_visible_fraction", sighted, "pile", "eye", time_s=0.1) == pytest.approx(0.3 / 4.0)
    with pytest.raises(UserError, match="no actors are called heap/"):
        value("mean_visible_fraction", sighted, "heap", "eye")


def test_lost_depth_is_read_from_the_frame_asked_for(sighted):
    assert value("depth_lost", sighted, "pile/0", "eye", time_s=0.0) == pytest.approx(0.25)
    assert value("depth_lost", sighted, "pile/0", "eye", time_s=0.1) == pytest.approx(0.75)
    assert math.isnan(value("depth_lost", sighted, "pile/3", "eye"))
    # a box without a visible pixel has lost nothing that could be told
    hidden = sighted.seen["eye"].replace(pixels=np.zeros(5, np.uint32))
    assert math.isnan(value("depth_lost", dataclasses.replace(sighted, seen={"eye": hidden}), "pile/0", "eye"))
    with pytest.raises(UserError, match="no sensor 'eyes'"):
        value("depth_lost", sighted, "pile/0", "eyes")
