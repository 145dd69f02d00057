"""Noise inside kernels from a counter generator: the draw depends on (stream key, counter, lane) and nothing else.

The generator is Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3, SC 2011),
checked against the published answers. The key comes from :func:`simgen.rng.stream_key`, the counter is the pixel or
point, the lane (0, 1, 2...) tells apart several draws for the same one. One draw of a distribution uses one lane;
Poisson may use up to ``POISSON_LANES`` lanes from the one given, so keep lanes of one counter that far apart.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import spliced
from simgen.kernels.jit import device
from simgen.kernels.single import circle_single, log_single

Words = tuple[np.uint32, np.uint32, np.uint32, np.uint32]
Singles = tuple[np.float32, np.float32, np.float32, np.float32]

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint32(0x9E3779B9)
_W1 = np.uint32(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_BYTE = np.uint32(8)
_SCALE24 = np.float32(1.0 / 16777216.0)
_MINUS2 = np.float32(-2.0)

#: means below this are drawn by inversion, others by transformed rejection
POISSON_SPLIT = 12.0
#: lanes that one Poisson draw may use; running out has a chance below 1e-40
POISSON_LANES = 64


@spliced
def _rounds(key: int, counter: int, lane: int) -> Words:
    """The words of :func:`philox`, inlined."""
    k0, k1 = np.uint32(np.uint64(key) & _LOW), np.uint32(np.uint64(key) >> _HALF)
    c0, c1 = np.uint32(np.uint64(counter) & _LOW), np.uint32(np.uint64(counter) >> _HALF)
    c2, c3 = np.uint32(np.uint64(lane) & _LOW), np.uint32(np.uint64(lane) >> _HALF)
    for _ in range(10):
        # numba widens the product of two uint32, but to a type that depends on both: every step is cast
        a, b = np.uint64(_M0 * np.uint64(c0)), np.uint64(_M1 * np.uint64(c2))
        c0, c1, c2, c3 = (
            np.uint32(np.uint32(b >> _HALF) ^ c1 ^ k0),
            np.uint32(b & _LOW),
            np.uint32(np.uint32(a >> _HALF) ^ c3 ^ k1),
            np.uint32(a & _LOW),
        )
        k0, k1 = np.uint32(k0 + _W0), np.uint32(k1 + _W1)
    return c0, c1, c2, c3


@device
def philox(key: int, counter: int, lane: int) -> Words:
    """Four independent 32-bit words for a 64-bit key, a 64-bit counter and a lane; Philox4x32-10."""
    return _rounds(key, counter, lane)


@device
def _unit(high: np.uint32, low: np.uint32) -> float:
    """Two words as a float64 in [0, 1), 53 bits."""
    return (
        float(np.uint32(high) >> np.uint32(5)) * 67108864.0 + float(np.uint32(low) >> np.uint32(6))
    ) / 9007199254740992.0


@device
def uniform(key: int, counter: int, lane: int = 0) -> float:
    """Uniform in [0, 1), 53 bits; rounding it to float32 can give 1.0, see :func:`uniform4`."""
    a, b, _, _ = philox(key, counter, lane)
    return _unit(a, b)


@device
def uniform2(key: int, counter: int, lane: int = 0) -> tuple[float, float]:
    """Two independent uniforms in [0, 1), 53 bits."""
    a, b, c, d = philox(key, counter, lane)
    return _unit(a, b), _unit(c, d)


@device
def uniform4(key: int, counter: int, lane: int = 0) -> Singles:
    """Four independent float32 uniforms in [0, 1), 24 bits each: never 1."""
    a, b, c, d = philox(key, counter, lane)
    scale = np.float32(1.0 / 16777216.0)
    return (
        np.float32(np.uint32(a) >> np.uint32(8)) * scale,
        np.float32(np.uint32(b) >> np.uint32(8)) * scale,
        np.float32(np.uint32(c) >> np.uint32(8)) * scale,
        np.float32(np.uint32(d) >> np.uint32(8)) * scale,
    )


@device
def normal2(key: int, counter: int, lane: int = 0) -> tuple[float, float]:
    """Two independent standard normals (Box and Muller 1958)."""
    u, v = uniform2(key, counter, lane)
    radius, angle = math.sqrt(-2.0 * math.log1p(-u)), 2.0 * math.pi * v
    return radius * math.cos(angle), radius * math.sin(angle)


@spliced
def straight_draws(key: int, counter: int, lane: int) -> tuple[np.float32, np.float32, np.float32]:
    """Two standard normals (Box and Muller 1958; none beyond 5.8) and a uniform in [0, 1), from one draw of the words.

    Single precision, straight through: a loop of such draws is compiled to vector instructions.
    """
    a, b, c, _ = _rounds(key, counter, lane)
    u = np.float32(np.int32(a >> _BYTE) + np.int32(1)) * _SCALE24
    radius = np.float32(math.sqrt(_MINUS2 * log_single(u)))
    cosine, sine = circle_single(np.float32(np.int32(b >> _BYTE)) * _SCALE24)
    return radius * cosine, radius * sine, np.float32(np.int32(c >> _BYTE)) * _SCALE24


@device
def normal(key: int, counter: int, lane: int = 0) -> float:
    """A standard normal."""
    return normal2(key, counter, lane)[0]


@device
def exponential(key: int, counter: int, lane: int = 0) -> float:
    """An exponential of mean 1, by inversion."""
    return -math.log1p(-uniform(key, counter, lane))


@device
def _poisson_inversion(mean: float, u: float) -> int:
    """Smallest k whose cumulative probability exceeds ``u``."""
    probability = math.exp(-mean)
    total, k = probability, 0
    # past 200 every remaining probability is below what 53 bits of u can tell apart
    while u >= total and k < 200:
        k += 1
        probability *= mean / k
        total += probability
    return k


@device
def _poisson_rejection(mean: float, key: int, counter: int, lane: int) -> int:
    """Transformed rejection with squeeze, PTRS (Hoermann 1993), for means of 10 and more."""
    root = math.sqrt(mean)
    b = 0.931 + 2.53 * root
    a = -0.059 + 0.02483 * b
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    squeeze = 0.9277 - 3.6224 / (b - 2.0)
    log_mean = math.log(mean)
    for attempt in range(POISSON_LANES):
        u, v = uniform2(key, counter, lane + attempt)
        u, v = u - 0.5, 1.0 - v
        us = 0.5 - abs(u)
        if us == 0.0:
            continue
        k = math.floor((2.0 * a / us + b) * u + mean + 0.43)
        if us >= 0.07 and v <= squeeze:
            return int(k)
        if k < 0.0 or (us < 0.013 and v > us):
            continue
        left = math.log(v) + math.log(inverse_alpha) - math.log(a / (us * us) + b)
        if left <= k * log_mean - mean - math.lgamma(k + 1.0):
            return int(k)
    return int(mean)


@device
def poisson(mean: float, key: int, counter: int, lane: int = 0) -> int:
    """A Poisson count; 0 for a mean of 0 or less (or NaN). Exact in distribution up to means of about 1e9."""
    if not mean > 0.0:
        return 0
    if mean < POISSON_SPLIT:
        return _poisson_inversion(mean, uniform(key, counter, lane))
    return _poisson_rejection(mean, key, counter, lane)
