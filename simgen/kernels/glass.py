"""What the glass in front of an imager does to a picture: spreads, shifts and dims its light, in linear units.

Pictures are (H, W, 3) f4. A spread along one axis is a table for each place of the result: which places of the source
count (``index``, (N, T) i4) and how much (``weight``, (N, T) f4). Rows of tables whose columns add up alike move light
about and keep its sum.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.jit import kernel
from simgen.records.base import F4, F8, I4


@kernel
def along_y(first: int, last: int, index: I4, weight: F4, source: F4, out: F4) -> None:
    """Rows first..last of a picture spread from row to row; ``out`` (N, W, 3)."""
    taps, width = index.shape[1], source.shape[1]
    for y in range(first, last):
        for x in range(width):
            for c in range(3):
                out[y, x, c] = np.float32(0.0)
        for t in range(taps):
            row, share = index[y, t], weight[y, t]
            if share != 0.0:
                for x in range(width):
                    for c in range(3):
                        out[y, x, c] += share * source[row, x, c]


@kernel
def along_x(first: int, last: int, index: I4, weight: F4, source: F4, out: F4) -> None:
    """Rows first..last of a picture spread from column to column; ``out`` (H, N, 3)."""
    taps, width = index.shape[1], out.shape[1]
    for y in range(first, last):
        for x in range(width):
            red, green, blue = np.float32(0.0), np.float32(0.0), np.float32(0.0)
            for t in range(taps):
                column, share = index[x, t], weight[x, t]
                red += share * source[y, column, 0]
                green += share * source[y, column, 1]
                blue += share * source[y, column, 2]
            out[y, x, 0], out[y, x, 1], out[y, x, 2] = red, green, blue


@kernel
def shift(first: int, last: int, center: F8, scale: F8, dim: F4, source: F4, out: F4) -> None:
    """Rows first..last with each colour scaled about the centre, and dimmed.

    ``center``: principal point x, y in pixels; ``scale`` (3,): how much farther out a colour lands; ``dim`` (H, W):
    share of the light that gets through. Light from outside the picture is that of its border.
    """
    height, width = source.shape[0], source.shape[1]
    for y in range(first, last):
        for x in range(width):
            for c in range(3):
                if scale[c] == 1.0:
                    value = float(source[y, x, c])
                else:
                    u = center[0] + (x + 0.5 - center[0]) / scale[c] - 0.5
                    v = center[1] + (y + 0.5 - center[1]) / scale[c] - 0.5
                    u, v = min(max(u, 0.0), width - 1.0), min(max(v, 0.0), height - 1.0)
                    x0, y0 = int(u), int(v)
                    x1, y1, p, q = min(x0 + 1, width - 1), min(y0 + 1, height - 1), u - int(u), v - int(v)
                    above = source[y0, x0, c] * (1.0 - p) + source[y0, x1, c] * p
                    value = above * (1.0 - q) + (source[y1, x0, c] * (1.0 - p) + source[y1, x1, c] * p) * q
                out[y, x, c] = value * dim[y, x]


@kernel
def disc(first: int, last: int, half: F8, total: F8, out: F4) -> None:
    """Rows first..last of the mean over a disc about every pixel.

    ``half`` (2 R + 1,): half the disc's width, whole pixels, by row; ``total`` (H + 2 R, W + 2 R + 1, 3): sums from the
    left of a picture that is mirrored R pixels beyond its borders.
    """
    reach, width = half.shape[0] // 2, out.shape[1]
    area = 0.0
    for k in range(half.shape[0]):
        area += 2.0 * half[k] + 1.0
    for y in range(first, last):
        for x in range(width):
            for c in range(3):
                value = 0.0
                for k in range(half.shape[0]):
                    h = int(half[k])
                    value += total[y + k, x + reach + h + 1, c] - total[y + k, x + reach - h, c]
                out[y, x, c] = max(value / area, 0.0)


@kernel
def veil(first: int, last: int, share: F4, source: F4, haze: F4, out: F4) -> None:
    """Rows first..last of a mixture: ``share`` (H, W) of the hazy picture, the rest of the clear one."""
    for y in range(first, last):
        for x in range(source.shape[1]):
            s = share[y, x]
            for c in range(3):
                out[y, x, c] = source[y, x, c] + s * (haze[y, x, c] - source[y, x, c])


@kernel
def drops(first: int, last: int, table: F8, wide: float, source: F4, soft: F4, out: F4) -> None:
    """Rows first..last seen through drops of water; ``out`` holds the picture without them.

    ``table`` (D, 5): place x, y and radius in pixels, flatness and turn. A drop is a strong lens: it shows a wide view
    upside down and out of focus, darkest at its rim, where the water is steepest. ``wide``: pixels of the scene from a
    drop's middle to its rim; ``soft``: the picture out of focus.
    """
    height, width = source.shape[0], source.shape[1]
    for k in range(table.shape[0]):
        cx, cy, radius, flat, turn = table[k, 0], table[k, 1], table[k, 2], table[k, 3], table[k, 4]
        cosine, sine = math.cos(turn), math.sin(turn)
        for y in range(max(first, int(cy - radius)), min(last, int(cy + radius) + 2)):
            for x in range(max(0, int(cx - radius)), min(width, int(cx + radius) + 2)):
                dx, dy = (x + 0.5 - cx) / radius, (y + 0.5 - cy) / radius
                u, v = cosine * dx + sine * dy, (cosine * dy - sine * dx) / flat
                r2 = u * u + v * v
                if r2 >= 1.0:
                    continue
                # steep near the rim: the view spreads like that through a ball of water
                bend = 0.45 + 0.55 * r2
                sx = min(max(cx - dx * wide * bend, 0.0), width - 1.0)
                sy = min(max(cy - dy * wide * bend, 0.0), height - 1.0)
                x0, y0 = int(sx), int(sy)
                x1, y1, p, q = min(x0 + 1, width - 1), min(y0 + 1, height - 1), sx - int(sx), sy - int(sy)
                # the drop itself is out of focus too: its edge is soft
                edge = min((1.0 - r2) / 0.35, 1.0)
                mix = edge * edge * (3.0 - 2.0 * edge)
                rim = 1.0 - 0.55 * r2 * r2
                for c in range(3):
                    above = soft[y0, x0, c] * (1.0 - p) + soft[y0, x1, c] * p
                    below = soft[y1, x0, c] * (1.0 - p) + soft[y1, x1, c] * p
                    seen = (above * (1.0 - q) + below * q) * rim
                    out[y, x, c] += mix * (seen - out[y, x, c])
