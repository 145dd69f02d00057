"""Checks of a scene file that look at more than one value: names, and what refers to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from simgen import registry
from simgen.assembly import built_world
from simgen.errors import UserError
from simgen.records.layout import WorldLayout
from simgen.scenario.declared import nearest
from simgen.scenario.decode import Decoder
from simgen.scenario.distributions import distribution_of
from simgen.scenario.names import EGO, RESERVED, entries_of, name_fault, object_names
from simgen.scenario.traffic import GROUPS
from simgen.scenario.uncertain import UNKNOWN, Reference
from simgen.scene import Scene
from simgen.taxonomy import classes
from simgen.worlds.base import World
from simgen.yaml.nodes import ListNode, MapNode, Node


def check_names(decoder: Decoder, root: MapNode) -> None:
    """Names of objects and of sensors are names, and unique."""
    for key in ("objects", "sensors"):
        seen: dict[str, Node] = {}
        for entry in entries_of(root, key):
            name = entry.text("name")
            if name is None:
                continue
            node = entry.values["name"]
            problem = name_fault(name) if name or key == "sensors" else None
            if problem:
                decoder.fault(node, problem)
            elif key == "objects" and name in RESERVED:
                decoder.fault(node, f"an object may not be called {name!r}", f"reserved: {', '.join(RESERVED)}")
            elif name in seen:
                decoder.fault(node, f"there is already {_one(key)} called {name!r}", f"on line {seen[name].line}")
            seen.setdefault(name, node)


def check_references(decoder: Decoder, root: MapNode, world: Any, seed: int) -> None:
    """Whatever names an entity or a lane names one that exists, as far as the file alone can tell."""
    known = set(declared_entities(root))
    sensors = {name for entry in entries_of(root, "sensors") if (name := entry.text("name"))}
    _check_catalogues(decoder, root)
    references = [single for ref in decoder.references for single in _singled(ref)]
    pending = [ref for ref in references if ref.value and not _settled(ref, known, sensors)]
    if not pending:
        return
    layout = _layout(decoder, root, world, seed)
    if layout is None:
        return
    for reference in pending:
        _check_in_world(decoder, reference, known | (sensors if reference.kind == "party" else set()), layout)


def _check_catalogues(decoder: Decoder, root: MapNode) -> None:
    """Names of assets, of classes and of the scene's own sensors."""
    sensors = [name for entry in entries_of(root, "sensors") if (name := entry.text("name"))]
    listed = root.values.get("sensors")
    items = listed.items if isinstance(listed, ListNode) else ()
    random_sensors = any(node is not None and distribution_of(node) for node in (listed, *items))
    for reference in decoder.references:
        known: Iterable[str] = ()
        if reference.kind == "asset":
            if registry.find("asset", reference.value) is not None:
                continue
            known = registry.names("asset")
        elif reference.kind == "class":
            known = classes()
        elif reference.kind == "sensor" and not random_sensors:
            known = sensors
        else:
            continue
        if reference.value and reference.value not in known:
            decoder.fault(
                reference.node, f"unknown {reference.kind} {reference.value!r}", nearest(reference.value, known)
            )


def _singled(reference: Reference) -> list[Reference]:
    """A party may be two: ``NAME@WATCHER``."""
    if reference.kind != "party":
        return [reference]
    return [replace(reference, value=name) for name in reference.value.split("@")]


def _settled(reference: Reference, known: set[str], sensors: set[str]) -> bool:
    if reference.kind in ("entity", "party"):
        named = reference.value in known or reference.value.split("/")[0] in known
        return named or (reference.kind == "party" and reference.value in sensors)
    return reference.kind != "lane"


def _layout(decoder: Decoder, root: MapNode, world: Any, seed: int) -> WorldLayout | None:
    """The world, where it is certain; a fault if it cannot be built."""
    if world is UNKNOWN or not isinstance(world, World):
        return None
    try:
        return built_world(world, seed)
    except (UserError, ValueError) as error:
        decoder.fault(root.values["world"], str(error))
        return None


def _check_in_world(decoder: Decoder, reference: Reference, known: set[str], layout: WorldLayout) -> None:
    if reference.kind == "lane":
        lanes = [lane.name for lane in layout.map.lanes]
        if not any(name == reference.value or name.startswith(reference.value + "/") for name in lanes):
            hint = nearest(reference.value, lanes) if lanes else "this world has no lanes"
            decoder.fault(reference.node, f"there is no lane {reference.value!r}", hint)
        return
    props = {prop.name for prop in layout.props if prop.tracked}
    if reference.value not in props and not any(reference.value.startswith(f"{p}/") for p in props):
        names = sorted(known | props)
        decoder.fault(reference.node, f"nothing is called {reference.value!r}", nearest(reference.value, names))


def declared_entities(root: MapNode) -> Iterator[str]:
    """Every name that the file itself gives to entities, and ``world``."""
    yield "world"
    if EGO in root.values:
        yield EGO
    yield from object_names(root)
    if "traffic" in root.values:
        yield from GROUPS
    if "openscenario" in root.values:
        yield EGO
    for node in _actors(root):
        parts = node.values.get("parts")
        for part in (
            node.values.get("rider"),
            node.values.get("trailer"),
            *(parts.items if isinstance(parts, ListNode) else ()),
        ):
            if isinstance(part, MapNode) and part.text("name"):
                yield part.text("name") or ""
    for entry in entries_of(root, "edge_cases"):
        for key in ("actor", "name", "type"):
            if entry.text(key):
                yield entry.text(key) or ""
        for actor in entries_of(entry, "actors"):
            yield actor.text("name") or ""


def _actors(root: MapNode) -> Iterator[MapNode]:
    ego = root.values.get(EGO)
    if isinstance(ego, MapNode):
        yield ego
    yield from entries_of(root, "objects")


def _one(key: str) -> str:
    return "an object" if key == "objects" else "a sensor"


def check_splits(decoder: Decoder, root: MapNode, split: Any, splits: Any) -> None:
    """Shares that say nothing, or two ways of saying them."""
    if "split" in root.values and "splits" in root.values:
        decoder.fault(root.keys["splits"], "split and splits contradict each other", "give one of them")
    elif isinstance(splits, Mapping) and not sum(splits.values()) > 0.0:
        decoder.fault(root.values["splits"], "at least one share must be more than 0")
    for name in (split, *(splits if isinstance(splits, Mapping) else ())):
        if isinstance(name, str) and (problem := name_fault(name)):
            decoder.fault(root.values["splits" if "splits" in root.values else "split"], problem)


def check_scene(decoder: Decoder, root: MapNode, scene: Scene) -> None:
    """A certain scene's names and ids are unique, and its sensors sit on something."""
    node = root.values["certain"]
    names = [entity.name for entity in scene.entities]
    instances = [entity.instance for entity in scene.entities]
    sensors = [sensor.name for sensor in scene.sensors]
    unique: dict[str, list[Any]] = {"entities": names, "instance ids": instances, "sensors": sensors}
    for what, values in unique.items():
        if len(set(values)) < len(values):
            twice = next(v for v in values if values.count(v) > 1)
            decoder.fault(node, f"two {what} are {twice!r}")
    if any(instance < 1 for instance in instances):
        decoder.fault(node, "instance ids start at 1")
    known = {"world", *names}
    for sensor in scene.sensors:
        on = sensor.mount.on
        if on not in known and on.rsplit("/", 1)[0] not in known:
            decoder.fault(node, f"sensor {sensor.name!r} is mounted on {on!r}, which does not exist")
    for entity in scene.entities:
        if entity.parent is not None and entity.parent not in known:
            decoder.fault(node, f"{entity.name!r} rides on {entity.parent!r}, which does not exist")
        if entity.towed_by is not None and entity.towed_by not in known:
            decoder.fault(node, f"{entity.name!r} is towed by {entity.towed_by!r}, which does not exist")
