"""Plugins: the class is its configuration.

A plugin is a frozen, keyword-only dataclass whose fields are the YAML parameters, registered under a kind and a name::

    @register("weather", "fog")
    @dataclass(frozen=True, kw_only=True)
    class Fog(WeatherEffect):
        visibility_m: float = param(200.0, ge=1.0, doc="meteorological optical range")

Third parties add theirs through entry points in the group ``simgen.<kind>`` (the entry's name is the plugin's name).
"""

from __future__ import annotations

import dataclasses
import difflib
import importlib
import importlib.metadata
import importlib.util
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import Any, Final, TypeVar

from simgen.errors import UserError

T = TypeVar("T", bound=type)

#: kind -> package that holds the built-in plugins of that kind, one file each
KINDS: Final[dict[str, str]] = {
    "asset": "simgen.assets",
    "world": "simgen.worlds",
    "weather": "simgen.weather",
    "light": "simgen.light",
    "behaviour": "simgen.behaviours",
    "sensor": "simgen.sensors",
    "format": "simgen.formats",
    "metric": "simgen.metrics",
    "edge_case": "simgen.edge_cases",
}

_plugins: dict[str, dict[str, type]] = {kind: {} for kind in KINDS}


def param(
    default: Any = dataclasses.MISSING,
    *,
    doc: str,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
    choices: tuple[Any, ...] | None = None,
    reference: str | None = None,
) -> Any:
    """A plugin's parameter: its default, what it means and which values it takes.

    ``reference`` says that the string names something: ``"entity"`` (an object or group of the scene), ``"lane"``,
    ``"asset"`` ..., so that the decoder can check it and suggest; a ``"file"`` is taken from the scene file's folder.
    """
    metadata = {"doc": doc, "ge": ge, "gt": gt, "le": le, "lt": lt, "choices": choices, "reference": reference}
    return dataclasses.field(default=default, metadata={k: v for k, v in metadata.items() if v is not None})


def check_range(name: str, value: float, metadata: Any) -> str | None:
    """The reason why a number is outside its declared range, or None."""
    tests = (
        ("ge", value >= metadata.get("ge", value), "at least"),
        ("gt", value > metadata["gt"] if "gt" in metadata else True, "more than"),
        ("le", value <= metadata.get("le", value), "at most"),
        ("lt", value < metadata["lt"] if "lt" in metadata else True, "less than"),
    )
    for key, good, words in tests:
        if not good:
            return f"{name} must be {words} {metadata[key]:g}, not {value:g}"
    return None


def register(kind: str, name: str) -> Callable[[T], T]:
    """Class decorator: enter a plugin under its kind and name.

    Raises:
        ValueError: the kind is unknown, the class is not a frozen dataclass, or the name is taken by another class.
    """

    def enter(cls: T) -> T:
        if kind not in KINDS:
            raise ValueError(f"unknown plugin kind {kind!r}")
        parameters = getattr(cls, "__dataclass_params__", None)
        if parameters is None or not parameters.frozen:
            raise ValueError(f"plugin {kind}/{name} must be a frozen dataclass")
        taken = _plugins[kind].get(name)
        if taken is not None and taken.__qualname__ != cls.__qualname__:
            raise ValueError(f"two plugins are called {kind}/{name}: {taken!r} and {cls!r}")
        _plugins[kind][name] = cls
        setattr(cls, "plugin_kind", kind)  # noqa: B010 - declared by each kind's base, unknown to the type variable
        setattr(cls, "plugin_name", name)  # noqa: B010
        return cls

    return enter


@cache
def _load(kind: str) -> None:
    package = importlib.import_module(KINDS[kind])
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
        if not module.name.startswith("_"):
            importlib.import_module(f"{package.__name__}.{module.name}")
    for entry in sorted(importlib.metadata.entry_points(group=f"simgen.{kind}"), key=lambda e: e.name):
        register(kind, entry.name)(entry.load())


def _load_one(kind: str, name: str) -> None:
    """Import the built-in module called like the plugin, if there is one: most scenes need few of a kind's plugins."""
    if name.isidentifier() and not name.startswith("_"):
        module = f"{KINDS[kind]}.{name}"
        if importlib.util.find_spec(module) is not None:
            importlib.import_module(module)


def find(kind: str, name: str) -> type | None:
    """The plugin class of that kind and name, or None; the kind's other plugins are loaded only if need be."""
    if name not in _plugins[kind]:
        _load_one(kind, name)
    if name not in _plugins[kind]:
        _load(kind)
    return _plugins[kind].get(name)


def names(kind: str) -> tuple[str, ...]:
    """The names of every registered plugin of a kind, sorted."""
    _load(kind)
    return tuple(sorted(_plugins[kind]))


def get(kind: str, name: str) -> type:
    """The plugin class of that kind and name.

    Raises:
        UserError: there is none; the message suggests the nearest name.
    """
    found = find(kind, name)
    if found is None:
        raise UserError(f"unknown {kind} {name!r}{suggest(name, names(kind))}")
    return found


def class_named(kind: str, class_name: str) -> type:
    """The plugin class of that kind by its Python name: ``simgen.weather.Fog``.

    Raises:
        AttributeError: there is none, as for any attribute of a package.
    """
    _load(kind)
    for cls in _plugins[kind].values():
        if cls.__name__ == class_name:
            return cls
    raise AttributeError(f"module {KINDS[kind]!r} has no attribute {class_name!r}")


def suggest(word: str, known: tuple[str, ...]) -> str:
    """``; did you mean 'x'?`` for the nearest known word, else the list of what there is."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; known: {', '.join(known[:12])}{' ...' if len(known) > 12 else ''}" if known else ""
