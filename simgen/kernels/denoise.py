"""Smoothing what noise is left in a picture of light paths, without blurring edges.

An edge-avoiding a-trous filter (Dammertz et al. 2010): five rounds of a 5 x 5 kernel whose taps lie 1, 2, 4, 8, 16
pixels apart. Only light is smoothed, the surface's colour is divided out before and put back after. A neighbour counts
as far as its normal and its tangent plane agree and its brightness lies within what the noise explains (Schied et al.
2017): so where there is no noise nothing changes. Light that comes straight from sky and lamps is not touched.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.paths_tables import CLEAR, COLOR, LIT, MET, PLACE, SEEN_COLUMNS, TURNED
from simgen.records.base import F4, F8, U4

ROUNDS: Final = 5
#: colour below which light is not divided by it any further
DARKEST: Final = 0.02
#: deviations of the noise that a neighbour may differ by
_NOISE: Final = 2.5
#: how fast a neighbour loses weight with the cosine between normals, and with its distance from the tangent plane as a
#: share of its distance from the camera
_TURN: Final = 40.0
_PLANE: Final = 150.0
#: exponent from which on a neighbour counts nothing
_NONE: Final = 12.0

#: columns of the guide: normal, place less the eye, share of the picture's noise in the colour's terms
GUIDE_COLUMNS: Final = 7
_NEAR: Final = 3
_FAR: Final = 6


@kernel
def divide(first: int, last: int, eye: F8, seen: F4, light: F4, guide: F4) -> None:
    """Light over colour (P, 3) with its variance (4th column), and the guide, for pixels first..last."""
    for p in range(first, last):
        bright = 0.0
        for c in range(3):
            color = max(float(seen[p, COLOR + c]), DARKEST)
            light[p, c] = seen[p, LIT + c] / color
            bright += (0.2126 if c == 0 else (0.7152 if c == 1 else 0.0722)) * color
        light[p, 3] = seen[p, SEEN_COLUMNS] / (bright * bright)
        met, square, far = float(seen[p, MET]), 0.0, 0.0
        for axis in range(3):
            square += float(seen[p, TURNED + axis]) ** 2
        scale = 1.0 / math.sqrt(square) if square > 0.0 else 0.0
        for axis in range(3):
            guide[p, axis] = seen[p, TURNED + axis] * scale
            there = float(seen[p, PLACE + axis]) / met - eye[axis] if met > 0.0 else 0.0
            guide[p, _NEAR + axis] = there
            far += there * there
        guide[p, _FAR] = math.sqrt(far)


@kernel
def spread(first: int, last: int, width: int, height: int, light: F4, noise: F4) -> None:
    """Variance of each pixel of rows first..last as the mean over 3 x 3 pixels, for a few samples know it badly."""
    for y in range(first, last):
        for x in range(width):
            total, weight = 0.0, 0.0
            for oy in range(max(y - 1, 0), min(y + 2, height)):
                for ox in range(max(x - 1, 0), min(x + 2, width)):
                    w = (2.0 if ox == x else 1.0) * (2.0 if oy == y else 1.0)
                    total += w * float(light[oy * width + ox, 3])
                    weight += w
            noise[y * width + x] = total / weight


@inner
def _smooth(
    first: int,
    last: int,
    width: int,
    height: int,
    apart: int,
    taps: F8,
    guide: F4,
    noise: F4,
    light: F4,
    out: F4,
) -> None:
    """The work of :func:`smooth`, without reference counts."""
    for y in range(first, last):
        for x in range(width):
            p = y * width + x
            for c in range(4):
                out[p, c] = light[p, c]
            if not guide[p, _FAR] > 0.0 or not noise[p] > 0.0:
                continue
            nx, ny, nz = float(guide[p, 0]), float(guide[p, 1]), float(guide[p, 2])
            px, py, pz = float(guide[p, _NEAR]), float(guide[p, _NEAR + 1]), float(guide[p, _NEAR + 2])
            plane = _PLANE / float(guide[p, _FAR])
            mine = 0.2126 * float(light[p, 0]) + 0.7152 * float(light[p, 1]) + 0.0722 * float(light[p, 2])
            total, red, green, blue, variance = 0.0, 0.0, 0.0, 0.0, 0.0
            for j in range(5):
                oy = y + (j - 2) * apart
                if oy < 0 or oy >= height:
                    continue
                for i in range(5):
                    ox = x + (i - 2) * apart
                    if ox < 0 or ox >= width:
                        continue
                    q = oy * width + ox
                    far = float(guide[q, _FAR])
                    if not far > 0.0:
                        continue
                    turned = 1.0 - (nx * guide[q, 0] + ny * guide[q, 1] + nz * guide[q, 2])
                    off = (
                        nx * (guide[q, _NEAR] - px) + ny * (guide[q, _NEAR + 1] - py) + nz * (guide[q, _NEAR + 2] - pz)
                    )
                    other = 0.2126 * float(light[q, 0]) + 0.7152 * float(light[q, 1]) + 0.0722 * float(light[q, 2])
                    known = _NOISE * math.sqrt(float(noise[p]) + float(noise[q])) + 1e-9
                    apart_by = _TURN * turned + plane * abs(off) + abs(mine - other) / known
                    if apart_by > _NONE:
                        continue
                    w = taps[i] * taps[j] * math.exp(-apart_by)
                    total += w
                    red += w * float(light[q, 0])
                    green += w * float(light[q, 1])
                    blue += w * float(light[q, 2])
                    variance += w * w * float(light[q, 3])
            if total > 0.0:
                out[p, 0], out[p, 1], out[p, 2] = red / total, green / total, blue / total
                out[p, 3] = variance / (total * total)


@kernel
def smooth(
    first: int, last: int, width: int, height: int, apart: int, guide: F4, noise: F4, light: F4, out: F4
) -> None:
    """One round for rows first..last: taps ``apart`` pixels from each other; ``light`` and its variance to ``out``."""
    taps = np.array([1.0, 4.0, 6.0, 4.0, 1.0])
    _smooth(first, last, width, height, apart, taps, guide, noise, light, out)


@kernel
def join(first: int, last: int, width: int, seen: F4, light: F4, key: U4, radiance: F4, logs: F8) -> None:
    """Light times colour plus what is seen straight, to the first three columns of ``radiance``, for rows first..last.

    ``logs`` (H,) gets the sum of the logarithms of every second pixel's luminance that the lens sees, for exposure.
    """
    for y in range(first, last):
        logs[y] = 0.0
        for x in range(width):
            p, bright = y * width + x, 0.0
            for c in range(3):
                value = float(light[p, c]) * max(float(seen[p, COLOR + c]), DARKEST) + float(seen[p, CLEAR + c])
                radiance[p, c] = value
                bright += (0.2126 if c == 0 else (0.7152 if c == 1 else 0.0722)) * value
            # a key of 2: the lens sees nothing there
            if x & 1 == 0 and key[p] != 2:
                logs[y] += math.log(max(bright, 1e-6))
