"""Procedural textures, anchored in the owner's frame: what they do to a surface's colour, gloss, glow and relief.

Every detail fades out before it gets smaller than a pixel, so nothing shimmers, and fades to the texture's mean, so a
far wall has the colour of a near one. Numbers of the textures are indices of ``simgen.records.mesh.TEXTURES``.
"""

from __future__ import annotations

import math

from simgen.kernels.inner import inner
from simgen.kernels.texture_ground import asphalt, concrete, grass, gravel, layers, worn_paint
from simgen.kernels.texture_noise import fade, hash3, noise3, stones
from simgen.kernels.texture_wall import bark, brick, facade, plaster, tiles, wood
from simgen.records.mesh import TEXTURES

#: factors on red, green and blue; roughness (negative = unchanged); zone, which tells apart parts with a border; factor
#: on the emission; and what the relief takes from the normal, a vector in the owner's frame (m of height per m)
Look = tuple[float, float, float, float, int, float, float, float, float]

_ASPHALT = TEXTURES.index("asphalt")
_CONCRETE = TEXTURES.index("concrete")
_BRICK = TEXTURES.index("brick")
_GRASS = TEXTURES.index("grass")
FOLIAGE = TEXTURES.index("foliage")
_FACADE = TEXTURES.index("facade")
_WOOD = TEXTURES.index("wood")
_PAINT = TEXTURES.index("paint")
_FABRIC = TEXTURES.index("fabric")
_GRAVEL = TEXTURES.index("gravel")
_WORN_PAINT = TEXTURES.index("worn_paint")
_BARK = TEXTURES.index("bark")
_TILES = TEXTURES.index("tiles")
_FLAKE = TEXTURES.index("flake")
#: half the square root of two: the diagonal axes of upright surfaces
_DIAGONAL = 0.5**0.5


@inner
def _leaves(
    x: float, y: float, z: float, nx: float, ny: float, nz: float, size: float
) -> tuple[float, float, float, float]:
    """Light and dark in space, of two sizes, and leaves on them, each with its own tilt and a gap to the next."""
    tone, bx, by, bz = 1.0, 0.0, 0.0, 0.0
    for k in range(2):
        strength = (0.30 + 0.12 * k) * fade(0.35 - 0.25 * k, size)
        if strength > 0.0:
            scale = 3.0 + 7.0 * k
            tone += strength * noise3(x * scale, y * scale, z * scale, 4001 + 500 * k)
    left = fade(0.13, size)
    if left > 0.0:
        ax, ay, az = abs(nx), abs(ny), abs(nz)
        side = 0 if ax >= ay and ax > az else (1 if ay > az else 2)
        u, v = (y if side == 0 else x), (y if side == 2 else z)
        shade, gap, du, dv = stones(u / 0.15, v / 0.15, 4600)
        if shade < 0.1:
            # further in hang smaller ones
            c, s = 0.8, 0.6
            shade, gap, p, q = stones((c * u - s * v) / 0.08, (s * u + c * v) / 0.08, 4601)
            shade, du, dv = shade - 0.32, c * p + s * q, c * q - s * p
        tone += left * (0.32 * shade + 0.55 * (min(gap / 0.35, 1.0) - 0.66))
        # curled leaves: they look outwards around their middles
        gu, gv = -0.9 * left * du, -0.9 * left * dv
        bx = 0.0 if side == 0 else gu
        by = gu if side == 0 else (gv if side == 2 else 0.0)
        bz = 0.0 if side == 2 else gv
    return max(tone, 0.03), bx, by, bz


@inner
def _along(nx: float, ny: float) -> tuple[float, float]:
    """The level axis of an upright surface, one of four: patterns do not turn with every facet of what is round."""
    ax, ay = abs(nx), abs(ny)
    if ay <= 0.4142 * ax:
        return 0.0, 1.0
    if ax <= 0.4142 * ay:
        return 1.0, 0.0
    return (_DIAGONAL, -_DIAGONAL) if nx * ny > 0.0 else (_DIAGONAL, _DIAGONAL)


@inner
def look(
    kind: int, scale: float, x: float, y: float, z: float, nx: float, ny: float, nz: float, footprint_m: float
) -> Look:
    """What a texture does at a point of the owner's frame with that geometric normal, seen by pixels of that size."""
    if kind == 0:
        return 1.0, 1.0, 1.0, -1.0, 0, 1.0, 0.0, 0.0, 0.0
    inverse = 1.0 / max(scale, 1e-6)
    size = footprint_m * inverse
    if kind == FOLIAGE:
        tone, bx, by, bz = _leaves(x * inverse, y * inverse, z * inverse, nx, ny, nz, size)
        return tone, tone, tone, -1.0, 0, 1.0, bx, by, bz
    upright = abs(nz) < 0.7071
    tx, ty, u, v = 1.0, 0.0, x * inverse, y * inverse
    if upright or kind == _TILES:
        tx, ty = _along(nx, ny)
        u = (tx * x + ty * y) * inverse
        # up the slope; a roof's rows are as far apart on a flat one as on a steep one
        v = z * inverse if upright else (tx * y - ty * x) * inverse / max(abs(nz), 0.5)
    red, green, blue, rough, zone, glow, gu, gv = 1.0, 1.0, 1.0, -1.0, 0, 1.0, 0.0, 0.0
    if kind == _ASPHALT:
        red, green, blue, gu, gv = asphalt(kind, u, v, size)
    elif kind == _GRASS:
        red, green, blue, gu, gv = grass(kind, u, v, size)
    elif kind == _CONCRETE:
        red, green, blue, gu, gv = concrete(kind, u, v, size)
    elif kind == _GRAVEL:
        red, green, blue, gu, gv = gravel(kind, u, v, size)
    elif kind == _WORN_PAINT:
        red, green, blue, gu, gv = worn_paint(kind, u, v, size)
    elif kind == _BRICK:
        red, green, blue, gu, gv = brick(kind, u, v, size)
    elif kind == _PAINT:
        red, green, blue, gu, gv = plaster(kind, u, v, size, 1.0 if upright else 0.0)
    elif kind == _TILES:
        red, green, blue, gu, gv = tiles(kind, u, v, size)
    elif kind == _WOOD:
        red, green, blue, gu, gv = wood(u, v, size)
    elif kind == _BARK:
        red, green, blue, gu, gv = bark(u, v, size)
    elif kind == _FLAKE:
        left = fade(1.0, size)
        if left > 0.0:
            red = green = blue = 1.0 + 0.7 * left * (hash3(math.floor(u), math.floor(v), 63) - 0.5)
    else:
        tone, gu, gv, _ = layers(kind, u, v, size)
        tone += 1.0
        if kind == _FABRIC:
            tone += 0.16 * fade(0.5, size) * math.sin(2.0 * math.pi * u) * math.sin(2.0 * math.pi * v)
        red = green = blue = tone
        if kind == _FACADE and upright:
            red, green, blue, rough, zone, glow = facade(u, v, tone, size)
    if upright:
        return red, green, blue, rough, zone, glow, gu * tx, gu * ty, gv
    return red, green, blue, rough, zone, glow, gu * tx - gv * ty, gu * ty + gv * tx, 0.0


__all__ = ["FOLIAGE", "Look", "look"]
