"""The rule of cameras with pixels passes on what they give, and sees what is spoiled."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from helpers_checks import failing, spoiled

from simgen.dataset import open_dataset
from simgen.dataset.writer import DatasetWriter
from simgen.generate.sequence import write_sequence
from simgen.scenario import loads

SCENE = """
simgen: 1
name: raw
clock: {duration_s: 0.3, rate_hz: 10}
world: empty
light: {type: constant}
objects: [{name: crate, asset: {type: box, size_m: [1, 1, 1]}, place: {at_m: [0, 0]}}]
sensors:
  - name: eye
    type: camera
    model: automotive_1_2mp
    width: 96
    height: 64
    hfov_deg: 60
    mount: {position_m: [-4, 1, 1.5], look_at_m: [0, 0, 0.5]}
    outputs: [raw, linear, ideal]
"""


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("raw") / "good.h5"
    with DatasetWriter(path, scenario=SCENE, seed=1) as writer:
        write_sequence(writer, 0, loads(SCENE, "s").sample(1))
    return path


def test_what_the_camera_gives_passes_and_is_stored(good: Path) -> None:
    assert failing(good) == {}
    with open_dataset(good) as data:
        frames = data.sequences[0].frames["eye"]
        frame = frames[1]
        assert frame.raw is not None
        assert frame.raw.dtype == np.uint16
        ideal = frames.variant("ideal")[1]
        assert ideal.rgb.shape == frame.rgb.shape
        assert not np.array_equal(ideal.rgb, frame.rgb)
        assert frames.calibration_true["imager"]["bayer"] == "grbg"
        assert 1e-5 < float(frame.exposure_time[0]) < 0.0161


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("exposure_time", lambda a: a * np.float32(1.1), "ISO"),
        ("iso", lambda a: a * np.float32(0.5), "ISO"),
        ("raw", lambda a: a + np.uint16(4000), "counts are above 4095"),
        ("raw", lambda a: (a - 168) // 3 + 168, "times what its luminance and the exposure give"),
    ],
)
def test_what_is_spoiled_is_seen(name: str, change, words: str, good: Path, tmp_path: Path) -> None:
    found = spoiled(good, tmp_path, f"frames/eye/{name}", change)
    assert set(found) == {"camera_raw"}
    assert words in found["camera_raw"]
