"""What needs a pixel's neighbours: smoothing the sky's share, finding edges, averaging their samples; and the tone."""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.jit import device, kernel
from simgen.kernels.shading import BOUNCE
from simgen.kernels.wave import Layers, Optics
from simgen.records.base import F4, I8, U1

#: out-of-plane distance, as a share of depth, up to which a neighbour lies on the same surface
_PLANE = 0.01
#: cosine between normals of one smooth surface
_SMOOTH = 0.85
#: contrast below which no edge is worth smoothing
_CONTRAST = 0.03


@device
def _height(optics: Optics, layers: Layers, pixel: int, x: int, y: int, other: int, ox: int, oy: int) -> float:
    """How far another pixel's point lies out of a pixel's tangent plane, as a share of the pixel's depth."""
    z, w = float(layers.depth[pixel]), float(layers.depth[other])
    n = layers.normal[pixel]
    mine = n[0] * (x + 0.5 - optics.cx) / optics.fx + n[1] * (y + 0.5 - optics.cy) / optics.fy + n[2]
    theirs = n[0] * (ox + 0.5 - optics.cx) / optics.fx + n[1] * (oy + 0.5 - optics.cy) / optics.fy + n[2]
    return abs(theirs * w - mine * z) / z


@device
def _along(layers: Layers, a: int, b: int) -> float:
    n, m = layers.normal[a], layers.normal[b]
    return n[0] * m[0] + n[1] * m[1] + n[2] * m[2]


@device
def _same_surface(optics: Optics, layers: Layers, pixel: int, x: int, y: int, other: int, ox: int, oy: int) -> bool:
    if not layers.depth[other] < np.inf or _along(layers, pixel, other) < _SMOOTH:
        return False
    return _height(optics, layers, pixel, x, y, other, ox, oy) < _PLANE


@kernel
def smooth_sky(first: int, last: int, optics: Optics, layers: Layers, out: F4) -> None:
    """Mean of the 16 sky rays around each pixel of rows first..last that start on the same surface."""
    width, height = optics.width, optics.height
    for y in range(first, last):
        for x in range(width):
            pixel = y * width + x
            out[pixel] = layers.open[pixel]
            if not layers.depth[pixel] < np.inf:
                continue
            low_x, high_x = max(x - 1, 0), min(x + 3, width)
            low_y, high_y = max(y - 1, 0), min(y + 3, height)
            seen, count = 0, (high_x - low_x) * (high_y - low_y)
            for oy in range(low_y, high_y):
                for ox in range(low_x, high_x):
                    seen += layers.open[oy * width + ox]
            if seen == count or seen == 0:
                continue
            total, kept = 0, 0
            for oy in range(low_y, high_y):
                for ox in range(low_x, high_x):
                    other = oy * width + ox
                    if _same_surface(optics, layers, pixel, x, y, other, ox, oy):
                        kept += 1
                        total += layers.open[other]
            if kept > 0:
                out[pixel] = total / kept


@device
def _wide(optics: Optics, layers: Layers, smooth: F4, pixel: int, x: int, y: int) -> float:
    """Mean of four neighbouring 4 x 4 means: 64 rays."""
    total, kept = 0.0, 0
    for k in range(4):
        ox, oy = x + (4 * (k & 1) - 2), y + (4 * (k >> 1) - 2)
        if 0 <= ox < optics.width and 0 <= oy < optics.height:
            other = oy * optics.width + ox
            if _same_surface(optics, layers, pixel, x, y, other, ox, oy):
                total += smooth[other]
                kept += 1
    return total / kept if kept > 0 else float(smooth[pixel])


@kernel
def combine(first: int, last: int, optics: Optics, layers: Layers, smooth: F4, share: F4, logs: F4) -> None:
    """Put the sky's light onto the sun's, for rows first..last: ``layers.direct`` becomes the radiance.

    ``share`` gets the smoothed part of the sky's light that arrives, ``logs`` (H,) the sum of the logarithms of every
    second pixel's luminance. Pixels without sky rays pass ``smooth`` with no rows.
    """
    width = optics.width
    for y in range(first, last):
        total = 0.0
        for x in range(width):
            pixel = y * width + x
            factor = 1.0
            if smooth.shape[0] > 0 and layers.depth[pixel] < np.inf:
                free = _wide(optics, layers, smooth, pixel, x, y)
                factor = free + (1.0 - free) * BOUNCE
            share[pixel] = factor
            for c in range(3):
                layers.direct[pixel, c] = layers.direct[pixel, c] + layers.ambient[pixel, c] * factor
            if x & 1 == 0:
                total += math.log(max(luminance(layers.direct, pixel), 1e-6))
        logs[y] = total


@device
def luminance(color: F4, row: int) -> float:
    """Luminance of a linear RGB row."""
    return 0.2126 * float(color[row, 0]) + 0.7152 * float(color[row, 1]) + 0.0722 * float(color[row, 2])


@device
def _is_edge(optics: Optics, layers: Layers, pixel: int, x: int, y: int, other: int, ox: int, oy: int) -> bool:
    a, b = luminance(layers.direct, pixel), luminance(layers.direct, other)
    if layers.key[pixel] != layers.key[other]:
        largest = 0.0
        for c in range(3):
            p, q = float(layers.direct[pixel, c]), float(layers.direct[other, c])
            largest = max(largest, abs(p - q))
        return largest > _CONTRAST * max(a, b)
    if layers.key[pixel] == 0 or abs(a - b) <= _CONTRAST * max(a, b):
        return False
    return _along(layers, pixel, other) < 0.9 or _height(optics, layers, pixel, x, y, other, ox, oy) > 0.02


@kernel
def find_edges(first: int, last: int, optics: Optics, layers: Layers, edge: U1) -> None:
    """Mark pixels of rows first..last that differ visibly from a neighbour on another surface, or in other light."""
    width, height = optics.width, optics.height
    for y in range(first, last):
        for x in range(width):
            pixel, found = y * width + x, False
            if x > 0:
                found = _is_edge(optics, layers, pixel, x, y, pixel - 1, x - 1, y)
            if not found and x + 1 < width:
                found = _is_edge(optics, layers, pixel, x, y, pixel + 1, x + 1, y)
            if not found and y > 0:
                found = _is_edge(optics, layers, pixel, x, y, pixel - width, x, y - 1)
            if not found and y + 1 < height:
                found = _is_edge(optics, layers, pixel, x, y, pixel + width, x, y + 1)
            edge[pixel] = found


@device
def _share_there(optics: Optics, layers: Layers, share: F4, pixel: int, key: np.uint32, depth: float) -> float:
    """The sky's share at the neighbour (or the pixel itself) that shows what a sample of the pixel has hit."""
    width = optics.width
    x, y = pixel % width, pixel // width
    best, value = np.inf, float(share[pixel])
    for oy in range(max(y - 1, 0), min(y + 2, optics.height)):
        for ox in range(max(x - 1, 0), min(x + 2, width)):
            other = oy * width + ox
            miss = abs(float(layers.depth[other]) - depth) if layers.depth[other] < np.inf else 1e30
            if (int(layers.key[other]) >> 1) != (int(key) >> 1):
                miss += 1e6
            if miss < best:
                best, value = miss, float(share[other])
    return value


@kernel
def average(
    start: int,
    stop: int,
    optics: Optics,
    layers: Layers,
    share: F4,
    pixels: I8,
    samples: Layers,
    per_pixel: int,
    white: float,
    linear: F4,
) -> None:
    """Mean of each edge pixel's ray and its extra samples, in linear light.

    What is shown is cut at white before, or the edge of a lamp would stay a staircase; ``linear`` (if it has rows) gets
    the plain mean.
    """
    scale = 1.0 / (per_pixel + 1)
    for k in range(start, stop):
        pixel = pixels[k]
        for c in range(3):
            plain = float(layers.direct[pixel, c])
            shown = min(plain, white)
            for s in range(per_pixel):
                row = k * per_pixel + s
                factor = _share_there(optics, layers, share, pixel, samples.key[row], float(samples.depth[row]))
                value = float(samples.direct[row, c]) + float(samples.ambient[row, c]) * factor
                plain += value
                shown += min(value, white)
            layers.direct[pixel, c] = shown * scale
            if linear.shape[0] > 0:
                linear[pixel, c] = plain * scale


@kernel
def develop(first: int, last: int, color: F4, white: float, curve: U1, rgb: U1) -> None:
    """Radiance to sRGB bytes through a table over the square root of the share of white."""
    top = curve.shape[0] - 1
    for i in range(first, last):
        for c in range(3):
            x = min(max(float(color[i, c]) / white, 0.0), 1.0)
            rgb[i, c] = curve[int(math.sqrt(x) * top + 0.5)]
