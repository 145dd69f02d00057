"""Helpers that only kernels call: compiled without wrappers for Python and without reference counts.

A wrapper unpacks every array of every bundle; for functions that take bundles it costs more to compile than the
function itself. And a helper that is not inlined would count the references of every array it is given, up and down
with atomic instructions, for every pixel and from every thread: more time than the rays take. So an inner function must
not make arrays, and tests that call one wrap it in a function of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def inner(function: Function) -> Function:
    """As :func:`simgen.kernels.jit.device`, for calls from kernels alone."""
    options: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False}
    return cast(Function, numba.njit(nogil=True, error_model="numpy", fastmath=False, **options)(function))
