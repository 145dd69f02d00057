"""Smoothing what noise is left in a picture of light paths, without blurring edges.

An edge-avoiding a-trous filter (Dammertz et al. 2010): five rounds of a 5 x 5 kernel whose taps lie 1, 2, 4, 8, 16
pixels apart. Only light is smoothed, the surface's colour is divided out before and put back after. A neighbour counts
as far as its normal and its tangent plane agree and its brightness lies within what the noise explains (Schied et al.
2017): so where there is no noise nothing changes. What is seen of sky and lamps, and what the sun shines on, has
hardly any noise and is not touched.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.jit import device, kernel
from simgen.kernels.paths_tables import CLEAR, COLOR, LIT, MET, PLACE, SEEN_COLUMNS, TURNED
from simgen.records.base import F4, F8, U4

ROUNDS: Final = 5
#: colour below which light is not divided by it any further
DARKEST: Final = 0.02
#: deviations of the noise that a neighbour may differ by
_NOISE: Final = 1.7
#: how fast a neighbour loses weight with the cosine between normals, and with its distance from the tangent plane as a
#: share of its distance from the camera
_TURN: Final = 20.0
_PLANE: Final = 80.0
#: brightness, in terms of its brightest neighbour's, that a pixel is cut to
_SPARK: Final = 2.0

#: rows of the guide (7, P): normal, place less the eye, one over the distance at which neighbours leave the surface
GUIDES: Final = 7
#: rows of the light (5, P): light over colour, its variance, its luminance
LIGHTS: Final = 5
_VARIANCE: Final = 3
_BRIGHT: Final = 4


class Strip(NamedTuple):
    """Pixels side by side: guide, noise and light."""

    nx: F4
    ny: F4
    nz: F4
    px: F4
    py: F4
    pz: F4
    plane: F4
    noise: F4
    red: F4
    green: F4
    blue: F4
    variance: F4
    bright: F4


class Sums(NamedTuple):
    """What the taps of a strip add up to."""

    red: F4
    green: F4
    blue: F4
    variance: F4
    weight: F4


@kernel
def divide(first: int, last: int, eye: F8, seen: F4, light: F4, guide: F4) -> None:
    """Light over colour, its variance and luminance, and the guide, for pixels first..last."""
    for p in range(first, last):
        shade, bright = 0.0, 0.0
        for c in range(3):
            color, part = max(float(seen[p, COLOR + c]), DARKEST), 0.2126 if c == 0 else (0.7152 if c == 1 else 0.0722)
            light[c, p] = seen[p, LIT + c] / color
            shade += part * color
            bright += part * float(light[c, p])
        light[_VARIANCE, p] = seen[p, SEEN_COLUMNS] / (shade * shade)
        light[_BRIGHT, p] = bright
        met, square, far = float(seen[p, MET]), 0.0, 0.0
        for axis in range(3):
            square += float(seen[p, TURNED + axis]) ** 2
        scale = 1.0 / math.sqrt(square) if square > 0.0 else 0.0
        for axis in range(3):
            guide[axis, p] = seen[p, TURNED + axis] * scale
            there = float(seen[p, PLACE + axis]) / met - eye[axis] if met > 0.0 else 0.0
            guide[3 + axis, p] = there
            far += there * there
        guide[6, p] = _PLANE / math.sqrt(far) if far > 0.0 else 0.0


@kernel
def spread(first: int, last: int, width: int, height: int, light: F4, noise: F4) -> None:
    """Variance of each pixel of rows first..last as the mean over 3 x 3 pixels, for a few samples know it badly."""
    for y in range(first, last):
        for x in range(width):
            total, weight = 0.0, 0.0
            for oy in range(max(y - 1, 0), min(y + 2, height)):
                for ox in range(max(x - 1, 0), min(x + 2, width)):
                    w = (2.0 if ox == x else 1.0) * (2.0 if oy == y else 1.0)
                    total += w * float(light[_VARIANCE, oy * width + ox])
                    weight += w
            noise[y * width + x] = total / weight


@inner
def _tap(weight: float, here: Strip, there: Strip, sums: Sums) -> None:
    """Add one tap for the pixels of a strip and their neighbours.

    Single precision and no branches, so that the compiler works on many pixels at once.
    """
    one, none, tap = np.float32(1.0), np.float32(0.0), np.float32(weight)
    turn, tiny, two = np.float32(_TURN / 16.0), np.float32(1e-12), np.float32(2.0)
    sixteenth, deviations = np.float32(1.0 / 16.0), np.float32(_NOISE * 16.0)
    for k in range(here.nx.shape[0]):
        nx, ny, nz = here.nx[k], here.ny[k], here.nz[k]
        turned = one - (nx * there.nx[k] + ny * there.ny[k] + nz * there.nz[k])
        off = nx * (there.px[k] - here.px[k]) + ny * (there.py[k] - here.py[k]) + nz * (there.pz[k] - here.pz[k])
        apart = abs(here.bright[k] - there.bright[k]) / (deviations * np.sqrt(two * here.noise[k]) + tiny)
        # (1 - x / 16)^16 is nearly exp(-x), and ends
        w = max(one - turn * turned - sixteenth * here.plane[k] * abs(off) - apart, none)
        w = w * w
        w = w * w
        w = w * w
        w = tap * (w * w)
        sums.red[k] += w * there.red[k]
        sums.green[k] += w * there.green[k]
        sums.blue[k] += w * there.blue[k]
        sums.variance[k] += w * w * there.variance[k]
        sums.weight[k] += w


@device
def _strip(guide: F4, noise: F4, light: F4, first: int, last: int) -> Strip:
    """Pixels first..last of the picture."""
    return Strip(
        guide[0, first:last],
        guide[1, first:last],
        guide[2, first:last],
        guide[3, first:last],
        guide[4, first:last],
        guide[5, first:last],
        guide[6, first:last],
        noise[first:last],
        light[0, first:last],
        light[1, first:last],
        light[2, first:last],
        light[3, first:last],
        light[4, first:last],
    )


@kernel
def smooth(
    first: int, last: int, width: int, height: int, apart: int, guide: F4, noise: F4, light: F4, out: F4
) -> None:
    """One round for rows first..last: taps ``apart`` pixels from each other; light, variance, luminance to ``out``."""
    sums = np.empty((5, width), np.float32)
    for y in range(first, last):
        sums[:] = np.float32(0.0)
        for j in range(5):
            oy = y + (j - 2) * apart
            if oy < 0 or oy >= height:
                continue
            for i in range(5):
                shift = (i - 2) * apart
                low, high = max(-shift, 0), min(width - shift, width)
                weight = (6.0 if j == 2 else (4.0 if j == 1 or j == 3 else 1.0)) * (
                    6.0 if i == 2 else (4.0 if i == 1 or i == 3 else 1.0)
                )
                if high > low:
                    p, q = y * width + low, oy * width + low + shift
                    here = _strip(guide, noise, light, p, p + high - low)
                    there = _strip(guide, noise, light, q, q + high - low)
                    parts = Sums(
                        sums[0, low:high], sums[1, low:high], sums[2, low:high], sums[3, low:high], sums[4, low:high]
                    )
                    _tap(weight, here, there, parts)
        for x in range(width):
            p = y * width + x
            if not sums[4, x] > np.float32(0.0):
                # nothing is met there: sky
                for c in range(LIGHTS):
                    out[c, p] = light[c, p]
                continue
            scale = np.float32(1.0) / sums[4, x]
            out[0, p], out[1, p], out[2, p] = sums[0, x] * scale, sums[1, x] * scale, sums[2, x] * scale
            out[3, p] = sums[3, x] * scale * scale
            out[4, p] = np.float32(0.2126) * out[0, p] + np.float32(0.7152) * out[1, p] + np.float32(0.0722) * out[2, p]


@kernel
def calm(first: int, last: int, width: int, height: int, light: F4, out: F4) -> None:
    """Pixels of rows first..last that are far brighter than all around them are dimmed: chance hits of small lights."""
    for y in range(first, last):
        for x in range(width):
            p, most = y * width + x, np.float32(0.0)
            for oy in range(max(y - 1, 0), min(y + 2, height)):
                for ox in range(max(x - 1, 0), min(x + 2, width)):
                    q = oy * width + ox
                    if q != p:
                        most = max(most, light[_BRIGHT, q])
            limit = np.float32(_SPARK) * most
            # without any light around there is nothing to compare with
            over = limit > np.float32(0.0) and light[_BRIGHT, p] > limit
            scale = limit / light[_BRIGHT, p] if over else np.float32(1.0)
            for c in range(LIGHTS):
                out[c, p] = light[c, p] * (scale * scale if c == _VARIANCE else scale)


@kernel
def meter(first: int, last: int, width: int, height: int, key: U4, radiance: F4, logs: F8) -> None:
    """Sums of the logarithms of luminance about every second pixel that the lens sees, for exposure, by rows (H,).

    Of means over 7 x 7 pixels: the mean logarithm of noise is far below that of its mean.
    """
    for y in range(first, last):
        logs[y] = 0.0
        for x in range(0, width, 2):
            # a key of 2: the lens sees nothing there
            if key[y * width + x] == 2:
                continue
            total, count = 0.0, 0
            for oy in range(max(y - 3, 0), min(y + 4, height)):
                for ox in range(max(x - 3, 0), min(x + 4, width)):
                    q = oy * width + ox
                    total += 0.2126 * radiance[q, 0] + 0.7152 * radiance[q, 1] + 0.0722 * radiance[q, 2]
                    count += 1
            logs[y] += math.log(max(total / count, 1e-6))


@kernel
def join(first: int, last: int, seen: F4, light: F4, radiance: F4) -> None:
    """Light times colour plus what is seen straight, to the first columns of ``radiance``, for pixels first..last."""
    for p in range(first, last):
        for c in range(3):
            radiance[p, c] = float(light[c, p]) * max(float(seen[p, COLOR + c]), DARKEST) + float(seen[p, CLEAR + c])
