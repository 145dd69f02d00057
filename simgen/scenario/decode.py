"""From nodes to checked values, by what dataclasses declare; every fault is kept, none stops the others.

A value that cannot be known yet (it is random, or a fault was reported) is :data:`UNKNOWN`, and so is everything that
contains it; its other parts are checked all the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import is_dataclass
from pathlib import Path
from types import NoneType
from typing import Any, Final, Literal, get_args, get_origin

from simgen import registry
from simgen.errors import UserError
from simgen.scenario import distributions as dist
from simgen.scenario.declared import (
    DEFAULT_TYPES,
    Declared,
    alternatives,
    article,
    declared,
    is_fixed_tuple,
    is_mapping,
    item_hint,
    nearest,
    plugin_kind,
    words,
)
from simgen.scenario.hints import struct_hint, wrong_hint
from simgen.scenario.rigs.catalogue import rig_names
from simgen.scenario.uncertain import UNKNOWN, DistributionChecker, Reference, Unknown
from simgen.yaml.nodes import ListNode, MapNode, Node, ScalarNode, describe, float_of, plain

_NOTHING: Final[Mapping[str, Any]] = {}


class Decoder(DistributionChecker):
    """Decodes nodes of one file and collects its faults and references."""

    # ------------------------------------------------------------------------------------------------ any value

    def value(self, node: Node, hint: Any, key: str, metadata: Mapping[str, Any] = _NOTHING) -> Any:
        """A node as a value of a type; ``key`` is what messages call it, ``metadata`` holds its bounds."""
        if dist.distribution_of(node) is not None:
            assert isinstance(node, MapNode)
            return self.distribution(node, hint, key, metadata)
        if hint is Any:
            return plain(node)
        members = alternatives(hint)
        if len(members) > 1:
            return self._union(node, members, hint, key, metadata)
        kind = plugin_kind(hint)
        if kind is not None:
            return self.plugin(node, kind, key)
        if is_dataclass(hint):
            return self.struct(node, hint, key)  # type: ignore[arg-type]
        origin = get_origin(hint)
        if origin is tuple:
            return self._tuple(node, hint, key, metadata)
        if is_mapping(hint):
            return self._mapping(node, hint, key, metadata)
        return self._scalar(node, hint, key, metadata)

    def _union(self, node: Node, members: tuple[Any, ...], hint: Any, key: str, metadata: Mapping[str, Any]) -> Any:
        """The first member that takes the node; if none does, what the most fitting one says."""
        if NoneType in members and isinstance(node, ScalarNode) and node.value is None:
            return None
        fitting = [m for m in members if m is not NoneType and _fits(node, m)]
        if not fitting and dist.distribution_of(node) is None:
            return self._wrong(node, hint, key)
        for member in fitting[:-1]:
            marks = len(self.faults), len(self.references)
            value = self.value(node, member, key, metadata)
            if len(self.faults) == marks[0]:
                return value
            del self.faults[marks[0] :], self.references[marks[1] :]
        return self.value(node, fitting[-1], key, metadata)

    def _wrong(self, node: Node, hint: Any, key: str) -> Unknown:
        return self.fault(node, f"{key} must be {words(hint, key)}, not {describe(node)}", wrong_hint(node, hint, key))

    # ------------------------------------------------------------------------------------------------ containers

    def _tuple(self, node: Node, hint: Any, key: str, metadata: Mapping[str, Any]) -> Any:
        if not isinstance(node, ListNode):
            return self._wrong(node, hint, key)
        if is_fixed_tuple(hint):
            hints = get_args(hint)
            if len(node.items) != len(hints):
                return self.fault(node, f"{key} must be {words(hint, key)}, not {len(node.items)}")
        else:
            hints = (item_hint(hint),) * len(node.items)
        values = tuple(
            self._item(item, h, f"{key}[{k}]", metadata)
            for k, (item, h) in enumerate(zip(node.items, hints, strict=True))
        )
        return UNKNOWN if any(v is UNKNOWN for v in values) else values

    def _item(self, node: Node, hint: Any, key: str, metadata: Mapping[str, Any]) -> Any:
        if metadata.get("fixed_items") and dist.distribution_of(node) is not None:
            return self.fault(node, f"{key} may not be random", "draw its asset or its count instead")
        return self.value(node, hint, key, metadata)

    def _mapping(self, node: Node, hint: Any, key: str, metadata: Mapping[str, Any]) -> Any:
        if not isinstance(node, MapNode):
            return self.fault(node, f"{key} must be a mapping, not {describe(node)}")
        values = {k: self.value(v, item_hint(hint), f"{key}.{k}", metadata) for k, v in node.values.items()}
        return UNKNOWN if any(v is UNKNOWN for v in values.values()) else values

    def plugin(self, node: Node, kind: str, key: str) -> Any:
        """A plugin: its bare name, or a mapping with its type and parameters."""
        if isinstance(node, ScalarNode) and isinstance(node.value, str):
            cls = self._plugin_class(node, kind, node.value)
            return UNKNOWN if cls is None else self._make(node, cls, {}, node.value)
        if not isinstance(node, MapNode):
            said = f"{key} must be the name of {article(kind)} or a mapping, not {describe(node)}"
            return self.fault(
                node, said, "to draw one of several: {choice: [...]}" if isinstance(node, ListNode) else ""
            )
        named = node.values.get("type")
        if named is None and kind in DEFAULT_TYPES:
            name, where = DEFAULT_TYPES[kind], node
        elif named is None:
            known = ", ".join(registry.names(kind)[:8])
            return self.fault(node, f"{article(kind)} needs a type", f"known: {known}" if known else "")
        elif isinstance(named, ScalarNode) and isinstance(named.value, str):
            name, where = named.value, named  # type: ignore[assignment]
        else:
            if dist.distribution_of(named):
                return self.fault(named, "type may not be random", "draw the whole: {choice: [{type: ...}, ...]}")
            return self.fault(named, f"type must be a name, not {describe(named)}")
        cls = self._plugin_class(where, kind, name)
        return UNKNOWN if cls is None else self._make(node, cls, node.without("type"), name)

    def _plugin_class(self, node: Node, kind: str, name: str) -> type | None:
        found = registry.find(kind, name)
        if found is None:
            is_rig = kind == "sensor" and name in rig_names()
            hint = f"it is a rig: write {{rig: {name}}}" if is_rig else nearest(name, registry.names(kind))
            self.fault(node, f"unknown {kind.replace('_', ' ')} {name!r}", hint)
        return found

    def struct(self, node: Node, cls: type, key: str) -> Any:
        """A dataclass from a mapping of its fields."""
        if not isinstance(node, MapNode):
            return self.fault(node, f"{key} must be a mapping, not {describe(node)}", struct_hint(node, cls))
        return self._make(node, cls, node, key)

    def _make(self, node: Node, cls: type, given: MapNode | Mapping[str, Any], what: str) -> Any:
        values = self.fields(node, cls, given if isinstance(given, MapNode) else None, what)
        if any(v is UNKNOWN for v in values.values()):
            return UNKNOWN
        try:
            return cls(**values)
        except (ValueError, ArithmeticError, UserError) as error:
            return self.fault(_blame(node, str(error)), str(error), _elsewhere(node, str(error)))
        except Exception as error:
            # a plugin of somebody else's: whatever it raises is a fault of this place, never a traceback
            return self.fault(node, f"{what} could not be made: {type(error).__name__}: {error}")

    def fields(self, node: Node, cls: type, given: MapNode | None, what: str) -> dict[str, Any]:
        """The checked values of a dataclass's fields by attribute; absent optional ones are left out."""
        known = declared(cls)
        present: Mapping[str, Node] = {} if given is None else given.values
        plain_keys = {key: field for key, field in known.items() if not field.words}
        named = next((field for field in known.values() if field.words), None)
        spoken = {key: value for key, value in present.items() if key not in plain_keys and _is_word(named, key)}
        for key in present:
            if key not in plain_keys and key not in spoken:
                assert given is not None
                sayable = (*plain_keys, *(registry.names(named.words) if named else ()))
                self.fault(given.keys[key], f"unknown key {key!r} of {what}", nearest(key, sayable))
        values: dict[str, Any] = {}
        if named is not None:
            items = {key: self.value(n, item_hint(named.hint), key, named.metadata) for key, n in spoken.items()}
            values[named.attribute] = UNKNOWN if any(v is UNKNOWN for v in items.values()) else items
        for key, field in plain_keys.items():
            if key in present:
                values[field.attribute] = self._field(present[key], field)
            elif field.required:
                hint = field.metadata.get("doc", "")
                values[field.attribute] = self.fault(node, f"{what} needs the key {key!r}", hint)
        return values

    def _field(self, node: Node, field: Declared) -> Any:
        if field.fixed and dist.distribution_of(node) is not None:
            return self.fault(node, f"{field.key} may not be random", "it names or counts what is drawn")
        return self.value(node, field.hint, field.key, field.metadata)

    # ------------------------------------------------------------------------------------------------ scalars

    def _scalar(self, node: Node, hint: Any, key: str, metadata: Mapping[str, Any]) -> Any:
        value = node.value if isinstance(node, ScalarNode) else UNKNOWN
        checked = _convert(value, hint)
        if checked is UNKNOWN:
            return self._wrong(node, hint, key)
        if isinstance(checked, float | int) and not isinstance(checked, bool):
            problem = self.number_fault(checked, key, metadata)
            if problem:
                return self.fault(node, problem)
        choices = metadata.get("choices")
        if choices and checked not in choices:
            shown = ", ".join(repr(choice) if isinstance(choice, str) else str(choice).lower() for choice in choices)
            hint_text = nearest(checked, map(str, choices)) if isinstance(checked, str) else ""
            near = hint_text if hint_text.startswith("did") else ""
            return self.fault(node, f"{key} must be one of {shown}, not {describe(node)}", near)
        if isinstance(checked, str) and metadata.get("reference") == "file":
            return self._from_folder(checked)
        if isinstance(checked, str) and "reference" in metadata:
            self.references.append(Reference(metadata["reference"], checked, node))
        return checked

    def _from_folder(self, path: str) -> str:
        """A file as the scene file's folder has it; left as it is where that has none."""
        beside = Path(self.file).parent / path
        return str(beside) if beside.is_file() else path


def _is_word(field: Declared | None, key: str) -> bool:
    """Whether a key is the name of a plugin that a field takes as keys."""
    return field is not None and registry.find(field.words, key) is not None


def _convert(value: Any, hint: Any) -> Any:
    """A scalar as a value of a type, or UNKNOWN where it is none."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if hint is float:
        return float_of(value) if is_number else UNKNOWN
    if hint is int:
        if is_number and math.isfinite(float_of(value)) and value == int(value):
            return int(value)
        return UNKNOWN
    if hint in (str, bool):
        return value if isinstance(value, hint) else UNKNOWN
    if get_origin(hint) is Literal:
        same = (v for v in get_args(hint) if v == value and isinstance(v, bool) == isinstance(value, bool))
        return next(same, UNKNOWN)
    raise TypeError(f"the scene language has no values of type {hint!r}")


def _fits(node: Node, hint: Any) -> bool:
    """Whether a node has the shape that a type wants; what it holds is not looked at."""
    name = dist.distribution_of(node)
    if name in dist.NUMERIC:
        return hint in (int, float, Any)
    if name is not None or hint is Any:
        return True
    structured = plugin_kind(hint) is not None or is_dataclass(hint) or is_mapping(hint)
    if isinstance(node, MapNode):
        return structured
    if isinstance(node, ListNode):
        return get_origin(hint) is tuple
    assert isinstance(node, ScalarNode)
    if plugin_kind(hint) is not None:
        return isinstance(node.value, str)
    if structured or get_origin(hint) is tuple:
        return False
    return get_origin(hint) is Literal or _convert(node.value, hint) is not UNKNOWN


def _mentioned(node: Node, message: str) -> dict[str, Node]:
    """The values of a mapping whose keys a message mentions, in its order."""
    if not isinstance(node, MapNode):
        return {}
    return {word: node.values[word] for word in re.findall(r"\w+", message) if word in node.values}


def _blame(node: Node, message: str) -> Node:
    """The value that a constructor's complaint is about: the first key that its message mentions.

    What the scene itself says comes before what a file says that it includes.
    """
    meant = list(_mentioned(node, message).values())
    return next((n for n in meant if not n.file), meant[0] if meant else node)


def _elsewhere(node: Node, message: str) -> str:
    """A way out where the scene contradicts what a file says that it includes."""
    meant = _mentioned(node, message)
    included = [key for key, value in meant.items() if value.file]
    return (
        f"the included file says {included[0]}; set {included[0]}: null besides"
        if 0 < len(included) < len(meant)
        else ""
    )
