"""From a scene file to a dataset: the same bits in every layout, resumed where it stopped, nothing half-written."""

import json
from pathlib import Path

import pytest

from simgen.cli import main
from simgen.dataset.reader import open_dataset
from simgen.errors import DataError, UserError
from simgen.generate import generate, plan, replay

SCENE = """
simgen: 1
name: small
clock: {duration_s: 0.2, rate_hz: 10}
world: {type: empty}
light: {type: sun_sky}
weather: [{type: fog, visibility_m: {log_uniform: [80, 500]}}]
objects:
  - {name: ball, asset: {type: sphere, radius_m: {uniform: [0.2, 0.5]}}, physics: dynamic,
     place: {at_m: [4, 0, {uniform: [1, 2]}]}}
  - {name: block, asset: box, place: {at_m: [6, 1.5, 0]}}
sensors:
  - {name: eye, type: camera, width: 96, height: 64, hfov_deg: 70, outputs: [normal, flow],
     mount: {position_m: [0, 0, 1]}}
  - {name: spin, type: lidar, model: vlp-16, mount: {position_m: [0, 0, 1.5]}}
"""


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SCENE)
    return path


def hashes(path: Path) -> list[str]:
    with open_dataset(path) as data:
        assert all(s.compute_hash() == s.content_hash for s in data.sequences)
        return [s.content_hash for s in data.sequences]


def test_same_seed_same_bits_in_every_layout(scene: Path, tmp_path: Path) -> None:
    generate([scene], tmp_path / "one.h5", count=2, seed=5)
    generate([scene], tmp_path / "two.h5", count=2, seed=5, workers=2)
    generate([scene], tmp_path / "folder", count=2, seed=5)
    first = hashes(tmp_path / "one.h5")
    assert first == hashes(tmp_path / "two.h5") == hashes(tmp_path / "folder")
    assert len(set(first)) == 2
    generate([scene], tmp_path / "alone.h5", seed=6)
    assert hashes(tmp_path / "alone.h5") == first[1:]


def test_added_sensor_changes_nothing_else(scene: Path, tmp_path: Path) -> None:
    generate([scene], tmp_path / "a.h5", seed=1)
    scene.write_text(SCENE + "  - {name: other, type: camera, width: 32, height: 32, hfov_deg: 50, rate_hz: 7}\n")
    generate([scene], tmp_path / "b.h5", seed=1)
    with open_dataset(tmp_path / "a.h5") as a, open_dataset(tmp_path / "b.h5") as b:
        one, two = a.sequences[0], b.sequences[0]
        assert (one.trajectory.position == two.trajectory.position).all()
        assert (one.frames["eye"].rgb[:] == two.frames["eye"].rgb[:]).all()
        assert (one.frames["spin"][1].points.xyz == two.frames["spin"][1].points.xyz).all()


def test_resume_makes_what_is_missing(scene: Path, tmp_path: Path) -> None:
    out = tmp_path / "data"
    generate([scene], out, count=3, seed=1)
    before = hashes(out)
    (out / "shards" / "000001.h5").unlink()
    report = generate([scene], out, count=3, seed=1, resume=True)
    assert [s.index for s in report.sequences] == [1]
    assert report.resumed == 2
    assert hashes(out) == before
    with pytest.raises(DataError, match="belongs to another run"):
        generate([scene], out, count=3, seed=2, resume=True)


def test_nothing_is_overwritten_unasked(scene: Path, tmp_path: Path) -> None:
    out = tmp_path / "data.h5"
    out.write_text("precious")
    with pytest.raises(UserError, match="exists: add --force"):
        generate([scene], out)
    assert out.read_text() == "precious"
    generate([scene], out, force=True)
    assert len(hashes(out)) == 1
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    (stranger / "thesis.tex").write_text("x")
    with pytest.raises(UserError, match="is not a dataset of simgen's"):
        generate([scene], stranger, force=True)
    assert (stranger / "thesis.tex").exists()


def test_a_fault_leaves_nothing_behind(scene: Path, tmp_path: Path) -> None:
    twice = "  - {asset: box, place: {at_m: [6.1, 1.5, 0]}}\nsensors:"
    scene.write_text(SCENE.replace("sensors:", twice))
    with pytest.raises(UserError, match=r"small\.yaml:"):
        generate([scene], tmp_path / "data.h5")
    assert [p.name for p in tmp_path.iterdir()] == ["small.yaml"]


def test_replay_is_identical_and_notices_a_change(scene: Path, tmp_path: Path) -> None:
    out = tmp_path / "data.h5"
    generate([scene], out, count=2, seed=3)
    assert replay(out, 1).identical
    with pytest.raises(UserError, match="has sequences 0 to 1, no 2"):
        replay(out, 2)
    import h5py

    with h5py.File(out, "r+") as file:
        file["sequences/000000/frames/eye/K"][0, 0, 0] += 1.0
    result = replay(out, 0)
    assert not result.identical
    assert result.differing == ("frames/eye/K",)


def test_plan_counts_seeds_up(scene: Path) -> None:
    assert [(j.index, j.seed) for j in plan([scene, scene], count=2, seed=9)] == [(0, 9), (1, 10), (2, 9), (3, 10)]
    with pytest.raises(UserError, match="--count must be at least 1"):
        plan([scene], count=0, seed=None)


def test_command_line(scene: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "cli.h5"
    main(["generate", str(scene), "-o", str(out), "--seed", "3", "--json"])
    row = json.loads(capsys.readouterr().out)
    assert row["sequences"][0]["frames"] == 4
    main(["replay", str(out)])
    assert "identical" in capsys.readouterr().out
    main(["info", str(out)])
    shown = capsys.readouterr().out
    assert "lidar vlp-16" in shown
    assert "None" not in shown
    with pytest.raises(SystemExit) as stop:
        main(["generate", str(scene), "-o", str(out)])
    assert stop.value.code == 2
    assert "exists: add --force" in capsys.readouterr().err
