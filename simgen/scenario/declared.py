"""What dataclasses declare about their YAML: keys, types, defaults, bounds; one reading for decoder and schema."""

from __future__ import annotations

import dataclasses
import math
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal, Union, get_args, get_origin

from simgen import registry
from simgen.units import unit_of

#: the plugin that a mapping without ``type`` means
DEFAULT_TYPES: Final[dict[str, str]] = {"light": "sun_sky"}
#: endings that look like a unit
_OTHER_UNIT: Final = re.compile(r"_(km|cm|mm|ft|km_?h|kph|mph|m|m_s|h|min|s|ms|deg|rad)$")
#: keys that are never drawn: they name things
FIXED_KEYS: Final = frozenset(("name", "type"))


@dataclass(frozen=True, kw_only=True)
class Declared:
    """One field of a dataclass as YAML sees it."""

    attribute: str
    key: str
    hint: Any
    metadata: Mapping[str, Any]
    required: bool
    #: None where there is none; a factory's product otherwise
    default: Any

    @property
    def fixed(self) -> bool:
        """Whether the value may not be random."""
        return self.key in FIXED_KEYS or bool(self.metadata.get("fixed"))

    @property
    def words(self) -> str:
        """The kind of plugin whose names stand as keys beside the others, with this field's items as their values."""
        return str(self.metadata.get("words", ""))

    @property
    def unit(self) -> str:
        """The unit that the key's name declares."""
        return unit_of(self.key)


@cache
def declared(cls: type) -> Mapping[str, Declared]:
    """The fields of a dataclass that YAML can set, by key, in order."""
    hints = typing.get_type_hints(cls)
    found = {}
    for field in dataclasses.fields(cls):
        if not field.init:
            continue
        default = _default(field)
        metadata = {**field.metadata}
        if isinstance(default, float) and math.isinf(default):
            metadata["infinite"] = True
        key = metadata.get("alias", field.name)
        found[key] = Declared(
            attribute=field.name,
            key=key,
            hint=hints[field.name],
            metadata=metadata,
            required=default is dataclasses.MISSING,
            default=None if default is dataclasses.MISSING else default,
        )
    return found


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


def plugin_kind(hint: Any) -> str | None:
    """The kind of plugin that a type stands for, where it is a plugin contract (``Asset``, ``World``) or None."""
    if not isinstance(hint, type) or "plugin_name" in vars(hint):
        return None
    kind = getattr(hint, "plugin_kind", None)
    return kind if isinstance(kind, str) else None


def alternatives(hint: Any) -> tuple[Any, ...]:
    """The members of a union, or the type itself."""
    return get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)


def is_fixed_tuple(hint: Any) -> bool:
    """Whether a tuple type has a fixed length."""
    return not (len(get_args(hint)) == 2 and get_args(hint)[1] is Ellipsis)


def is_mapping(hint: Any) -> bool:
    """Whether a type is a mapping of free keys."""
    return get_origin(hint) in (dict, Mapping)


def item_hint(hint: Any) -> Any:
    """The type of a free list's items or of a free mapping's values."""
    return get_args(hint)[1] if is_mapping(hint) else get_args(hint)[0]


def words(hint: Any, key: str = "") -> str:
    """A type in plain words, with the unit that the key declares."""
    unit = f" in {unit_of(key)}" if unit_of(key) else ""
    simple = {float: f"a number{unit}", int: f"a whole number{unit}", bool: "true or false", str: "text"}
    if hint in simple:
        return simple[hint]
    if hint is type(None):
        return "nothing"
    if get_origin(hint) is Literal:
        return f"one of {', '.join(repr(v) for v in get_args(hint) if v != '')}"
    if get_origin(hint) is tuple:
        return _tuple_words(hint, unit)
    kind = plugin_kind(hint)
    if kind is not None:
        return f"the name of {article(kind)} or a mapping with its type"
    members = [m for m in alternatives(hint) if m is not type(None)]
    return "a mapping" if members == [hint] else " or ".join(words(m, key) for m in members)


def _tuple_words(hint: Any, unit: str) -> str:
    arguments = get_args(hint)
    item = {float: "numbers", int: "whole numbers", str: "texts"}.get(arguments[0], "values")
    unit = unit if item.endswith("numbers") else ""
    if is_fixed_tuple(hint):
        return f"a list of {len(arguments)} {item}{unit}"
    return f"a list of {item}{unit}" if item != "values" else "a list"


def article(kind: str) -> str:
    """``an asset``, ``a world``: a plugin kind with its article."""
    name = "weather effect" if kind == "weather" else kind.replace("_", " ")
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"


def nearest(word: str, known: typing.Iterable[str]) -> str:
    """``did you mean 'visibility_m'?`` for a key without its unit or a near miss; else the list of what there is."""
    keys = tuple(known)
    for key in keys:
        if unit_of(key) and key.startswith(word + "_") and unit_of("x" + key[len(word) :]) == unit_of(key):
            return f"did you mean {key!r}?"
    said = registry.suggest(word, keys).removeprefix("; ")
    meant = next((key for key in keys if said == f"did you mean {key!r}?"), "")
    if unit_of(meant) and _OTHER_UNIT.search(word) and unit_of(word) != unit_of(meant):
        return f"did you mean {meant!r}, in {unit_of(meant)}?"
    return said


__all__ = [
    "DEFAULT_TYPES",
    "FIXED_KEYS",
    "Declared",
    "alternatives",
    "article",
    "declared",
    "is_fixed_tuple",
    "is_mapping",
    "item_hint",
    "nearest",
    "plugin_kind",
    "words",
]
