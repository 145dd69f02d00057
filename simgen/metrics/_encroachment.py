"""Post-encroachment time: how soon after one the other is at the same place."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simgen.metrics._boxes import Upright, dot, overlap, upright
from simgen.records.base import F8, I8, Array
from simgen.records.trajectory import Trajectory

#: instants a second at which outlines are compared
RATE_HZ: Final = 60.0
#: who moves less than that stands, m
_STANDS_M: Final = 0.1
#: pairs of instants that are compared at once
_BATCH: Final = 4096


def encroachment(trajectory: Trajectory, row: int, others: Array) -> F8:
    """The smallest time between an actor's and each other's box being at one place, s; see ``post_encroachment_s``."""
    stride = max(round(1e9 / RATE_HZ / trajectory.step_ns), 1)
    steps = np.arange(trajectory.nearest(0), len(trajectory.time_ns), stride)
    mine = upright(trajectory, np.array(row), steps)
    rest = upright(trajectory, others, steps[:, None])
    there = trajectory.exists[steps]
    lags = [
        _smallest_lag(mine, rest[:, k], np.flatnonzero(there[:, row]), np.flatnonzero(there[:, other]))
        for k, other in enumerate(others)
    ]
    return np.array(lags, np.float64) * (stride * trajectory.step_ns * 1e-9)


def _smallest_lag(a: Upright, b: Upright, when_a: I8, when_b: I8) -> float:
    """In rows of the boxes, of those at which each is there; inf if they are never at one place, or one stands."""
    if _stands(a[when_a]) or _stands(b[when_b]):
        return math.inf
    when_a, when_b = _within(a, when_a, b[when_b]), _within(b, when_b, a[when_a])
    i, j = _near(a[when_a], b[when_b])
    i, j = when_a[i], when_b[j]
    order = np.argsort(np.abs(i - j), kind="stable")
    for start in range(0, len(order), _BATCH):
        part = order[start : start + _BATCH]
        met = overlap(a[i[part]], b[j[part]])
        if met.any():
            return float(np.abs(i - j)[part[np.argmax(met)]])
    return math.inf


def _stands(box: Upright) -> bool:
    return bool(np.ptp(box.center[..., :2], axis=0).max() < _STANDS_M) if len(box.center) else True


def _within(box: Upright, when: I8, other: Upright) -> I8:
    """Those instants at which a box comes near where the other ever is."""
    place, reach = box.center[when, :2], _radius(box) + _radius(other)
    low, high = other.center[:, :2].min(0) - reach, other.center[:, :2].max(0) + reach
    return np.asarray(when[((place >= low) & (place <= high)).all(-1)])


def _near(a: Upright, b: Upright) -> tuple[I8, I8]:
    """Pairs of instants at which the boxes' circumscribed circles meet."""
    if not len(a.center) or not len(b.center):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    reach = _radius(a) + _radius(b)
    x, y = (a.center[:, None, k] - b.center[None, :, k] for k in (0, 1))
    i, j = np.nonzero(x * x + y * y < reach * reach)
    return i.astype(np.int64), j.astype(np.int64)


def _radius(box: Upright) -> float:
    return float(np.sqrt(dot(box.half, box.half)).max())
