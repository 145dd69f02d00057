"""Pieces of one triangle that ended up alike, put together again."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.geometry import normalized
from simgen.records.base import F8, I8, Bool
from simgen.shapes.sheet import Sheet, areas, joined

#: pieces of one triangle that are merged at most
_PIECES: Final = 12


def merged(sheet: Sheet) -> Sheet:
    """Pieces of one triangle that ended up alike, and are together convex, as few triangles again."""
    key = np.stack([sheet.origins, sheet.tags, sheet.parts], -1)
    _, group, count = np.unique(key, axis=0, return_inverse=True, return_counts=True)
    group = group.reshape(-1)
    some = (count[group] > 1) & (count[group] <= _PIECES) & (sheet.origins >= 0)
    if not some.any():
        return sheet
    rows = np.flatnonzero(some)[np.argsort(group[some], kind="stable")]
    _, start, number = np.unique(group[rows], return_index=True, return_counts=True)
    slot = np.repeat(np.arange(len(start)), number), np.arange(len(rows)) - np.repeat(start, number)
    corner = np.full((len(start), _PIECES, 3), -1)
    corner[slot] = 3 * rows[:, None] + np.arange(3)
    area = np.zeros((len(start), _PIECES))
    area[slot] = areas(sheet.points[rows])
    largest = np.take_along_axis(corner, np.argmax(area, 1)[:, None, None], 1)[:, 0]
    order, sides, closed = _outlines(sheet, corner.reshape(len(start), -1), largest, area.sum(1))
    good = closed & (sides - 2 < number)
    kept = np.ones(len(sheet.tags), np.bool_)
    kept[rows] = ~np.repeat(good, number)
    return joined([sheet.where(kept), _fans(sheet, order[good], sides[good])])


def _outlines(sheet: Sheet, corner: I8, largest: I8, area: F8) -> tuple[I8, I8, Bool]:
    """Each group's corners around its outline (G, C), how many there are, and whether they enclose its whole area."""
    flat, there = sheet.points.reshape(-1, 3), corner >= 0
    p = flat[np.maximum(corner, 0)]
    first = flat[largest]
    u = normalized(first[:, 1] - first[:, 0])
    normal = normalized(np.cross(first[:, 1] - first[:, 0], first[:, 2] - first[:, 0]))
    v = np.cross(normal, u)
    x, y = ((p * a[:, None]).sum(-1) for a in (u, v))
    middle = [(c * there).sum(1, keepdims=True) / there.sum(1, keepdims=True) for c in (x, y)]
    angle = np.where(there, np.arctan2(y - middle[1], x - middle[0]), 9.0)
    for lap in range(5):
        turn = np.argsort(angle, axis=1, kind="stable")
        corner, angle, x, y, there = (np.take_along_axis(a, turn, 1) for a in (corner, angle, x, y, there))
        sides = np.maximum(there.sum(1, keepdims=True), 1)
        k = np.arange(x.shape[1])[None]
        before, after = (k - 1) % sides, (k + 1) % sides
        (x0, y0), (x1, y1) = (
            [np.take_along_axis(a, np.where(there, i, 0), 1) for a in (x, y)] for i in (before, after)
        )
        bend = (x - x0) * (y1 - y) - (y - y0) * (x1 - x)
        reach = np.hypot(x1 - x0, y1 - y0) + 1e-9
        same = np.hypot(x - x0, y - y0) < 1e-6
        # those that coincide first, then those on straight edges
        there = there & (~same if lap == 0 else bend > 2e-6 * reach)
        angle = np.where(there, angle, 9.0)
    turn = np.argsort(angle, axis=1, kind="stable")
    corner, x, y, there = (np.take_along_axis(a, turn, 1) for a in (corner, x, y, there))
    count = there.sum(1)
    after = (np.arange(x.shape[1])[None] + 1) % np.maximum(count[:, None], 1)
    x1, y1 = (np.take_along_axis(a, after, 1) for a in (x, y))
    enclosed = 0.5 * np.where(there, x * y1 - y * x1, 0.0).sum(1)
    return corner, count, (count >= 3) & (np.abs(enclosed - area) < 1e-4 * area + 1e-9)


def _fans(sheet: Sheet, corner: I8, sides: I8) -> Sheet:
    """Triangles from each outline's first corner."""
    k = np.arange(1, max(corner.shape[1] - 1, 1))
    which, second = np.nonzero(k[None] < sides[:, None] - 1)
    pick = np.stack([corner[which, 0], corner[which, second + 1], corner[which, second + 2]], -1)
    owner = pick[:, 0] // 3
    flat = sheet.points.reshape(-1, 3), sheet.normals.reshape(-1, 3)
    return Sheet(flat[0][pick], flat[1][pick], sheet.tags[owner], sheet.parts[owner], sheet.origins[owner])


__all__ = ["merged"]
