"""Weather that contradicts itself, or what a sensor says of the air: looked for before anything is made."""

from __future__ import annotations

from collections.abc import Iterator

from simgen import registry
from simgen.scenario.declared import article
from simgen.scenario.decode import Decoder
from simgen.scenario.names import entries_of
from simgen.yaml.nodes import ListNode, MapNode, Node, ScalarNode

#: the key by which sensors that need it say how warm the air is
TEMPERATURE = "air_temperature_c"


def check_weather(decoder: Decoder, root: MapNode) -> None:
    """One air has one fog, one rain ..., and snow does not fall in summer. What is still random is passed over."""
    listed = root.values.get("weather")
    seen: dict[str, Node] = {}
    for item in listed.items if isinstance(listed, ListNode) else ():
        for name in dict.fromkeys(_effects(item)):
            effect = registry.find("weather", name)
            if effect is None:
                continue
            if name in seen and getattr(effect, "only_one", False):
                said = f"there is already {article(name)} on line {seen[name].line}, and the air has only one"
                decoder.fault(item, said, "leave one of them out")
            seen.setdefault(name, item)
            _check_temperature(decoder, root, item, name, getattr(effect, "warmest_c", float("inf")))


def _effects(node: Node | None) -> Iterator[str]:
    """The names of the effects that an item of ``weather`` brings, as far as the file tells."""
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        yield node.value
    if not isinstance(node, MapNode):
        return
    name = node.text("type")
    if name == "preset":
        from simgen.weather.preset import effects_of, presets

        kind = node.text("kind")
        yield from (e.plugin_name for e in effects_of(kind)) if kind in presets() and kind else ()
    elif name == "change":
        for end in ("from", "to"):
            yield from _effects(node.values.get(end))
    elif name is not None:
        yield name


def _check_temperature(decoder: Decoder, root: MapNode, item: Node, name: str, warmest: float) -> None:
    for sensor in entries_of(root, "sensors"):
        said = sensor.values.get(TEMPERATURE)
        value = said.value if isinstance(said, ScalarNode) else None
        if said is None or not isinstance(value, int | float) or value <= warmest:
            continue
        where = f"the sensor {sensor.text('name')!r} has air of {value:g} C on line {said.line}"
        decoder.fault(item, f"{name} does not fall above {warmest:g} C, but {where}", "change one of them")
