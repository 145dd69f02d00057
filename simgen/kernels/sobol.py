"""Even points for light paths: Owen-scrambled Sobol pairs, one set for each pixel and purpose.

The first two dimensions of Sobol's sequence are a (0, 2)-sequence: any 2^k points in a row lie one in each of the 2^k
boxes of every shape. Each purpose (place in the pixel, sun, sky, direction of each bounce) takes them in an order and
with a scrambling of its own, both by hashing (Burley, Practical hash-based Owen scrambling, JCGT 9(4), 2020). A point
depends on (seed, index) alone, so bits do not depend on threads or tiles.
"""

from __future__ import annotations

import numpy as np

from simgen.kernels.inner import inner

_S1, _S2, _S4, _S8, _S16 = (np.uint32(1 << k) for k in range(5))
_M1, _M2, _M4 = np.uint32(0x55555555), np.uint32(0x33333333), np.uint32(0x0F0F0F0F)
_M8, _M16 = np.uint32(0x00FF00FF), np.uint32(0x0000FFFF)
_ONE = np.uint32(1)
_A, _B, _C = np.uint32(0x3D20ADEA), np.uint32(0x05526C56), np.uint32(0x53A22864)
_P, _Q = np.uint32(0x21F0AAAD), np.uint32(0xD35A2D97)
_GOLDEN = np.uint32(0x9E3779B9)
_S15 = np.uint32(15)
#: seeds of the second dimension and of the order
_SECOND, _ORDER = np.uint32(0xA511E9B3), np.uint32(0x63D83595)
_SCALE = 1.0 / 4294967296.0


@inner
def mix(x: np.uint32) -> np.uint32:
    """A bijective hash of 32 bits with low bias: xor-shift and multiply, two rounds."""
    x = np.uint32(np.uint32(x ^ np.uint32(x >> _S16)) * _P)
    x = np.uint32(np.uint32(x ^ np.uint32(x >> _S15)) * _Q)
    return np.uint32(x ^ np.uint32(x >> _S15))


@inner
def seed_of(base: np.uint32, purpose: int) -> np.uint32:
    """The seed of one purpose, from the pixel's."""
    return mix(np.uint32(base + np.uint32(np.uint32(purpose) * _GOLDEN)))


@inner
def reverse(x: np.uint32) -> np.uint32:
    """Bits in the opposite order."""
    x = np.uint32(np.uint32(x >> _S16) | np.uint32(x << _S16))
    x = np.uint32(np.uint32(np.uint32(x >> _S8) & _M8) | np.uint32(np.uint32(x & _M8) << _S8))
    x = np.uint32(np.uint32(np.uint32(x >> _S4) & _M4) | np.uint32(np.uint32(x & _M4) << _S4))
    x = np.uint32(np.uint32(np.uint32(x >> _S2) & _M2) | np.uint32(np.uint32(x & _M2) << _S2))
    return np.uint32(np.uint32(np.uint32(x >> _S1) & _M1) | np.uint32(np.uint32(x & _M1) << _S1))


@inner
def _scrambled(x: np.uint32, seed: np.uint32) -> np.uint32:
    """Owen's scrambling of a number whose bits are reversed: each bit flips by a hash of those below it."""
    x = np.uint32(x ^ np.uint32(x * _A))
    x = np.uint32(x + seed)
    x = np.uint32(x * np.uint32(np.uint32(seed >> _S16) | _ONE))
    x = np.uint32(x ^ np.uint32(x * _B))
    return np.uint32(x ^ np.uint32(x * _C))


@inner
def _pascal(x: np.uint32) -> np.uint32:
    """Bits of the second dimension, reversed: Pascal's triangle modulo 2, as sums over supersets (Lucas)."""
    x = np.uint32(x ^ np.uint32(np.uint32(x >> _S1) & _M1))
    x = np.uint32(x ^ np.uint32(np.uint32(x >> _S2) & _M2))
    x = np.uint32(x ^ np.uint32(np.uint32(x >> _S4) & _M4))
    x = np.uint32(x ^ np.uint32(np.uint32(x >> _S8) & _M8))
    return np.uint32(x ^ np.uint32(np.uint32(x >> _S16) & _M16))


@inner
def pair(index: int, base: np.uint32, purpose: int) -> tuple[float, float]:
    """The point of that index for a purpose of a pixel, both in [0, 1)."""
    seed = seed_of(base, purpose)
    at = reverse(_scrambled(reverse(np.uint32(index)), np.uint32(seed ^ _ORDER)))
    x = reverse(_scrambled(at, seed))
    y = reverse(_scrambled(_pascal(at), np.uint32(seed ^ _SECOND)))
    return float(x) * _SCALE, float(y) * _SCALE
