"""Weather that contradicts itself, or what a sensor says of the air: looked for before anything is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from simgen import registry
from simgen.scenario.declared import article, declared
from simgen.scenario.decode import Decoder
from simgen.scenario.distributions import distribution_of
from simgen.scenario.names import entries_of
from simgen.yaml.nodes import ListNode, MapNode, Node, ScalarNode

#: the key by which sensors and effects that need it say how warm the air is
TEMPERATURE = "air_temperature_c"
#: rain that washes dust out of the air, and that leaves no snow lying, mm/h
WASHES_MM_H, MELTS_MM_H = 3.0, 10.0
#: visibility of everything together below which no scene is meant, m
LEAST_M = 1.0


@dataclass(frozen=True, kw_only=True, eq=False)
class _Part:
    """One effect that an item of ``weather`` brings, as far as the file tells."""

    name: str
    cls: type
    #: the item
    node: Node
    #: its numbers that are certain
    numbers: Mapping[str, float]
    #: whether it is there all the time
    steady: bool = True


def check_weather(decoder: Decoder, root: MapNode) -> None:
    """One air has one fog, one rain ..., and snow does not fall in summer. What is still random is passed over."""
    listed = root.values.get("weather")
    items = listed.items if isinstance(listed, ListNode) else ()
    parts = [part for item in items for part in _parts(item, item)]
    seen: dict[str, Node] = {}
    for item in items:
        for part in {p.name: p for p in parts if p.node is item}.values():
            name = part.name
            if name in seen and getattr(part.cls, "only_one", False):
                said = f"there is already {article(name)} on line {seen[name].line}, and the air has only one"
                decoder.fault(item, said, "leave one of them out")
            seen.setdefault(name, item)
            _check_temperature(decoder, root, part, parts)
    together = [part for part in parts if part.steady]
    _check_rain(decoder, together)
    _check_visibility(decoder, together)
    random = any(distribution_of(item) is not None for item in items)
    if not random and not any(getattr(part.cls, "wets", False) for part in parts):
        for part in (p for p in parts if getattr(p.cls, "needs_wet", False)):
            decoder.fault(part.node, f"{part.name} needs a wet road, and nothing wets it", "add rain or wet_ground")


def _parts(node: Node | None, item: Node, steady: bool = True) -> Iterator[_Part]:
    """The effects that an item of ``weather`` brings."""
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        yield from _named(node.value, {}, item, steady)
    if not isinstance(node, MapNode):
        return
    name = node.text("type")
    if name == "preset":
        from simgen.weather.preset import effects_of, presets

        kind = node.text("kind")
        for effect in effects_of(kind) if kind in presets() and kind else ():
            numbers = {f.name: getattr(effect, f.name) for f in fields(effect)}
            yield _Part(name=effect.plugin_name, cls=type(effect), node=item, numbers=_certain(numbers), steady=steady)
    elif name == "change":
        for end in ("from", "to"):
            yield from _parts(node.values.get(end), item, steady=False)
    elif name is not None:
        yield from _named(name, node.values, item, steady)


def _named(name: str, given: Mapping[str, Node], item: Node, steady: bool) -> Iterator[_Part]:
    cls = registry.find("weather", name)
    if cls is None:
        return
    numbers: dict[str, Any] = {key: field.default for key, field in declared(cls).items()}
    numbers |= {key: value.value if isinstance(value, ScalarNode) else None for key, value in given.items()}
    yield _Part(name=name, cls=cls, node=item, numbers=_certain(numbers), steady=steady)


def _certain(values: Mapping[str, Any]) -> dict[str, float]:
    return {key: float(v) for key, v in values.items() if isinstance(v, int | float) and not isinstance(v, bool)}


def _check_temperature(decoder: Decoder, root: MapNode, part: _Part, parts: list[_Part]) -> None:
    warmest = getattr(part.cls, "warmest_c", float("inf"))
    no = f"{part.name} does not fall" if part.name in ("snow", "hail") else f"there is no {part.name}"
    for sensor in entries_of(root, "sensors"):
        said = sensor.values.get(TEMPERATURE)
        value = said.value if isinstance(said, ScalarNode) else None
        if said is None or not isinstance(value, int | float) or value <= warmest:
            continue
        where = f"the sensor {sensor.text('name')!r} has air of {value:g} C on line {said.line}"
        decoder.fault(part.node, f"{no} above {warmest:g} C, but {where}", "change one of them")
    for other in parts:
        value = other.numbers.get(TEMPERATURE)
        if other.node is not part.node and value is not None and value > warmest and _tells(other):
            where = f"the {other.name} on line {other.node.line} has air of {value:g} C"
            decoder.fault(part.node, f"{no} above {warmest:g} C, but {where}", "change one of them")


def _tells(part: _Part) -> bool:
    """Whether an effect itself says how warm the air is; a default says nothing."""
    return isinstance(part.node, MapNode) and TEMPERATURE in part.node.values


def _check_rain(decoder: Decoder, parts: list[_Part]) -> None:
    """Rain that takes away what another effect says is there."""
    for rain in (p for p in parts if p.name == "rain"):
        rate = rain.numbers.get("rate_mm_h", 0.0)
        for part in parts:
            where = f"the rain of {rate:g} mm/h on line {rain.node.line}"
            if part.name == "dust" and rate > WASHES_MM_H:
                decoder.fault(part.node, f"{where} washes dust out of the air", f"at most {WASHES_MM_H:g} mm/h")
            if part.name == "snow_cover" and rate > MELTS_MM_H:
                decoder.fault(part.node, f"{where} leaves no snow lying", f"at most {MELTS_MM_H:g} mm/h")


def _check_visibility(decoder: Decoder, parts: list[_Part]) -> None:
    """Media add: together they must leave something to see."""
    thick = [part for part in parts if part.numbers.get("visibility_m", 0.0) > 0.0]
    total = sum(1.0 / part.numbers["visibility_m"] for part in thick)
    if len(thick) > 1 and 1.0 / total < LEAST_M:
        names = " and ".join(part.name for part in thick)
        said = f"{names} together leave a visibility of {1.0 / total:.2g} m, which must be at least {LEAST_M:g} m"
        decoder.fault(thick[-1].node, said, "make one of them thinner")
