"""Every scene in ``scenes/`` can be drawn, does what it says, and comes back from its certain form."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from helpers_scenes import shipped

from simgen.scenario import load, loads, scene_from_yaml, scene_to_yaml

SCENES = sorted((Path(__file__).parents[2] / "scenes").glob("*.yaml"))


@pytest.mark.parametrize("path", shipped())
def test_shipped_scenes_can_be_drawn_and_come_back(path: Path) -> None:
    scenario = load(path)
    assert scenario.name == path.stem
    scene = scenario.sample(0)
    assert scene == scenario.sample(0)
    assert scene_from_yaml(scene_to_yaml(scene)) == scene
    assert scene.draws
    assert scene.sensors


def test_the_crossing_shows_what_it_promises() -> None:
    scene = load(next(p for p in SCENES if p.stem == "urban_crossing")).sample(3)
    assert scene.entities[0].name == "ego"
    assert "dart_out" in scene.tags
    assert any(constraint.kind == "time_to_collision_s" for constraint in scene.constraints)
    assert scene.entity("bicycle/cyclist_rider").parent == "bicycle"
    assert {"rain", "fog"} == {type(effect).plugin_name for effect in scene.weather}
    assert scene.origin == (48.1, 11.6, 0.0)


def test_the_scenes_in_the_documentation_are_scenes() -> None:
    page = Path(__file__).parents[2] / "docs" / "scene_language.md"
    blocks = re.findall(r"^```yaml\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        assert loads(block, page.name).sample(0).sensors
