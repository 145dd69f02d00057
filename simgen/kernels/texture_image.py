"""Pictures on surfaces: filtered between texels and between sizes by what a pixel covers (Williams 1983)."""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.pose import Vector, cross
from simgen.kernels.wave import (
    ALBEDO,
    COLOR,
    EMISSION,
    GLOSS,
    GLOW,
    METAL,
    SKIN_COLOR,
    SKIN_METALLIC,
    SKIN_ROUGHNESS,
    Shapes,
)
from simgen.records.base import F4, I8, U1

#: linear light of 8-bit sRGB codes (IEC 61966-2-1), and the codes as shares
_CODES = np.arange(256) / 255.0
_SRGB = np.where(_CODES <= 0.04045, _CODES / 12.92, ((_CODES + 0.055) / 1.055) ** 2.4)
_TABLES = np.stack([_CODES, _SRGB])


@inner
def _level(texels: U1, levels: I8, row: int, srgb: int, u: float, v: float) -> Vector:
    """Four texels around a place of one size, weighted by nearness; the picture repeats."""
    first, width, height = int(levels[row, 0]), int(levels[row, 1]), int(levels[row, 2])
    x, y = (u - math.floor(u)) * width - 0.5, (1.0 - (v - math.floor(v))) * height - 0.5
    left, top = math.floor(x), math.floor(y)
    s, t = x - left, y - top
    red, green, blue = 0.0, 0.0, 0.0
    for k in range(4):
        col, line = (int(left) + (k & 1)) % width, (int(top) + (k >> 1)) % height
        at = first + line * width + col
        weight = (s if k & 1 else 1.0 - s) * (t if k >> 1 else 1.0 - t)
        red += weight * _TABLES[srgb, texels[at, 0]]
        green += weight * _TABLES[srgb, texels[at, 1]]
        blue += weight * _TABLES[srgb, texels[at, 2]]
    return red, green, blue


@inner
def _stretch(shapes: Shapes, a: int, b: int, c: int) -> float:
    """How much of the picture, as a length in its coordinates, lies on a metre of a triangle."""
    v, uv = shapes.vertices, shapes.uv
    x, y, z = float(v[a, 0]), float(v[a, 1]), float(v[a, 2])
    nx, ny, nz = cross(v[b, 0] - x, v[b, 1] - y, v[b, 2] - z, v[c, 0] - x, v[c, 1] - y, v[c, 2] - z)
    p, q = float(uv[b, 0]) - uv[a, 0], float(uv[b, 1]) - uv[a, 1]
    r, s = float(uv[c, 0]) - uv[a, 0], float(uv[c, 1]) - uv[a, 1]
    return math.sqrt(abs(p * s - q * r) / max(math.sqrt(nx * nx + ny * ny + nz * nz), 1e-20))


@inner
def _seen(texels: U1, levels: I8, row: int, srgb: int, u: float, v: float, covered: float) -> Vector:
    """A picture at a place, by pixels that cover so much of it: between the two sizes whose texels are nearest."""
    width, height = int(levels[row, 1]), int(levels[row, 2])
    last = int(math.log2(max(width, height)))
    wanted = math.log2(max(covered * math.sqrt(float(width) * float(height)), 1e-9))
    wanted = min(max(wanted, 0.0), float(last))
    whole = int(wanted)
    share = wanted - whole
    red, green, blue = _level(texels, levels, row + whole, srgb, u, v)
    if share > 0.0:
        r, g, b = _level(texels, levels, row + whole + 1, srgb, u, v)
        red, green, blue = red + share * (r - red), green + share * (g - green), blue + share * (b - blue)
    return red, green, blue


@inner
def wear(
    shapes: Shapes, surface: int, a: int, b: int, c: int, p: float, q: float, footprint: float, state: F4, i: int
) -> None:
    """Put a surface's pictures into the state of a hit at barycentric p, q of a triangle: colour, gloss and glow."""
    uv, rows = shapes.uv, shapes.surfaces
    o = 1.0 - p - q
    u = o * uv[a, 0] + p * uv[b, 0] + q * uv[c, 0]
    v = o * uv[a, 1] + p * uv[b, 1] + q * uv[c, 1]
    covered = footprint * _stretch(shapes, a, b, c)
    # one call site for all three: their code is large
    for kind in range(3):
        first = int(rows[surface, SKIN_COLOR + kind])
        if first < 0:
            continue
        red, green, blue = _seen(shapes.texels, shapes.levels, first, 0 if kind == 1 else 1, u, v, covered)
        if kind == 0:
            state[i, ALBEDO] = red * rows[surface, COLOR]
            state[i, ALBEDO + 1] = green * rows[surface, COLOR + 1]
            state[i, ALBEDO + 2] = blue * rows[surface, COLOR + 2]
        elif kind == 1:
            state[i, GLOSS] = max(green * rows[surface, SKIN_ROUGHNESS], 0.02)
            state[i, METAL] = blue * rows[surface, SKIN_METALLIC]
        else:
            state[i, GLOW] = red * rows[surface, EMISSION]
            state[i, GLOW + 1] = green * rows[surface, EMISSION + 1]
            state[i, GLOW + 2] = blue * rows[surface, EMISSION + 2]


__all__ = ["wear"]
