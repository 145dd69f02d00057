"""Calls of C functions by address from inside kernels.

An address is an integer argument, not a constant of the kernel, so the compiled kernel can be cached. The arguments
are addresses and handles, 64 bits each, as in ``rtcIntersect1(scene, ray, arguments)``. Nothing checks them: a wrong
address ends the process.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.extending import intrinsic


def _emit(context: Any, builder: Any, arguments: Any) -> Any:
    """A C call ``void f(i64, ...)`` of the address in the first argument."""
    word = ir.IntType(64)
    function = ir.FunctionType(ir.VoidType(), [word] * (len(arguments) - 1))
    builder.call(builder.inttoptr(arguments[0], function.as_pointer()), arguments[1:])
    return context.get_dummy_value()


def _three(typing_context: Any, function: Any, a: Any, b: Any, c: Any) -> Any:
    signature = types.void(*[types.uintp] * 4)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _emit(context, builder, arguments)

    return signature, generate


def _four(typing_context: Any, function: Any, a: Any, b: Any, c: Any, d: Any) -> Any:
    signature = types.void(*[types.uintp] * 5)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _emit(context, builder, arguments)

    return signature, generate


#: ``call_three(function, a, b, c)``: ``function(a, b, c)`` for a C function that returns nothing; all 64-bit words
call_three: Callable[[int, int, int, int], None] = cast(Any, intrinsic(_three))
#: ``call_four(function, a, b, c, d)``: the same with one argument more
call_four: Callable[[int, int, int, int, int], None] = cast(Any, intrinsic(_four))
