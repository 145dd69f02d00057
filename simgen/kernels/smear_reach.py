"""Which pixels a smear reaches, how far it goes, and the mean of the picture along it."""

from __future__ import annotations

import math

from simgen.kernels.image import _visible
from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.wave import DIRECT
from simgen.records.base import F4, I8, U1

#: side of the blocks of pixels in which the reach of a smear is noted
BLOCK = 4
#: lengths and radii, px, below which the anti-aliasing of edges is enough
SHORT = 0.7
NARROW = 0.35
#: lengths or diameters, px, from which a smear needs more samples
LEVELS = (0.0, 2.5, 7.0)
#: mark of pixels that smear with all about them: what passes over them is in the picture already, no ray is needed
TOGETHER = len(LEVELS) + 1
#: neighbours whose displacements differ by no more, px, move together: none uncovers anything of the other
_APART = 0.5
#: most places that the mean along a smear takes
_TAPS = 64


@inner
def _level(size: float) -> int:
    """How far a smear goes, by its length or diameter in px: index into ``LEVELS``."""
    return 0 if size < LEVELS[1] else (1 if size < LEVELS[2] else 2)


@inner
def _together(smear: F4, a: int, b: int) -> bool:
    """Whether two neighbours move alike and stay sharp."""
    du, dv = smear[a, 0] - smear[b, 0], smear[a, 1] - smear[b, 1]
    return bool(du * du + dv * dv <= _APART * _APART and max(smear[a, 2], smear[b, 2]) < NARROW)


@inner
def _mark(blocks: U1, level: int, u: float, v: float, radius: float) -> None:
    """Note the blocks about a place."""
    height, width = blocks.shape[1], blocks.shape[2]
    left, right = int((u - radius) / BLOCK), int((u + radius) / BLOCK)
    top, bottom = int((v - radius) / BLOCK), int((v + radius) / BLOCK)
    for y in range(max(top, 0), min(bottom, height - 1) + 1):
        for x in range(max(left, 0), min(right, width - 1) + 1):
            blocks[level, y, x] = 1


@kernel
def spread(first: int, last: int, width: int, height: int, light: F4, smear: F4, blocks: U1) -> None:
    """Note the blocks that the smear of a visible edge or texture in rows first..last reaches, by its level, (4, ., .).

    The last level is that of texture whose neighbourhood moves as one. Blocks are only ever set, so it does not matter
    which thread comes first.
    """
    for y in range(first, last):
        for x in range(width):
            a = y * width + x
            for k in range(2):
                ox, oy = x + 1 - k, y + k
                if ox >= width or oy >= height:
                    continue
                b = oy * width + ox
                together = _together(smear, a, b)
                for c in range(2):
                    i = a if c == 0 else b
                    du, dv, radius = float(smear[i, 0]), float(smear[i, 1]), float(smear[i, 2])
                    length = math.sqrt(du * du + dv * dv)
                    if length < SHORT and radius < NARROW:
                        continue
                    if not _visible(light, a, b):
                        break
                    # what is smeared round a panorama's seam has no place to go
                    length = min(length, float(width))
                    level = TOGETHER - 1 if together else _level(max(length, 2.0 * radius))
                    steps = int(length / BLOCK) + 1
                    for step in range(steps + 1):
                        share = step / steps - 0.5
                        _mark(blocks, level, x + 0.5 + share * du, y + 0.5 + share * dv, radius + 1.5)


@kernel
def pick(first: int, last: int, width: int, blocks: U1, mark: U1) -> None:
    """Highest level + 1 of what reaches each pixel of rows first..last, 0 = nothing; ``TOGETHER`` if that is all."""
    for y in range(first, last):
        for x in range(width):
            found = TOGETHER if blocks[TOGETHER - 1, y // BLOCK, x // BLOCK] != 0 else 0
            for level in range(TOGETHER - 1):
                if blocks[level, y // BLOCK, x // BLOCK] != 0:
                    found = level + 1
            mark[y * width + x] = found


@kernel
def gather(
    first: int, last: int, width: int, height: int, light: F4, smear: F4, white: float, pixels: I8, shown: F4, plain: F4
) -> None:
    """Means (N, 3) of the picture along the smear of pixels first..last, cut at white before and not.

    At each instant such a pixel sees the point that the picture, taken at mid-exposure, has a part of the smear away.
    """
    for k in range(first, last):
        pixel = int(pixels[k])
        x, y = pixel % width, pixel // width
        du, dv = float(smear[pixel, 0]), float(smear[pixel, 1])
        taps, kept = min(int(math.sqrt(du * du + dv * dv)) + 2, _TAPS), 0
        for c in range(3):
            shown[k, c], plain[k, c] = 0.0, 0.0
        for tap in range(taps):
            share = (tap + 0.5) / taps - 0.5
            u, v = x + share * du, y + share * dv
            if u < 0.0 or v < 0.0 or u > width - 1 or v > height - 1:
                continue
            kept += 1
            i, j = min(int(u), max(width - 2, 0)), min(int(v), max(height - 2, 0))
            s, t = u - i, v - j
            for corner in range(4):
                p, q = corner & 1, corner >> 1
                weight = (s if p else 1.0 - s) * (t if q else 1.0 - t)
                at = min(j + q, height - 1) * width + min(i + p, width - 1)
                for c in range(3):
                    value = float(light[at, DIRECT + c])
                    plain[k, c] += weight * value
                    shown[k, c] += weight * min(value, white)
        for c in range(3):
            plain[k, c] /= max(kept, 1)
            shown[k, c] /= max(kept, 1)
