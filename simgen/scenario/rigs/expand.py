"""Rigs written out: wherever a scene includes one, its sensors take the place of the line, changed as it says.

This happens to the tree of nodes, before anything is decoded. So a rig's sensor is checked, drawn and stored like one
that the scene lists itself; every value keeps the file and the position that it comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TypeGuard

from simgen.errors import SceneError
from simgen.scenario import distributions as dist
from simgen.scenario.declared import nearest
from simgen.scenario.decode import Decoder
from simgen.scenario.document import RigUse
from simgen.scenario.names import name_fault
from simgen.scenario.rigs.catalogue import rig_names, rig_path
from simgen.scenario.rigs.file import Rig, read_rig
from simgen.scenario.rigs.merge import carried, is_mapping
from simgen.scenario.uncertain import UNKNOWN
from simgen.yaml.nodes import ListNode, MapNode, Node, describe, walk
from simgen.yaml.text import is_path


def expand_rigs(decoder: Decoder, root: MapNode, folder: Path) -> tuple[MapNode, dict[str, str]]:
    """The scene with the sensors of its rigs written out, and the SHA-256 of each rig file of the user's, by its path.

    ``folder`` is what paths of rig files start from.
    """
    listed = root.values.get("sensors")
    if listed is None:
        return root, {}
    expander = _Expander(decoder, folder)
    return root.having("sensors", expander.listed(listed)), expander.included


class _Expander:
    """Writes out the rigs of one scene and reports what is wrong with the lines that include them."""

    def __init__(self, decoder: Decoder, folder: Path) -> None:
        self.decoder, self.folder = decoder, folder
        self.included: dict[str, str] = {}

    def listed(self, node: Node) -> Node:
        """A list of sensors, or a draw of such lists."""
        name = dist.distribution_of(node)
        if isinstance(node, MapNode) and name in (dist.CHOICE, dist.CONSTANT):
            inner = node.values[name]
            if name == dist.CONSTANT:
                return node.having(name, self.listed(inner))
            return node.having(name, _each(inner, self.listed)) if isinstance(inner, ListNode) else node
        if not isinstance(node, ListNode):
            return node
        items: list[Node] = []
        for item in node.items:
            taken = {name for i in items if isinstance(i, MapNode) and (name := i.text("name"))}
            items += self._use(item, taken) if _includes(item) else self._alone(item)
        return replace(node, items=tuple(items))

    def _alone(self, item: Node) -> list[Node]:
        """An item that stands for one sensor; a draw may not turn it into many."""
        if dist.distribution_of(item) is not None:
            for inner in walk(item):
                if isinstance(inner, MapNode) and _includes(inner):
                    said = "a rig may not be an option for a single sensor"
                    self.decoder.fault(inner, said, "draw the list: sensors: {choice: [[{rig: ...}], [...]]}")
                    return []
        return [item]

    # ------------------------------------------------------------------------------------------------ one line

    def _use(self, node: MapNode, taken: set[str]) -> list[Node]:
        """The sensors that one line brings, or none of them after a fault of the line."""
        before = len(self.decoder.faults)
        self._check_certain(node)
        if len(self.decoder.faults) > before:
            return []
        values = self.decoder.fields(node, RigUse, node.without("set"), "a rig's line")
        if UNKNOWN in values.values() or len(self.decoder.faults) > before:
            return []
        use, rig = RigUse(**values), self._rig(node.values["rig"], values["rig"])
        if rig is None:
            return []
        changes = self._changes(node, use, rig)
        left_out = {name for k, word in enumerate(use.without) for name in self._named(_item(node, k), word, use, rig)}
        kept = {name: sensor for name, sensor in rig.sensors.items() if name not in left_out}
        self._check_names(node, use, kept, taken)
        if len(self.decoder.faults) > before:
            return []
        return [carried(self.decoder, node, use, sensor, changes.get(name, [])) for name, sensor in kept.items()]

    def _check_certain(self, node: MapNode) -> None:
        """What a rig's sensors have in common is not drawn, or each of them would draw its own."""
        for key, value in node.values.items():
            inner = next((n for n in walk(value) if dist.distribution_of(n) is not None), None)
            if inner is not None and key != "set":
                self.decoder.fault(inner, f"{key} of a rig may not be random", "values in its 'set' may be")

    def _rig(self, node: Node, rig: str) -> Rig | None:
        path = rig_path(rig, self.folder)
        if not path.is_file():
            if is_path(rig):
                self.decoder.fault(node, f"there is no rig file {rig!r}", "a path starts at the scene file's folder")
            else:
                self.decoder.fault(node, f"unknown rig {rig!r}", nearest(rig, rig_names()))
            return None
        try:
            found = read_rig(path)
        except SceneError as error:
            self.decoder.faults += [fault for fault in error.faults if fault not in self.decoder.faults]
            return None
        if is_path(rig):
            self.included[rig] = found.sha256
        return found

    def _check_names(self, node: MapNode, use: RigUse, kept: Mapping[str, MapNode], taken: set[str]) -> None:
        problem = name_fault(f"{use.prefix}x")
        if problem:
            said = f"{use.prefix!r} cannot begin a name: letters, digits, _ and - only, and no digit first"
            self.decoder.fault(node.values["prefix"], said)
        twice = [use.prefix + name for name in kept if use.prefix + name in taken]
        if twice:
            more = f" and {len(twice) - 1} more" if len(twice) > 1 else ""
            said = f"there is already a sensor called {twice[0]!r}{more}"
            self.decoder.fault(node.values["rig"], said, "tell them apart with a prefix, for instance prefix: left_")

    def _named(self, node: Node, word: str, use: RigUse, rig: Rig) -> tuple[str, ...]:
        """The sensors that a name means, or a pattern with ``*``; a fault if there are none."""
        found = tuple(name for name in rig.sensors if name == word or ("*" in word and fnmatchcase(name, word)))
        if not found:
            self.decoder.fault(node, f"rig {use.rig!r} has no sensor {word!r}", nearest(word, rig.sensors))
        return found

    def _changes(self, node: MapNode, use: RigUse, rig: Rig) -> dict[str, list[MapNode]]:
        """What ``set`` says of each sensor, in the order of the file."""
        given = node.values.get("set")
        found: dict[str, list[MapNode]] = {}
        if given is None:
            return found
        if not is_mapping(given):
            said = "set must be a mapping of sensors to what is different"
            self.decoder.fault(given, f"{said}, not {describe(given)}", "for instance {cam_front: {width: 800}}")
            return found
        for word, change in given.values.items():
            names = self._named(given.keys[word], word, use, rig)
            if names and self._is_change(change, word):
                for name in names:
                    found.setdefault(name, []).append(change)
        return found

    def _is_change(self, change: Node, word: str) -> TypeGuard[MapNode]:
        if not isinstance(change, MapNode):
            said = f"set.{word} must be a mapping of keys to values, not {describe(change)}"
            self.decoder.fault(change, said)
            return False
        if dist.distribution_of(change) is not None:
            self.decoder.fault(change, f"set.{word} may not be random", "let each of its values be drawn")
            return False
        for key, way in (("name", "use prefix"), ("type", "leave it out and list a sensor of your own")):
            if key in change.values:
                self.decoder.fault(change.keys[key], f"the {key} of a rig's sensor cannot be set", way)
                return False
        return True


def _includes(node: Node) -> TypeGuard[MapNode]:
    """Whether a node is a line that includes a rig."""
    return is_mapping(node) and "rig" in node.values


def _each(node: ListNode, change: Callable[[Node], Node]) -> ListNode:
    return replace(node, items=tuple(change(item) for item in node.items))


def _item(node: MapNode, index: int) -> Node:
    """An item of ``without``."""
    listed = node.values["without"]
    assert isinstance(listed, ListNode)
    return listed.items[index]


__all__ = ["expand_rigs"]
