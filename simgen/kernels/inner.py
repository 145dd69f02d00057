"""Helpers that only kernels call: parts of kernels, without wrappers for Python and without reference counts.

A wrapper unpacks every array of every bundle; for functions that take bundles it costs more to compile than the
function itself. And a helper that is not inlined would count the references of every array it is given, up and down
with atomic instructions, for every pixel and from every thread: more time than the rays take. So an inner function must
not make arrays, and tests that call one wrap it in a function of their own.

A loop is compiled to vector instructions only if everything in it is inlined: ``spliced`` helpers always are. The rest
is up to the loop: no early exit, no call of the C library, and few arrays (whether two of them overlap is tested before
the loop, at most eight times).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from simgen.kernels.parts import PartDispatcher

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "fastmath": False,
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
    "_nrt": False,
}


def inner(function: Function) -> Function:
    """As :func:`simgen.kernels.jit.device`, for calls from kernels alone."""
    return cast(Function, PartDispatcher(function, _OPTIONS))


def spliced(function: Function) -> Function:
    """As :func:`inner`, and inlined wherever it is called."""
    return cast(Function, PartDispatcher(function, {**_OPTIONS, "forceinline": True}))
