from __future__ import annotations

import json
import shutil

import h5py
import pytest
from click.testing import CliRunner

from simgen.cli.check import check
from simgen.cli.info import info
from simgen.errors import DataError


def test_info_tells_what_is_there(street_file):
    result = CliRunner().invoke(info, [str(street_file)], env={"COLUMNS": "160"})
    assert result.exit_code == 0
    text = result.output
    for expected in (
        "1 sequence, 4 frames",
        "2 car, 1 person, 1 truck",
        "1 dart_out",
        "front  camera, 2 frames",
        "top  lidar test-16, 2 frames",
        "64 x 96 x 3",
        "points.xyz",
        "2 of 2 hold",
        "9 ± 1",
        "8.97",
        "time to collision 0.962 s (walker, at 0.25 s), distance 7.76 m (walker, at 0.25 s), no contacts",
        "top: 1 frame dropped",
        "000000",
    ):
        assert expected in text, text
    assert "Traceback" not in text


def test_info_as_json(street_file):
    result = CliRunner().invoke(info, [str(street_file), "--json"])
    summary = json.loads(result.output)
    assert summary["frames"] == 4
    assert summary["seed"] == 3
    assert summary["objects"] == {"car": 2, "person": 1, "truck": 1}
    rgb = summary["sensors"]["front"]["outputs"]["rgb"]
    assert (rgb["shape"], rgb["dtype"]) == ([2, 64, 96, 3], "uint8")
    assert rgb["bytes"] > 0
    # after 0.1 s the nose is at 2.8 m, the walker 0.9 + 1.15 m aside of the ego's middle
    assert summary["constraints"][0]["achieved"] == pytest.approx((8.9**2 + 1.15**2) ** 0.5, abs=1e-5)
    assert summary["each"][0]["dropped"] == {"front": 1, "top": 1}
    assert summary["bytes"] == street_file.stat().st_size


def test_check_passes_and_says_what_it_could_not_test(street_file):
    result = CliRunner().invoke(check, [str(street_file)], env={"COLUMNS": "120"})
    assert result.exit_code == 0, result.output
    assert "nothing to test" in result.output
    assert "0 fail" in result.output


def test_check_fails_with_the_place(street_file, tmp_path):
    bad = tmp_path / "bad.h5"
    shutil.copy(street_file, bad)
    with h5py.File(bad, "r+") as file:
        file["sequences/000000/ragged/front/boxes/box_px"][1, 0] += 2
    result = CliRunner().invoke(check, [str(bad)])
    assert result.exit_code == 1
    assert "first: 000000/front/0: instance 3: [" in result.output
    result = CliRunner().invoke(check, [str(bad), "--json"])
    assert result.exit_code == 1
    report = json.loads(result.output)
    assert not report["good"]
    assert {r["rule"] for r in report["results"] if r["status"] == "fail"} == {"box_px", "content_hash"}


@pytest.mark.parametrize("command", [info, check])
def test_what_is_no_dataset_is_one_message(command, tmp_path):
    text = tmp_path / "text.h5"
    text.write_text("no")
    result = CliRunner().invoke(command, [str(text)])
    assert isinstance(result.exception, DataError)
    assert "is not an HDF5 file" in str(result.exception)
