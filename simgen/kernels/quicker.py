"""numba's compiler, made quicker where it does the same over and over; what it compiles stays as it is.

Typing one ``a + b`` asks some twenty templates in turn, those for lists, strings and dates among them, and a kernel has
thousands: here the answer for numbers and arrays is kept. And the variables of a statement, which most passes ask for,
are listed by kind instead of by trying what each value might be. A first start takes a seventh less processor time
(``benchmarks/README.md``). numba is held to one minor version, and what is kept are its own answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from numba.core import ir, types
from numba.core.types.functions import BaseFunction

_PLAIN: Final = (types.Number, types.Boolean, types.Array, types.BaseTuple, types.SliceType)
#: what statements hold most besides variables
_NO_VARIABLE: Final = frozenset((str, int, float, bool, type(None), ir.Loc))

Typing = Callable[[BaseFunction, Any, tuple[types.Type, ...], dict[str, types.Type]], Any]


def keeping(typing: Typing) -> Typing:
    """``BaseFunction.get_call_type``, asked once for each function and types of arguments.

    Kept are answers for numbers, arrays and tuples that stand for code of numba's own: an answer that stands for a
    function to compile (``numba.extending.overload``) depends on how its caller is compiled. A function that is
    given more templates is another one to numba, so nothing kept grows old.
    """
    kept: dict[Any, Any] = {}

    def get_call_type(self: BaseFunction, context: Any, args: Any, kws: Any) -> Any:
        if kws or not all(isinstance(kind, _PLAIN) for kind in args):
            return typing(self, context, args, kws)
        key = (self, tuple(args), context)
        signature = kept.get(key)
        if signature is None:
            signature = typing(self, context, args, kws)
            if self.get_impl_key(signature) is self.typing_key:
                kept[key] = signature
        return signature

    return get_call_type


def variables(value: object) -> list[ir.Var]:
    """Variables in a value of the compiler's, in order, as ``Inst._rec_list_vars`` finds them."""
    found: list[ir.Var] = []
    _collect((value,), found)
    return found


def _collect(values: Iterable[object], found: list[ir.Var]) -> None:
    for value in values:
        kind = type(value)
        if kind in _NO_VARIABLE:
            continue
        if isinstance(value, ir.Var):
            found.append(value)
        elif isinstance(value, ir.Inst):
            found.extend(value.list_vars())
        elif isinstance(value, (list, tuple)):
            _collect(value, found)
        elif isinstance(value, dict):
            _collect(value.values(), found)


def install() -> None:
    """Make numba quicker, for the whole process."""
    functions: Any = BaseFunction
    functions.get_call_type = keeping(functions.get_call_type)
    instructions: Any = ir.Inst
    instructions._rec_list_vars = lambda self, value: variables(value)
