"""The certain scene as YAML and back, exactly: every plugin by all its fields, numbers to the last bit."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import is_dataclass
from typing import Any, Final

import numpy as np

from simgen.scenario.declared import declared
from simgen.scene import Scene
from simgen.yaml.nodes import resolve

#: words that need no quotes
_BARE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")
#: what YAML 1.2 lets stand in a double-quoted text (and no line breaks)
_PRINTABLE: Final = re.compile(r"[\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
#: keys of a scene whose items get a line each
_LISTS: Final = frozenset(("weather", "entities", "sensors", "constraints", "solutions", "tags", "draws"))


def as_plain(value: Any) -> Any:
    """A value as dicts, lists and scalars; a plugin becomes a mapping with its ``type`` and every field.

    Raises:
        TypeError: the scene language has no way to write the value.
    """
    if is_dataclass(value) and not isinstance(value, type):
        name = getattr(type(value), "plugin_name", None)
        head = {} if name is None else {"type": name}
        fields = declared(type(value))
        return head | {key: as_plain(getattr(value, field.attribute)) for key, field in fields.items()}
    if isinstance(value, Mapping):
        return {str(key): as_plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [as_plain(item) for item in value]
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"a scene file cannot hold a value of type {type(value).__name__}")


def scene_to_yaml(scene: Scene) -> str:
    """The scene as a scene file in which nothing is random; :func:`simgen.scenario.load` reads it back, equal."""
    lines = ["simgen: 1", "certain:"]
    for key, value in as_plain(scene).items():
        if key in _LISTS and value:
            lines.append(f"  {key}:")
            lines += [f"    - {flow(item)}" for item in value]
        else:
            lines.append(f"  {key}: {flow(value)}")
    return "\n".join(lines) + "\n"


def flow(value: Any) -> str:
    """A plain value in YAML's flow style, on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    return _number(value)


def _number(value: int | float) -> str:
    if isinstance(value, int):
        return str(value)
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    return repr(value)


def _text(value: str) -> str:
    if _BARE.fullmatch(value) and isinstance(resolve(value), str):
        return value
    return '"' + "".join(map(_character, value)) + '"'


def _character(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if _PRINTABLE.fullmatch(character):
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
