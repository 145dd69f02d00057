"""What is kept of numba's answers is what numba answers."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
import pytest
from numba.core import ir, types
from numba.core.compiler import run_frontend
from numba.core.registry import cpu_target

from simgen.kernels import quicker

NUMBER, WHOLE = types.float64, types.int64
ROWS, PAIR = types.Array(types.float32, 2, "C"), types.UniTuple(types.int64, 2)


@pytest.fixture
def context() -> Any:
    context = cpu_target.typing_context
    context.refresh()
    return context


def asked(context: Any, function: Any) -> tuple[Any, Any, list[Any]]:
    """A function's type, its typing with answers kept, and the questions that reach numba."""
    kind, questions = context.resolve_value_type(function), []
    # whatever this process has installed is in front of numba's own, and gives the same

    def typing(self: Any, context: Any, args: Any, kws: Any) -> Any:
        questions.append(args)
        return type(self).get_call_type(self, context, args, kws)

    return kind, quicker.keeping(typing), questions


@pytest.mark.parametrize(
    ("function", "args", "result"),
    [
        (operator.add, (WHOLE, NUMBER), NUMBER),
        (operator.lt, (NUMBER, NUMBER), types.boolean),
        (operator.getitem, (ROWS, PAIR), types.float32),
        (operator.getitem, (ROWS, WHOLE), types.Array(types.float32, 1, "C")),
        (np.sqrt, (types.float32,), types.float32),
    ],
)
def test_the_same_question_is_asked_once(context: Any, function: Any, args: Any, result: Any) -> None:
    kind, typing, questions = asked(context, function)
    first, second = (typing(kind, context, args, {}) for _ in range(2))
    assert first is second
    assert first.return_type == result
    assert len(questions) == 1


def test_other_types_are_another_question(context: Any) -> None:
    kind, typing, questions = asked(context, operator.add)
    assert typing(kind, context, (WHOLE, WHOLE), {}).return_type == WHOLE
    assert typing(kind, context, (WHOLE, NUMBER), {}).return_type == NUMBER
    assert len(questions) == 2


def test_functions_to_compile_are_asked_every_time(context: Any) -> None:
    """``np.empty`` is compiled from Python, as its caller is: with its caller's options."""
    kind, typing, questions = asked(context, np.empty)
    for _ in range(2):
        assert typing(kind, context, (PAIR,), {}).return_type.ndim == 2
    assert len(questions) == 2


def test_text_is_asked_every_time(context: Any) -> None:
    kind, typing, questions = asked(context, operator.add)
    for _ in range(2):
        typing(kind, context, (types.unicode_type, types.unicode_type), {})
    assert len(questions) == 2


def _tried(value: object) -> list[str]:
    """Names of variables by trying what a value might be."""
    if isinstance(value, ir.Var):
        return [value.name]
    if isinstance(value, ir.Expr):
        return [name for part in value._kws.values() for name in _tried(part)]
    if isinstance(value, ir.Inst):
        return [name for part in value.__dict__.values() for name in _tried(part)]
    if isinstance(value, (list, tuple, dict)):
        parts = value.values() if isinstance(value, dict) else value
        return [name for part in parts for name in _tried(part)]
    return []


def _example(a: Any, b: Any, *, c: Any = 1) -> Any:
    total, pairs = 0, ((a, b), {"c": c})
    for k in range(a.shape[0]):
        total += a[k, ::2].sum() if b > k else max(c, k, key=None)
        a[k, 0] = -total
    del b
    return pairs, [total, c]


def test_variables_of_every_statement() -> None:
    statements = [s for block in run_frontend(_example).blocks.values() for s in block.body]
    kinds = {type(s) for s in statements}
    assert {ir.Assign, ir.SetItem, ir.Branch, ir.Return, ir.Jump} <= kinds
    for statement in statements:
        assert [v.name for v in quicker.variables(statement)] == _tried(statement), statement
        if isinstance(statement, ir.Assign):
            assert [v.name for v in quicker.variables(statement.value)] == _tried(statement.value), statement
    assert quicker.variables(None) == []
