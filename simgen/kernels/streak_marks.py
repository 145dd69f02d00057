"""Streaks and discs of single particles, laid over the picture tile by tile.

Energy is exact: over its pixels a particle's shares add up to the area of its disc, however fast it is (Garg and Nayar
2007: ``I = (1 - a tau / T) I_background + (tau / T) a L_drop``). Thin streaks are laid row by row (column by column if
they run that way): along the streak by the time spent in a row, across it as a band; both add up to 1 whatever the
angle. Round ones are a disc at several instants.
"""

from __future__ import annotations

import math

from simgen.kernels.drop_light import Around, through_drop
from simgen.kernels.inner import inner, spliced
from simgen.kernels.jit import kernel
from simgen.kernels.lens import ray_of
from simgen.kernels.pose import normalise
from simgen.kernels.streaks import (
    CLEAR,
    DISTANCE,
    INDEX,
    KIND,
    LEFT,
    LIGHT,
    OPAQUE,
    OWN,
    OWN_NUMBER,
    U0,
    U1_,
    V0,
    V1,
    WIDE,
)
from simgen.records.base import F4, F8, I8

#: from this diameter on a particle is round rather than a band, px
ROUND_PX = 2.5
#: blurred more than by this share of its size it shows no picture any more
SHARP = 0.5
#: instants at which a round one is laid down
INSTANTS = 12
#: side of a square over the diameter of the disc of its area
_SQUARE = 0.5 * math.sqrt(math.pi)
#: how far a flake's outline goes in and out, and how loose its edge is
_RAGGED, _FINER, _LOOSE = 0.16, 0.07, 0.35
_GAUSS = 0.5 / math.sqrt(3.0)


@spliced
def _rows_of(streak: F4, i: int, height: int) -> tuple[int, int]:
    """The first row of pixels that a streak touches, and the one after the last."""
    reach = 0.5 * max(float(streak[i, WIDE]), 1.0) + 1.0
    if streak[i, WIDE] > ROUND_PX:
        reach *= 1.0 + _RAGGED + _FINER + _LOOSE
    low = min(float(streak[i, V0]), float(streak[i, V1])) - reach
    high = max(float(streak[i, V0]), float(streak[i, V1])) + reach
    return max(math.floor(low), 0), min(math.ceil(high), height)


@kernel
def count_tiles(order: I8, streak: F4, height: int, tile: int, start: I8) -> None:
    """How many streaks touch each band of rows; ``start`` (tiles + 1,) becomes where each band's list begins."""
    for k in range(order.shape[0]):
        low, high = _rows_of(streak, order[k], height)
        if low < high:
            for band in range(low // tile, (high - 1) // tile + 1):
                start[band + 1] += 1
    for band in range(1, start.shape[0]):
        start[band] += start[band - 1]


@kernel
def fill_tiles(order: I8, streak: F4, height: int, tile: int, start: I8, listed: I8) -> None:
    """The streaks of each band of rows, in the given order."""
    at = start.copy()
    for k in range(order.shape[0]):
        low, high = _rows_of(streak, order[k], height)
        if low < high:
            for band in range(low // tile, (high - 1) // tile + 1):
                listed[at[band]] = order[k]
                at[band] += 1


@inner
def _put(
    surface: F4, light: F4, linear: F4, passed: F4, pixel: int, far: float, share: float, r: float, g: float, b: float
) -> None:
    """Cover a share of a pixel, if nothing nearer is there."""
    if surface[pixel, 0] < far:
        return
    left = 1.0 - share
    light[pixel, 0] = left * light[pixel, 0] + share * r
    light[pixel, 1] = left * light[pixel, 1] + share * g
    light[pixel, 2] = left * light[pixel, 2] + share * b
    if linear.shape[0] > 0:
        linear[pixel, 0] = left * linear[pixel, 0] + share * r
        linear[pixel, 1] = left * linear[pixel, 1] + share * g
        linear[pixel, 2] = left * linear[pixel, 2] + share * b
    if passed.shape[0] > 0:
        passed[pixel] *= left


@spliced
def _half_square(x: float) -> float:
    """Integral of a step."""
    return 0.5 * x * x if x > 0.0 else 0.0


@spliced
def _until(x: float, length: float, wide: float) -> float:
    """Share of a band that lies before x: a box of a length, blurred by another."""
    a, b = x + 0.5 * wide, x - 0.5 * wide
    return (_half_square(a) - _half_square(a - length) - _half_square(b) + _half_square(b - length)) / (length * wide)


@inner
def _thin(
    first: int, last: int, width: int, height: int, s: F4, i: int, surface: F4, light: F4, linear: F4, passed: F4
) -> None:
    """A streak that is narrow: a band along its longer direction."""
    u0, v0, u1, v1 = float(s[i, U0]), float(s[i, V0]), float(s[i, U1_]), float(s[i, V1])
    far, wide = float(s[i, DISTANCE]), float(s[i, WIDE])
    area = 0.25 * math.pi * wide * wide * float(s[i, OPAQUE])
    r, g, b = float(s[i, LIGHT]), float(s[i, LIGHT + 1]), float(s[i, LIGHT + 2])
    upright = abs(v1 - v0) >= abs(u1 - u0)
    # along: a; across: c
    a0, a1, c0, c1 = (v0, v1, u0, u1) if upright else (u0, u1, v0, v1)
    if a1 < a0:
        a0, a1, c0, c1 = a1, a0, c1, c0
    length = max(a1 - a0, 1e-3)
    slope = (c1 - c0) / length if a1 > a0 else 0.0
    blunt = max(_SQUARE * wide, 1.0)
    band = blunt * math.sqrt(1.0 + slope * slope * min(length / blunt, 1.0))
    a_low, a_high = math.floor(a0 - 0.5 * blunt), math.ceil(a1 + 0.5 * blunt)
    a_most, c_most = (height, width) if upright else (width, height)
    a_low, a_high = max(a_low, first if upright else 0), min(a_high, last if upright else a_most)
    c_first, c_last = (0, c_most) if upright else (first, last)
    before = _until(a_low - a0, length, blunt)
    for a in range(a_low, a_high):
        after = _until(a + 1.0 - a0, length, blunt)
        along, before = after - before, after
        middle = c0 + slope * (min(max(a + 0.5, a0), a1) - a0)
        low = middle - 0.5 * band
        c_low, c_high = max(math.floor(low), c_first), min(math.ceil(middle + 0.5 * band), c_last)
        for c in range(c_low, c_high):
            across = (min(c + 1.0 - low, band) - max(c - low, 0.0)) / band
            share = min(area * along * across, 1.0)
            pixel = a * width + c if upright else c * width + a
            _put(surface, light, linear, passed, pixel, far, share, r, g, b)


@inner
def _outline(number: float, x: float, y: float) -> float:
    """Radius of a flake in a direction, over that of the disc of its area."""
    angle = math.atan2(y, x)
    bumps = 3.0 + math.floor(3.0 * number)
    wave = _RAGGED * math.cos(bumps * angle + 40.0 * number) + _FINER * math.cos(7.0 * angle - 90.0 * number)
    return (1.0 + wave) / math.sqrt(1.0 + 0.5 * (_RAGGED * _RAGGED + _FINER * _FINER))


@spliced
def _edge(t: float) -> float:
    """Cover of a soft edge, from 0 at -1 to 1 at 1: a step through two boxes."""
    t = min(max(t, -1.0), 1.0)
    return 0.5 * (1.0 + t) * (1.0 + t) if t < 0.0 else 1.0 - 0.5 * (1.0 - t) * (1.0 - t)


@inner
def _round(
    first: int,
    last: int,
    around: Around,
    kinds: F8,
    s: F4,
    i: int,
    surface: F4,
    light: F4,
    linear: F4,
    passed: F4,
) -> None:
    """A particle of several pixels: a disc at several instants, or along a streak the time that it takes to pass."""
    u0, v0, u1, v1 = float(s[i, U0]), float(s[i, V0]), float(s[i, U1_]), float(s[i, V1])
    far, radius, opaque = float(s[i, DISTANCE]), 0.5 * float(s[i, WIDE]), float(s[i, OPAQUE])
    kind, number = int(s[i, KIND]), float(s[i, OWN_NUMBER])
    ragged = kinds[kind, CLEAR] == 0.0 and opaque > SHARP
    refracts = kinds[kind, INDEX] > 1.0 and opaque > SHARP
    du, dv = u1 - u0, v1 - v0
    length = math.sqrt(du * du + dv * dv)
    streaks = length > 2.0 * radius
    instants = 1 if length < 0.25 else min(int(length) + 1, INSTANTS)
    # a flake's edge is loose; an edge that is soft by that much to either side makes a disc larger by its variance
    soft = max(1.0, _LOOSE * radius) if ragged else 1.0
    inner_radius = math.sqrt(radius * radius - soft * soft / 6.0)
    reach = radius * (1.0 + _RAGGED + _FINER if ragged else 1.0) + soft
    y_low, y_high = _rows_of(s, i, last)
    x_low = max(math.floor(min(u0, u1) - reach), 0)
    x_high = min(math.ceil(max(u0, u1) + reach), around.width)
    mean = (
        (s[i, LIGHT] - s[i, OWN]) / max(s[i, LEFT], 1e-12),
        (s[i, LIGHT + 1] - s[i, OWN + 1]) / max(s[i, LEFT + 1], 1e-12),
        (s[i, LIGHT + 2] - s[i, OWN + 2]) / max(s[i, LEFT + 2], 1e-12),
    )
    for y in range(max(y_low, first), y_high):
        for x in range(x_low, x_high):
            pixel = y * around.width + x
            if surface[pixel, 0] < far:
                continue
            du0, dv0 = x + 0.5 - u0, y + 0.5 - v0
            share, r, g, b = 0.0, float(s[i, LIGHT]), float(s[i, LIGHT + 1]), float(s[i, LIGHT + 2])
            if streaks:
                along, across = (du0 * du + dv0 * dv) / length, (du0 * dv - dv0 * du) / length
                # two places across the pixel stand for its width (Gauss)
                for side in (-_GAUSS, _GAUSS):
                    chord = math.sqrt(max(radius * radius - (across + side) * (across + side), 0.0))
                    share += 0.5 * max(min(along + chord, length) - max(along - chord, 0.0), 0.0) / length
            else:
                r, g, b = 0.0, 0.0, 0.0
                for k in range(instants):
                    part = (k + 0.5) / instants
                    p, q = du0 - part * du, dv0 - part * dv
                    rim = inner_radius * _outline(number, p, q) if ragged else inner_radius
                    covered = _edge((rim - math.sqrt(p * p + q * q)) / soft)
                    if covered == 0.0:
                        continue
                    share += covered / instants
                    seen = mean
                    if refracts:
                        dx, dy, dz = ray_of(around.model, around.lens, u0 + part * du, v0 + part * dv)
                        if dx != 0.0 or dy != 0.0 or dz != 0.0:
                            dx, dy, dz = normalise(dx, dy, dz)
                            seen = through_drop(around, kinds[kind, INDEX], dx, dy, dz, p / radius, q / radius, mean)
                    r += covered * (float(s[i, OWN]) + float(s[i, LEFT]) * seen[0])
                    g += covered * (float(s[i, OWN + 1]) + float(s[i, LEFT + 1]) * seen[1])
                    b += covered * (float(s[i, OWN + 2]) + float(s[i, LEFT + 2]) * seen[2])
                if share > 0.0:
                    r, g, b = r / (share * instants), g / (share * instants), b / (share * instants)
            if share > 0.0:
                _put(surface, light, linear, passed, pixel, far, min(share, 1.0) * opaque, r, g, b)


@kernel
def lay(
    first: int,
    last: int,
    tile: int,
    around: Around,
    kinds: F8,
    streak: F4,
    start: I8,
    listed: I8,
    surface: F4,
    light: F4,
    linear: F4,
    passed: F4,
) -> None:
    """Lay the streaks of bands first..last over the picture, in the order of the list: the farthest first."""
    for band in range(first, last):
        top, bottom = band * tile, min((band + 1) * tile, around.height)
        for k in range(start[band], start[band + 1]):
            i = listed[k]
            if streak[i, WIDE] > ROUND_PX:
                _round(top, bottom, around, kinds, streak, i, surface, light, linear, passed)
            else:
                _thin(top, bottom, around.width, around.height, streak, i, surface, light, linear, passed)


@kernel
def coarsen(first: int, last: int, width: int, height: int, step: int, most: float, light: F4, out: F4) -> None:
    """Means over squares of ``step`` pixels, of what is shown (cut at ``most``), rows first..last of ``out``."""
    for i in range(first, last):
        for j in range(out.shape[1]):
            red, green, blue, count = 0.0, 0.0, 0.0, 0
            for y in range(i * step, min((i + 1) * step, height)):
                for x in range(j * step, min((j + 1) * step, width)):
                    red += min(float(light[y * width + x, 0]), most)
                    green += min(float(light[y * width + x, 1]), most)
                    blue += min(float(light[y * width + x, 2]), most)
                    count += 1
            out[i, j, 0], out[i, j, 1], out[i, j, 2] = red / count, green / count, blue / count
