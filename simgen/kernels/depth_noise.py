"""Noise of a depth camera: of its disparities, correlated from pixel to pixel, and of its picture.

Images are flat, row by row. The draw of a pixel depends on (key, pixel) alone.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.jit import kernel
from simgen.kernels.noise import normal
from simgen.records.base import F4, F8, U1

#: lanes of a pixel's draws
LANE_DEPTH, LANE_SIDE, LANE_IMAGE = 0, 1, 2


@kernel
def white(start: int, stop: int, key: int, out: F4) -> None:
    """Standard normals, one a pixel."""
    for i in range(start, stop):
        out[i] = normal(key, i, LANE_DEPTH)


@kernel
def smooth_rows(first: int, last: int, width: int, weight: F8, noise: F4, out: F4) -> None:
    """A filter along each row that keeps the variance of independent values."""
    reach = len(weight) // 2
    for v in range(first, last):
        for u in range(width):
            total, square = 0.0, 0.0
            for k in range(max(-reach, -u), min(reach, width - 1 - u) + 1):
                w = weight[k + reach]
                total += w * noise[v * width + u + k]
                square += w * w
            out[v * width + u] = total / math.sqrt(square)


@kernel
def smooth_columns(first: int, last: int, width: int, height: int, weight: F8, noise: F4, out: F4) -> None:
    """The same along each column."""
    reach = len(weight) // 2
    for v in range(first, last):
        low, high = max(-reach, -v), min(reach, height - 1 - v)
        square = 0.0
        for k in range(low, high + 1):
            square += weight[k + reach] * weight[k + reach]
        for u in range(width):
            total = 0.0
            for k in range(low, high + 1):
                total += weight[k + reach] * noise[(v + k) * width + u]
            out[v * width + u] = total / math.sqrt(square)


@kernel
def develop(start: int, stop: int, key: int, noisy: bool, full: float, variance: F4, electrons: F4, out: U1) -> None:
    """The imager's picture: shot and read noise, 255 = full."""
    for i in range(start, stop):
        value = float(electrons[i])
        if noisy:
            value += math.sqrt(float(variance[i])) * normal(key, i, LANE_IMAGE)
        out[i] = np.uint8(min(max(math.floor(255.0 * value / full + 0.5), 0.0), 255.0))
