"""What the entries of a scene are called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from simgen.yaml.nodes import ListNode, MapNode, Node, ScalarNode

#: names appear in paths inside files, so neither slashes nor dots
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
EGO: Final = "ego"
#: group of the things that a world brings along
PROPS: Final = "props"
#: what an object may not be called
RESERVED: Final = (EGO, "world", PROPS)


def name_fault(name: str) -> str | None:
    """Why a word is no name, or None."""
    if _NAME.fullmatch(name):
        return None
    return f"{name!r} is not a name: letters, digits, _ and - only, and no digit first"


def entries_of(root: MapNode, key: str) -> tuple[MapNode, ...]:
    """The mappings in a list of the scene."""
    node = root.values.get(key)
    items = node.items if isinstance(node, ListNode) else ()
    return tuple(item for item in items if isinstance(item, MapNode))


def object_names(root: MapNode) -> tuple[str, ...]:
    """The name of every entry of ``objects``: its own, else its asset's, made unique by a number."""
    entries = entries_of(root, "objects")
    taken = {name for entry in entries if (name := entry.text("name"))}
    names: list[str] = []
    for entry in entries:
        name = entry.text("name") or free_name(word_of(entry.values.get("asset")) or "object", taken)
        taken.add(name)
        names.append(name)
    return tuple(names)


def word_of(node: Node | None) -> str:
    """The name of a plugin that a node says for certain, or an empty string."""
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        return node.value
    return (node.text("type") or "") if isinstance(node, MapNode) else ""


def free_name(word: str, taken: Iterable[str] | Mapping[str, object]) -> str:
    """The word, or the word with the first number from 2 that makes it new."""
    used = set(taken)
    name, number = word, 1
    while name in used or name in RESERVED:
        number += 1
        name = f"{word}_{number}"
    return name
