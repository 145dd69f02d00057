"""Functions in single precision that loops can be vectorised around: arithmetic only, no call of the C library.

The polynomials are fitted to the least greatest error (Lawson's iteration at Chebyshev's points); tests hold the
functions against float64.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from simgen.kernels.inner import spliced

Pair = tuple[np.float32, np.float32]

_ONE, _TWO, _FOUR = np.float32(1.0), np.float32(2.0), np.float32(4.0)
_HALF, _QUARTER, _NONE = np.float32(0.5), np.float32(0.25), np.float32(0.0)
_TURN, _RIGHT_ANGLE = np.float32(2.0 * math.pi), np.float32(0.5 * math.pi)
#: the logarithm of 2 in two parts, the first with few digits, so that multiples of it are exact
_LN2_HIGH, _LN2_LOW = np.float32(0.693359375), np.float32(math.log(2.0) - 0.693359375)
#: bits of the square root of a half, and how many hold the fraction
_ROOT_HALF, _FRACTION = np.uint32(0x3F3504F3), np.int32(23)

# (log(1 + r) - r + r^2/2) / r^3, where 1 + r is between the roots of a half and of two
_L0, _L1, _L2 = np.float32(0.06917984), np.float32(-0.11779667), np.float32(0.11866035)
_L3, _L4, _L5 = np.float32(-0.12385799), np.float32(0.14219919), np.float32(-0.16669197)
_L6, _L7, _L8 = np.float32(0.20002151), np.float32(-0.24999987), np.float32(0.33333312)
# (sin x - x) / x^3 and (cos x - 1 + x^2/2) / x^4 by x^2, up to an eighth of a turn
_S0, _S1, _S2 = np.float32(-1.9518e-4), np.float32(8.33218e-3), np.float32(-0.16666655)
_C0, _C1, _C2 = np.float32(2.44394812e-5), np.float32(-1.38873779e-3), np.float32(4.16666471e-2)
# (arcsin x - x) / x^3 by x^2, up to a half
_A0, _A1, _A2 = np.float32(0.0421461), np.float32(0.0241948), np.float32(0.04546626)
_A3, _A4 = np.float32(0.07495344), np.float32(0.16666751)


def _take_bits(typing_context: Any, number: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.bitcast(given[0], ir.IntType(32))

    return types.uint32(types.float32), generate


def _give_bits(typing_context: Any, bits: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.bitcast(given[0], ir.FloatType())

    return types.float32(types.uint32), generate


#: the bits of a single float
bits_of: Callable[[np.float32], np.uint32] = cast(Any, intrinsic(_take_bits))
#: the single float that has these bits
number_of: Callable[[np.uint32], np.float32] = cast(Any, intrinsic(_give_bits))


@spliced
def log_single(x: np.float32) -> np.float32:
    """The natural logarithm of a positive normal number, to 2 units in the last place."""
    bits = bits_of(x)
    exponent = np.int32(np.uint32(bits - _ROOT_HALF)) >> _FRACTION
    r = number_of(np.uint32(bits - np.uint32(exponent << _FRACTION))) - _ONE
    p = ((_L0 * r + _L1) * r + _L2) * r + _L3
    p = (((p * r + _L4) * r + _L5) * r + _L6) * r + _L7
    p = p * r + _L8
    e = np.float32(exponent)
    return r + (p * r * (r * r) + e * _LN2_LOW - _HALF * (r * r)) + e * _LN2_HIGH


@spliced
def circle_single(turn: np.float32) -> Pair:
    """Cosine and sine of so many turns, 0 to 1; to 1e-7."""
    quarter = np.int32(turn * _FOUR + _HALF)
    x = (turn - np.float32(quarter) * _QUARTER) * _TURN
    z = x * x
    s = ((_S0 * z + _S1) * z + _S2) * z * x + x
    c = ((_C0 * z + _C1) * z + _C2) * (z * z) - _HALF * z + _ONE
    odd = quarter & 1 != 0
    cosine, sine = (s if odd else c), (c if odd else s)
    return (-cosine if (quarter + 1) & 2 != 0 else cosine), (-sine if quarter & 2 != 0 else sine)


@spliced
def acos_single(cosine: np.float32) -> np.float32:
    """The angle whose cosine is between 0 and 1, rad; to 3e-7."""
    far = cosine > _HALF
    z = _HALF * (_ONE - cosine) if far else cosine * cosine
    x = np.float32(math.sqrt(z))
    x = x if far else cosine
    arc = (((((_A0 * z + _A1) * z + _A2) * z + _A3) * z) + _A4) * z * x + x
    return _TWO * arc if far else _RIGHT_ANGLE - arc
