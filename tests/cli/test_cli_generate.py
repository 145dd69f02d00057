"""``simgen generate`` and ``simgen preview`` in the hands of a new user: one message, exit code 2, nothing lost."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from simgen.cli import main
from simgen.generate.run import _is_disk_full
from simgen.scenario import load, scene_to_yaml
from simgen.scenario.buried import buried_sensors

SCENE = """simgen: 1
clock: {duration_s: 0.1, rate_hz: 10}
world: empty
objects: [{name: car, asset: sedan, place: {at_m: [6, 0, 0]}}]
sensors: [{name: eye, type: camera, width: 32, height: 24, mount: {position_m: [0, 0, 1]}}]
"""


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
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scene.yaml").write_text(SCENE)
    (tmp_path / "note.txt").write_text("precious")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "scene.yaml", "--force"], "scene.yaml is the scene itself: choose another output"),
        (["-o", "note.txt", "--force"], "note.txt is a file, and a folder of shards is to be made"),
        (["-o", "out.hdf5"], "one file is called *.h5, anything else is a folder of shards"),
        (["-o", "none/out.h5"], "the folder none does not exist"),
        (["-o", "out.h5", "--count", "0"], "--count must be at least 1, not 0"),
        (["-o", "out.h5", "--seed", "-1"], "-1 is not in the range x>=0"),
        (["-o", "out.h5", "--workers", "0"], "--workers must be at least 1, not 0"),
    ],
)
def test_mistakes_are_told_and_nothing_is_lost(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    code, out, err = run(capsys, "generate", "scene.yaml", *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err
    assert sorted(p.name for p in folder.iterdir()) == ["note.txt", "scene.yaml"]
    assert (folder / "scene.yaml").read_text() == SCENE
    assert (folder / "note.txt").read_text() == "precious"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (SCENE.splitlines()[-1], "", "scene.yaml has no sensors"),
        ("name: eye,", "name: eye, start_s: 3,", "5:32: sensor 'eye' takes no frame: it starts at 3 s"),
        ("name: eye,", "name: eye, readout_s: 0.9,", "sensor 'eye': readout_s 0.9 is longer than a frame at"),
        ("width: 32, height: 24", "width: 16384, height: 16384", "16384 x 16384 are 268 million pixels"),
        ("at_m: [6,", "at_m: [1e308,", "at_m[0] must be at most 10000, not 1e+308"),
        ("asset: sedan,", "asset: sedan, behaviour: {type: follow_lane},", "this world has no lanes for 'car'"),
    ],
)
def test_scenes_that_give_nothing_are_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, message: str
) -> None:
    (folder / "scene.yaml").write_text(SCENE.replace(old, new))
    code, out, err = run(capsys, "generate", "scene.yaml", "-o", "out.h5")
    assert (code, out) == (2, "")
    assert message in err
    assert not list(folder.glob("out*"))


def test_preview_of_a_scene_without_sensors(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "scene.yaml").write_text("simgen: 1\nworld: empty\n")
    code, _, err = run(capsys, "preview", "scene.yaml")
    assert (code, err) == (
        2,
        "simgen: scene.yaml has no sensors, so there is nothing to show: add one under 'sensors'\n",
    )
    assert not list(folder.glob("*.png"))


def test_a_run_that_fails_keeps_what_was_there(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "generate", "scene.yaml", "-o", "out.h5")[1].startswith("out.h5: 1 sequence, 1 frame in ")
    before = (folder / "out.h5").read_bytes()
    (folder / "scene.yaml").write_text(
        SCENE.replace("objects: [", "objects: [{asset: suv, place: {at_m: [6, 0, 0]}}, ")
    )
    assert run(capsys, "generate", "scene.yaml", "-o", "out.h5", "--force")[0] == 2
    assert (folder / "out.h5").read_bytes() == before


def test_a_certain_scene_has_one_seed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "scene.yaml").write_text(scene_to_yaml(load(folder / "scene.yaml").sample(4)))
    code, _, err = run(capsys, "generate", "scene.yaml", "-o", "out", "--count", "2")
    assert code == 2
    assert "is a certain scene: it has the seed 4 and no other" in err
    assert not (folder / "out").exists()


def test_a_sensor_inside_its_carrier_is_warned_of(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for mount, share in (("[1.3, 0, 0.8]", 100), ("[4.5, 0, 0.6]", None), ("[0.8, 0, 1.9]", None)):
        text = SCENE.replace("mount: {position_m: [0, 0, 1]}", f"mount: {{on: car, position_m: {mount}}}")
        (folder / "scene.yaml").write_text(text)
        code, out, err = run(capsys, "validate", "scene.yaml")
        assert (code, out) == (0, "scene.yaml: ok\n")
        told = f"sensor 'eye' sits inside 'car', whose surface fills {share} % of its view: "
        assert err == ("" if share is None else f"scene.yaml: warning: {told}move mount.position_m out of the body\n")
        assert bool(buried_sensors(load("scene.yaml").sample(0))) == (share is not None)


def test_ten_mistakes_give_ten_messages(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "ten.yaml").write_text(
        "simgen: 1\n"
        "clock: {duration_s: -4, rate_hz: 10 Hz}\n"
        "world: {type: intersecton}\n"
        "light: {time: yesterday}\n"
        "weather: [{type: fog, visibility: 80}]\n"
        "objects:\n"
        "  - {name: ego, asset: sedam, count: -2, place: {along: kerb}}\n"
        "sensors:\n"
        "  - {name: front, type: camera, hfov_deg: 200}\n"
        "edge_cases: [{type: sensor_dropout, sensor: fron}]\n"
    )
    code, _, err = run(capsys, "validate", "ten.yaml")
    places = [line.split(": ")[0] for line in err.splitlines()[:-1]]
    assert code == 2
    assert err.splitlines()[-1] == "10 mistakes in 1 file"
    assert [int(place.split(":")[1]) for place in places] == [2, 2, 3, 4, 5, 7, 7, 7, 9, 10]


def test_a_full_disk_is_recognised_through_what_it_causes() -> None:
    behind = RuntimeError("cannot close")
    behind.__context__ = OSError(28, "No space left on device")
    assert _is_disk_full(behind)
    assert _is_disk_full(RuntimeError("write failed, errno = 28, error message = 'No space left on device'"))
    assert not _is_disk_full(RuntimeError("something else"))


def test_ctrl_c_stops_without_a_traceback_and_without_a_rest(folder: Path) -> None:
    (folder / "scene.yaml").write_text(SCENE.replace("duration_s: 0.1", "duration_s: 600"))
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from simgen.cli import main; main()"
    )
    command = [sys.executable, "-c", code, "generate", "scene.yaml", "-o", "out.h5"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 60.0
        while not (folder / "out.h5.part").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        assert process.stderr.read().strip() == "simgen: stopped"
        assert process.wait() == 130
    assert not list(folder.glob("out*"))
