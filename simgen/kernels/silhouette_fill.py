"""Masks of the rasteriser: points between knots, triangles filled, pixels counted."""

from __future__ import annotations

import math

from simgen.kernels.inner import inner
from simgen.kernels.jit import device
from simgen.records.base import F8, I4, I8, U1, U4


@inner
def moved(m: F8, knot: int, share: float, row: int, x: float, y: float, z: float) -> float:
    """One coordinate of a point, between two knots."""
    a = m[knot, row, 0] * x + m[knot, row, 1] * y + m[knot, row, 2] * z + m[knot, row, 3]
    if share > 0.0:
        n = knot + 1
        b = m[n, row, 0] * x + m[n, row, 1] * y + m[n, row, 2] * z + m[n, row, 3]
        a += share * (b - a)
    return float(a)


@inner
def _fill_row(mask: U1, left: int, row: int, a: float, b: float) -> None:
    """Mark the pixels of a row of the mask whose centres lie between two places."""
    if a > b:
        a, b = b, a
    begin = max(math.ceil(a - 0.5) - left, 0)
    end = min(math.ceil(b - 0.5) - left, mask.shape[1])
    for x in range(begin, end):
        mask[row, x] = 1


@inner
def fill(mask: U1, left: int, top: int, ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> None:
    """Mark the pixels whose centres lie in a triangle, in a mask whose first pixel is (left, top)."""
    # sorted downwards (and to the right where level), so that an edge is computed alike from both of its sides
    if by < ay or (by == ay and bx < ax):
        ax, ay, bx, by = bx, by, ax, ay
    if cy < by or (cy == by and cx < bx):
        bx, by, cx, cy = cx, cy, bx, by
        if by < ay or (by == ay and bx < ax):
            ax, ay, bx, by = bx, by, ax, ay
    low, high = max(ay, float(top)), min(cy, float(top + mask.shape[0]))
    first, last = math.ceil(low - 0.5), math.ceil(high - 0.5)
    if first >= last:
        return
    if math.ceil(min(ax, min(bx, cx)) - 0.5) >= math.ceil(max(ax, max(bx, cx)) - 0.5):
        return
    long = (cx - ax) / (cy - ay)
    upper = (bx - ax) / (by - ay) if by > ay else 0.0
    lower = (cx - bx) / (cy - by) if cy > by else 0.0
    for row in range(first, last):
        y = row + 0.5
        x = ax + (y - ay) * upper if y < by else bx + (y - by) * lower
        _fill_row(mask, left, row - top, ax + (y - ay) * long, x)


@device
def _sum(mask: U1, row: int, begin: int, end: int) -> int:
    """Marked pixels of a stretch of a row; no branch, so that it runs in wide registers."""
    total = 0
    for x in range(begin, end):
        total += mask[row, x]
    return total


@device
def _add(column: int, row: int, counts: I8, box: I4) -> None:
    """Count a pixel of the image and widen the box by it."""
    counts[0] += 1
    counts[1] += 1
    box[0], box[1] = min(box[0], column), min(box[1], row)
    box[2], box[3] = max(box[2], column + 1), max(box[3], row + 1)


@device
def tally(
    mask: U1, left: int, top: int, label: int, instance: U4, seen: I4, width: int, height: int, counts: I8, box: I4
) -> None:
    """Count a mask: inside the image (0) and everywhere (1); add visible pixels that it missed; box inside the image.

    An image of other than the asked size (for instance 0 x 0) is not looked at.
    """
    looked = instance.shape[0] == height and instance.shape[1] == width
    begin = min(max(-left, 0), mask.shape[1])
    end = min(max(width - left, begin), mask.shape[1])
    for y in range(mask.shape[0]):
        row = top + y
        if row < 0 or row >= height:
            counts[1] += _sum(mask, y, 0, mask.shape[1])
            continue
        counts[1] += _sum(mask, y, 0, begin) + _sum(mask, y, end, mask.shape[1])
        for x in range(begin, end):
            if mask[y, x] != 0:
                _add(left + x, row, counts, box)
    if looked:
        for row in range(seen[1], seen[3]):
            for column in range(seen[0], seen[2]):
                if instance[row, column] == label:
                    y, x = row - top, column - left
                    if y < 0 or x < 0 or y >= mask.shape[0] or x >= mask.shape[1] or mask[y, x] == 0:
                        _add(column, row, counts, box)
