"""Textures of what one walks and drives on. Lengths are in cells; with a scale of 1 m they are metres.

Each returns factors on red, green and blue that are 1 on average, and the slope of its relief along u and v.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.texture_noise import fade, hash3, noise2, noise_slope, stones, stripe
from simgen.records.mesh import TEXTURES

Relief = tuple[float, float, float, float, float]

#: share of a marking that is worn through, and mean light of stones and gaps, as their noise has it
_WORN_SHARE = 0.09
_GRAVEL_MEAN = 0.418

#: up to four sizes of noise by texture: cell, share of the tone, slope of the relief; a cell of 0 ends the list
_CELLS = np.zeros((len(TEXTURES), 4))
_TONES = np.zeros((len(TEXTURES), 4))
_SLOPES = np.zeros((len(TEXTURES), 4))
#: cosine and sine of a turn for each size
_TURNS = np.array([[np.cos(a), np.sin(a)] for a in (0.0, 0.65, 0.3, 1.0)])
for _name, *_rows in (
    ("asphalt", (4.0, 0.16, 0.0), (0.5, 0.09, 0.0), (0.09, 0.13, 0.01), (0.025, 0.15, 0.05)),
    ("concrete", (3.0, 0.14, 0.0), (0.3, 0.10, 0.01), (0.04, 0.08, 0.03), (0.008, 0.10, 0.05)),
    ("brick", (2.0, 0.14, 0.0), (0.06, 0.12, 0.04), (0.012, 0.14, 0.08)),
    ("grass", (2.6, 0.22, 0.02), (0.35, 0.22, 0.10), (0.07, 0.34, 0.22)),
    ("gravel", (2.5, 0.12, 0.0), (0.3, 0.10, 0.06), (0.09, 0.10, 0.08)),
    ("snow", (1.3, 0.02, 0.06), (0.22, 0.02, 0.09), (0.03, 0.02, 0.10)),
    ("facade", (2.0, 0.10, 0.0), (0.2, 0.07, 0.02), (0.02, 0.06, 0.04)),
    ("paint", (2.2, 0.14, 0.0), (0.4, 0.10, 0.01), (0.09, 0.07, 0.02), (0.02, 0.06, 0.07)),
    ("worn_paint", (0.9, 0.10, 0.0), (0.03, 0.10, 0.06)),
    ("tiles", (1.5, 0.14, 0.0), (0.12, 0.10, 0.03), (0.02, 0.10, 0.05)),
    ("fabric", (8.0, 0.08, 0.22), (30.0, 0.06, 0.10)),
):
    for _k, _row in enumerate(_rows):
        _CELLS[TEXTURES.index(_name), _k], _TONES[TEXTURES.index(_name), _k], _SLOPES[TEXTURES.index(_name), _k] = _row
#: cells to a length, 0 where the list has ended
_OFTEN = np.divide(1.0, _CELLS, out=np.zeros_like(_CELLS), where=_CELLS > 0.0)


@inner
def layers(kind: int, u: float, v: float, size: float) -> tuple[float, float, float, float]:
    """The sizes of noise of a texture: tone around 0, slopes, and the first size alone (-1..1, not faded)."""
    tone, gu, gv, first = 0.0, 0.0, 0.0, 0.0
    for k in range(4):
        # cells to a length: multiplying is cheaper than dividing, and most of a picture comes by here
        often = _OFTEN[kind, k]
        left = min(max(1.5 - 1.5 * size * often, 0.0), 1.0) if often > 0.0 else 0.0
        if left > 0.0:
            # every size lies askew to the others, or the grid would show
            c, s = _TURNS[k, 0], _TURNS[k, 1]
            value, du, dv = noise_slope((c * u - s * v) * often, (s * u + c * v) * often, 16 * kind + k)
            tone += left * _TONES[kind, k] * value
            gu += left * _SLOPES[kind, k] * (c * du + s * dv)
            gv += left * _SLOPES[kind, k] * (c * dv - s * du)
            if k == 0:
                first = value
    return tone, gu, gv, first


@inner
def _crack(u: float, v: float, size: float) -> float:
    """Coverage by cracks 6 mm wide: the zero lines of a noise of 2.6 m whose place is jagged."""
    bend, _, _ = noise_slope(u / 0.22, v / 0.22, 41)
    value, du, dv = noise_slope(u / 2.6 + 0.05 * bend, v / 2.6 - 0.04 * bend, 42)
    distance = 2.6 * abs(value) / max(math.sqrt(du * du + dv * dv), 0.25)
    return max(1.0 - distance / (0.003 + size), 0.0) * 0.006 / (0.006 + size)


@inner
def _patch(u: float, v: float, size: float) -> tuple[float, float]:
    """Coverage by repairs, where the surface was cut out and filled, and by the bitumen that seals their rims."""
    u, v = u * (1.0 / 9.0), v * (1.0 / 5.0)
    i, j = math.floor(u), math.floor(v)
    near = fade(5.0, size)
    there = near * (1.0 if hash3(i, j, 43) < 0.14 else 0.0) + (1.0 - near) * 0.14
    if there == 0.0:
        return 0.0, 0.0
    a, b = size * (1.0 / 9.0), size * (1.0 / 5.0)
    whole = stripe(u, 0.20, 0.62, a) * stripe(v, 0.18, 0.74, b)
    inside = stripe(u, 0.204, 0.616, a) * stripe(v, 0.187, 0.733, b)
    return there * inside, there * (whole - inside)


@inner
def asphalt(kind: int, u: float, v: float, size: float) -> Relief:
    """Stones in bitumen, stains, repairs, cracks where it is old."""
    tone, gu, gv, first = layers(kind, u, v, size)
    filled, seal = _patch(u, v, size)
    # the constant is what repairs, seals and cracks take away on average
    tone += 1.013 - 0.17 * filled - 0.5 * seal
    old = fade(0.06, size) * min(-2.0 * first - 0.2, 1.0)
    if old > 0.0:
        tone -= 0.75 * old * (1.0 - filled) * _crack(u, v, size)
    left = fade(0.011, size)
    if left > 0.0:
        # two of three stones lie under bitumen
        shade, gap, du, dv = stones(u / 0.009, v / 0.009, 44)
        bare = max(shade - 0.33, 0.0) * min(gap / 0.25, 1.0)
        tone += left * (1.3 * bare - 0.108)
        gu -= left * (0.1 + bare) * du
        gv -= left * (0.1 + bare) * dv
    tone = max(tone, 0.1)
    return tone, tone, tone, gu, gv


@inner
def gravel(kind: int, u: float, v: float, size: float) -> Relief:
    """Loose stones of 40 mm with smaller ones between, grey to ochre."""
    tone, gu, gv, first = layers(kind, u, v, size)
    warm = 0.06 * first * fade(2.5, size)
    tone += 1.0
    near = fade(0.042, size)
    if near > 0.0:
        shade, gap, du, dv = stones(u / 0.042, v / 0.042, 51)
        light, left = 0.22 * shade + 0.55 * min(gap / 0.4, 1.0) + 0.12, near
        if shade < -0.1 or gap < 0.12:
            # in the gaps lie small ones, darker on the whole
            left = near * fade(0.019, size)
            shade, gap, du, dv = stones(u / 0.019, v / 0.019, 52)
            light = 0.26 + left / near * (0.22 * shade + 0.55 * min(gap / 0.4, 1.0) - 0.34)
        tone += near * (light - _GRAVEL_MEAN)
        warm += left * (0.07 * shade - 0.015)
        gu -= left * 0.8 * du
        gv -= left * 0.8 * dv
    tone = max(tone, 0.05)
    return tone * (1.0 + warm), tone, tone * (1.0 - 1.5 * warm), gu, gv


@inner
def grass(kind: int, u: float, v: float, size: float) -> Relief:
    """Tufts and blades, greener here and drier there."""
    tone, gu, gv, first = layers(kind, u, v, size)
    dry = 0.20 * fade(2.6, size) * first + 0.10 * fade(9.0, size) * noise2(u / 9.0, v / 9.0, 34)
    tone += 1.0
    left = fade(0.018, size)
    if left > 0.0:
        # tufts of blades, each combed its own way
        shade, gap, du, dv = stones(u / 0.055, v / 0.055, 35)
        c, s = math.cos(9.0 * shade), math.sin(9.0 * shade)
        blades, across, _ = noise_slope((c * du - s * dv) / 0.11, (s * du + c * dv) / 0.8, int(900.0 * shade))
        tone += left * (0.45 * blades + 0.25 * shade + 0.5 * (min(gap / 0.3, 1.0) - 0.70))
        dry += left * (0.10 * blades + 0.08 * shade - 0.02)
        gu += left * 0.35 * across * c
        gv -= left * 0.35 * across * s
    tone = max(tone, 0.05)
    return tone * (1.0 + dry), tone, tone * (1.0 - 0.6 * dry), gu, gv


@inner
def concrete(kind: int, u: float, v: float, size: float) -> Relief:
    """Slabs of one cell with joints, no two quite alike; pores."""
    tone, gu, gv, _ = layers(kind, u, v, size)
    tone += 1.0 + 0.16 * fade(1.0, size) * (hash3(math.floor(u), math.floor(v), 24) - 0.5)
    joint = 1.0 - (1.0 - stripe(u, 0.0, 0.018, size)) * (1.0 - stripe(v, 0.0, 0.018, size))
    tone *= 1.02 - 0.55 * joint
    warm = 0.03 * fade(1.0, size) * (hash3(math.floor(u), math.floor(v), 25) - 0.5)
    return tone * (1.0 + warm), tone, tone * (1.0 - warm), gu, gv


@inner
def worn_paint(kind: int, u: float, v: float, size: float) -> Relief:
    """A road marking: rubbed through in spots, where what lies below shows, and dirty."""
    tone, gu, gv, first = layers(kind, u, v, size)
    near = fade(0.12, size)
    worn = _WORN_SHARE
    if near > 0.0:
        wear = 0.4 * first + 0.45 * noise2(u / 0.12, v / 0.12, 46) + 0.35 * noise2(u / 0.022, v / 0.022, 47)
        worn = near * min(max((-0.36 - wear) / 0.16, 0.0), 1.0) + (1.0 - near) * _WORN_SHARE
    tone = (1.0 + tone) * (1.0 - 0.78 * worn) / (1.0 - 0.78 * _WORN_SHARE)
    return tone, tone, tone, gu, gv
