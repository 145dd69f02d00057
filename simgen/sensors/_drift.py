"""Noise over time: white noise, random walks and Gauss-Markov processes, by sample index.

A sample's draws depend on (seed, names, index) alone: draws come in blocks of their own streams, so a longer clip
begins with the same values, and sums run in time order.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np

from simgen.records.base import F8
from simgen.rng import Name, stream

#: samples that are drawn from one stream
BLOCK: Final = 4096
#: samples of a Gauss-Markov process that are made at first; then twice as many, and so on
_FIRST_REACH: Final = 64


def normals(seed: int, names: tuple[Name, ...], count: int, width: int, block: int = BLOCK) -> F8:
    """Standard normals (count, width); row k is the same whatever the count, but not whatever the block."""
    blocks = [stream(seed, *names, k).standard_normal((block, width)) for k in range(-(-count // block))]
    return np.concatenate(blocks)[:count] if blocks else np.zeros((0, width))


def white_noise(seed: int, names: tuple[Name, ...], count: int, rate_hz: float, density: float) -> F8:
    """White noise of a density (unit per root Hz), sampled: sigma / sqrt(dt), (count, 3)."""
    return density * math.sqrt(rate_hz) * normals(seed, (*names, "white"), count, 3)


def random_walk(seed: int, names: tuple[Name, ...], count: int, rate_hz: float, density: float) -> F8:
    """``b_k = b_{k-1} + sigma_b sqrt(dt) w_k`` from ``b_0 = 0``, (count, 3)."""
    steps = density / math.sqrt(rate_hz) * normals(seed, (*names, "walk"), count, 3)
    steps[:1] = 0.0
    # numpy's running sum goes row by row: a longer one begins with the same values
    return np.cumsum(steps, axis=0)


def gauss_markov(drawn: F8, phi: float, sigma: float) -> F8:
    """A stationary first-order Gauss-Markov process (count, width) from standard normals of that shape.

    ``x_{k+1} = phi x_k + sigma sqrt(1 - phi^2) w_k`` with ``x_0 = sigma w_0``: the deviation is sigma from the first
    sample on, the autocorrelation phi^n.
    """
    out = np.empty_like(drawn)
    out[:1] = sigma * drawn[:1]
    fresh = sigma * math.sqrt(1.0 - phi * phi)
    for k in range(1, len(drawn)):
        out[k] = phi * out[k - 1] + fresh * drawn[k]
    return out


def gauss_markov_row(seed: int, names: tuple[Name, ...], index: int, width: int, phi: float, sigma: float) -> F8:
    """Sample ``index`` of a Gauss-Markov process, (width,); the samples before it are kept for the next call."""
    reach = max(_FIRST_REACH, 1 << index.bit_length())
    row: F8 = _kept(seed, names, reach, width, phi, sigma)[index]
    return row


@lru_cache(maxsize=16)
def _kept(seed: int, names: tuple[Name, ...], reach: int, width: int, phi: float, sigma: float) -> F8:
    return gauss_markov(normals(seed, names, reach, width, _FIRST_REACH), phi, sigma)


__all__ = ["gauss_markov", "gauss_markov_row", "normals", "random_walk", "white_noise"]
