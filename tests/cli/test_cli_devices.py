"""``simgen list lidar`` and ``simgen describe lidar``: every device, with its figures, beams and source."""

from __future__ import annotations

import json
from pathlib import Path

import helpers_lidar as yard
import pytest

from simgen.cli import main
from simgen.sensors._lidar_device import catalogue, load_device


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, output and errors of a command."""
    try:
        main(list(arguments))
        code = 0
    except SystemExit as stop:
        code = int(stop.code or 0)
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_list_names_every_device(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "list", "lidar")
    assert code == 0
    assert out.startswith("lidar:\n")
    assert "\n  vlp-16        Velodyne VLP-16: rotating, 16 lasers, 289 k firings/s, 35.4 m at 10 %, 903 nm\n" in out
    assert [line.split()[0] for line in out.splitlines()[1:]] == list(catalogue())
    assert list(json.loads(run(capsys, "list", "lidars", "--json")[1])["lidar"]) == list(catalogue())


def test_describe_shows_figures_beams_and_source(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "describe", "lidar", "vlp-16")
    assert code == 0
    assert out.startswith("lidar VLP-16 (Velodyne)\n")
    for words in (
        "a rotor, clockwise seen from above",
        "5 to 20 Hz",
        "289,352 a second by 16 lasers",
        "1,808 a frame, one every 55.296 us, 0.1991 deg apart",
        "-180 to 180 deg across, -15 to 15 deg up",
        "a wall of 10 / 50 / 80 % to 35.4 / 79.2 / 100 m",
        "3 x 1.5 mrad, horizontal x vertical (full angle at 1/e2)",
        "strongest; last; strongest + last",
        "Manual 63-9243",
    ):
        assert words in out
    table = out.split("Beams")[1].splitlines()
    assert table[2].split() == ["ring", "id", "elevation_deg", "time_us", "height_mm"]
    assert table[4].split() == ["8", "1", "1.000", "2.304", "-0.7"]


@pytest.mark.parametrize("model", catalogue())
def test_every_device_can_be_described(capsys: pytest.CaptureFixture[str], model: str) -> None:
    device = load_device(model)
    facts = json.loads(run(capsys, "describe", "lidar", model, "--json")[1])
    assert len(facts["beams"]) == facts["lasers"] == device.lasers
    assert facts["notes"] == device.notes
    assert device.notes.splitlines()[0] in run(capsys, "describe", "lidar", model)[1]


def test_a_pattern_says_what_moves(capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, "describe", "lidar", "mid-40")[1]
    assert "prisms that turn (18.7481 deg at -121.566 Hz, 17.9634 deg at 77.743 Hz); it does not repeat" in out
    assert "by 1 laser\n" in out
    out = run(capsys, "describe", "lidar", "mid-360")[1]
    assert "azimuth turns at 181 Hz, elevation triangle -4.555 to 49.555 deg at 9.9 Hz" in out


def test_a_user_s_file_and_near_misses(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = yard.device_file(tmp_path)
    assert run(capsys, "describe", "lidar", path)[1].startswith("lidar test\n")
    code, out, err = run(capsys, "describe", "lidar", "vlp-61")
    assert (code, out, err) == (2, "", "simgen: unknown lidar model 'vlp-61'; did you mean 'vlp-16'?\n")
    Path(path).write_text(Path(path).read_text().replace("pulse_ns: 20.0", "pulse_ns: 0").replace("name: test", ""))
    code, out, err = run(capsys, "describe", "lidar", path)
    assert (code, out) == (2, "")
    assert err == f"{path}:3:1: name is missing\n{path}:5:11: pulse_ns must be more than 0 and at most 1000, not 0\n"
