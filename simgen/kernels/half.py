"""Half-precision floats by integer arithmetic, which loops vectorise where numpy converts one number at a time."""

from __future__ import annotations

import numpy as np

from simgen.kernels.inner import spliced
from simgen.kernels.jit import kernel
from simgen.kernels.single import bits_of, number_of
from simgen.kernels.wave import NORMAL
from simgen.records.base import F4, U2

_SIGN, _REST = np.uint32(0x8000), np.uint32(0x7FFFFFFF)
#: the least normal half, two to the 16th (from there on all is infinite) and infinity, as bits of single floats
_NORMAL, _LARGE, _INFINITE = np.uint32(0x38800000), np.uint32(0x47800000), np.uint32(0x7F800000)
#: from the exponent's bias of single floats to that of halves, with half a unit of rounding but for its last bit
_BIAS = np.uint32(0x38000000 - 0xFFF)
#: added to small numbers, it leaves the digits of a subnormal half, rounded by the adder itself
_MAGIC, _MAGIC_BITS = np.float32(0.5), np.uint32(0x3F000000)
_HALF_INFINITE, _HALF_NAN = np.uint32(0x7C00), np.uint32(0x7E00)
_ONE, _DROPPED, _HIGH = np.uint32(1), np.uint32(13), np.uint32(16)


@spliced
def half_bits(x: np.float32) -> np.uint16:
    """The bits of the nearest half-precision float, ties to even (IEEE 754); what is too large is infinite."""
    bits = bits_of(x)
    sign, rest = (bits >> _HIGH) & _SIGN, bits & _REST
    small = np.uint32(bits_of(number_of(rest) + _MAGIC) - _MAGIC_BITS)
    plain = np.uint32(np.uint32(rest - _BIAS) + ((rest >> _DROPPED) & _ONE)) >> _DROPPED
    large = _HALF_NAN if rest > _INFINITE else _HALF_INFINITE
    number = small if rest < _NORMAL else (large if rest >= _LARGE else plain)
    return np.uint16(sign | number)


@kernel
def halve_normals(first: int, last: int, surface: F4, out: U2) -> None:
    """Normals of pixels ``[first, last)``, from layers' surfaces (N, 4), as bits of half-precision floats (N, 3)."""
    for i in range(first, last):
        for axis in range(3):
            out[i, axis] = half_bits(surface[i, NORMAL + axis])
