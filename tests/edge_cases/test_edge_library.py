"""Every edge case of the library: a scene of its own, a line on what it tests, and constraints that hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from helpers_edge_cases import FOLDER, moved, outcomes

from simgen import registry
from simgen.scenario import load, scene_from_yaml, scene_to_yaml

SCENES = sorted(FOLDER.glob("*.yaml"))
#: plugins that are words of the language, not cases of their own
WORDS = {"event"}


#: every sixth is drawn and simulated in the quick suite, the others in the slow one
QUICK = set(SCENES[::6])


def shipped() -> list[Any]:
    return [pytest.param(path, id=path.stem) for path in SCENES]


def drawn() -> list[Any]:
    """All of them, most marked slow."""
    return [pytest.param(p, id=p.stem, marks=() if p in QUICK else pytest.mark.slow) for p in SCENES]


@pytest.mark.parametrize("path", shipped())
def test_it_is_a_scene_without_faults(path: Path) -> None:
    assert path.read_text().startswith("# ")
    scenario = load(path)
    assert scenario.name == path.stem


def test_every_case_has_a_scene_and_says_what_it_tests() -> None:
    shown = {name for path in SCENES for name in re.findall(r"type: (\w+)", path.read_text().split("edge_cases:")[-1])}
    cases = set(registry.names("edge_case")) - WORDS
    assert not cases - shown
    for name in cases:
        tests = getattr(registry.get("edge_case", name), "tests", "")
        assert 10 < len(tests) <= 110, name
        assert not tests.endswith("."), name


@pytest.mark.parametrize("path", drawn())
def test_what_is_asked_comes_about(path: Path) -> None:
    scene = load(path).sample(0)
    assert scene.constraints, "an edge case asks for something that can be measured"
    assert scene_from_yaml(scene_to_yaml(scene)) == scene
    found, _ = moved(scene)
    assert all(outcome.holds for outcome in found.values()), found


@pytest.mark.slow
@pytest.mark.parametrize("path", shipped())
def test_it_comes_about_for_nearly_every_seed(path: Path) -> None:
    held = [all(outcome.holds for outcome in outcomes(load(path).sample(seed))) for seed in range(20)]
    assert sum(held) >= 19, held
