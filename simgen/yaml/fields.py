"""Checked access to the values of a mapping: every complaint is kept as a fault, and none stops the others.

For files whose every value is certain (device files). Scenes, whose values may be random, are decoded by what their
dataclasses declare.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

from simgen.errors import Fault
from simgen.registry import suggest
from simgen.yaml.nodes import ListNode, MapNode, Node, ScalarNode, describe, float_of

#: stands for a number that could not be read; a fault has been reported
UNREAD: Final = math.nan


class Fields:
    """The fields of one mapping of a file; ``name`` is its dotted path, empty for the whole file."""

    def __init__(self, file: str, node: MapNode, name: str, known: Sequence[str], faults: list[Fault]) -> None:
        self.file, self.node, self.name, self.faults = file, node, name, faults
        for key, where in node.keys.items():
            if key not in known:
                self.fault(where, f"{self.path(key)} is unknown{suggest(key, tuple(sorted(known)))}")

    def path(self, key: str) -> str:
        """What messages call a field."""
        return f"{self.name}.{key}" if self.name else key

    def fault(self, where: Node | str, message: str) -> None:
        """Keep a complaint about a node, or about a key of this mapping (which may be absent)."""
        node = self.node.values.get(where, self.node) if isinstance(where, str) else where
        self.faults.append(Fault(file=self.file, line=node.line, column=node.column, message=message))

    def wrong(self, key: str, reason: str) -> None:
        """Keep a complaint that begins with the field's name."""
        self.fault(key, f"{self.path(key)} {reason}")

    def __contains__(self, key: str) -> bool:
        return key in self.node.values

    def get(self, key: str) -> Node | None:
        """The value of a key that must be there."""
        if key not in self:
            self.wrong(key, "is missing")
        return self.node.values.get(key)

    def section(self, key: str, known: Sequence[str]) -> Fields | None:
        """The mapping under a key."""
        node = self.get(key)
        if node is not None and not isinstance(node, MapNode):
            self.wrong(key, f"must be a mapping, not {describe(node)}")
        return Fields(self.file, node, self.path(key), known, self.faults) if isinstance(node, MapNode) else None

    def sections(self, key: str, known: Sequence[str]) -> list[Fields]:
        """The mappings of a list."""
        node = self.get(key)
        if node is not None and not (isinstance(node, ListNode) and node.items):
            self.wrong(key, f"must be a list of mappings, not {_said(node)}")
        found = []
        for k, item in enumerate(node.items if isinstance(node, ListNode) else ()):
            name = f"{self.path(key)}[{k}]"
            if isinstance(item, MapNode):
                found.append(Fields(self.file, item, name, known, self.faults))
            else:
                self.fault(item, f"{name} must be a mapping, not {describe(item)}")
        return found

    def word(self, key: str, choices: Sequence[str] = ()) -> str:
        """Text; one of the choices if there are any."""
        node = self.get(key)
        value = node.value if isinstance(node, ScalarNode) else None
        if node is None:
            return ""
        if not isinstance(value, str) or not value:
            self.wrong(key, f"must be text, not {describe(node)}")
        elif choices and value not in choices:
            self.wrong(key, f"must be one of {', '.join(choices)}, not {value!r}{_near(value, choices)}")
        return value if isinstance(value, str) else ""

    def truth(self, key: str) -> bool:
        """True or false."""
        node = self.get(key)
        value = node.value if isinstance(node, ScalarNode) else None
        if node is not None and not isinstance(value, bool):
            self.wrong(key, f"must be true or false, not {describe(node)}")
        return value is True

    def number(
        self, key: str, *, above: float = -math.inf, high: float = math.inf, default: float | None = None
    ) -> float:
        """A finite number with above < x <= high; NaN if it is not one."""
        if key not in self and default is not None:
            return default
        node = self.get(key)
        return UNREAD if node is None else self._checked(node, self.path(key), above, high)

    def whole(self, key: str, low: int, high: int) -> int:
        """A whole number with low <= x <= high; 0 if it is not one."""
        node = self.get(key)
        value = node.value if isinstance(node, ScalarNode) else None
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        if node is not None and not (is_whole and low <= int(value or 0) <= high):
            self.wrong(key, f"must be a whole number from {low} to {high}, not {describe(node)}")
            return 0
        return int(value) if isinstance(value, int) else 0

    def pair(self, key: str, *, above: float = -math.inf, high: float = math.inf, rising: bool = True) -> Any:
        """Two numbers, as a tuple; the lower first if they are to rise."""
        node = self.get(key)
        words = "two numbers, the lower first" if rising else "two numbers"
        if node is None:
            return UNREAD, UNREAD
        if not isinstance(node, ListNode) or len(node.items) != 2:
            self.wrong(key, f"must be {words}, not {_said(node)}")
            return UNREAD, UNREAD
        first, second = (
            self._checked(item, f"{self.path(key)}[{k}]", above, high) for k, item in enumerate(node.items)
        )
        if rising and first > second:
            self.wrong(key, f"must be {words}, not [{first:g}, {second:g}]")
        return first, second

    def numbers(self, key: str, *, low: float = -math.inf, high: float = math.inf) -> list[float]:
        """A list of numbers with low <= x <= high; NaN where one is not."""
        node = self.get(key)
        if node is None:
            return []
        if not isinstance(node, ListNode) or not node.items:
            self.wrong(key, f"must be a list of numbers, not {_said(node)}")
            return []
        values = []
        for k, item in enumerate(node.items):
            name = f"{self.path(key)}[{k}]"
            value = self._checked(item, name, -math.inf, math.inf)
            if not (low <= value <= high) and not math.isnan(value):
                self.fault(item, f"{name} must lie within {low:g}..{high:g}, not {value:g}")
            values.append(value)
        return values

    def _checked(self, node: Node, name: str, above: float, high: float) -> float:
        value = node.value if isinstance(node, ScalarNode) else None
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(float_of(value)):
            self.fault(node, f"{name} must be a number, not {describe(node)}")
            return UNREAD
        number = float_of(value)
        if not above < number <= high:
            bounds = [f"more than {above:g}"] if above > -math.inf else []
            bounds += [f"at most {high:g}"] if high < math.inf else []
            self.fault(node, f"{name} must be {' and '.join(bounds)}, not {number:g}")
            return UNREAD
        return number


def _said(node: Node) -> str:
    """A node in a few words, lists with their length."""
    if isinstance(node, ListNode):
        return f"a list of {len(node.items)}" if node.items else "an empty list"
    return describe(node)


def _near(value: str, choices: Sequence[str]) -> str:
    said = suggest(value, tuple(choices))
    return said if said.startswith("; did you mean") else ""
