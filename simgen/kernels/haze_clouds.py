"""Parts of the air that differ, along a ray: what they hold of it, and the sunlight in them."""

from __future__ import annotations

import math
from typing import Final

from simgen.kernels.haze_tables import Clouds
from simgen.kernels.inner import inner
from simgen.kernels.volume_tables import FINENESS, LATTICE, LAYER, SHAPE
from simgen.kernels.volumes import _even_column as even_column
from simgen.kernels.volumes import interval, patch_factor
from simgen.kernels.wave import SUN, SUN_LUX, Lighting
from simgen.records.air import LOBES
from simgen.records.base import F8

#: optical depth of one part of a slice, and most parts; nothing is seen behind so much
_PART: Final = 0.4
_PARTS: Final = 16
_BLACK: Final = 9.0
#: samples of patches in a slice at most
_PATCH_MOST: Final = 4


@inner
def sunlight(light: Lighting, clouds: Clouds, v: int, c: int, cosine: float, depth: float) -> float:
    """Sunlight that a volume scatters, by its extinction, where that much of volumes lies towards the sun.

    Once by the phase function; what has left the beam before goes all ways and fades as light in a diffusing medium
    does, by ``sqrt(3 (1 - a) (1 - a g))`` (Ishimaru 1978). No place scatters more than falls on the volume.
    """
    total = 0.0
    for k in range(len(LOBES)):
        g = LOBES[k]
        total += clouds.lobes[v, c, k] * (1.0 - g * g) / (1.0 + g * g - 2.0 * g * cosine) ** 1.5
    beam_left, spread = math.exp(-depth), math.exp(-depth * clouds.fades[v, c])
    sun = (total * beam_left + max(spread - beam_left, 0.0)) / (4.0 * math.pi)
    return float(clouds.albedo[v, c] * light.values[SUN_LUX, c] * sun)


@inner
def depth_to_sun(light: Lighting, clouds: Clouds, c: int, x: float, y: float, z: float) -> float:
    """Optical depth of volumes, but for layers, from a place to the sun, for a colour."""
    sx, sy, sz = light.values[SUN, 0], light.values[SUN, 1], light.values[SUN, 2]
    total = 0.0
    for v in range(clouds.row.shape[0]):
        if clouds.row[v, SHAPE] != LAYER:
            near, far = interval(clouds.row, v, x, y, z, sx, sy, sz, math.inf, 0.0)
            if far > near:
                total += clouds.extinction[v, c] * even_column(clouds.row, v, x, y, z, sx, sy, sz, near, far, 0.0)
    return total


@inner
def column_of(
    clouds: Clouds,
    v: int,
    x: float,
    y: float,
    z: float,
    dx: float,
    dy: float,
    dz: float,
    near: float,
    far: float,
) -> float:
    """Column of a volume between two distances."""
    total = even_column(clouds.row, v, x, y, z, dx, dy, dz, near, far, 0.0)
    if clouds.row[v, LATTICE] < 0.0 or total <= 0.0:
        return total
    count = min(max(int(4.0 * (far - near) * clouds.row[v, FINENESS]) + 1, 1), _PATCH_MOST)
    mean, step = 0.0, (far - near) / count
    for k in range(count):
        t = near + (k + 0.5) * step
        mean += patch_factor(clouds.row, clouds.lattice, v, x + t * dx, y + t * dy, z + t * dz, 0.0)
    return total * mean / count


@inner
def mean_passed(depth: float) -> float:
    """Mean of ``exp(-x)`` over 0..depth."""
    return -math.expm1(-depth) / depth if depth > 1e-9 else 1.0


@inner
def parts_of(
    clouds: Clouds,
    span: F8,
    x: float,
    y: float,
    z: float,
    dx: float,
    dy: float,
    dz: float,
    a: float,
    b: float,
    so_far: float,
) -> int:
    """Into how many parts a slice is cut: thick puffs and boxes are lit at their fronts, which must not be missed."""
    if so_far > _BLACK:
        return 1
    depth = 0.0
    for v in range(clouds.row.shape[0]):
        near, far = max(a, span[v, 0]), min(b, span[v, 1])
        if far > near and clouds.row[v, SHAPE] != LAYER:
            depth += clouds.extinction[v, 1] * even_column(clouds.row, v, x, y, z, dx, dy, dz, near, far, 0.0)
    return min(int(depth / _PART) + 1, _PARTS)
