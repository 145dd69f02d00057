"""Helpers that only kernels call: compiled without the wrappers that calls from Python would need.

A wrapper unpacks every array of every bundle; for functions that take bundles it costs more to compile than the
function itself. Tests that must call such a helper wrap it in a function of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def inner(function: Function) -> Function:
    """As :func:`simgen.kernels.jit.device`, for calls from kernels alone."""
    options: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast(Function, numba.njit(nogil=True, error_model="numpy", fastmath=False, **options)(function))
