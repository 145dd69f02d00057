"""Files by pattern: ``{files: "models/*.glb"}`` is a choice among all files of that kind, in the order of their names.

This happens to the tree of nodes, before anything is decoded, so what follows knows only the choice.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from simgen.scenario import distributions as dist
from simgen.scenario.decode import Decoder
from simgen.yaml.nodes import ListNode, MapNode, Node, ScalarNode

#: more files than these are a mistake in the pattern
_MOST: Final = 100_000


def expand_files(decoder: Decoder, root: MapNode, folder: Path) -> MapNode:
    """The scene with every pattern of files replaced by a choice; ``folder`` is what patterns start from."""
    expanded = _expanded(decoder, root, folder)
    return expanded if isinstance(expanded, MapNode) else root


def _expanded(decoder: Decoder, node: Node, folder: Path) -> Node:
    if isinstance(node, ListNode):
        items = tuple(_expanded(decoder, item, folder) for item in node.items)
        return node if all(a is b for a, b in zip(items, node.items, strict=True)) else replace(node, items=items)
    if not isinstance(node, MapNode):
        return node
    if dist.FILES in node.values:
        return _choice(decoder, node, folder)
    values = {key: _expanded(decoder, value, folder) for key, value in node.values.items()}
    changed = any(values[key] is not value for key, value in node.values.items())
    return replace(node, values=values) if changed else node


def _choice(decoder: Decoder, node: MapNode, folder: Path) -> Node:
    pattern, key = node.values[dist.FILES], node.keys[dist.FILES]
    if len(node.values) > 1 or not (isinstance(pattern, ScalarNode) and isinstance(pattern.value, str)):
        decoder.fault(pattern, "files takes one pattern and nothing else", 'for instance {files: "models/*.glb"}')
        return node
    found = _matching(pattern.value, folder)
    if not found:
        decoder.fault(pattern, f"no file matches {pattern.value!r}", f"patterns start from {folder.resolve()}")
        found = [pattern.value]
    if len(found) > _MOST:
        decoder.fault(pattern, f"{len(found)} files match {pattern.value!r}", f"at most {_MOST} may")
    listed = ListNode(pattern.line, pattern.column, tuple(replace(pattern, value=name) for name in found))
    listed = replace(listed, file=pattern.file)
    return replace(node, values={dist.CHOICE: listed}, keys={dist.CHOICE: replace(key, value=dist.CHOICE)})


def _matching(pattern: str, folder: Path) -> list[str]:
    """Files (not folders) by name, as a scene would write them."""
    path = Path(pattern)
    if path.is_absolute():
        base, rest = Path(path.anchor), str(path.relative_to(path.anchor))
    else:
        base, rest = folder, pattern
    try:
        files = sorted(p for p in base.glob(rest) if p.is_file())
    except (ValueError, NotImplementedError, OSError):
        return []
    return [str(p if path.is_absolute() else p.relative_to(folder)) for p in files]
