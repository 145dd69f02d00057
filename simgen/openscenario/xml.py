"""XML as elements that know their lines; without document types, entities or anything else that could do harm."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers import expat

from simgen.errors import UserError

#: larger or deeper files are refused
_MOST_BYTES: Final = 4_000_000
_DEEPEST: Final = 100

_OPERATORS: Final[Mapping[type, Callable[..., Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
_FUNCTIONS: Final[Mapping[str, Callable[..., float]]] = {
    "round": round,
    "floor": math.floor,
    "ceil": math.ceil,
    "sqrt": math.sqrt,
    "pow": math.pow,
    "abs": abs,
    "min": min,
    "max": max,
}


@dataclass(eq=False)
class Element:
    """An element, with parameters put in where its attributes name them."""

    tag: str
    line: int
    file: str
    raw: Mapping[str, str]
    parent: Element | None = None
    children: list[Element] = field(default_factory=list)
    #: values of the parameters that are declared here
    parameters: dict[str, str] = field(default_factory=dict)

    def error(self, message: str) -> UserError:
        """A mistake at this element."""
        return UserError(f"{self.file}:{self.line}: {message}")

    def find(self, *path: str) -> Element | None:
        """The first element at the end of a path of tags."""
        here: Element | None = self
        for tag in path:
            here = None if here is None else next((c for c in here.children if c.tag == tag), None)
        return here

    def need(self, *path: str) -> Element:
        """The same; it must be there.

        Raises:
            UserError: it is not.
        """
        found = self.find(*path)
        if found is None:
            raise self.error(f"{self.tag} needs {'/'.join(path)}")
        return found

    def all(self, tag: str) -> list[Element]:
        """The children of a tag."""
        return [child for child in self.children if child.tag == tag]

    def only(self) -> Element:
        """The one child that says what kind this is.

        Raises:
            UserError: there is none.
        """
        if not self.children:
            raise self.error(f"{self.tag} is empty")
        return self.children[0]

    def text(self, key: str, default: str | None = None) -> str:
        """An attribute.

        Raises:
            UserError: it is missing, or names an unknown parameter.
        """
        if key not in self.raw:
            if default is None:
                raise self.error(f"{self.tag} needs the attribute {key!r}")
            return default
        value = self.raw[key].strip()
        if value.startswith("${") and value.endswith("}"):
            return f"{self._evaluated(value[2:-1]):.17g}"
        return self._parameter(value[1:]) if value.startswith("$") else value

    def number(self, key: str, default: float | None = None) -> float:
        """A number.

        Raises:
            UserError: it is missing or no number.
        """
        word = self.text(key, None if default is None else repr(default))
        try:
            value = float(word)
        except ValueError:
            raise self.error(f"{self.tag} {key}={word!r} is not a number") from None
        if math.isnan(value):
            raise self.error(f"{self.tag} {key} is not a number")
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        """``true`` or ``false``."""
        return self.text(key, str(default)).lower() in ("true", "1")

    def choice(self, key: str, known: tuple[str, ...], default: str | None = None) -> str:
        """One of some words.

        Raises:
            UserError: it is another word.
        """
        word = self.text(key, default)
        if word not in known:
            raise self.error(f"{self.tag} {key}={word!r} is not supported; known: {', '.join(known)}")
        return word

    def _parameter(self, name: str) -> str:
        here: Element | None = self
        while here is not None:
            if name in here.parameters:
                return here.parameters[name]
            here = here.parent
        raise self.error(f"there is no parameter ${name}")

    def _evaluated(self, expression: str) -> float:
        try:
            tree = ast.parse(expression.replace("$", "__p_").replace("not ", "not "), mode="eval")
            return float(self._value(tree.body))
        except (SyntaxError, ValueError, TypeError, ZeroDivisionError, OverflowError, RecursionError) as error:
            raise self.error(f"cannot evaluate ${{{expression}}}: {error}") from None

    def _value(self, node: ast.AST) -> float:
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return float(node.value)
        if isinstance(node, ast.Name) and node.id.startswith("__p_"):
            return float(self._parameter(node.id[4:]))
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            return float(_OPERATORS[type(node.op)](self._value(node.left), self._value(node.right)))
        if isinstance(node, ast.UnaryOp) and type(node.op) in _OPERATORS:
            return float(_OPERATORS[type(node.op)](self._value(node.operand)))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS:
            return float(_FUNCTIONS[node.func.id](*(self._value(a) for a in node.args)))
        raise ValueError("only + - * / %, round, floor, ceil, sqrt, pow, abs, min and max are known")


def parse_xml(text: str, file: str) -> Element:
    """The root element of a document.

    Raises:
        UserError: it is no XML, has a document type, or is too large or too deep.
    """
    data = text.encode()
    if len(data) > _MOST_BYTES:
        raise UserError(f"{file}: larger than {_MOST_BYTES // 1_000_000} MB")
    parser = expat.ParserCreate("utf-8")
    stack: list[Element] = []
    roots: list[Element] = []

    def begin(tag: str, attributes: dict[str, str]) -> None:
        parent = stack[-1] if stack else None
        made = Element(tag=tag, line=parser.CurrentLineNumber, file=file, raw=attributes, parent=parent)
        if len(stack) >= _DEEPEST:
            raise made.error(f"elements are nested deeper than {_DEEPEST}")
        (parent.children if parent is not None else roots).append(made)
        stack.append(made)

    def refuse(*_: object) -> None:
        raise UserError(f"{file}:{parser.CurrentLineNumber}: document types and entities are refused")

    parser.StartElementHandler = begin
    parser.EndElementHandler = lambda _: stack.pop()
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise UserError(f"{file}:{error.lineno}: {expat.errors.messages[error.code]}") from None
    return roots[0]
