"""Files by pattern in scene files."""

from __future__ import annotations

from pathlib import Path

import pytest

from simgen.errors import SceneError
from simgen.scenario import load

OBJ = "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 3 2\nf 1 2 4\nf 2 3 4\nf 3 1 4\n"


def scene(folder: Path, pattern: str) -> Path:
    path = folder / "scene.yaml"
    path.write_text(
        "simgen: 1\nworld: {type: empty}\nobjects:\n"
        f"  - {{name: thing, asset: {{type: mesh_file, path: {pattern}}}, count: 8, place: {{on: ground}}}}\n"
    )
    return path


@pytest.fixture
def models(tmp_path: Path) -> Path:
    (tmp_path / "models").mkdir()
    for name in ("b.obj", "a.obj", "c.obj", "note.txt"):
        (tmp_path / "models" / name).write_text(OBJ)
    return tmp_path


def test_a_pattern_is_a_choice_among_its_files(models: Path) -> None:
    drawn = load(scene(models, '{files: "models/*.obj"}')).sample(3)
    names = {Path(e.asset.path).name for e in drawn.entities}
    assert names <= {"a.obj", "b.obj", "c.obj"}
    assert len(names) > 1
    again = load(scene(models, "{choice: [models/a.obj, models/b.obj, models/c.obj]}")).sample(3)
    assert [e.asset for e in again.entities] == [e.asset for e in drawn.entities]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ('{files: "models/*.glb"}', "no file matches 'models/*.glb'"),
        ("{files: [models]}", "one pattern"),
        ('{files: "models/*.obj", weights: [1]}', "one pattern"),
    ],
)
def test_patterns_without_sense_are_faults_with_their_line(models: Path, pattern: str, words: str) -> None:
    with pytest.raises(SceneError) as caught:
        load(scene(models, pattern))
    assert words in str(caught.value)
    assert "scene.yaml:4:" in str(caught.value)
