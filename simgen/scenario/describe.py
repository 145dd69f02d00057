"""Plugins, explained from what they declare: for ``simgen list``, ``simgen describe`` and the documentation."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, is_dataclass
from typing import Any, Final

from simgen import registry
from simgen.errors import UserError
from simgen.scenario.declared import Declared, alternatives, declared, item_hint, nearest, words
from simgen.scenario.write import as_plain

#: what is listed like a kind of plugin, but is data
RIG: Final = "rig"


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One parameter of a plugin; nested ones have a dotted name."""

    name: str
    type: str
    default: Any
    required: bool
    unit: str
    bounds: str
    choices: tuple[Any, ...]
    doc: str


@dataclass(frozen=True, kw_only=True)
class PluginInfo:
    """A plugin and its parameters."""

    kind: str
    name: str
    summary: str
    text: str
    parameters: tuple[Parameter, ...]
    #: what an edge case tests in those who are shown it, if it says so
    tests: str = ""


def kind_of(word: str) -> str:
    """The plugin kind that a word means, or :data:`RIG`; plurals and hyphens are understood.

    Raises:
        UserError: there is no such kind; the message suggests one.
    """
    known = (*registry.KINDS, RIG)
    for kind in (word.replace("-", "_"), word.replace("-", "_").removesuffix("s")):
        if kind in known:
            return kind
    raise UserError(f"unknown kind {word!r} ({nearest(word, known)})")


def plugin_info(kind: str, name: str) -> PluginInfo:
    """Everything that a plugin declares.

    Raises:
        UserError: there is no such kind or plugin; the message suggests one.
    """
    cls = registry.get(kind_of(kind), name)
    text = inspect.cleandoc(cls.__doc__ or "")
    return PluginInfo(
        kind=kind_of(kind),
        name=name,
        summary=text.split("\n\n")[0].replace("\n", " "),
        text=text,
        parameters=tuple(_parameters(cls, "")),
        tests=getattr(cls, "tests", ""),
    )


def _parameters(cls: type, prefix: str) -> list[Parameter]:
    found: list[Parameter] = []
    for key, field in declared(cls).items():
        found.append(_parameter(field, prefix + key))
        for member in alternatives(field.hint):
            inner = item_hint(member) if getattr(member, "__origin__", None) is tuple else member
            if is_dataclass(inner) and getattr(inner, "plugin_kind", None) is None:
                dots = f"{prefix}{key}." if inner is member else f"{prefix}{key}[]."
                found += _parameters(inner, dots)  # type: ignore[arg-type]
    return found


def _parameter(field: Declared, name: str) -> Parameter:
    metadata = field.metadata
    return Parameter(
        name=name,
        type=words(field.hint, field.key),
        default=None if field.required else as_plain(field.default),
        required=field.required,
        unit=field.unit,
        bounds=bounds_of(metadata),
        choices=tuple(metadata.get("choices", ())),
        doc=metadata.get("doc", ""),
    )


def bounds_of(metadata: Any) -> str:
    """Bounds as one would write them: ``0 < x <= 100``, or an empty string."""
    low = f"{metadata['ge']:g} <= " if "ge" in metadata else f"{metadata['gt']:g} < " if "gt" in metadata else ""
    high = f" <= {metadata['le']:g}" if "le" in metadata else f" < {metadata['lt']:g}" if "lt" in metadata else ""
    return f"{low}x{high}" if low or high else ""
