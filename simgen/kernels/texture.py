"""Procedural textures, anchored in the owner's frame: what they do to a surface's colour and roughness.

Every detail fades out before it gets smaller than a pixel, so nothing shimmers, and fades to the texture's mean, so a
far wall has the colour of a near one. Numbers of the textures are indices of ``simgen.records.mesh.TEXTURES``.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner
from simgen.records.mesh import TEXTURES

#: factors on red, green and blue; roughness (negative = unchanged); zone, which tells apart parts with a border
Look = tuple[float, float, float, float, int]

_ASPHALT = TEXTURES.index("asphalt")
_CONCRETE = TEXTURES.index("concrete")
_BRICK = TEXTURES.index("brick")
_GRASS = TEXTURES.index("grass")
_FOLIAGE = TEXTURES.index("foliage")
_FACADE = TEXTURES.index("facade")
_WOOD = TEXTURES.index("wood")
_PAINT = TEXTURES.index("paint")
_FABRIC = TEXTURES.index("fabric")

_K1 = np.uint64(0x9E3779B97F4A7C15)
_K2 = np.uint64(0xC2B2AE3D27D4EB4F)
_K3 = np.uint64(0x165667B19E3779F9)
_K4 = np.uint64(0xD6E8FEB86659FD93)
_S32 = np.uint64(32)
_S40 = np.uint64(40)


@inner
def hash3(i: int, j: int, k: int) -> float:
    """A fixed pseudo-random number in [0, 1) for a cell: multiply-xorshift on 64 bits."""
    # numba makes a float of a signed times an unsigned: every step is cast
    h = np.uint64(np.uint64(i) * _K1) ^ np.uint64(np.uint64(j) * _K2) ^ np.uint64(np.uint64(k) * _K3)
    h = np.uint64(np.uint64(h ^ np.uint64(h >> _S32)) * _K4)
    return float(np.uint64(h >> _S40)) * (1.0 / 16777216.0)


@inner
def noise2(x: float, y: float, seed: int) -> float:
    """Value noise in -1..1, cells of size 1, smooth."""
    fx, fy = math.floor(x), math.floor(y)
    i, j = int(fx), int(fy)
    s, t = x - fx, y - fy
    s, t = s * s * (3.0 - 2.0 * s), t * t * (3.0 - 2.0 * t)
    low = hash3(i, j, seed) * (1.0 - s) + hash3(i + 1, j, seed) * s
    high = hash3(i, j + 1, seed) * (1.0 - s) + hash3(i + 1, j + 1, seed) * s
    return 2.0 * (low * (1.0 - t) + high * t) - 1.0


@inner
def noise3(x: float, y: float, z: float, seed: int) -> float:
    """Value noise in -1..1 in space, cells of size 1."""
    fz = math.floor(z)
    k, t = int(fz), z - fz
    t = t * t * (3.0 - 2.0 * t)
    # layers get seeds far apart, so that no two textures share one
    return noise2(x, y, seed + 977 * k) * (1.0 - t) + noise2(x, y, seed + 977 * (k + 1)) * t


@inner
def fade(cell: float, footprint: float) -> float:
    """How much of a detail of that size is left: all if it covers three pixels, nothing below one."""
    return min(max(1.5 - 1.5 * footprint / cell, 0.0), 1.0)


@inner
def stripe(x: float, low: float, high: float, width: float) -> float:
    """Box-filtered coverage of the interval low..high of a pattern with period 1, seen through a window of width."""
    w = max(width, 1e-4)
    if w >= 1.0:
        return high - low
    a, b = x - 0.5 * w, x + 0.5 * w
    whole_a, whole_b = math.floor(a), math.floor(b)
    below_a = min(max(a - whole_a - low, 0.0), high - low) + whole_a * (high - low)
    below_b = min(max(b - whole_b - low, 0.0), high - low) + whole_b * (high - low)
    return (below_b - below_a) / w


#: share of the tone that noise of 2, 0.25 and 0.02 of a cell takes, by texture; and its seed
_AMPLITUDES = np.zeros((len(TEXTURES), 3))
_AMPLITUDES[_ASPHALT] = (0.09, 0.07, 0.22)
_AMPLITUDES[_CONCRETE] = (0.07, 0.06, 0.08)
_AMPLITUDES[_BRICK] = (0.05, 0.0, 0.12)
_AMPLITUDES[_GRASS] = (0.14, 0.16, 0.30)
_AMPLITUDES[_FACADE] = (0.06, 0.05, 0.05)
_AMPLITUDES[_PAINT] = (0.03, 0.05, 0.05)
_CELLS = np.array([2.0, 0.25, 0.02])


@inner
def _layers(kind: int, x: float, y: float, footprint: float) -> float:
    """Three sizes of noise around 1, as much of each as the texture has and the pixel shows."""
    value = 1.0
    for k in range(3):
        strength = _AMPLITUDES[kind, k] * fade(_CELLS[k], footprint)
        if strength > 0.0:
            value += strength * noise2(x / _CELLS[k], y / _CELLS[k], 16 * kind + k)
    return value


@inner
def _bricks(u: float, v: float, tone: float, footprint: float) -> Look:
    """Running bond, four bricks long and thirteen courses high in a cell."""
    course = math.floor(v * 13.0)
    shift = 0.5 * (int(course) & 1)
    long, tall = u * 4.0 + shift, v * 13.0
    joint = 1.0 - (1.0 - stripe(tall, 0.0, 0.13, 13.0 * footprint)) * (1.0 - stripe(long, 0.0, 0.04, 4.0 * footprint))
    brick = tone + 0.28 * (hash3(math.floor(long), int(course), 71) - 0.5) * fade(0.2, footprint)
    # mortar is grey: more green and blue than the brick's red
    return (
        brick + joint * (1.0 - brick),
        brick + joint * (1.5 - brick),
        brick + joint * (1.8 - brick),
        -1.0,
        0,
    )


@inner
def _facade(u: float, v: float, plaster: float, footprint: float) -> Look:
    """One window a cell, with a pale frame; panes are dark, smooth and differ by what is behind them."""
    i, j = math.floor(u), math.floor(v)
    t = v - j
    frame = stripe(u, 0.27, 0.73, footprint) * stripe(v, 0.27, 0.83, footprint)
    glass = (stripe(u, 0.30, 0.49, footprint) + stripe(u, 0.51, 0.70, footprint)) * stripe(v, 0.31, 0.80, footprint)
    # panes differ by what is behind them, and have a blind in their upper part; both fade to their mean
    near = fade(0.5, footprint)
    blind = near * (1.0 if t > 0.45 else 0.6) + (1.0 - near) * 0.84
    behind = 0.10 + 0.22 * blind * (near * hash3(int(i), int(j), 82) ** 2 + (1.0 - near) / 3.0)
    sill = stripe(v, 0.235, 0.27, footprint) * stripe(u, 0.24, 0.76, footprint)
    wall = plaster * (1.0 - 0.35 * sill)
    level = wall * (1.0 - frame) + 1.15 * (frame - glass)
    rough, zone = -1.0, 0
    if glass > 0.5 and footprint < 0.25:
        rough, zone = 0.06, 1
    elif frame > 0.5 and footprint < 0.25:
        rough, zone = 0.4, 2
    return level + behind * 0.85 * glass, level + behind * 0.95 * glass, level + behind * 1.05 * glass, rough, zone


@inner
def _wood(u: float, v: float, footprint: float) -> Look:
    """Planks along u, eight to a cell, with stretched grain."""
    plank = math.floor(v * 8.0)
    joint = stripe(v * 8.0, 0.0, 0.05, 8.0 * footprint)
    grain = 0.0
    for k in range(2):
        strength = 0.14 * fade(0.04 / (1.0 + 3.0 * k), footprint)
        if strength > 0.0:
            grain += strength * noise2(u * (3.0 + 9.0 * k), v * (60.0 + 140.0 * k), 300 + k + 2 * (int(plank) % 64))
    tone = 1.0 + grain + 0.16 * (hash3(int(plank), 0, 91) - 0.5) * fade(0.12, footprint)
    tone *= 1.0 - 0.6 * joint
    return tone, tone * (1.0 + 0.25 * grain), tone * (1.0 + 0.4 * grain), -1.0, 0


@inner
def _leaves(x: float, y: float, z: float, footprint: float) -> float:
    """Light and dark in space, of two sizes."""
    tone = 1.0
    for k in range(2):
        strength = (0.30 + 0.12 * k) * fade(0.35 - 0.25 * k, footprint)
        if strength > 0.0:
            scale = 3.0 + 7.0 * k
            tone += strength * noise3(x * scale, y * scale, z * scale, 4001 + 500 * k)
    return tone


@inner
def look(
    kind: int, scale: float, x: float, y: float, z: float, nx: float, ny: float, nz: float, footprint_m: float
) -> Look:
    """What a texture does at a point of the owner's frame with that geometric normal, seen by pixels of that size."""
    if kind == 0:
        return 1.0, 1.0, 1.0, -1.0, 0
    ax, ay, az = abs(nx), abs(ny), abs(nz)
    u, v = x, y
    if ax >= ay and ax > az:
        u, v = y, z
    elif ay > az:
        u, v = x, z
    inverse = 1.0 / max(scale, 1e-6)
    u, v, size = u * inverse, v * inverse, footprint_m * inverse
    tone = _layers(kind, u, v, size)
    if kind == _BRICK:
        return _bricks(u, v, tone, size)
    if kind == _FACADE and az < 0.7:
        return _facade(u, v, tone, size)
    if kind == _WOOD:
        return _wood(u, v, size)
    red, blue = 1.0, 1.0
    if kind == _CONCRETE:
        tone += 0.10 * fade(1.0, size) * (hash3(math.floor(u), math.floor(v), 24) - 0.5)
        tone *= 1.0 - 0.45 * (1.0 - (1.0 - stripe(u, 0.0, 0.015, size)) * (1.0 - stripe(v, 0.0, 0.015, size)))
    elif kind == _GRASS:
        dry = 0.12 * fade(3.0, size) * noise2(u * 0.3, v * 0.3, 34)
        red, blue = 1.0 + dry, 1.0 - 0.5 * dry
    elif kind == _FOLIAGE:
        tone = _leaves(x * inverse, y * inverse, z * inverse, size)
    elif kind == _FABRIC:
        tone += 0.16 * fade(0.5, size) * math.sin(2.0 * math.pi * u) * math.sin(2.0 * math.pi * v)
        tone += 0.06 * fade(8.0, size) * noise2(u * 0.12, v * 0.12, 61)
    return tone * red, tone, tone * blue, -1.0, 0
