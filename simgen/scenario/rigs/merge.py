"""One sensor of a rig on its carrier: moved, changed and renamed, as nodes that keep where they come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, TypeGuard

from simgen.scenario import distributions as dist
from simgen.scenario.decode import Decoder
from simgen.scenario.document import RigUse
from simgen.yaml.nodes import ListNode, MapNode, Node, ScalarNode, walk

#: keys of a mount that are points in the carrier's frame
_POINTS: Final = ("position_m", "look_at_m")


def carried(decoder: Decoder, line: MapNode, use: RigUse, sensor: MapNode, changes: Sequence[MapNode]) -> MapNode:
    """A rig's sensor as the scene would list it. ``line`` is the scene's line, ``use`` what it says."""
    mount = sensor.values.get("mount", MapNode(sensor.line, sensor.column, {}, {}, file=sensor.file))
    if isinstance(mount, MapNode) and "on" not in mount.values:
        mount = _moved(decoder, line, use, sensor, mount)
        mount = mount.having("on", _said(line.values.get("on", line.values["rig"]), use.on))
    found = sensor.having("mount", mount)
    for change in changes:
        found = merged(found, change)
    return found.having("name", _said(line.values["rig"], use.prefix + (sensor.text("name") or "")))


def _said(where: Node, value: str) -> ScalarNode:
    """A text that the scene says at a place."""
    return ScalarNode(where.line, where.column, value, file=where.file)


def _moved(decoder: Decoder, line: MapNode, use: RigUse, sensor: MapNode, mount: MapNode) -> MapNode:
    """A mount with its points moved by ``offset_m``."""
    if not any(use.offset_m):
        return mount
    zero = ScalarNode(mount.line, mount.column, 0.0, file=mount.file)
    origin = ListNode(mount.line, mount.column, (zero,) * 3, file=mount.file)
    for key in _POINTS:
        point = mount.values.get(key, origin if key == "position_m" else None)
        if point is None:
            continue
        if any(dist.distribution_of(inner) is not None for inner in walk(point)):
            said = f"offset_m cannot move sensor {sensor.text('name')!r}: its {key} is random in the rig file"
            decoder.fault(line.values["offset_m"], said, "set the position instead")
        mount = mount.having(key, _plus(point, use.offset_m))
    return mount


def merged(base: MapNode, change: MapNode) -> MapNode:
    """A mapping with another laid over it, mappings in mappings likewise.

    Lists, draws and mappings of another ``type`` replace what was there as a whole.
    """
    for key, value in change.values.items():
        old = base.values.get(key)
        if is_mapping(old) and is_mapping(value) and "type" not in value.values:
            value = merged(old, value)
        base = replace(base, values={**base.values, key: value}, keys={**base.keys, key: change.keys[key]})
    return base


def is_mapping(node: Node | None) -> TypeGuard[MapNode]:
    """Whether a node is a mapping, and no distribution."""
    return isinstance(node, MapNode) and dist.distribution_of(node) is None


def _plus(point: Node, offset: tuple[float, ...]) -> Node:
    """A list of numbers with others added; what is no such list is left for the decoder to refuse."""
    if not isinstance(point, ListNode):
        return point
    numbers = list(_numbers(point.items))
    if not len(numbers) == len(point.items) == len(offset):
        return point
    sums = zip(point.items, numbers, offset, strict=True)
    return replace(point, items=tuple(ScalarNode(i.line, i.column, n + o, file=i.file) for i, n, o in sums))


def _numbers(items: tuple[Node, ...]) -> Iterator[float]:
    for item in items:
        if isinstance(item, ScalarNode) and isinstance(item.value, int | float) and not isinstance(item.value, bool):
            yield float(item.value)


__all__ = ["carried", "is_mapping", "merged"]
