"""Triangles that are cut until their edges are straight in the image of a lens that bends lines."""

from __future__ import annotations

import math

from simgen.kernels.inner import inner
from simgen.kernels.lens import image_of
from simgen.kernels.silhouette_fill import fill, moved
from simgen.records.base import F8, U1

#: columns of a corner: point in the body's frame, in the camera's, image position
_U = 6
_V = 7
CORNER = 8
#: a triangle under work: three corners, room for the middle of an edge, and whether each edge is known to be straight
_KNOWN = 4 * CORNER
COLUMNS = _KNOWN + 3
DEPTH = 96
#: how far, in pixels, the image of an edge may lie off a straight line; in triangles smaller than that it lies closer
_BEND_PX = 0.03
_SMALL_PX = 5.0
#: the same outside the image, where it only counts for truncation, and as a share of the edge's length there
_LOOSE_PX = 1.0
LOOSE_SHARE = 0.02
#: what such edges may leave out of a mask's bounds, on either side
MARGIN_PX = 4.0
#: pieces of one triangle that are looked at; far more than any needs
_STEPS = 200_000
#: edges are cut while they span more than this (distance of unit directions), and never below so many pixels
_WIDE = 0.35
_TINY_PX = 0.25
_NEAR_PX = 2.0
#: rounds of the fixed point between a corner's row and its time
_ROUNDS = 3


@inner
def place(s: F8, k: int, at: int, px: float, py: float, pz: float, m: F8, model: int, c: F8, height: int) -> None:
    """A corner from its point in the body's frame; rolling shutter: at the time of the row where it appears."""
    last = m.shape[0] - 1
    knot, share = last // 2, 0.0
    x = y = z = u = v = 0.0
    for _ in range(_ROUNDS if last > 0 else 1):
        x = moved(m, knot, share, 0, px, py, pz)
        y = moved(m, knot, share, 1, px, py, pz)
        z = moved(m, knot, share, 2, px, py, pz)
        u, v, _seen = image_of(model, c, x, y, z)
        if last > 0:
            place = min(max(v / height, 0.0), 1.0) * last
            knot = min(int(place), last - 1)
            share = place - knot
    s[k, at], s[k, at + 1], s[k, at + 2] = px, py, pz
    s[k, at + 3], s[k, at + 4], s[k, at + 5] = x, y, z
    s[k, at + _U], s[k, at + _V] = u, v


@inner
def _short(difference: float, period: float) -> float:
    """A difference of columns, by the short way round a panorama."""
    return difference - period * math.floor(difference / period + 0.5) if period > 0.0 else difference


@inner
def distance(s: F8, k: int, at: int) -> float:
    """How far a corner is from the lens."""
    x, y, z = s[k, at + 3], s[k, at + 4], s[k, at + 5]
    return math.sqrt(x * x + y * y + z * z)


@inner
def _apart(s: F8, k: int, a: int, b: int) -> float:
    """Distance of the unit directions of two corners."""
    p, q = 1.0 / max(distance(s, k, a), 1e-9), 1.0 / max(distance(s, k, b), 1e-9)
    x, y, z = s[k, a + 3] * p - s[k, b + 3] * q, s[k, a + 4] * p - s[k, b + 4] * q, s[k, a + 5] * p - s[k, b + 5] * q
    return math.sqrt(x * x + y * y + z * z)


@inner
def _middle(s: F8, k: int, a: int, b: int, m: F8, model: int, c: F8, height: int) -> None:
    """The corner halfway along an edge, into the room behind the three corners."""
    x, y, z = 0.5 * (s[k, a] + s[k, b]), 0.5 * (s[k, a + 1] + s[k, b + 1]), 0.5 * (s[k, a + 2] + s[k, b + 2])
    place(s, k, 3 * CORNER, x, y, z, m, model, c, height)


@inner
def _to_cut(
    s: F8,
    k: int,
    a: int,
    b: int,
    m: F8,
    model: int,
    c: F8,
    near: float,
    width: int,
    height: int,
    period: float,
    exact: bool,
) -> float:
    """0 if an edge is straight enough in the image; otherwise how much it asks to be cut."""
    apart = _apart(s, k, a, b)
    if apart * max(c[0], c[1]) < _TINY_PX:
        return 0.0
    if apart > _WIDE:
        return apart
    du, dv = _short(s[k, b + _U] - s[k, a + _U], period), s[k, b + _V] - s[k, a + _V]
    if (distance(s, k, a) < near) != (distance(s, k, b) < near) and du * du + dv * dv > _NEAR_PX * _NEAR_PX:
        return apart
    _middle(s, k, a, b, m, model, c, height)
    mu = _short(s[k, 3 * CORNER + _U] - s[k, a + _U], period) - 0.5 * du
    mv = s[k, 3 * CORNER + _V] - s[k, a + _V] - 0.5 * dv
    inside = _inside(s, k, a, width, height) or _inside(s, k, b, width, height)
    if exact and (inside or _inside(s, k, 3 * CORNER, width, height)):
        limit = _BEND_PX
    else:
        limit = max(_LOOSE_PX, LOOSE_SHARE * math.sqrt(du * du + dv * dv))
    return apart if mu * mu + mv * mv > limit * limit else 0.0


@inner
def _inside(s: F8, k: int, a: int, width: int, height: int) -> bool:
    """Whether a corner lies in the image."""
    return bool(0.0 <= s[k, a + _U] <= width and 0.0 <= s[k, a + _V] <= height)


@inner
def _beyond(s: F8, k: int, width: int, height: int, period: float) -> bool:
    """Whether a triangle that spans no wide angle lies on one side of the canvas of three by three images."""
    if max(_apart(s, k, 0, CORNER), max(_apart(s, k, 0, 2 * CORNER), _apart(s, k, CORNER, 2 * CORNER))) > _WIDE:
        return False
    for at in (_U, _V):
        if at == _U and period > 0.0:
            continue
        p, q, r = s[k, at], s[k, CORNER + at], s[k, 2 * CORNER + at]
        size = width if at == _U else height
        if max(p, max(q, r)) < -size or min(p, min(q, r)) > 2 * size:
            return True
    return False


@inner
def _emit(s: F8, k: int, near: float, c: F8, period: float, mask: U1, left: int, top: int, box: F8) -> None:
    """Fill a straight triangle, or where the mask is empty widen the box by it."""
    if distance(s, k, 0) < near and distance(s, k, CORNER) < near and distance(s, k, 2 * CORNER) < near:
        return
    ax, ay = s[k, _U], s[k, _V]
    bx, by = ax + _short(s[k, CORNER + _U] - ax, period), s[k, CORNER + _V]
    cx, cy = ax + _short(s[k, 2 * CORNER + _U] - ax, period), s[k, 2 * CORNER + _V]
    # a speck about a pole, or straight behind a fisheye: its corners lie all around
    wide = max(max(abs(bx - ax), abs(cx - ax)), max(abs(by - ay), abs(cy - ay)))
    if wide > 8.0 and max(_apart(s, k, 0, CORNER), _apart(s, k, 0, 2 * CORNER)) * max(c[0], c[1]) < 4.0 * _TINY_PX:
        return
    if mask.shape[0] == 0:
        box[0], box[1] = min(box[0], min(ax, min(bx, cx))), min(box[1], min(ay, min(by, cy)))
        box[2], box[3] = max(box[2], max(ax, max(bx, cx))), max(box[3], max(ay, max(by, cy)))
        return
    if period == 0.0:
        fill(mask, left, top, ax, ay, bx, by, cx, cy)
        return
    for turn in range(-1, 2):
        shift = turn * period
        fill(mask, left, top, ax + shift, ay, bx + shift, by, cx + shift, cy)


@inner
def cut(
    s: F8,
    m: F8,
    model: int,
    c: F8,
    near: float,
    width: int,
    height: int,
    period: float,
    mask: U1,
    left: int,
    top: int,
    box: F8,
) -> None:
    """Cut the triangle in row 0 until all its parts are straight, and fill those (or widen the box by them)."""
    n, steps = 1, 0
    while n > 0:
        k, worst, edge = n - 1, 0.0, -1
        steps += 1
        if _beyond(s, k, width, height, period):
            n -= 1
            continue
        if n < DEPTH and steps < _STEPS and not _small(s, k, near):
            for e in range(3):
                if s[k, _KNOWN + e] > 0.0:
                    continue
                a, b = e * CORNER, (e + 1) % 3 * CORNER
                wish = _to_cut(s, k, a, b, m, model, c, near, width, height, period, mask.shape[0] > 0)
                s[k, _KNOWN + e] = 1.0 if wish == 0.0 else 0.0
                if wish > worst:
                    worst, edge = wish, e
        if edge < 0:
            _emit(s, k, near, c, period, mask, left, top, box)
            n -= 1
            continue
        a, b = edge * CORNER, (edge + 1) % 3 * CORNER
        _middle(s, k, a, b, m, model, c, height)
        for j in range(3 * CORNER):
            s[k + 1, j] = s[k, j]
        # the parts share the cut; each keeps one of the other edges
        before, after = (edge + 2) % 3, (edge + 1) % 3
        s[k + 1, _KNOWN + after], s[k + 1, _KNOWN + edge], s[k + 1, _KNOWN + before] = s[k, _KNOWN + after], 0.0, 0.0
        s[k, _KNOWN + edge], s[k, _KNOWN + after] = 0.0, 0.0
        for j in range(CORNER):
            s[k, b + j] = s[k, 3 * CORNER + j]
            s[k + 1, a + j] = s[k, 3 * CORNER + j]
        n += 1


@inner
def _small(s: F8, k: int, near: float) -> bool:
    """Whether a triangle is too small in the image to bend, and all of it can be seen."""
    u, v = s[k, _U], s[k, _V]
    wide = max(abs(u - s[k, CORNER + _U]), abs(u - s[k, 2 * CORNER + _U]))
    high = max(abs(v - s[k, CORNER + _V]), abs(v - s[k, 2 * CORNER + _V]))
    nearest = min(distance(s, k, 0), min(distance(s, k, CORNER), distance(s, k, 2 * CORNER)))
    return bool(wide < _SMALL_PX and high < _SMALL_PX and nearest > near)


@inner
def load(s: F8, points: F8, i: int, j: int, k: int) -> None:
    """Three vertices as the triangle in row 0."""
    for column in range(CORNER):
        s[0, column] = points[i, column]
        s[0, CORNER + column] = points[j, column]
        s[0, 2 * CORNER + column] = points[k, column]
    for edge in range(3):
        s[0, _KNOWN + edge] = 0.0
