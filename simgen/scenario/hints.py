"""Ways out of common mistakes, for the brackets after a message."""

from __future__ import annotations

import difflib
import re
from dataclasses import is_dataclass
from typing import Any, Literal, get_args, get_origin

from simgen.scenario.declared import alternatives, declared, is_fixed_tuple, nearest
from simgen.scenario.distributions import NAMES
from simgen.units import unit_of
from simgen.yaml.nodes import ListNode, MapNode, Node, ScalarNode, describe


def wrong_hint(node: Node, hint: Any, key: str) -> str:
    """A way out for a value of the wrong type."""
    if isinstance(node, MapNode):
        return _mapping_hint(node, hint)
    value = node.value if isinstance(node, ScalarNode) else None
    members = alternatives(hint)
    if isinstance(value, str) and (int in members or float in members):
        number = re.match(r"\s*([-+]?[0-9]*\.?[0-9]+)\s*(.*)", value)
        if number and number.group(2):
            unit = unit_of(key)
            return f"write {number.group(1)}" + (f" if it is in {unit}; the key says the unit" if unit else "")
        return f"write {number.group(1)} without quotes" if number else ""
    if bool in members and value in ("yes", "no", "on", "off"):
        return "write true or false; in YAML 1.2 yes, no, on and off are words"
    if str in members and value is not None:
        return f'put it in quotes: "{describe(node)}"'
    if isinstance(value, str) and get_origin(hint) is Literal:
        near = nearest(value, [str(v) for v in get_args(hint)])
        return near if near.startswith("did") else ""
    if isinstance(node, ScalarNode) and get_origin(hint) is tuple and not is_fixed_tuple(hint) and value is not None:
        return f"write [{value}]"
    actor = next((m for m in members if is_dataclass(m) and "asset" in declared(m)), None)  # type: ignore[arg-type]
    return f"write {{asset: {value}, ...}}" if actor is not None and isinstance(value, str) else ""


def _mapping_hint(node: MapNode, hint: Any) -> str:
    """A mapping where none should be: a distribution with a slip of the pen, or the only item of a list."""
    for key in node.values:
        near = difflib.get_close_matches(key, sorted(NAMES), n=1, cutoff=0.75)
        if near:
            return f"did you mean {near[0]!r}?"
    return "begin each item with a dash" if get_origin(hint) is tuple and not is_fixed_tuple(hint) else ""


def struct_hint(node: Node, cls: type) -> str:
    """A way out for what should be a mapping."""
    keys = ", ".join(list(declared(cls))[:6])
    return f"with keys such as {keys}" if not isinstance(node, ListNode) or len(node.items) != 1 else "remove the dash"
