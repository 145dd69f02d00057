"""A certain scene, written and read again, is the same scene to the last bit; over every plugin there is."""

from __future__ import annotations

import dataclasses
import math
from types import NoneType
from typing import Any, Literal, get_args, get_origin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simgen import registry
from simgen.errors import SceneError, UserError
from simgen.scenario import loads, plain, scene_from_yaml, scene_to_yaml
from simgen.scenario.declared import (
    Declared,
    alternatives,
    declared,
    is_fixed_tuple,
    is_mapping,
    item_hint,
    plugin_kind,
)
from simgen.scenario.write import flow
from simgen.scene import Clock, Entity, Scene
from simgen.yaml.nodes import plain as plain_node
from simgen.yaml.text import parse

KINDS = ("asset", "world", "weather", "light", "behaviour", "sensor", "edge_case")


def values(field: Declared) -> st.SearchStrategy[Any]:
    return of(field.hint, field.metadata, field.key)


def of(hint: Any, metadata: Any, key: str) -> st.SearchStrategy[Any]:
    """Values of a declared type within its bounds."""
    members = alternatives(hint)
    if len(members) > 1:
        return st.one_of(*[of(m, metadata, key) for m in members])
    if hint is NoneType:
        return st.none()
    if hint is float:
        low, high = metadata.get("ge", metadata.get("gt")), metadata.get("le", metadata.get("lt"))
        floats = st.floats(low, high, allow_nan=False, allow_infinity=False)
        return floats.filter(lambda v: registry.check_range(key, v, metadata) is None)
    if hint is int:
        low = metadata.get("ge", metadata.get("gt", -1) + 1)
        high = metadata.get("le", metadata.get("lt", 1000001) - 1)
        return st.integers(math.ceil(low), math.floor(high))
    if hint is bool:
        return st.booleans()
    if hint is str:
        return st.sampled_from(metadata["choices"]) if "choices" in metadata else st.text(TEXT, max_size=20)
    if get_origin(hint) is Literal:
        return st.sampled_from(get_args(hint))
    if get_origin(hint) is tuple and is_fixed_tuple(hint):
        return st.tuples(*[of(h, metadata, key) for h in get_args(hint)])
    if get_origin(hint) is tuple:
        return st.lists(of(item_hint(hint), metadata, key), max_size=3).map(tuple)
    if is_mapping(hint):
        return st.dictionaries(st.text(TEXT, max_size=8), of(item_hint(hint), metadata, key), max_size=3)
    kind = plugin_kind(hint)
    return plugins(kind) if kind else made(hint)


TEXT = st.characters(exclude_categories=["Cs"])


def plugins(kind: str) -> st.SearchStrategy[Any]:
    return st.sampled_from(registry.names(kind)).flatmap(lambda name: made(registry.get(kind, name)))


def made(cls: type) -> st.SearchStrategy[Any]:
    """Instances of a class: each field drawn or left at its default; what the class refuses is tried without draws."""
    fields = declared(cls)
    required = {f.attribute: values(f) for f in fields.values() if f.required}
    optional = {f.attribute: values(f) for f in fields.values() if not f.required}

    def build(arguments: dict[str, Any]) -> Any:
        try:
            return cls(**arguments)
        except (ValueError, UserError, ArithmeticError):
            return None

    return st.fixed_dictionaries(required, optional=optional).map(build).filter(lambda made: made is not None)


def carrier(kind: str, plugin: Any) -> Scene:
    """A scene that holds the plugin somewhere."""
    base = Scene(
        name="n",
        seed=3,
        clock=Clock(),
        world=registry.get("world", "yard")(),
        light=registry.get("light", "lamp")(),
        entities=(Entity(name="ego", instance=1, asset=registry.get("asset", "crate")(), position=(0.0, 0.0, 0.0)),),
    )
    if kind in ("world", "light"):
        return base.replace(**{kind: plugin})
    if kind == "weather":
        return base.replace(weather=_possible(plugin))
    if kind == "sensor":
        return base.replace(sensors=(dataclasses.replace(plugin, mount=type(plugin.mount)(on="ego")),))
    if kind == "edge_case":
        return base
    return base.replace(entities=(dataclasses.replace(base.entities[0], **{kind: plugin}),))


def _possible(effect: Any) -> tuple[Any, ...]:
    """An effect in a scene that it does not contradict: sources need their thing, spray a wet road."""
    on = getattr(effect, "on", None)
    if on:
        effect = dataclasses.replace(effect, on="ego" if isinstance(on, str) else ("ego",))
    ends = (effect, getattr(effect, "from_", None), getattr(effect, "to", None))
    sprays = any(getattr(end, "plugin_name", "") == "spray" for end in ends)
    return (registry.get("weather", "wet_ground")(), effect) if sprays else (effect,)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_plugin_comes_back_equal(kind: str, data: st.DataObject) -> None:
    if not registry.names(kind):
        return
    scene = carrier(kind, data.draw(plugins(kind)))
    text = scene_to_yaml(scene)
    assert scene_from_yaml(text) == scene
    assert scene_to_yaml(scene_from_yaml(text)) == text


def test_a_drawn_scene_comes_back_whole(scene_text: str) -> None:
    scene = loads(scene_text, "s").sample(5)
    back = scene_from_yaml(scene_to_yaml(scene))
    assert back == scene
    assert (back.seed, back.tags, back.constraints, back.draws) == (5, scene.tags, scene.constraints, scene.draws)
    assert back.entity("ego").vanish_s == math.inf


@given(
    value=st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False)
        | st.text(TEXT)
        | st.sampled_from(
            ["on", "1e-3", "~", "null", "0x10", ".inf", "- a", "a: b", "#", "'", "\x85", "\ufeff", "\u2028"]
        ),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(TEXT), inner, max_size=3),
        max_leaves=8,
    )
)
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_any_plain_value_survives_its_text(value: Any) -> None:
    read = plain_node(parse(f"v: {flow(value)}\n", "f"))["v"]
    assert read == value or "<<" in flow(value)
    assert repr(read) == repr(value) or "<<" in flow(value)


def test_plain_names_the_plugin_and_every_field() -> None:
    eye = registry.get("sensor", "eye")(name="a")
    assert plain(eye)["type"] == "eye"
    assert plain(eye)["mount"]["on"] == "world"
    assert set(plain(eye)) == {"type", *declared(type(eye))}


def test_a_certain_scene_holds_nothing_random(scene_text: str) -> None:
    text = scene_to_yaml(loads(scene_text, "s").sample(5)).replace("layers: 1", "layers: {integer: [1, 2]}")
    with pytest.raises(SceneError, match=r"layers is random \(integer\), but nothing is random in a certain scene"):
        scene_from_yaml(text)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("instance: 2,", "instance: 1,", "two instance ids are 1"),
        ("name: anvil,", "name: ego,", "two entities are 'ego'"),
        ("parent: pallet,", "parent: plate,", "'pallet/crate' rides on 'plate', which does not exist"),
        ("{on: ego/lid,", "{on: og/lid,", "sensor 'lid' is mounted on 'og/lid', which does not exist"),
        ("name: lid,", "name: front,", "two sensors are 'front'"),
    ],
)
def test_a_certain_scene_must_fit_together(scene_text: str, old: str, new: str, message: str) -> None:
    text = scene_to_yaml(loads(scene_text, "s").sample(5))
    assert old in text
    with pytest.raises(SceneError) as caught:
        scene_from_yaml(text.replace(old, new))
    assert message in str(caught.value)


def test_an_uncertain_file_is_no_scene(scene_text: str) -> None:
    with pytest.raises(UserError, match="not certain"):
        scene_from_yaml(scene_text)
