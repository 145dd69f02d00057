"""A rig file: a mapping with the format's version, a few words, and sensors as a scene would list them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from simgen.errors import SceneError
from simgen.scenario.decode import Decoder
from simgen.scenario.distributions import distribution_of
from simgen.scenario.document import fixed
from simgen.scenario.names import name_fault
from simgen.yaml.nodes import ListNode, MapNode, Node
from simgen.yaml.text import FileKind, parse, read_text

_RIG: Final = FileKind(noun="rig", start="a rig file starts with 'simgen_rig: 1'")


@dataclass(frozen=True, kw_only=True)
class RigDocument:
    """The keys of a rig file."""

    simgen_rig: Literal[1] = fixed(doc="version of the rig format")
    about: str = fixed(doc="what it is, in a sentence")
    source: str = fixed("", doc="where the figures are from")
    sensors: tuple[Any, ...] = fixed(doc="its sensors, as a scene lists them; a mount without 'on' is on the carrier")


@dataclass(frozen=True, kw_only=True, eq=False)
class Rig:
    """A rig file without faults of its own; its sensors' values are checked where a scene includes it."""

    path: Path
    #: of the file's text
    sha256: str
    about: str
    source: str
    #: by name, in the file's order
    sensors: Mapping[str, MapNode]


def read_rig(path: Path) -> Rig:
    """The rig of a file that exists.

    Raises:
        SceneError: every fault of the file, with its name.
    """
    return _rig(path, read_text(path, _RIG))


@lru_cache(maxsize=16)
def _rig(path: Path, text: str) -> Rig:
    root = parse(text, str(path), _RIG, included=True)
    decoder = Decoder(str(path), random=True)
    if not isinstance(root, MapNode):
        decoder.fault(root, "a rig file is a mapping of keys to values", "it starts with 'simgen_rig: 1'")
        raise SceneError(decoder.sorted_faults())
    values = decoder.fields(root, RigDocument, root, "the rig")
    listed = root.values.get("sensors")
    sensors = _sensors(decoder, listed) if isinstance(listed, ListNode) else {}
    if decoder.faults:
        raise SceneError(decoder.sorted_faults())
    return Rig(
        path=path,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        about=" ".join(values["about"].split()),
        source=values.get("source", ""),
        sensors=sensors,
    )


def _sensors(decoder: Decoder, listed: ListNode) -> dict[str, MapNode]:
    found: dict[str, MapNode] = {}
    for item in listed.items:
        name = _name(decoder, item)
        if name is None:
            continue
        assert isinstance(item, MapNode)
        if name in found:
            said = f"there is already a sensor called {name!r}"
            decoder.fault(item.values["name"], said, f"on line {found[name].values['name'].line}")
        found.setdefault(name, item)
    return found


def _name(decoder: Decoder, item: Node) -> str | None:
    """The name of a rig's sensor, or None after a fault."""
    if not isinstance(item, MapNode) or distribution_of(item) is not None:
        decoder.fault(item, "a rig's sensor is a mapping with its name and its type", "only its values may be random")
        return None
    if "rig" in item.values:
        decoder.fault(item.keys["rig"], "a rig may not include another", "include both in the scene")
        return None
    for key in ("name", "type"):
        if item.text(key) is None:
            decoder.fault(item.values.get(key, item), f"a rig's sensor needs a {key}, as a word")
            return None
    name = item.text("name") or ""
    problem = name_fault(name)
    if problem:
        decoder.fault(item.values["name"], problem)
        return None
    return name


__all__ = ["Rig", "RigDocument", "read_rig"]
