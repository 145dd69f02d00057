"""How dense a part of the air is at a place and along a ray. Only kernels call these.

A volume is a row of ``Volumes.row``; places are relative to the motion's origin, m, times from the shot's, s. Columns
(density integrated along a ray) are closed forms: an error function through a puff, a chord through a box, an
exponential through a layer; through patches the midpoint rule with two steps for each node of the finest octave.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner, spliced
from simgen.kernels.volume_tables import (
    BOX,
    CENTER,
    CONTRAST,
    FINENESS,
    GROWTH,
    LATTICE,
    LAYER_REACH,
    PUFF,
    REACH,
    SHAPE,
    SHIFT,
    SIZE,
    STEPS_A_NODE,
    VELOCITY,
)
from simgen.records.base import F4, F8
from simgen.records.volume import FINEST, LATTICE_NODES, OCTAVE_SHIFT, OCTAVE_WEIGHTS, OCTAVES

_MASK = LATTICE_NODES - 1
#: a ray that climbs less than this many of a layer's heights meets one density
_LEVEL = 1e-6
#: most steps of a quadrature
_MOST_STEPS = 4096


@spliced
def _node(x: float) -> tuple[int, int, float]:
    """The nodes on both sides of a place, and how far it is from one to the other, smoothed."""
    low = math.floor(x)
    part = x - low
    return low & _MASK, (low + 1) & _MASK, part * part * (3.0 - 2.0 * part)


@inner
def patch_factor(row: F8, lattice: F4, v: int, x: float, y: float, z: float, time: float) -> float:
    """What uneven air multiplies its density by, as ``Patches.factor``; for volumes that have patches."""
    which, fine = np.int64(row[v, LATTICE]), row[v, FINENESS]
    x = (x - row[v, VELOCITY] * time + row[v, SHIFT]) * fine
    y = (y - row[v, VELOCITY + 1] * time + row[v, SHIFT + 1]) * fine
    z = (z - row[v, VELOCITY + 2] * time + row[v, SHIFT + 2]) * fine
    total, weight, scale = 0.0, 1.0, 1.0
    for octave in range(OCTAVES):
        i, i1, p = _node(x * scale + OCTAVE_SHIFT * octave)
        j, j1, q = _node(y * scale + OCTAVE_SHIFT * octave)
        k, k1, s = _node(z * scale + OCTAVE_SHIFT * octave)
        a = lattice[which, i, j, k] + s * (lattice[which, i, j, k1] - lattice[which, i, j, k])
        b = lattice[which, i, j1, k] + s * (lattice[which, i, j1, k1] - lattice[which, i, j1, k])
        c = lattice[which, i1, j, k] + s * (lattice[which, i1, j, k1] - lattice[which, i1, j, k])
        d = lattice[which, i1, j1, k] + s * (lattice[which, i1, j1, k1] - lattice[which, i1, j1, k])
        a += q * (b - a)
        c += q * (d - c)
        total += weight * (a + p * (c - a))
        weight *= 0.5
        scale *= 2.0
    return float(min(max(1.0 + row[v, CONTRAST] * total / OCTAVE_WEIGHTS, 0.0), 2.0))


@spliced
def even_density(row: F8, v: int, x: float, y: float, z: float, time: float) -> float:
    """How dense it is at a place, but for its patches."""
    shape = row[v, SHAPE]
    z -= row[v, CENTER + 2] + row[v, VELOCITY + 2] * time
    if shape > BOX:
        return math.exp(-max(z, 0.0) / row[v, SIZE + 2])
    x -= row[v, CENTER] + row[v, VELOCITY] * time
    y -= row[v, CENTER + 1] + row[v, VELOCITY + 1] * time
    a, b, c = row[v, SIZE], row[v, SIZE + 1], row[v, SIZE + 2]
    if shape == BOX:
        return 1.0 if abs(x) <= a and abs(y) <= b and abs(z) <= c else 0.0
    grown = row[v, GROWTH] * time
    held = a * b * c
    a, b, c = a + grown, b + grown, c + grown
    x, y, z = x / a, y / b, z / c
    return float(math.exp(-0.5 * (x * x + y * y + z * z)) * (held / (a * b * c)))


@inner
def density(row: F8, lattice: F4, v: int, x: float, y: float, z: float, time: float) -> float:
    """How dense it is at a place, as ``Volume.density``: 1 = as its medium says."""
    value = even_density(row, v, x, y, z, time)
    if value > 0.0 and row[v, LATTICE] >= 0.0:
        value *= patch_factor(row, lattice, v, x, y, z, time)
    return value


@inner
def interval(
    row: F8, v: int, x: float, y: float, z: float, dx: float, dy: float, dz: float, far: float, time: float
) -> tuple[float, float]:
    """Between which distances of a ray's (0, far) a volume matters; near >= far where it does not.

    The direction is of length 1. A box's are where the ray enters and leaves; the rest is cut off where next to
    nothing is left.
    """
    shape = row[v, SHAPE]
    z -= row[v, CENTER + 2] + row[v, VELOCITY + 2] * time
    near = 0.0
    if shape > BOX:
        top = LAYER_REACH * row[v, SIZE + 2]
        if dz == 0.0:
            return (near, far) if z < top else (0.0, 0.0)
        cross = (top - z) / dz
        return (near, min(far, cross)) if dz > 0.0 else (max(near, cross), far)
    x -= row[v, CENTER] + row[v, VELOCITY] * time
    y -= row[v, CENTER + 1] + row[v, VELOCITY + 1] * time
    grown = row[v, GROWTH] * time
    a, b, c = 1.0 / (row[v, SIZE] + grown), 1.0 / (row[v, SIZE + 1] + grown), 1.0 / (row[v, SIZE + 2] + grown)
    x, dx, y, dy, z, dz = x * a, dx * a, y * b, dy * b, z * c, dz * c
    if shape == PUFF:
        square = dx * dx + dy * dy + dz * dz
        middle = -(x * dx + y * dy + z * dz) / square
        x, y, z = x + middle * dx, y + middle * dy, z + middle * dz
        left = row[v, REACH] * row[v, REACH] - (x * x + y * y + z * z)
        if left <= 0.0:
            return 0.0, 0.0
        half = math.sqrt(left / square)
        return max(near, middle - half), min(far, middle + half)
    near, far = _slab(x, dx, near, far)
    near, far = _slab(y, dy, near, far)
    return _slab(z, dz, near, far)


@spliced
def _slab(x: float, dx: float, near: float, far: float) -> tuple[float, float]:
    """What is left of an interval between -1 and 1 of one axis."""
    if dx == 0.0:
        return (near, far) if abs(x) <= 1.0 else (near, near)
    a, b = (-1.0 - x) / dx, (1.0 - x) / dx
    return max(near, min(a, b)), min(far, max(a, b))


@inner
def _even_column(
    row: F8, v: int, x: float, y: float, z: float, dx: float, dy: float, dz: float, near: float, far: float, time: float
) -> float:
    """Column of a volume without patches between two distances, m."""
    shape = row[v, SHAPE]
    if shape == BOX:
        return far - near
    if shape > BOX:
        high = row[v, SIZE + 2]
        base = row[v, CENTER + 2] + row[v, VELOCITY + 2] * time
        low, top = z + near * dz - base, z + far * dz - base
        if abs(top - low) < _LEVEL * high:
            return (far - near) * math.exp(-max(0.5 * (low + top), 0.0) / high)
        return float((_above(top, high) - _above(low, high)) / dz)
    grown = row[v, GROWTH] * time
    a, b, c = row[v, SIZE], row[v, SIZE + 1], row[v, SIZE + 2]
    held = a * b * c
    a, b, c = a + grown, b + grown, c + grown
    thin = held / (a * b * c)
    x = (x - row[v, CENTER] - row[v, VELOCITY] * time) / a
    y = (y - row[v, CENTER + 1] - row[v, VELOCITY + 1] * time) / b
    z = (z - row[v, CENTER + 2] - row[v, VELOCITY + 2] * time) / c
    dx, dy, dz = dx / a, dy / b, dz / c
    square = dx * dx + dy * dy + dz * dz
    middle = -(x * dx + y * dy + z * dz) / square
    x, y, z = x + middle * dx, y + middle * dy, z + middle * dz
    root = math.sqrt(0.5 * square)
    lasts = math.erf(root * (far - middle)) - math.erf(root * (near - middle))
    return float(thin * math.exp(-0.5 * (x * x + y * y + z * z)) * lasts * 0.5 * math.sqrt(math.pi) / root)


@spliced
def _above(height: float, high: float) -> float:
    """What a layer holds between its even part's top and a height (negative below), m."""
    return height if height <= 0.0 else -high * math.expm1(-height / high)


@inner
def column(
    row: F8, lattice: F4, v: int, x: float, y: float, z: float, dx: float, dy: float, dz: float, far: float, time: float
) -> float:
    """Density integrated along a ray from a place to a distance, as ``Volume.column``, m; ``far`` may be inf.

    Times an extinction it is an optical depth. The direction is of length 1. A layer's is endless along a level ray
    to no end.
    """
    start, stop = interval(row, v, x, y, z, dx, dy, dz, far, time)
    if not stop > start:
        return 0.0
    if row[v, LATTICE] < 0.0:
        return _even_column(row, v, x, y, z, dx, dy, dz, start, stop, time)
    if stop == math.inf:
        # the mean of patches is 1
        return _even_column(row, v, x, y, z, dx, dy, dz, start, stop, time)
    count = min(max(math.ceil((stop - start) * row[v, FINENESS] * FINEST * STEPS_A_NODE), 1.0), 1.0 * _MOST_STEPS)
    step, total = (stop - start) / count, 0.0
    for k in range(int(count)):
        at = start + (k + 0.5) * step
        total += density(row, lattice, v, x + at * dx, y + at * dy, z + at * dz, time)
    return float(total * step)
