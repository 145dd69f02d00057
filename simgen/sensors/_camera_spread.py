"""Spreading light over a picture: a point becomes a core with a wide halo, and no light is lost.

A halo is a sum of Gaussians of growing width, each from a level of a pyramid: halved again and again, then doubled and
added on the way back. Every step takes as much from each place as it gives (its table's rows and columns add up alike),
so that the sum of a picture stays, and an even picture stays even, up to the borders.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np

from simgen.kernels import glass
from simgen.kernels.tiles import run_tiles
from simgen.records.base import F4, F8, I4

#: rows a tile
_ROWS: Final = 32
#: the Gaussians of a halo, as multiples of the narrowest: an even mixture falls like 1 / r^2, as eyes and lenses do
_WIDTHS: Final = (1.0, 2.5, 6.25, 15.625)
#: radius within which half of that mixture lies, as a multiple of the narrowest
_HALF: Final = 4.22
Table = tuple[I4, F4]


def spread(image: F4, along_y: Table, along_x: Table, threads: int) -> F4:
    """A picture (H, W, 3) through one table for each axis."""
    middle = np.empty((len(along_y[0]), image.shape[1], 3), np.float32)
    run_tiles(lambda a, b: glass.along_y(a, b, *along_y, image, middle), len(middle), _ROWS, threads)
    out = np.empty((len(middle), len(along_x[0]), 3), np.float32)
    run_tiles(lambda a, b: glass.along_x(a, b, *along_x, middle, out), len(out), _ROWS, threads)
    return out


@lru_cache(maxsize=64)
def gaussian(size: int, sigma: float) -> Table:
    """A Gaussian of that sigma, pixels, over a line that is mirrored at its ends."""
    reach = max(math.ceil(3.5 * sigma), 1)
    weight = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    place = np.arange(size)[:, None] + np.arange(-reach, reach + 1)
    place = np.mod(place, 2 * size)
    place = np.where(place < size, place, 2 * size - 1 - place)
    return place.astype(np.int32), np.broadcast_to(weight / weight.sum(), place.shape).astype(np.float32)


@lru_cache(maxsize=128)
def halving(size: int) -> Table:
    """From ``size`` places to half as many (rounded up), each over its share of the line, smoothed by 1 2 1 before."""
    ratio = size / -(-size // 2)
    return _smoothed(_overlaps(size), size, before=True, scale=1.0 / ratio)


@lru_cache(maxsize=128)
def doubling(size: int) -> Table:
    """Back from half as many places to ``size``: the same the other way round, smoothed by 1 2 1 after."""
    return _smoothed(_overlaps(size).T, size, before=False, scale=1.0)


def _overlaps(size: int) -> F8:
    """How much of place i, of length 1, lies in cell o of the coarser line, (N', N); band matrices, kept dense."""
    cells = -(-size // 2)
    edge = np.arange(cells + 1) * (size / cells)
    place = np.arange(size)
    shared = np.minimum(edge[1:, None], place + 1.0) - np.maximum(edge[:-1, None], place)
    return np.asarray(np.maximum(shared, 0.0))


def _smoothed(matrix: F8, size: int, *, before: bool, scale: float) -> Table:
    """With the smoothing on the finer side, as a table."""
    if before:
        wide = np.pad(matrix, ((0, 0), (1, 1)))
        smooth = 0.25 * wide[:, :-2] + 0.5 * matrix + 0.25 * wide[:, 2:]
        smooth[:, 0] += 0.25 * matrix[:, 0]
        smooth[:, -1] += 0.25 * matrix[:, -1]
    else:
        wide = np.pad(matrix, ((1, 1), (0, 0)), mode="edge")
        smooth = 0.25 * wide[:-2] + 0.5 * matrix + 0.25 * wide[2:]
    smooth *= scale
    taps = int((smooth > 0.0).sum(1).max())
    first = np.minimum((smooth > 0.0).argmax(1), smooth.shape[1] - taps)
    index = first[:, None] + np.arange(taps)
    return index.astype(np.int32), np.take_along_axis(smooth, index, 1).astype(np.float32)


def level_weights(sigma: float, levels: int) -> F8:
    """Shares of a halo's light by level 0..levels; level k is a Gaussian of ``sqrt((4^k - 1) / 2)`` pixels, nearly."""
    weight = np.zeros(levels + 1)
    for width in _WIDTHS:
        place = 0.5 * math.log2(1.0 + 2.0 * (width * sigma) ** 2)
        low = min(int(place), levels)
        part = min(place - low, 1.0) if low < levels else 0.0
        weight[low] += (1.0 - part) / len(_WIDTHS)
        if part > 0.0:
            weight[low + 1] += part / len(_WIDTHS)
    return weight


def halo(image: F4, weight: F8, threads: int) -> F4:
    """The picture spread by level: ``weight[k]`` of its light goes through level k."""
    last = int(np.flatnonzero(weight)[-1])
    levels = [image]
    while len(levels) <= last:
        height, width = levels[-1].shape[:2]
        levels.append(spread(levels[-1], halving(height), halving(width), threads))
    out = levels[last] * np.float32(weight[last])
    for k in range(last - 1, -1, -1):
        height, width = levels[k].shape[:2]
        out = spread(out, doubling(height), doubling(width), threads)
        if weight[k] > 0.0:
            out += levels[k] * np.float32(weight[k])
    return out


def glow(image: F4, half_px: float, threads: int) -> F4:
    """The picture as a halo alone: half of a point's light lies within so many pixels."""
    levels = max(int(math.log2(max(min(image.shape[:2]) / 4.0, 1.0))), 0)
    return halo(image, level_weights(half_px / _HALF, levels), threads)


def blurred(image: F4, sigma: float, threads: int) -> F4:
    """The picture through a Gaussian."""
    if sigma <= 0.0:
        return image
    return spread(image, gaussian(image.shape[0], sigma), gaussian(image.shape[1], sigma), threads)


def out_of_focus(image: F4, radius: float, threads: int) -> F4:
    """The picture through a disc, mirrored at its borders."""
    reach = min(max(round(radius), 1), min(image.shape[:2]) - 1)
    down = np.arange(-reach, reach + 1)
    half = np.floor(np.sqrt(np.maximum((reach + 0.35) ** 2 - down**2, 0.0)))
    wide = np.pad(image, ((reach, reach), (reach, reach), (0, 0)), mode="symmetric").astype(np.float64)
    total = np.zeros((wide.shape[0], wide.shape[1] + 1, 3))
    np.cumsum(wide, axis=1, out=total[:, 1:])
    out = np.empty_like(image)
    run_tiles(lambda a, b: glass.disc(a, b, half, total, out), len(out), _ROWS, threads)
    return out


__all__ = ["blurred", "doubling", "gaussian", "glow", "halo", "halving", "level_weights", "out_of_focus", "spread"]
