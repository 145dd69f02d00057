"""The JSON Schema of scene files, from the same declarations that the decoder reads.

It says what a schema can say: keys, types, bounds, names of plugins, and distributions wherever they are allowed. What
takes more than one value to judge (references, sums of weights, cross-field checks) is left to ``simgen validate``.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import is_dataclass
from pathlib import Path
from types import NoneType
from typing import Any, Final, Literal, get_args, get_origin

from simgen import registry
from simgen.scenario import distributions as dist
from simgen.scenario.declared import (
    DEFAULT_TYPES,
    FIXED_KEYS,
    Declared,
    alternatives,
    declared,
    is_fixed_tuple,
    is_mapping,
    item_hint,
    plugin_kind,
)
from simgen.scenario.document import CertainDocument, Document
from simgen.scenario.rigs.catalogue import rig_names, rig_path
from simgen.scenario.rigs.file import read_rig
from simgen.scenario.write import as_plain
from simgen.taxonomy import classes

Schema = dict[str, Any]
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
#: what is longer than this is written once and referred to
_SHORT: Final = 40
_IS_RANDOM: Final[Schema] = {"$ref": "#/$defs/random"}
_BOUNDS: Final = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}


def scene_schema() -> Schema:
    """The schema of a scene file, certain or not; every registered plugin is in it."""
    random, certain = _Builder(random=True), _Builder(random=False)
    return {
        "$schema": _DIALECT,
        "title": "simgen scene",
        "description": "A scene file of simgen, format version 1.",
        "if": {"type": "object", "required": ["certain"]},
        "then": certain.dataclass_(CertainDocument),
        "else": random.dataclass_(Document),
        "$defs": {**random.definitions, **certain.definitions, **_numbers()},
    }


class _Builder:
    """Builds schemas of types; plugins and nested dataclasses become definitions, each once."""

    def __init__(self, *, random: bool) -> None:
        self.random = random
        self.definitions: dict[str, Schema] = {}

    def value(self, hint: Any, metadata: Any, *, fixed: bool = False) -> Schema:
        """Schema of a value, or of a distribution of such values where that is allowed."""
        plain = self._plain(hint, metadata)
        if not self.random or fixed or hint is Any:
            return plain
        numeric = any(member in (int, float) for member in alternatives(hint))
        whole = numeric and float not in alternatives(hint)
        plain = self._shared(plain)
        file = metadata.get("reference") == "file"
        key = f"drawn:{_digest([plain, numeric, whole, file])}"
        itself: Schema = {"$ref": f"#/$defs/{key}"}
        drawn = [_choice(itself), _constant(itself)]
        if numeric:
            drawn.append({"$ref": "#/$defs/random:whole" if whole else "#/$defs/random:number"})
        if file:
            drawn.append(_files())
        self.definitions[key] = {"if": _IS_RANDOM, "then": {"anyOf": drawn}, "else": plain}
        return itself

    def _shared(self, schema: Schema) -> Schema:
        """A reference to the schema: equal ones are written once."""
        if set(schema) == {"$ref"}:
            return schema
        if len(json.dumps(schema)) <= _SHORT:
            return schema
        key = f"value:{_digest(schema)}"
        self.definitions[key] = schema
        return {"$ref": f"#/$defs/{key}"}

    def _plain(self, hint: Any, metadata: Any) -> Schema:
        members = alternatives(hint)
        if len(members) > 1:
            return {"anyOf": [self._plain(m, metadata) for m in members]}
        if hint is Any:
            return {}
        kind = plugin_kind(hint)
        if kind is not None:
            return self._plugin(kind)
        if is_dataclass(hint):
            return self._defined(hint)  # type: ignore[arg-type]
        if get_origin(hint) is tuple:
            return self._tuple(hint, metadata)
        if is_mapping(hint):
            return {"type": "object", "additionalProperties": self.value(item_hint(hint), metadata)}
        return _scalar(hint, metadata)

    def _tuple(self, hint: Any, metadata: Any) -> Schema:
        fixed = bool(metadata.get("fixed_items"))
        if not is_fixed_tuple(hint):
            item = self.value(item_hint(hint), metadata, fixed=fixed)
            if self.random and "includes" in metadata:
                included: Schema = {"type": "object", "required": ["rig"]}
                item = {"if": included, "then": self._rig_use(metadata["includes"]), "else": item}
            return {"type": "array", "items": item}
        items = [self.value(item, metadata) for item in get_args(hint)]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}

    def _plugin(self, kind: str) -> Schema:
        """A name, or a mapping whose ``type`` says which parameters it takes."""
        key = f"{kind}{'' if self.random else ':certain'}"
        if key not in self.definitions:
            self.definitions[key] = {}
            names = registry.names(kind)
            default = DEFAULT_TYPES.get(kind)
            mapping: Schema = {
                "type": "object",
                "properties": {"type": {"enum": list(names)}},
                "required": [] if default else ["type"],
                "allOf": [self._when(kind, name, default) for name in names],
            }
            bare = [name for name in names if not any(f.required for f in declared(registry.get(kind, name)).values())]
            self.definitions[key] = {"anyOf": [{"enum": bare}, mapping]}
        return {"$ref": f"#/$defs/{key}"}

    def _when(self, kind: str, name: str, default: str | None) -> Schema:
        required = [] if name == default else ["type"]
        condition: Schema = {"properties": {"type": {"const": name}}, "required": required}
        return {"if": condition, "then": self._defined(registry.get(kind, name))}

    def _defined(self, cls: type) -> Schema:
        key = f"{cls.__module__}.{cls.__qualname__}{'' if self.random else ':certain'}"
        if key not in self.definitions:
            self.definitions[key] = {}
            self.definitions[key] = self.dataclass_(cls)
        return {"$ref": f"#/$defs/{key}"}

    def _rig_use(self, cls: type) -> Schema:
        """A line that includes a rig; what it may set is known for the rigs that come with simgen."""
        certain = _Builder(random=False)
        line = certain.dataclass_(cls)
        self.definitions |= certain.definitions
        changes = line["properties"]["set"]
        changes.pop("anyOf")  # null is no way to set nothing
        changes["type"] = "object"
        changes["additionalProperties"] = {"type": "object"}
        line["allOf"] = [
            {"if": {"properties": {"rig": {"const": name}}}, "then": {"properties": {"set": self._changes(name)}}}
            for name in rig_names()
        ]
        return self._shared(line)

    def _changes(self, rig: str) -> Schema:
        """What may be set of a rig's sensors, by name or by pattern."""
        sensors = read_rig(rig_path(rig, Path())).sensors
        return {
            "type": "object",
            "properties": {name: self._change(sensor.text("type") or "") for name, sensor in sensors.items()},
            "patternProperties": {r"\*": {"type": "object"}},
            "additionalProperties": False,
        }

    def _change(self, name: str) -> Schema:
        """A sensor's keys without its name and type, none of them required."""
        cls = registry.find("sensor", name)
        if cls is None:
            return {"type": "object"}
        schema = self.dataclass_(cls)
        properties = {key: value for key, value in schema["properties"].items() if key not in FIXED_KEYS}
        return self._shared({**schema, "properties": properties, "required": []})

    def dataclass_(self, cls: type) -> Schema:
        """Schema of a mapping with a dataclass's keys."""
        fields = declared(cls)
        properties = {key: self._field(field) for key, field in fields.items() if not field.words}
        for field in fields.values():
            properties |= self._words(field) if field.words else {}
        if getattr(cls, "plugin_name", None) is not None:
            properties["type"] = {"const": cls.plugin_name}  # type: ignore[attr-defined]
        return {
            "type": "object",
            "description": (cls.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " "),
            "properties": properties,
            "required": [key for key, field in fields.items() if field.required],
            "additionalProperties": False,
        }

    def _words(self, field: Declared) -> dict[str, Schema]:
        """A key for every plugin of a kind whose names are keys."""
        item, found = self.value(item_hint(field.hint), field.metadata), {}
        for name in registry.names(field.words):
            doc = (registry.get(field.words, name).__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ")
            found[name] = {"description": doc, **item}
        return found

    def _field(self, field: Declared) -> Schema:
        schema = self.value(field.hint, field.metadata, fixed=field.fixed or field.key in FIXED_KEYS)
        unit = f" [{field.unit}]" if field.unit else ""
        doc = field.metadata.get("doc", "") + unit
        about: Schema = {"description": doc} if doc else {}
        default = None if field.required else as_plain(field.default)
        if default is not None and not _infinite(default):
            about["default"] = default
        return {**about, **schema}


def _choice(option: Schema) -> Schema:
    return {
        "type": "object",
        "required": [dist.CHOICE],
        "additionalProperties": False,
        "properties": {
            dist.CHOICE: {"type": "array", "minItems": 1, "items": option},
            dist.WEIGHTS: {"type": "array", "items": {"type": "number", "minimum": 0}},
        },
    }


def _constant(option: Schema) -> Schema:
    return {
        "type": "object",
        "required": [dist.CONSTANT],
        "additionalProperties": False,
        "properties": {dist.CONSTANT: option},
    }


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def _infinite(value: Any) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _scalar(hint: Any, metadata: Any) -> Schema:
    if get_origin(hint) is Literal:
        return {"enum": list(get_args(hint))}
    simple: Schema = {float: {"type": "number"}, int: {"type": "integer"}, bool: {"type": "boolean"}}.get(
        hint, {"type": "null"} if hint is NoneType else {"type": "string"}
    )
    if hint in (int, float):
        simple = {**simple, **{word: metadata[key] for key, word in _BOUNDS.items() if key in metadata}}
    if hint is str and metadata.get("reference") in ("asset", "class"):
        named = registry.names("asset") if metadata["reference"] == "asset" else tuple(classes())
        return {"enum": ["", *named]}
    if hint is str and metadata.get("reference") == "rig":
        return {"anyOf": [{"enum": list(rig_names())}, {"type": "string", "pattern": r"/|\.ya?ml$"}]}
    if "choices" in metadata and hint is not NoneType:
        simple = {**simple, "enum": list(metadata["choices"])}
    return simple


def _numbers() -> dict[str, Schema]:
    """Definitions of the distributions of numbers."""
    number: Schema = {"anyOf": [{"type": "number"}, {"$ref": "#/$defs/random:number"}]}
    anything: Schema = {
        "type": "object",
        "minProperties": 1,
        "properties": {
            dist.CHOICE: {"type": "array", "minItems": 1, "items": number},
            dist.WEIGHTS: {"type": "array", "items": {"type": "number", "minimum": 0}},
            dist.CONSTANT: number,
        },
        "additionalProperties": False,
        "anyOf": [{"required": [dist.CHOICE]}, {"required": [dist.CONSTANT], "maxProperties": 1}],
    }
    each = {name: _numeric(name, number) for name in dist.NUMERIC}
    whole = [schema for name, schema in each.items() if dist.NUMERIC[name].whole]
    return {
        "random": {"type": "object", "anyOf": [{"required": [name]} for name in sorted((*dist.NAMES, dist.FILES))]},
        "random:number": {"anyOf": [*each.values(), anything]},
        "random:whole": {"anyOf": whole},
    }


def _files() -> Schema:
    """A choice among files that match a pattern."""
    pattern = {"type": "string", "description": "a pattern of files, from the scene file's folder: models/*.glb"}
    return {
        "type": "object",
        "properties": {dist.FILES: pattern},
        "required": [dist.FILES],
        "additionalProperties": False,
    }


def _numeric(name: str, number: Schema) -> Schema:
    numeric = dist.NUMERIC[name]
    count = len(numeric.parameters)
    listed: Schema = {"type": "array", "items": number, "minItems": count, "maxItems": count}
    shown = ", ".join(numeric.parameters)
    return {
        "type": "object",
        "description": f"{name}: [{shown}]: {numeric.doc}",
        "properties": {name: {"anyOf": [listed, number]} if count == 1 else listed},
        "required": [name],
        "additionalProperties": False,
    }
