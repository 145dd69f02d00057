"""What procedural textures are made of: hashed cells, noise and its slope, stones, stripes, and the rule of fading."""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner

_K1 = np.uint64(0x9E3779B97F4A7C15)
_K2 = np.uint64(0xC2B2AE3D27D4EB4F)
_K3 = np.uint64(0x165667B19E3779F9)
_K4 = np.uint64(0xD6E8FEB86659FD93)
_S32 = np.uint64(32)
_S40 = np.uint64(40)


@inner
def hash3(i: int, j: int, k: int) -> float:
    """A fixed pseudo-random number in [0, 1) for a cell: multiply-xorshift on 64 bits."""
    # numba makes a float of a signed times an unsigned: every step is cast
    h = np.uint64(np.uint64(i) * _K1) ^ np.uint64(np.uint64(j) * _K2) ^ np.uint64(np.uint64(k) * _K3)
    h = np.uint64(np.uint64(h ^ np.uint64(h >> _S32)) * _K4)
    # signed: processors without AVX-512 have no instruction for unsigned ones
    return float(np.int64(h >> _S40)) * (1.0 / 16777216.0)


@inner
def noise_slope(x: float, y: float, seed: int) -> tuple[float, float, float]:
    """Value noise in -1..1, cells of size 1, smooth, and its derivatives along x and y.

    Its standard deviation is 0.43, that of each derivative 0.77.
    """
    fx, fy = math.floor(x), math.floor(y)
    i, j = int(fx), int(fy)
    s, t = x - fx, y - fy
    a, b, c, d = hash3(i, j, seed), hash3(i + 1, j, seed), hash3(i, j + 1, seed), hash3(i + 1, j + 1, seed)
    p, q = s * s * (3.0 - 2.0 * s), t * t * (3.0 - 2.0 * t)
    across, up, twist = b - a, c - a, a - b - c + d
    value = 2.0 * (a + across * p + up * q + twist * p * q) - 1.0
    return value, 12.0 * s * (1.0 - s) * (across + twist * q), 12.0 * t * (1.0 - t) * (up + twist * p)


@inner
def noise2(x: float, y: float, seed: int) -> float:
    """Value noise in -1..1, cells of size 1, smooth."""
    fx, fy = math.floor(x), math.floor(y)
    i, j = int(fx), int(fy)
    s, t = x - fx, y - fy
    s, t = s * s * (3.0 - 2.0 * s), t * t * (3.0 - 2.0 * t)
    low = hash3(i, j, seed) * (1.0 - s) + hash3(i + 1, j, seed) * s
    high = hash3(i, j + 1, seed) * (1.0 - s) + hash3(i + 1, j + 1, seed) * s
    return 2.0 * (low * (1.0 - t) + high * t) - 1.0


@inner
def noise3(x: float, y: float, z: float, seed: int) -> float:
    """Value noise in -1..1 in space, cells of size 1."""
    fz = math.floor(z)
    k, t = int(fz), z - fz
    t = t * t * (3.0 - 2.0 * t)
    # layers get seeds far apart, so that no two textures share one
    return noise2(x, y, seed + 977 * k) * (1.0 - t) + noise2(x, y, seed + 977 * (k + 1)) * t


@inner
def stones(x: float, y: float, seed: int) -> tuple[float, float, float, float]:
    """Stones that lie close, one a cell of size 1.

    Returns the nearest one's own shade (-1..1, even), how far the gap to its neighbour is (0 in the gap, from 0.5 up
    well inside), and the way from its middle. Four cells are enough because middles stay near those of their cells.
    """
    left, low = math.floor(x - 0.5), math.floor(y - 0.5)
    first, second, shade, fx, fy = 9.0, 9.0, 0.0, 0.0, 0.0
    for k in range(4):
        i, j = int(left) + (k & 1), int(low) + (k >> 1)
        h = hash3(i, j, seed)
        # one hash, three numbers: its next digits to the base of 256
        g = 256.0 * h
        g -= math.floor(g)
        w = 256.0 * g
        w -= math.floor(w)
        dx, dy = x - (i + 0.2 + 0.6 * h), y - (j + 0.2 + 0.6 * g)
        d = dx * dx + dy * dy
        if d < first:
            second, first = first, d
            shade, fx, fy = 2.0 * w - 1.0, dx, dy
        elif d < second:
            second = d
    return shade, math.sqrt(second) - math.sqrt(first), fx, fy


@inner
def fade(cell: float, footprint: float) -> float:
    """How much of a detail of that size is left: all if it covers three pixels, nothing below one."""
    # with a constant cell, which most have, nothing is divided
    return min(max(1.5 - footprint * (1.5 / cell), 0.0), 1.0)


@inner
def stripe(x: float, low: float, high: float, width: float) -> float:
    """Box-filtered coverage of the interval low..high of a pattern with period 1, seen through a window of width."""
    w = max(width, 1e-4)
    if w >= 1.0:
        return high - low
    a, b = x - 0.5 * w, x + 0.5 * w
    whole_a, whole_b = math.floor(a), math.floor(b)
    below_a = min(max(a - whole_a - low, 0.0), high - low) + whole_a * (high - low)
    below_b = min(max(b - whole_b - low, 0.0), high - low) + whole_b * (high - low)
    return (below_b - below_a) / w
