"""Where do scenes fail? The box that tells failures from the rest best, with as few bounds as that takes.

What is maximised is the scan statistic of Kulldorff (1997): the likelihood of the outcomes with one rate of failure in
the box and another one outside, against one rate everywhere, less a price for each bound. It is conditional on where
was looked, so evaluations may crowd where a search looked closely. Bounds are moved one at a time, as in bump hunting
(Friedman and Fisher 1999), from the whole cube inwards and from the failures' bounding box outwards.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np

from simgen.records.base import F8, Bool
from simgen.stress.axes import Box, Cube

#: what one more bound must gain in log-likelihood: with this, failures by mere chance (15 % of 150 scenes, eight axes)
#: get a bound in one search of six; with 2 they do in every one
_PRICE: Final = 6.0
#: rounds of moving every bound
_ROUNDS: Final = 12
#: more regions than this are told by none who reads the report
_REGIONS: Final = 3
#: no rate is believed to be nearer to 0 or 1 than this
_DOUBT: Final = 0.002


def regions(cube: Cube, points: F8, failed: Bool, most: int = _REGIONS, fewest: int = 1) -> list[Box]:
    """Boxes with failures, the most telling one first; each is looked for among what the ones before do not hold.

    What holds fewer failures than ``fewest`` is no region.
    """
    found: list[Box] = []
    left = np.ones(len(points), bool)
    while len(found) < most and failed[left].any():
        box = best_box(cube, points[left], failed[left])
        inside = box.contains(points) & left
        if (not box.matters and found) or failed[inside].sum() < fewest:
            break
        found.append(box)
        left &= ~inside
    return found


def best_box(cube: Cube, points: F8, failed: Bool) -> Box:
    """The box of the greatest score; without bounds where nothing tells the failures apart."""
    if not failed.any() or failed.all():
        return Box()
    starts = (Box(), _hull(cube, points, failed))
    boxes = [_settled(cube, points, failed, start) for start in starts]
    return max(boxes, key=lambda box: (round(_score(box, points, failed), 6), cube.volume(box)))


def _settled(cube: Cube, points: F8, failed: Bool, box: Box) -> Box:
    """Bounds moved, added and removed one at a time until nothing gains."""
    score = _score(box, points, failed)
    for _ in range(_ROUNDS * max(len(cube), 1)):
        best, gained = box, score
        for changed in _changes(cube, points, failed, box):
            value = _score(changed, points, failed)
            if value > gained + 1e-9:
                best, gained = changed, value
        if best is box:
            return box
        box, score = best, gained
    return box


def _changes(cube: Cube, points: F8, failed: Bool, box: Box) -> Iterator[Box]:
    """The best change of each axis, and each axis without bounds."""
    for axis in range(len(cube)):
        free = box.free_of(axis)
        if axis in box.matters:
            yield free
        if cube.axes[axis].options:
            yield from (box.bounded(axis, kept) for kept in _sets(cube, points, failed, free, axis))
            continue
        low, high = box.intervals.get(axis, (0.0, 1.0))
        if low > 0.0 and high < 1.0:
            yield box.bounded(axis, (0.0, high))
            yield box.bounded(axis, (low, 1.0))
        for side in (0, 1):
            cut = _cut(points, failed, free, axis, side, (low, high))
            if cut is not None:
                yield box.bounded(axis, (cut, high) if side == 0 else (low, cut))


def _cut(points: F8, failed: Bool, free: Box, axis: int, side: int, bounds: tuple[float, float]) -> float | None:
    """The best place of one bound of an interval, the other one as it is; half-way between two points."""
    inside = free.contains(points) & ~np.isnan(points[:, axis])
    u = points[inside, axis]
    other = u <= bounds[1] if side == 0 else u >= bounds[0]
    order = np.argsort(u[other], kind="stable")
    u, bad = u[other][order], failed[inside][other][order].astype(np.float64)
    if len(u) < 2:
        return None
    gaps = np.flatnonzero(np.diff(u) > 0.0)
    if not len(gaps):
        return None
    below = np.cumsum(bad)
    if side == 0:
        bads, counts = below[-1] - below[gaps], (len(u) - 1 - gaps).astype(np.float64)
    else:
        bads, counts = below[gaps], (gaps + 1).astype(np.float64)
    value = _gain(bads, counts, float(failed.sum()), float(len(failed)))
    best = gaps[int(np.argmax(value))]
    return float(0.5 * (u[best] + u[best + 1]))


def _sets(cube: Cube, points: F8, failed: Bool, free: Box, axis: int) -> Iterator[frozenset[int]]:
    """Sets of options, those with the least failures left out; what was never looked at stays."""
    inside = free.contains(points) & ~np.isnan(points[:, axis])
    numbers = points[inside, axis].astype(np.int64)
    count = np.bincount(numbers, minlength=cube.axes[axis].options).astype(np.float64)
    bad = np.bincount(numbers[failed[inside]], minlength=cube.axes[axis].options)
    rate = np.where(count > 0, bad / np.maximum(count, 1.0), 1.0)
    order = np.argsort(rate, kind="stable")
    for left_out in range(1, len(order)):
        if rate[order[left_out - 1]] < 1.0:
            yield frozenset(int(k) for k in order[left_out:])


def _hull(cube: Cube, points: F8, failed: Bool) -> Box:
    """The failures' bounding box, its faces half-way to the next point outside."""
    box = Box()
    bad = points[failed]
    for axis in range(len(cube)):
        u = bad[:, axis]
        if np.isnan(u).any():
            continue
        if cube.axes[axis].options:
            box = box.bounded(axis, frozenset(int(k) for k in np.unique(u)))
            continue
        low, high = float(u.min()), float(u.max())
        every = points[~np.isnan(points[:, axis]), axis]
        before, after = every[every < low], every[every > high]
        low = 0.5 * (low + float(before.max())) if len(before) else 0.0
        high = 0.5 * (high + float(after.min())) if len(after) else 1.0
        box = box.bounded(axis, (low, high))
    return box


def _score(box: Box, points: F8, failed: Bool) -> float:
    inside = box.contains(points)
    gain = _gain(
        np.array([float(failed[inside].sum())]),
        np.array([float(inside.sum())]),
        float(failed.sum()),
        float(len(failed)),
    )
    return float(gain[0]) - _PRICE * _bounds(box)


def _bounds(box: Box) -> int:
    return len(box.sets) + sum((low > 0.0) + (high < 1.0) for low, high in box.intervals.values())


def _gain(bad_in: F8, count_in: F8, bad: float, count: float) -> F8:
    """Log-likelihood ratio of two rates against one; 0 where the rate inside is not the greater one."""
    bad_out, count_out = bad - bad_in, count - count_in
    value: F8 = _likelihood(bad_in, count_in) + _likelihood(bad_out, count_out)
    value = value - float(_likelihood(np.array([bad]), np.array([count]))[0])
    more = bad_in * np.maximum(count_out, 1.0) > bad_out * np.maximum(count_in, 1.0)
    return np.where(more, value, 0.0)


def _likelihood(bad: F8, count: F8) -> F8:
    rate = np.clip(bad / np.maximum(count, 1.0), _DOUBT, 1.0 - _DOUBT)
    value: F8 = bad * np.log(rate) + (count - bad) * np.log1p(-rate)
    return value


def rate_bounds(bad: int, count: int) -> tuple[float, float]:
    """Wilson's interval (95 %) of a rate."""
    if count == 0:
        return 0.0, 1.0
    z, p = 1.96, bad / count
    middle = (p + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(p * (1 - p) / count + z * z / (4 * count * count))
    return max(middle - half, 0.0), min(middle + half, 1.0)
