"""YAML text as nodes that know where they stand.

Values follow the core schema of YAML 1.2: ``on`` is a word, ``1e-3`` is a number, a date is text. The tree is composed
from parser events, so that every node keeps its line and column, and so that what a scene file has no use for
(tags, merge keys, floods of aliases, bottomless nesting) is refused before it costs anything.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

Scalar = str | int | float | bool | None

_INT: Final = re.compile(r"[-+]?[0-9]+")
_OCTAL: Final = re.compile(r"0o[0-7]+")
_HEX: Final = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: Final[dict[str, Scalar]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
#: longer digit strings are not numbers that anybody means; int() of them takes quadratic time
_MAX_DIGITS: Final = 400


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a file; line and column are 1-based."""

    line: int
    column: int
    #: the file's name as messages call it; empty for a piece of the file that is being read
    file: str = field(default="", kw_only=True)


@dataclass(frozen=True, slots=True)
class ScalarNode(Node):
    """Text, a number, true or false, or nothing."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class ListNode(Node):
    """A list."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class MapNode(Node):
    """A mapping; ``keys`` holds where each key stands."""

    values: Mapping[str, Node]
    keys: Mapping[str, ScalarNode]

    def without(self, *names: str) -> MapNode:
        """The same mapping with some keys left out."""
        kept = {k: v for k, v in self.values.items() if k not in names}
        return replace(self, values=kept, keys={k: self.keys[k] for k in kept})

    def having(self, key: str, value: Node) -> MapNode:
        """The same mapping with one value set; a new key stands where its value does."""
        named = self.keys.get(key, ScalarNode(value.line, value.column, key, file=value.file))
        return replace(self, values={**self.values, key: value}, keys={**self.keys, key: named})

    def text(self, key: str) -> str | None:
        """The value of a key where it is text, else None."""
        node = self.values.get(key)
        return node.value if isinstance(node, ScalarNode) and isinstance(node.value, str) else None


def resolve(text: str) -> Scalar:
    """The value of a plain (unquoted) scalar under the core schema of YAML 1.2 (specification 1.2.2, 10.3.2)."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > _MAX_DIGITS:
        return text
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _OCTAL.fullmatch(text):
        return int(text[2:], 8)
    if _HEX.fullmatch(text):
        return int(text[2:], 16)
    return text


def plain(node: Node) -> Any:
    """A node as plain dicts, lists and scalars."""
    if isinstance(node, MapNode):
        return {key: plain(value) for key, value in node.values.items()}
    if isinstance(node, ListNode):
        return [plain(item) for item in node.items]
    assert isinstance(node, ScalarNode)
    return node.value


def walk(node: Node) -> Iterator[Node]:
    """A node and everything in it, in file order."""
    yield node
    children = node.values.values() if isinstance(node, MapNode) else getattr(node, "items", ())
    for child in children:
        yield from walk(child)


def describe(node: Node) -> str:
    """A node in a few words, for messages."""
    if isinstance(node, MapNode):
        return "a mapping"
    if isinstance(node, ListNode):
        return "a list"
    assert isinstance(node, ScalarNode)
    return describe_scalar(node.value)


def describe_scalar(value: Scalar) -> str:
    """A scalar as one would write it, shortened."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:57] + "...")
    return f"{value}" if isinstance(value, int) and abs(value) < 10**15 else f"{float_of(value):.15g}"


def float_of(value: int | float) -> float:
    """A number as a float; a whole number beyond what floats hold becomes infinite."""
    try:
        return float(value)
    except OverflowError:
        return math.copysign(math.inf, value)
