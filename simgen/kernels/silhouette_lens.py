"""What an object would cover alone through a lens that bends lines: the rasteriser of :mod:`simgen.kernels.silhouette`
over triangles that are cut until their edges are straight in the image.

An edge is halved, in space, while the image of its middle lies off the middle of its image, or while it spans a wide
angle. The decision takes the edge alone, so neighbours cut it alike and no gap opens. Directions that the lens does not
see have an image too (:func:`simgen.kernels.lens.image_of` goes on beyond the border); what lies outside the image
circle is taken away at the end. There is no near plane: what is nearer than near, along the ray, does not count.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.lens import EQUIRECTANGULAR, image_of
from simgen.kernels.silhouette import _fill, _moved, _tally
from simgen.records.base import F4, F8, I4, I8, U1, U4

#: columns of a corner: point in the body's frame, in the camera's, image position
_CAMERA = 3
_U = 6
_V = 7
_CORNER = 8
#: a triangle under work: three corners, room for the middle of an edge, and whether each edge is known to be straight
_KNOWN = 4 * _CORNER
_COLUMNS = _KNOWN + 3
_DEPTH = 96
#: how far, in pixels, the image of an edge may lie off a straight line; in triangles smaller than that it lies closer
_BEND_PX = 0.03
_SMALL_PX = 5.0
#: the same outside the image, where it only counts for truncation, and as a share of the edge's length there
_LOOSE_PX = 1.0
_LOOSE_SHARE = 0.02
#: what such edges may leave out of a mask's bounds, on either side
_MARGIN_PX = 4.0
#: pieces of one triangle that are looked at; far more than any needs
_STEPS = 200_000
#: edges are cut while they span more than this (distance of unit directions), and never below so many pixels
_WIDE = 0.35
_TINY_PX = 0.25
_NEAR_PX = 2.0
#: rounds of the fixed point between a corner's row and its time
_ROUNDS = 3
#: entry of a lens with its largest image radius, as in :mod:`simgen.lens.base`
_EDGE = 13
_TURN = 15


@inner
def _place(s: F8, k: int, at: int, px: float, py: float, pz: float, m: F8, model: int, c: F8, height: int) -> None:
    """A corner from its point in the body's frame; rolling shutter: at the time of the row where it appears."""
    last = m.shape[0] - 1
    knot, share = last // 2, 0.0
    x = y = z = u = v = 0.0
    for _ in range(_ROUNDS if last > 0 else 1):
        x = _moved(m, knot, share, 0, px, py, pz)
        y = _moved(m, knot, share, 1, px, py, pz)
        z = _moved(m, knot, share, 2, px, py, pz)
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
def _range(s: F8, k: int, at: int) -> float:
    x, y, z = s[k, at + 3], s[k, at + 4], s[k, at + 5]
    return math.sqrt(x * x + y * y + z * z)


@inner
def _apart(s: F8, k: int, a: int, b: int) -> float:
    """Distance of the unit directions of two corners."""
    p, q = 1.0 / max(_range(s, k, a), 1e-9), 1.0 / max(_range(s, k, b), 1e-9)
    x, y, z = s[k, a + 3] * p - s[k, b + 3] * q, s[k, a + 4] * p - s[k, b + 4] * q, s[k, a + 5] * p - s[k, b + 5] * q
    return math.sqrt(x * x + y * y + z * z)


@inner
def _middle(s: F8, k: int, a: int, b: int, m: F8, model: int, c: F8, height: int) -> None:
    """The corner halfway along an edge, into the room behind the three corners."""
    x, y, z = 0.5 * (s[k, a] + s[k, b]), 0.5 * (s[k, a + 1] + s[k, b + 1]), 0.5 * (s[k, a + 2] + s[k, b + 2])
    _place(s, k, 3 * _CORNER, x, y, z, m, model, c, height)


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
    if (_range(s, k, a) < near) != (_range(s, k, b) < near) and du * du + dv * dv > _NEAR_PX * _NEAR_PX:
        return apart
    _middle(s, k, a, b, m, model, c, height)
    mu = _short(s[k, 3 * _CORNER + _U] - s[k, a + _U], period) - 0.5 * du
    mv = s[k, 3 * _CORNER + _V] - s[k, a + _V] - 0.5 * dv
    inside = _inside(s, k, a, width, height) or _inside(s, k, b, width, height)
    if exact and (inside or _inside(s, k, 3 * _CORNER, width, height)):
        limit = _BEND_PX
    else:
        limit = max(_LOOSE_PX, _LOOSE_SHARE * math.sqrt(du * du + dv * dv))
    return apart if mu * mu + mv * mv > limit * limit else 0.0


@inner
def _inside(s: F8, k: int, a: int, width: int, height: int) -> bool:
    """Whether a corner lies in the image."""
    return bool(0.0 <= s[k, a + _U] <= width and 0.0 <= s[k, a + _V] <= height)


@inner
def _beyond(s: F8, k: int, width: int, height: int, period: float) -> bool:
    """Whether a triangle that spans no wide angle lies on one side of the canvas of three by three images."""
    if max(_apart(s, k, 0, _CORNER), max(_apart(s, k, 0, 2 * _CORNER), _apart(s, k, _CORNER, 2 * _CORNER))) > _WIDE:
        return False
    for at in (_U, _V):
        if at == _U and period > 0.0:
            continue
        p, q, r = s[k, at], s[k, _CORNER + at], s[k, 2 * _CORNER + at]
        size = width if at == _U else height
        if max(p, max(q, r)) < -size or min(p, min(q, r)) > 2 * size:
            return True
    return False


@inner
def _emit(s: F8, k: int, near: float, c: F8, period: float, mask: U1, left: int, top: int, box: F8) -> None:
    """Fill a straight triangle, or where the mask is empty widen the box by it."""
    if _range(s, k, 0) < near and _range(s, k, _CORNER) < near and _range(s, k, 2 * _CORNER) < near:
        return
    ax, ay = s[k, _U], s[k, _V]
    bx, by = ax + _short(s[k, _CORNER + _U] - ax, period), s[k, _CORNER + _V]
    cx, cy = ax + _short(s[k, 2 * _CORNER + _U] - ax, period), s[k, 2 * _CORNER + _V]
    # a speck about a pole, or straight behind a fisheye: its corners lie all around
    wide = max(max(abs(bx - ax), abs(cx - ax)), max(abs(by - ay), abs(cy - ay)))
    if wide > 8.0 and max(_apart(s, k, 0, _CORNER), _apart(s, k, 0, 2 * _CORNER)) * max(c[0], c[1]) < 4.0 * _TINY_PX:
        return
    if mask.shape[0] == 0:
        box[0], box[1] = min(box[0], min(ax, min(bx, cx))), min(box[1], min(ay, min(by, cy)))
        box[2], box[3] = max(box[2], max(ax, max(bx, cx))), max(box[3], max(ay, max(by, cy)))
        return
    if period == 0.0:
        _fill(mask, left, top, ax, ay, bx, by, cx, cy)
        return
    for turn in range(-1, 2):
        shift = turn * period
        _fill(mask, left, top, ax + shift, ay, bx + shift, by, cx + shift, cy)


@inner
def _cut(
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
        if n < _DEPTH and steps < _STEPS and not _small(s, k, near):
            for e in range(3):
                if s[k, _KNOWN + e] > 0.0:
                    continue
                a, b = e * _CORNER, (e + 1) % 3 * _CORNER
                wish = _to_cut(s, k, a, b, m, model, c, near, width, height, period, mask.shape[0] > 0)
                s[k, _KNOWN + e] = 1.0 if wish == 0.0 else 0.0
                if wish > worst:
                    worst, edge = wish, e
        if edge < 0:
            _emit(s, k, near, c, period, mask, left, top, box)
            n -= 1
            continue
        a, b = edge * _CORNER, (edge + 1) % 3 * _CORNER
        _middle(s, k, a, b, m, model, c, height)
        for j in range(3 * _CORNER):
            s[k + 1, j] = s[k, j]
        # the parts share the cut; each keeps one of the other edges
        before, after = (edge + 2) % 3, (edge + 1) % 3
        s[k + 1, _KNOWN + after], s[k + 1, _KNOWN + edge], s[k + 1, _KNOWN + before] = s[k, _KNOWN + after], 0.0, 0.0
        s[k, _KNOWN + edge], s[k, _KNOWN + after] = 0.0, 0.0
        for j in range(_CORNER):
            s[k, b + j] = s[k, 3 * _CORNER + j]
            s[k + 1, a + j] = s[k, 3 * _CORNER + j]
        n += 1


@inner
def _small(s: F8, k: int, near: float) -> bool:
    """Whether a triangle is too small in the image to bend, and all of it can be seen."""
    u, v = s[k, _U], s[k, _V]
    wide = max(abs(u - s[k, _CORNER + _U]), abs(u - s[k, 2 * _CORNER + _U]))
    high = max(abs(v - s[k, _CORNER + _V]), abs(v - s[k, 2 * _CORNER + _V]))
    nearest = min(_range(s, k, 0), min(_range(s, k, _CORNER), _range(s, k, 2 * _CORNER)))
    return bool(wide < _SMALL_PX and high < _SMALL_PX and nearest > near)


@inner
def _trim(mask: U1, left: int, top: int, c: F8) -> None:
    """Take away what lies outside the image circle."""
    limit = c[_EDGE]
    for y in range(mask.shape[0]):
        b = (top + y + 0.5 - c[3]) / c[1]
        for x in range(mask.shape[1]):
            if mask[y, x] != 0:
                a = (left + x + 0.5 - c[2]) / c[0]
                if a * a + b * b > limit * limit:
                    mask[y, x] = 0


@inner
def _load(s: F8, points: F8, i: int, j: int, k: int) -> None:
    """Three vertices as the triangle in row 0."""
    for column in range(_CORNER):
        s[0, column] = points[i, column]
        s[0, _CORNER + column] = points[j, column]
        s[0, 2 * _CORNER + column] = points[k, column]
    for edge in range(3):
        s[0, _KNOWN + edge] = 0.0


@kernel
def silhouettes_through(
    start: int,
    stop: int,
    parts_start: I8,
    parts: I8,
    vertices: F4,
    triangles: U4,
    vertex_start: I8,
    triangle_start: I8,
    instance_mesh: U4,
    matrices: F8,
    model: int,
    c: F8,
    near: float,
    width: int,
    height: int,
    labels: I8,
    instance: U4,
    seen: I4,
    counts: I8,
    box: I4,
    crosses: U1,
) -> None:
    """Rasterise objects ``start`` to ``stop``; arguments as in :func:`simgen.kernels.silhouette.silhouettes`.

    ``model`` and ``c`` are the lens as in :mod:`simgen.kernels.lens`; ``near`` is a range. A panorama of a full turn
    has a canvas of one image: nothing lies beyond its sides.
    """
    zero = start - start  # not a literal 0, or numba compiles the helpers twice
    s = np.empty((_DEPTH + 1, _COLUMNS), np.float64)
    extent = np.empty(4, np.float64)
    period = 2.0 * math.pi * c[0] if model == EQUIRECTANGULAR else 0.0
    for o in range(start, stop):
        total = 0
        for p in range(parts_start[o], parts_start[o + 1]):
            mesh = instance_mesh[parts[p]]
            total += vertex_start[mesh + 1] - vertex_start[mesh]
        points = np.empty((total, _CORNER), np.float64)
        extent[0], extent[1], extent[2], extent[3] = math.inf, math.inf, -math.inf, -math.inf
        left, top, right, bottom = 0, 0, 0, 0
        beyond = within = False
        # twice the same: first to find out how large a mask must be, then to fill it
        for turn in range(2):
            mask = np.zeros((bottom - top, right - left), np.uint8)
            first = zero
            for p in range(parts_start[o], parts_start[o + 1]):
                mesh, m = instance_mesh[parts[p]], matrices[p]
                a, b = vertex_start[mesh], vertex_start[mesh + 1]
                if turn == 0:
                    for v in range(a, b):
                        x, y, z = float(vertices[v, 0]), float(vertices[v, 1]), float(vertices[v, 2])
                        _place(points, first + v - a, 0, x, y, z, m, model, c, height)
                        nearer = _range(points, first + v - a, 0) < near
                        within, beyond = within or nearer, beyond or not nearer
                for t in range(triangle_start[mesh], triangle_start[mesh + 1]):
                    _load(s, points, first + triangles[t, 0], first + triangles[t, 1], first + triangles[t, 2])
                    _cut(s, m, model, c, near, width, height, period, mask, left, top, extent)
                first += b - a
            if turn == 0:
                if not extent[0] < extent[2]:
                    break
                # a panorama's columns go round: its mask is as wide as its canvas
                full = c[_TURN] > 0.0
                low, high = (0.0, 1.0) if full else (-1.0, 2.0)
                for side in range(2):
                    extent[side] -= _MARGIN_PX + _LOOSE_SHARE * width
                    extent[side + 2] += _MARGIN_PX + _LOOSE_SHARE * width
                if period > 0.0:
                    extent[0], extent[2] = -1e9, 1e9
                left = int(min(max(math.floor(extent[0]), low * width), high * width))
                top = int(min(max(math.floor(extent[1]), float(-height)), 2.0 * height))
                right = int(min(max(math.ceil(extent[2]), low * width), high * width))
                bottom = int(min(max(math.ceil(extent[3]), float(-height)), 2.0 * height))
                if right <= left or bottom <= top:
                    break
            else:
                if period == 0.0:
                    _trim(mask, left, top, c)
                _tally(mask, left, top, labels[o], instance, seen[o], width, height, counts[o], box[o])
        crosses[o] = beyond and within
