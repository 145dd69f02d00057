"""Pinned values: what stands in place of draws, in a scene and in a scene file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any, Final

from simgen.errors import UserError
from simgen.scenario import distributions as dist
from simgen.scenario.declared import nearest
from simgen.scenario.names import entries_of
from simgen.scenario.space import Dimension, general, written
from simgen.scenario.write import as_plain, flow
from simgen.yaml.nodes import ListNode, MapNode

_ANCHOR: Final = re.compile(r"&\S+\s+")

#: a piece of a text, from start to end, and what stands there instead
Edit = tuple[int, int, str]


def check_pins(root: MapNode, source: str, values: Mapping[str, Any]) -> dict[str, Dimension]:
    """The distribution in whose place each value stands, by path.

    Raises:
        UserError: nothing is drawn under a path, or a distribution cannot draw the value.
    """
    known = {dimension.path: dimension for dimension in written(root)}
    found: dict[str, Dimension] = {}
    for path, value in values.items():
        dimension = known.get(path) or known.get(general(path))
        if dimension is None:
            said = nearest(path, known) or (f"drawn are {', '.join(known)}" if known else "nothing is random there")
            raise UserError(f"{source} draws nothing called {path!r}: {said}")
        problem = _fault(dimension, value)
        if problem:
            raise UserError(f"{path} cannot be {value!r}: {problem}")
        found[path] = dimension
    return found


def _fault(dimension: Dimension, value: Any) -> str | None:
    """Why a distribution cannot draw a value, or None."""
    if dimension.categorical:
        try:
            dimension.interval(value)
        except ValueError as error:
            return str(error)
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"{dimension.kind} draws numbers"
    if dimension.whole and not isinstance(value, int):
        return f"{dimension.kind} draws whole numbers"
    if dimension.parameters:
        low, high = dimension.bounds
        if not low <= value <= high:
            return f"{dimension.kind} draws from {low:g} to {high:g}"
    return None


def pinned_text(text: str, root: MapNode, source: str, values: Mapping[str, Any], seed: int | None) -> str:
    """A scene file with values in place of distributions; whatever else is written stays, comments included.

    Raises:
        UserError: as for :func:`check_pins`; a value is not written in this file, or it is written once for several
            paths that get different values, or for every copy of an entry.
    """
    values = {path: as_plain(value) for path, value in values.items()}
    pins = check_pins(root, source, values)
    ends = dict(_ends(_composed(text)))
    starts = _line_starts(text)
    edits: dict[int, Edit] = {}
    for path, dimension in pins.items():
        if "[*]" in dimension.path:
            raise UserError(f"{path} is drawn by one copy of several, and the file has one place for all of them")
        at = dimension.node
        if at.file:
            raise UserError(f"{path} is written in {at.file}, not in {source}")
        edit = _edit(text, starts[at.line - 1] + at.column - 1, ends, dimension, values[path], root)
        if edits.setdefault(edit[0], edit) != edit:
            raise UserError(f"{path} shares its place in {source} with another draw: write the alias out")
    every = [*edits.values(), *([] if seed is None else [_seed_edit(text, seed)])]
    return _spliced(text, every)


def _edit(text: str, start: int, ends: Mapping[int, int], dimension: Dimension, value: Any, root: MapNode) -> Edit:
    end = ends[start]
    anchor = _ANCHOR.match(text, start)
    start = anchor.end() if anchor else start
    if dimension.path.endswith(f".{dist.CHOICE}") and dimension.categorical:
        return _weighted(text, start, end, dimension, value)
    return start, end, flow(value) if _bare(dimension, root) else flow({dist.CONSTANT: value})


def _weighted(text: str, start: int, end: int, dimension: Dimension, index: int) -> Edit:
    """A choice between mappings stays one, with all its weight on one option: so the draws inside keep their paths."""
    options = dimension.node.values[dist.CHOICE]
    assert isinstance(options, ListNode)
    weights = flow([int(k == index) for k in range(len(options.items))])
    said = dimension.node.values.get(dist.WEIGHTS)
    if said is not None:
        at = _line_starts(text)[said.line - 1] + said.column - 1
        return at, dict(_ends(_composed(text)))[at], weights
    if text[start] == "{":
        return start + 1, start + 1, f"{dist.WEIGHTS}: {weights}, "
    return start, start, f"{dist.WEIGHTS}: {weights}\n{' ' * (dimension.node.column - 1)}"


def _bare(dimension: Dimension, root: MapNode) -> bool:
    """Whether a value may stand by itself: an item of a list, or the asset of an entry without a name, would be
    called after it, and its draws would have other paths."""
    node = dimension.node
    nameless = [e.values.get("asset") for e in entries_of(root, "objects") if not e.text("name")]
    return not any(asset is node for asset in nameless) and not _is_item(root, node)


def _is_item(tree: Any, node: MapNode) -> bool:
    if isinstance(tree, ListNode):
        return any(
            (item is node and dist.distribution_of(item) == dist.CHOICE) or _is_item(item, node) for item in tree.items
        )
    return isinstance(tree, MapNode) and any(_is_item(value, node) for value in tree.values.values())


def _seed_edit(text: str, seed: int) -> Edit:
    """The scene's own seed, written at the top where it was not written."""
    top = _composed(text)
    for key, value in top.value:
        if key.value == "seed":
            return value.start_mark.index, value.end_mark.index, str(seed)
    start = top.value[0][0].start_mark.index
    return start, start, f"seed: {seed}, " if top.flow_style else f"seed: {seed}\n"


def _spliced(text: str, edits: list[Edit]) -> str:
    """The outermost edits, made from the end so that positions stay right."""
    widest = sorted(edits, key=lambda edit: (edit[0], -edit[1]))
    kept: list[Edit] = []
    for edit in widest:
        if not kept or edit[0] >= kept[-1][1]:
            kept.append(edit)
    for start, end, new in reversed(kept):
        text = text[:start] + new + text[end:]
    return text


def _composed(text: str) -> Any:
    from ruamel.yaml import YAML

    return YAML(typ="safe", pure=True).compose(StringIO(text))


def _ends(node: Any) -> Iterator[tuple[int, int]]:
    """Where every node starts and ends; blocks end with their last piece, not with the comments after it."""
    children = [c for pair in node.value for c in pair] if node.id == "mapping" else node.value
    below = [] if node.id == "scalar" else [pair for child in children for pair in _ends(child)]
    yield from below
    flat = node.id == "scalar" or node.flow_style
    yield node.start_mark.index, node.end_mark.index if flat or not below else max(end for _, end in below)


def _line_starts(text: str) -> list[int]:
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def with_keys(text: str, root: MapNode, source: str, keys: Mapping[str, Any]) -> str:
    """A scene file as it is, with some keys of the top level written anew, as lines of their own at its end.

    Raises:
        UserError: the file has one of them, and not at the start of a line of its own.
    """
    lines = text.rstrip().splitlines()
    kept = [line for line in lines if not re.match(rf"({'|'.join(keys)})\s*:", line)]
    if len(lines) - len(kept) < sum(key in root.values for key in keys):
        raise UserError(f"{source}: write {', '.join(keys)} at the start of lines of their own")
    return "\n".join([*kept, *(f"{key}: {flow(as_plain(value))}" for key, value in keys.items())]) + "\n"


__all__ = ["check_pins", "pinned_text", "with_keys"]
