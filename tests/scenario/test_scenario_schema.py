"""The JSON Schema and the decoder give the same verdict on structure: on good scenes, on mistakes, on damage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from helpers_scenes import shipped
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scenario_plugins import SCENE
from test_scenario_mistakes import ONE, TEN, small

from simgen.errors import SceneError
from simgen.scenario import load, loads, scene_to_yaml
from simgen.scenario.schema import scene_schema
from simgen.yaml.nodes import plain
from simgen.yaml.text import parse

#: words of messages about what a schema cannot see: more than one value, or what the file does not hold
BEYOND = (
    "there is no lane", "nothing is called", "is already", "contradict", "is not a name", "may not be called",
    "needs a lane or a place", "follows no behaviour", "has no output", "but 1 weights", "weight must be more",
    "share must be more", "duplicate key", "bound", "reaches from", "hardly anything", "finite", "deviation",
    "must be more than 0, not 0 (uniform", "no rig file", "cannot begin a name", "or focal_px, not both", "turns at",
    "has no sensor 'velodine'",
)  # fmt: skip


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = scene_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def data(text: str) -> Any:
    return plain(parse(text, "f"))


#: the sensors whose plugins every installation has
RIG = "simgen: 1\nworld: yard\nsensors: [{rig: kitti, without: [oxts_*], on: anvil,"

GOOD = [
    SCENE,
    "simgen: 1\nworld: yard\n",
    "simgen: 1\nworld: {choice: [yard, {type: yard, size_m: {uniform: [20, 30]}}], weights: [1, 2]}\n",
    "simgen: 1\nworld: yard\nlight: {elevation_deg: 5, type: lamp}\n",
    "simgen: 1\nworld: yard\nlight: {}\n",
    "simgen: 1\nworld: yard\nweather: {choice: [[], [mist], [mist, fog]]}\n",
    "simgen: 1\nworld: yard\nweather: [{type: mist, profile: [{uniform: [0, 1]}, 2, {poisson: 3}], layers: 2.0}]\n",
    "simgen: 1\nworld: yard\nweather: [{type: mist, visibility_m: {uniform: [{integer: [5, 6]}, {constant: 9}]}}]\n",
    "simgen: 1\nworld: yard\nobjects: [{asset: {type: crate, color: [0, 1, 0]}, place: {in: road}, vanish_s: .inf}]\n",
    f"{RIG} set: {{image_*: {{width: 80}}, velodyne: {{noise: false, start_s: {{uniform: [0, 1]}}}}}}}}]\n",
    f"{RIG} prefix: a_, offset_m: [0, 0, 1.5], set: {{image_00: {{hfov_deg: null, focal_px: 90}}}}}}]\n",
    "simgen: 1\nworld: yard\nsensors: {choice: [[], [{rig: kitti, on: world, without: [oxts_*]}]]}\n",
    "simgen: 1\nworld: yard\nsplits: {train: 1, val: 2}\norigin: [1, 2, {uniform: [3, 4]}]\nego: null\n",
]


@pytest.mark.parametrize("text", GOOD, ids=range(len(GOOD)))
def test_good_scenes_pass_both(validator: jsonschema.Draft202012Validator, text: str) -> None:
    loads(text, "f")
    assert [e.message for e in validator.iter_errors(data(text))] == []


@pytest.mark.parametrize("path", shipped())
def test_shipped_scenes_pass_both(validator: jsonschema.Draft202012Validator, path: Path) -> None:
    load(path)
    assert [e.message for e in validator.iter_errors(data(path.read_text()))] == []


def test_certain_scenes_pass_both(validator: jsonschema.Draft202012Validator) -> None:
    text = scene_to_yaml(loads(SCENE, "f").sample(2))
    assert [e.message for e in validator.iter_errors(data(text))] == []
    assert not validator.is_valid(data(text.replace("layers: 1", "layers: {integer: [1, 2]}")))
    assert not validator.is_valid(data(text.replace("instance: 2,", "instance: x,")))
    assert not validator.is_valid(data(text.replace("tags:", "tagz:")))


@pytest.mark.parametrize(("files", "right"), [("models/*.obj", True), (3, False)])
def test_it_knows_files_by_pattern(validator: jsonschema.Draft202012Validator, files: object, right: bool) -> None:
    thing = {"asset": {"type": "mesh_file", "path": {"files": files}}, "place": {"on": "ground"}}
    assert validator.is_valid({"simgen": 1, "world": {"type": "empty"}, "objects": [thing]}) is right


STRUCTURAL = [line for line, message in ONE.items() if not any(words in message for words in BEYOND)]


@pytest.mark.parametrize("line", STRUCTURAL, ids=lambda line: line[:60])
def test_mistakes_of_structure_fail_both(validator: jsonschema.Draft202012Validator, line: str) -> None:
    assert not validator.is_valid(data(small(line)))


def test_the_ten_mistakes_fail_both(validator: jsonschema.Draft202012Validator) -> None:
    assert not validator.is_valid(data(TEN))
    assert len(STRUCTURAL) > 20


BITS = [
    "[]", "{}", "-1", "0", "2.5", "true", "~", "x", "{uniform: [0, 1]}", "{uniform: x}", "{poisson: 2}",
    "[1, 2, 3]", "{choice: []}", "{choice: [1, x]}", "{choice: [1], weights: [2]}", "{constant: 5}", "{type: crate}",
    "{type: mist}", "[crate]", "crate", "{integer: [1, 2, 3]}", "{uniform: [1, 2], more: 1}",
]  # fmt: skip


def verdict(text: str) -> tuple[bool, list[str]]:
    """Whether the decoder takes a text, and its messages that a schema could have given as well."""
    try:
        loads(text, "f")
    except SceneError as error:
        return False, [str(f) for f in error.faults if not any(words in str(f) for words in BEYOND)]
    return True, []


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(choice=st.data())
def test_damaged_scenes_get_the_same_verdict(validator: jsonschema.Draft202012Validator, choice: st.DataObject) -> None:
    words = SCENE.split(" ")
    spot = choice.draw(st.integers(2, len(words) - 1))
    tail = "".join(c for c in words[spot] if c in ",]}\n")
    words[spot] = choice.draw(st.sampled_from(BITS)) + tail
    text = " ".join(words)
    try:
        tree = data(text)
    except SceneError:
        return
    good, structural = verdict(text)
    if good:
        assert [e.message for e in validator.iter_errors(tree)] == [], text
    elif structural:
        assert not validator.is_valid(tree), (text, structural)


def test_the_schema_says_units_defaults_and_bounds() -> None:
    schema = scene_schema()
    mist = next(d for key, d in schema["$defs"].items() if key.endswith("Mist"))
    about = mist["properties"]["visibility_m"]
    assert about["description"] == "how far one sees [m]"
    assert about["default"] == 200.0
    assert mist["additionalProperties"] is False
    assert '"minimum": 1.0' in json.dumps(schema["$defs"])
    assert json.loads(json.dumps(schema, allow_nan=False)) == schema


def test_every_reference_in_the_schema_leads_somewhere() -> None:
    schema = scene_schema()
    text = json.dumps(schema)
    for part in text.split('"$ref": "#/$defs/')[1:]:
        assert part.split('"')[0] in schema["$defs"]
