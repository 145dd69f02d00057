"""Textures of walls, roofs and wood. Lengths are in cells, u along the wall, v up it.

All but the facade return factors on red, green and blue that are 1 on average, and the slope of their relief.
"""

from __future__ import annotations

import math

from simgen.kernels.inner import inner
from simgen.kernels.texture_ground import Relief, layers
from simgen.kernels.texture_noise import fade, hash3, noise2, noise_slope, stripe

#: red, green, blue, roughness (negative = as it is), zone, factor on the emission
Front = tuple[float, float, float, float, int, float]

#: share of a facade's windows with light behind them, where it emits at all
LIT_SHARE = 0.4
#: share of a brick wall that is mortar, and that mortar's colour against the brick's
_MORTAR = 1.0 - (1.0 - 0.13) * (1.0 - 0.04)
_MORTAR_RED, _MORTAR_GREEN, _MORTAR_BLUE = 1.0, 1.7, 2.1


@inner
def brick(kind: int, u: float, v: float, size: float) -> Relief:
    """Running bond, four bricks long and thirteen courses high in a cell; grey mortar."""
    tone, gu, gv, _ = layers(kind, u, v, size)
    course = math.floor(v * 13.0)
    i, j = math.floor(u * 4.0 + 0.5 * (int(course) & 1)), int(course)
    long = u * 4.0 + 0.5 * (j & 1)
    joint = 1.0 - (1.0 - stripe(v * 13.0, 0.0, 0.13, 13.0 * size)) * (1.0 - stripe(long, 0.0, 0.04, 4.0 * size))
    left = fade(0.2, size)
    # burnt harder or less: darker, and then less red
    burnt = left * (hash3(i, j, 71) - 0.5)
    own, warm = 1.0 + tone + 0.5 * burnt, 0.12 * left * (hash3(i, j, 72) - 0.5) + 0.1 * burnt
    red = own * (1.0 + warm) * (1.0 - joint) + joint * _MORTAR_RED * (1.0 + tone)
    green = own * (1.0 - joint) + joint * _MORTAR_GREEN * (1.0 + tone)
    blue = own * (1.0 - warm) * (1.0 - joint) + joint * _MORTAR_BLUE * (1.0 + tone)
    # the wall's mean stays its base colour
    green /= 1.0 + _MORTAR * (_MORTAR_GREEN - 1.0)
    blue /= 1.0 + _MORTAR * (_MORTAR_BLUE - 1.0)
    return red, green, blue, gu, gv


@inner
def plaster(kind: int, u: float, v: float, size: float, upright: float) -> Relief:
    """Painted render: patchy, rough, with streaks that rain drew down what is upright."""
    tone, gu, gv, first = layers(kind, u, v, size)
    left = fade(0.35, size) * upright
    if left > 0.0:
        tone += left * 0.10 * noise2(u / 0.35, v / 4.0, 28) * (0.6 - 0.4 * first)
    tone += 1.0
    warm = 0.03 * fade(2.2, size) * first
    return tone * (1.0 + warm), tone, tone * (1.0 - warm), gu, gv


@inner
def tiles(kind: int, u: float, v: float, size: float) -> Relief:
    """Roof tiles, four wide and three up in a cell: each its own shade, its lower edge in the shade of the next."""
    tone, gu, gv, _ = layers(kind, u, v, size)
    row = math.floor(v * 3.0)
    across = u * 4.0 + 0.5 * (int(row) & 1)
    shadow = stripe(v * 3.0, 0.0, 0.12, 3.0 * size)
    seam = stripe(across, 0.0, 0.06, 4.0 * size)
    left = fade(0.25, size)
    own = 0.36 * left * (hash3(math.floor(across), int(row), 73) - 0.5)
    tone = (1.0 + tone + own) * (1.08 - 0.5 * shadow - 0.3 * seam)
    # a pantile's wave
    gu += 0.35 * left * math.sin(2.0 * math.pi * across)
    return tone, tone * (1.0 - 0.15 * own), tone * (1.0 - 0.2 * own), gu, gv


@inner
def wood(u: float, v: float, size: float) -> Relief:
    """Planks along u, eight to a cell, with stretched grain."""
    plank = math.floor(v * 8.0)
    joint = stripe(v * 8.0, 0.0, 0.05, 8.0 * size)
    grain, gv = 0.0, 0.0
    for k in range(2):
        left = fade(0.022 / (1.0 + 2.0 * k), size)
        if left > 0.0:
            value, _, dv = noise_slope(u * (2.0 + 6.0 * k), v * (60.0 + 140.0 * k), 300 + k + 2 * (plank % 64))
            grain += left * 0.17 * value
            gv += left * 0.05 * dv
    tone = 1.0 + grain + 0.30 * (hash3(plank, 0, 91) - 0.5) * fade(0.12, size)
    tone *= 1.03 - 0.6 * joint
    return tone, tone * (1.0 + 0.25 * grain), tone * (1.0 + 0.4 * grain), 0.0, gv


@inner
def bark(u: float, v: float, size: float) -> Relief:
    """Long ridges with dark furrows between."""
    tone, gu, gv = 1.0, 0.0, 0.0
    for k in range(2):
        wide, tall = 0.05 / (1.0 + 2.0 * k), 0.35 / (1.0 + 3.0 * k)
        left = fade(wide, size)
        if left > 0.0:
            value, du, dv = noise_slope(u / wide, v / tall, 310 + k)
            tone += left * (0.45 - 0.15 * k) * value
            gu += left * 0.4 * du
            gv += left * 0.08 * dv
    return tone, tone, tone, gu, gv


@inner
def facade(u: float, v: float, plaster_tone: float, size: float) -> Front:
    """One window a cell, with a pale frame; panes are dark, smooth and differ by what is behind them.

    Where the surface emits, light shines behind :data:`LIT_SHARE` of the windows, in some stronger than in others, and
    nowhere else.
    """
    i, j = math.floor(u), math.floor(v)
    t = v - j
    frame = stripe(u, 0.27, 0.73, size) * stripe(v, 0.27, 0.83, size)
    glass = (stripe(u, 0.30, 0.49, size) + stripe(u, 0.51, 0.70, size)) * stripe(v, 0.31, 0.80, size)
    # panes differ by what is behind them, and have a blind in their upper part; both fade to their mean
    near = fade(0.5, size)
    blind = near * (1.0 if t > 0.45 else 0.6) + (1.0 - near) * 0.84
    behind = 0.10 + 0.22 * blind * (near * hash3(int(i), int(j), 82) ** 2 + (1.0 - near) / 3.0)
    lit = hash3(int(i), int(j), 83)
    glow = near * (0.5 + lit / LIT_SHARE if lit < LIT_SHARE else 0.0) + (1.0 - near) * LIT_SHARE
    sill = stripe(v, 0.235, 0.27, size) * stripe(u, 0.24, 0.76, size)
    wall = plaster_tone * (1.0 - 0.35 * sill)
    level = wall * (1.0 - frame) + 1.15 * (frame - glass)
    rough, zone = -1.0, 0
    if glass > 0.5 and size < 0.25:
        rough, zone = 0.06, 1
    elif frame > 0.5 and size < 0.25:
        rough, zone = 0.4, 2
    return (
        level + behind * 0.85 * glass,
        level + behind * 0.95 * glass,
        level + behind * 1.05 * glass,
        rough,
        zone,
        glow * glass,
    )
