"""Inner functions are parts of kernels: one version for all constants, no machine code of their own."""

from __future__ import annotations

import math

import numba
import numpy as np
import pytest

from simgen.kernels.inner import inner, spliced
from simgen.kernels.jit import kernel


@inner
def _power(base: float, times: int) -> float:
    out = 1.0
    for _ in range(times):
        out *= base
    return out


@spliced
def _twice(x: float) -> float:
    return 2.0 * _power(x, 1)


@inner
def _factorial(n: int) -> int:
    return 1 if n < 2 else n * _factorial(n - 1)


@inner
def _root(x: float) -> float:
    if x < 0.0:
        raise ValueError("negative")
    return math.sqrt(x)


@kernel
def _several(x: float, times: int) -> float:
    return _power(x, 2) + _power(x, 3) + _power(x, times) + _twice(x)


@kernel
def _other(x: float) -> float:
    return _power(x, 5) + float(_factorial(5))


@kernel
def _rooted(x: float) -> float:
    return _root(x)


def test_kernels_compute_what_python_computes():
    assert _several(1.5, 4) == 1.5**2 + 1.5**3 + 1.5**4 + 3.0
    assert _other(2.0) == 32.0 + 120.0


def test_constants_make_one_version_and_widths_make_more():
    @inner
    def power(base, times):
        return base**times

    # not cached: a kernel from the disk would compile nothing
    @numba.njit
    def calls(x):
        return power(x, 2) + power(x, 3) + power(np.float32(x), 2)

    assert calls(3.0) == 9.0 + 27.0 + 9.0
    assert [str(kinds) for kinds in power.overloads] == ["(float64, int64)", "(float32, int64)"]


def test_a_part_that_raises_does_so_from_the_kernel():
    assert _rooted(4.0) == 2.0
    with pytest.raises(ValueError, match="negative"):
        _rooted(-1.0)


def test_python_cannot_call_one():
    with pytest.raises(TypeError, match="_power is for kernels"):
        _power(2.0, 3)


def test_a_part_has_no_machine_code_until_a_kernel_has():
    @inner
    def half(x):
        return 0.5 * x

    @numba.njit
    def calls(x):
        return half(x)

    assert calls(3.0) == 1.5
    (compiled,) = half.overloads.values()
    assert compiled.library.get_pointer_to_function(compiled.fndesc.mangled_name) == 0
