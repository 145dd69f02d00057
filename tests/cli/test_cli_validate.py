"""``simgen validate`` and ``simgen schema``: what they print, where, and how they exit."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from simgen.cli import main

GOOD = "simgen: 1\nworld: {type: empty, size_m: {uniform: [50, 60]}}\n"
BAD = "simgen: 1\nworld: {type: empty, siz_m: 5}\nsede: 3\n"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, output and errors of a command."""
    try:
        main(list(arguments))
        code = 0
    except SystemExit as stop:
        code = int(stop.code or 0)
    shown = capsys.readouterr()
    return code, shown.out, shown.err


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "bad.yaml").write_text(BAD)
    return tmp_path


def test_a_good_scene_is_ok(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "validate", "good.yaml") == (0, "good.yaml: ok\n", "")


def test_every_mistake_of_every_file_is_shown(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "validate", "bad.yaml", "good.yaml", "none.yaml")
    assert code == 2
    assert out == "good.yaml: ok\n"
    assert err == (
        "bad.yaml:2:22: unknown key 'siz_m' of empty (did you mean 'size_m'?)\n"
        "bad.yaml:3:1: unknown key 'sede' of the scene (did you mean 'seed'?)\n"
        "none.yaml:1:1: no such file\n"
        "3 mistakes in 2 files\n"
    )


def test_json_for_scripts(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "validate", "--json", "bad.yaml", "good.yaml")
    answer = json.loads(out)
    assert (code, err, answer["ok"]) == (2, "", False)
    assert [len(entry["faults"]) for entry in answer["files"]] == [2, 0]
    assert answer["files"][0]["faults"][1] == {
        "line": 3,
        "column": 1,
        "message": "unknown key 'sede' of the scene",
        "hint": "did you mean 'seed'?",
    }


def test_one_scene_is_drawn_unless_told_otherwise(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (files / "full.yaml").write_text(
        "simgen: 1\nworld: {type: empty, size_m: 5}\n"
        "objects: [{name: car, asset: sedan, count: 20, place: {in: ground}}]\n"
    )
    code, _, err = run(capsys, "validate", "full.yaml")
    assert code == 2
    assert err.startswith("full.yaml:3:")
    assert "no room for 'car/" in err
    assert run(capsys, "validate", "--draws", "0", "full.yaml")[0] == 0


def test_no_scene_is_a_wrong_command(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "validate")
    assert code == 2
    assert "Missing argument 'SCENE...'" in err


def test_schema_is_a_schema_that_knows_good_from_bad(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import ruamel.yaml

    code, out, _ = run(capsys, "schema")
    assert code == 0
    validator = jsonschema.Draft202012Validator(json.loads(out))
    load = ruamel.yaml.YAML(typ="safe", pure=True).load
    assert validator.is_valid(load(GOOD))
    assert not validator.is_valid(load(BAD))
    assert run(capsys, "schema", "-o", "s.json")[:2] == (0, "wrote s.json\n")
    assert json.loads((files / "s.json").read_text()) == json.loads(out)


def test_validate_imports_nothing_heavy(files: Path) -> None:
    heavy = "numba open3d pybullet h5py cv2 pandas pvlib scipy"
    code = (
        "import sys\nfrom simgen.cli import main\n"
        "main(['validate', 'good.yaml'])\n"
        f"print([m for m in '{heavy}'.split() if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.splitlines()[-1] == "[]"
