"""Calls of C functions by address from inside kernels.

An address is an integer argument, not a constant of the kernel, so the compiled kernel can be cached. The arguments
are addresses and handles, 64 bits each, as in ``rtcIntersect1(scene, ray, arguments)``. Nothing checks them: a wrong
address ends the process.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

#: 4-byte words that :data:`stack_block` reserves: a packet of sixteen rays
STACK_WORDS: Final = 192


def _emit(context: Any, builder: Any, arguments: Any) -> Any:
    """A C call ``void f(i64, ...)`` of the address in the first argument."""
    word = ir.IntType(64)
    function = ir.FunctionType(ir.VoidType(), [word] * (len(arguments) - 1))
    builder.call(builder.inttoptr(arguments[0], function.as_pointer()), arguments[1:])
    return context.get_dummy_value()


def _declare(arguments: int) -> Any:
    """Signature and code of a call with so many arguments after the address."""

    def generate(context: Any, builder: Any, signature: Any, words: Any) -> Any:
        return _emit(context, builder, words)

    return types.void(*[types.uintp] * (arguments + 1)), generate


def _one(typing_context: Any, function: Any, a: Any) -> Any:
    return _declare(1)


def _two(typing_context: Any, function: Any, a: Any, b: Any) -> Any:
    return _declare(2)


def _three(typing_context: Any, function: Any, a: Any, b: Any, c: Any) -> Any:
    return _declare(3)


def _four(typing_context: Any, function: Any, a: Any, b: Any, c: Any, d: Any) -> Any:
    return _declare(4)


def _five(typing_context: Any, function: Any, a: Any, b: Any, c: Any, d: Any, e: Any) -> Any:
    return _declare(5)


def _pointer(typing_context: Any, address: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, words: Any) -> Any:
        return builder.inttoptr(words[0], ir.IntType(8).as_pointer())

    return types.voidptr(types.uintp), generate


def _stack(typing_context: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, words: Any) -> Any:
        with builder.goto_entry_block():
            block = builder.alloca(ir.ArrayType(ir.IntType(32), STACK_WORDS))
        block.align = 64
        return builder.ptrtoint(block, ir.IntType(64))

    return types.uintp(), generate


# numba reads an intrinsic's number of arguments from its signature, hence one per number

#: ``call_one(function, a)``: ``function(a)`` for a C function that returns nothing; all 64-bit words
call_one: Callable[[int, int], None] = cast(Any, intrinsic(_one))
#: ``call_two(function, a, b)``
call_two: Callable[[int, int, int], None] = cast(Any, intrinsic(_two))
#: ``call_three(function, a, b, c)``
call_three: Callable[[int, int, int, int], None] = cast(Any, intrinsic(_three))
#: ``call_four(function, a, b, c, d)``
call_four: Callable[[int, int, int, int, int], None] = cast(Any, intrinsic(_four))
#: ``call_five(function, a, b, c, d, e)``
call_five: Callable[[int, int, int, int, int, int], None] = cast(Any, intrinsic(_five))
#: ``pointer(address)``: what ``numba.carray`` takes
pointer: Callable[[int], Any] = cast(Any, intrinsic(_pointer))
#: ``stack_block()``: address of ``STACK_WORDS`` words on the stack of the function that calls it, 64-byte aligned
stack_block: Callable[[], int] = cast(Any, intrinsic(_stack))
