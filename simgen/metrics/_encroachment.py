"""Post-encroachment time: how soon after one the other is at the same place."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simgen.metrics._boxes import Upright, overlap, upright
from simgen.records.base import I8
from simgen.records.trajectory import Trajectory

#: instants a second at which outlines are compared
RATE_HZ: Final = 60.0
#: who moves less than that stands, m
_STANDS_M: Final = 0.1
#: pairs of instants that are compared at once
_BATCH: Final = 4096


def encroachment(trajectory: Trajectory, a: int, b: int) -> float:
    """The smallest time between two actors' boxes overlapping at one place, s; see ``post_encroachment_s``."""
    stride = max(round(1e9 / RATE_HZ / trajectory.step_ns), 1)
    steps = np.arange(trajectory.nearest(0), len(trajectory.time_ns), stride)
    first, second = (steps[trajectory.exists[steps, row]] for row in (a, b))
    boxes = [upright(trajectory, np.array([row]), at)[:, 0] for row, at in ((a, first), (b, second))]
    if any(_stands(box) for box in boxes):
        return math.inf
    i, j = _near(*boxes)
    lag = np.abs(first[i] - second[j])
    order = np.argsort(lag, kind="stable")
    for start in range(0, len(order), _BATCH):
        part = order[start : start + _BATCH]
        met = overlap(boxes[0][i[part]], boxes[1][j[part]])
        if met.any():
            return float(lag[part[np.argmax(met)]]) * trajectory.step_ns * 1e-9
    return math.inf


def _stands(box: Upright) -> bool:
    return bool(np.ptp(box.center[..., :2], axis=0).max(initial=0.0) < _STANDS_M) if len(box.center) else True


def _near(a: Upright, b: Upright) -> tuple[I8, I8]:
    """Pairs of instants at which the boxes' circumscribed circles meet."""
    reach = sum(float(np.sqrt((box.half[..., :2] ** 2).sum(-1)).max()) for box in (a, b))
    gap = a.center[:, None, :2] - b.center[None, :, :2]
    i, j = np.nonzero((gap * gap).sum(-1) < reach * reach)
    return i, j
