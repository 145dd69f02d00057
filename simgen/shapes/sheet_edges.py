"""Strips along cuts: seams that lie on a skin, and the edges of holes in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from simgen.geometry import normalized
from simgen.records.base import F8
from simgen.shapes.sheet import ON_CUT, Field, Sheet, crossing, joined, least
from simgen.shapes.soup import Soup


def ribbons(
    sheet: Sheet,
    fields: Sequence[Field],
    half_width: float,
    *,
    tag: int,
    of: Sequence[int],
    above_m: float = 0.0012,
    within: Sequence[Field] = (),
) -> Sheet:
    """Strips along the border of where all fields are positive, a little above the skin, which stays whole.

    ``within``: only where these are positive too; they have no border of their own.
    """
    some = sheet.where(np.isin(sheet.tags, of))
    limits = [*fields, *within]
    found = [_ribbon(some, k, limits, half_width, above_m, tag) for k in range(len(fields))]
    return joined(found)


def _ribbon(sheet: Sheet, k: int, limits: Sequence[Field], half_width: float, above_m: float, tag: int) -> Sheet:
    value = np.asarray(limits[k](sheet.points))
    value = np.where(np.abs(value) < ON_CUT, ON_CUT, value)
    crossed = (least(value) < 0.0) & (-least(-value) > 0.0)
    v, corner = value[crossed], np.concatenate([sheet.points[crossed], sheet.normals[crossed]], -1)
    alone = np.argmax(np.sign(v) == -np.sign(np.sign(v).sum(1))[:, None], 1)
    turn, row = (alone[:, None] + np.arange(3)) % 3, np.arange(len(v))[:, None]
    v, corner = v[row, turn], corner[row, turn]
    if not len(v):
        return sheet.where(crossed)
    ends = corner[:, [0, 0]].reshape(-1, 6), corner[:, 1:].reshape(-1, 6)
    both = crossing(*ends, v[:, [0, 0]].reshape(-1), v[:, 1:].reshape(-1), limits[k]).reshape(-1, 2, 6)
    a, b = both[:, 0], both[:, 1]
    start, stop = np.zeros(len(a)), np.ones(len(a))
    for other in (f for j, f in enumerate(limits) if j != k):
        fa, fb = np.asarray(other(a[:, :3])), np.asarray(other(b[:, :3]))
        cut = fa / np.where(fa == fb, 1.0, fa - fb)
        start = np.where((fa < 0.0) & (fb >= 0.0), np.maximum(start, cut), start)
        stop = np.where((fa >= 0.0) & (fb < 0.0), np.minimum(stop, cut), stop)
        stop = np.where((fa < 0.0) & (fb < 0.0), -1.0, stop)
    strip = [a + np.clip(t, 0.0, 1.0)[:, None] * (b - a) for t in (start, stop)]
    there = (stop > start) & (((strip[1] - strip[0])[:, :3] ** 2).sum(-1) > 1e-10)
    p, q = strip[0][there], strip[1][there]
    normal = normalized(p[:, 3:] + q[:, 3:])
    across = half_width * normalized(np.cross(normal, q[:, :3] - p[:, :3]))
    lift = above_m * normal
    ring = [p[:, :3] - across + lift, q[:, :3] - across + lift, q[:, :3] + across + lift, p[:, :3] + across + lift]
    points = np.concatenate([np.stack([ring[i] for i in pick], 1) for pick in ((0, 1, 2), (0, 2, 3))])
    n = (normalized(p[:, 3:]), normalized(q[:, 3:]))
    normals = np.concatenate([np.stack([n[0], n[1], n[1]], 1), np.stack([n[0], n[1], n[0]], 1)])
    count = len(points)
    return Sheet(points, normals, np.full(count, tag), np.zeros(count, np.int64), np.full(count, -1))


def rim(sheet: Sheet, field: Field, shift: Callable[[F8], F8], tag: int, part: int = 0) -> Sheet:
    """Strips from a sheet's edges on a cut (both ends where a field is 0) to where ``shift`` puts them."""
    a, b = sheet.points, np.roll(sheet.points, -1, axis=1)
    on = (np.abs(field(a)) < 2.0 * ON_CUT) & (np.abs(field(b)) < 2.0 * ON_CUT)
    on &= ((a - b) ** 2).sum(-1) > 1e-10
    p, q = a[on], b[on]
    if not len(p):
        return sheet.where(np.zeros(len(sheet.tags), np.bool_))
    p2, q2 = shift(p), shift(q)
    triangles = np.concatenate([np.stack([q, p, p2], 1), np.stack([q, p2, q2], 1)])
    soup = Soup(triangles.reshape(-1, 3), np.arange(3 * len(triangles)).reshape(-1, 3), np.full(len(triangles), tag))
    return Sheet.of(soup, 40.0, part)


__all__ = ["ribbons", "rim"]
