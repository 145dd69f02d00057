"""Depth cameras as sensors: configuration, determinism, outputs, silence, storage and the check."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from helpers_depth import GRAINY, plate, take, wall

from simgen.checks.depth_measured import window_range
from simgen.errors import SceneError, UserError
from simgen.raycast.reference import ReferenceEngine
from simgen.records.depth_frames import HOLE_SILENT, DepthFrame
from simgen.records.frames import STATUS_DROPPED
from simgen.sensors._depth_device import catalogue, load_depth_device
from simgen.sensors.stereo_depth import StereoDepth
from simgen.sensors.structured_light import StructuredLight

BOTH = [StereoDepth, StructuredLight]
IMAGES = ("depth_measured", "depth_z16", "hole", "depth_sigma", "infrared", "rgb", "depth")


def small(cls, **fields):
    """A small part of the device's picture: in a whole one of that size the dots would blur."""
    lens = {} if "hfov_deg" in fields or "focal_px" in fields else {"focal_px": 424.0}
    return cls(**{"name": "d", "width": 96, "height": 64, "antialias": 0, **lens, **fields})


def scene(surface=GRAINY):
    return plate(1.0, (0.05, 0.08), surface), wall(1.5, GRAINY)


@pytest.mark.parametrize("cls", BOTH)
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"rate_hz": 400.0}, "at most"),
        ({"hfov_deg": 60.0, "focal_px": 300.0}, "not both"),
        ({"outputs": ("rbg",)}, "did you mean 'rgb'"),
        ({"outputs": ("rgb", "rgb")}, "twice"),
        ({"min_range_m": 3.0, "max_range_m": 2.0}, "must be less than"),
    ],
)
def test_what_cannot_be_is_refused(cls, fields, words):
    with pytest.raises(ValueError, match=words):
        small(cls, **fields)


def test_models_belong_to_their_kind():
    assert catalogue("stereo") == ("d435", "d455")
    assert catalogue("structured_light") == ("kinect_v1",)
    with pytest.raises(UserError, match="did you mean 'd435'"):
        small(StereoDepth, model="d436")
    with pytest.raises(UserError, match="is a structured_light camera"):
        small(StereoDepth, model="kinect_v1")
    with pytest.raises(UserError, match="no such file"):
        small(StereoDepth, model="mine/it.yaml")
    with pytest.raises(ValueError, match="infrared_right"):
        small(StructuredLight, outputs=("infrared_right",))


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("baseline_m: 0.050", "", None, "baseline_m is missing"),
        ("baseline_m: 0.050", "baseline_m: -1", ":9:13: ", "baseline_m must be more than 0, not -1"),
        ("width: 848", "width: 84.5", ":6:8: ", "width must be a whole number from 8 to 8192"),
        ("width: 848", "widht: 848", ":6:1: ", "widht is unknown; did you mean 'width'?"),
        ("window_px: 11", "window_px: 10", ":17:12: ", "window_px must be odd, not 10"),
        ("kind: stereo", "kind: laser", ":5:7: ", "kind must be one of stereo, structured_light, not 'laser'"),
        ("max_range_m: 10.0", "max_range_m: 10.0\nmin_range_m: 12", ":12:14: ", "must be less than max_range_m (10)"),
        ("width: 848", "width: [", None, ""),
    ],
)
def test_a_wrong_device_file_is_refused_with_line_and_column(tmp_path, old, new, line, words):
    text = load_text("d435").replace(old, new)
    assert text != load_text("d435")
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(SceneError) as caught:
        load_depth_device(str(path), "stereo")
    said = str(caught.value)
    assert words in said
    assert f"{path}{line or ':'}" in said


def load_text(model: str) -> str:
    from simgen.sensors import _depth_device

    return (_depth_device._CATALOGUE / f"{model}.yaml").read_text()


@pytest.mark.parametrize("cls", BOTH)
def test_a_file_of_ones_own_is_a_device(cls, tmp_path):
    model = "d435" if cls is StereoDepth else "kinect_v1"
    path = tmp_path / "mine.yaml"
    path.write_text(load_text(model))
    assert small(cls, model=str(path)).device == small(cls).device


@pytest.mark.parametrize("cls", BOTH)
def test_threads_change_nothing_but_seed_index_and_name_do(cls):
    sensor = small(cls, outputs=("depth_sigma", "infrared", "rgb"))
    one, two = take(sensor, *scene()), take(sensor, *scene(), threads=2)
    for name in IMAGES:
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    other = dataclasses.replace(sensor, name="e")
    for changed in (take(sensor, *scene(), seed=1), take(sensor, *scene(), index=1), take(other, *scene())):
        assert (changed.depth_measured != one.depth_measured).mean() > 0.3
        np.testing.assert_array_equal(changed.depth, one.depth)


@pytest.mark.parametrize("cls", BOTH)
def test_an_engine_without_addresses_gives_the_same(cls):
    """Plain numpy casting behind the same protocol."""
    sensor = small(cls, width=48, height=32)
    native, plain = take(sensor, *scene()), take(sensor, *scene(), engine=ReferenceEngine)
    same = native.hole == plain.hole
    assert same.mean() > 0.99
    both = same & (native.hole == 0)
    assert both.sum() > 200
    # brightness differs in its last bits, and with it the noise, by a rounding step at most
    steps = (
        np.abs(1 / native.depth_measured[both] - 1 / plain.depth_measured[both])
        * sensor.projection.fx
        * sensor.baseline
    )
    assert (steps < 1.01 * sensor.device.disparity_step_px).all()
    assert (steps < 1e-4).mean() > 0.98


@pytest.mark.parametrize("cls", BOTH)
def test_truth_and_labels_are_a_cameras(cls):
    from simgen.sensors.camera import Camera

    sensor = small(cls, outputs=("rgb", "normal"))
    frame = take(sensor, *scene())
    lens = sensor.projection
    camera = Camera(name="c", width=96, height=64, focal_px=lens.fx, antialias=0, outputs=("normal",))
    from helpers_stage import Bench, dome, motion, track

    with Bench(list(scene()), dome(120.0)) as bench:
        plain = camera.capture(bench.shot(track(), motion()))
    for name in ("depth", "instance", "semantic", "rgb", "normal", "K"):
        np.testing.assert_array_equal(getattr(frame, name), getattr(plain, name))


@pytest.mark.parametrize("cls", BOTH)
def test_the_ideal_frame_has_truth_and_the_holes_of_geometry(cls):
    frame = take(small(cls, outputs=("ideal",)), *scene())
    assert isinstance(frame.ideal, DepthFrame)
    there = frame.ideal.hole == 0
    np.testing.assert_allclose(frame.ideal.depth_measured[there], frame.depth[there], rtol=1e-5)
    assert set(np.unique(frame.ideal.hole)) == {0, 4}
    assert (frame.ideal.depth_measured != frame.depth_measured)[there].mean() > 0.5
    np.testing.assert_array_equal(take(small(cls, noise=False), *scene()).depth_measured, frame.ideal.depth_measured)


@pytest.mark.parametrize("cls", BOTH)
def test_a_silent_device_delivers_nothing_but_labels(cls):
    sensor = small(cls, outputs=("rgb", "infrared", "ideal"))
    frame = take(sensor, *scene())
    silent = sensor.silence(frame)
    assert silent.status == STATUS_DROPPED
    assert not any(getattr(silent, n).any() for n in ("rgb", "infrared", "depth_measured", "depth_z16"))
    assert (silent.hole == HOLE_SILENT).all()
    assert silent.ideal is not None
    assert not silent.ideal.depth_measured.any()
    np.testing.assert_array_equal(silent.depth, frame.depth)


def test_only_what_is_asked_for_is_there():
    frame = take(small(StereoDepth), *scene())
    given = {name for name, _, _ in frame.arrays()}
    assert given == {
        "world_from_sensor", "K", "exposure", "exposure_time", "depth", "semantic", "instance", "depth_measured",
        "depth_z16", "hole",
    }  # fmt: skip
    assert frame.ideal is None


def test_the_16_bit_image_is_the_measured_depth_in_millimetres():
    frame = take(small(StereoDepth), *scene())
    np.testing.assert_array_equal(frame.depth_z16, np.floor(frame.depth_measured.astype(float) / 1e-3 + 0.5))
    assert ((frame.hole == 0) == (frame.depth_z16 > 0)).all()


def test_a_window_of_extremes_is_what_a_slow_loop_finds():
    from simgen.rng import stream

    values = stream(3, "test").random((7, 9))
    low, high = window_range(values, 2)
    for v in range(7):
        for u in range(9):
            part = values[max(v - 2, 0) : v + 3, max(u - 2, 0) : u + 3]
            assert (low[v, u], high[v, u]) == (part.min(), part.max())


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """Two frames of the shipped scene's cameras, small, in a file."""
    from pathlib import Path

    from simgen.dataset.writer import DatasetWriter
    from simgen.generate.sequence import write_sequence
    from simgen.scenario import load

    scenario = load(Path(__file__).parents[2] / "scenes" / "depth_tabletop.yaml")
    scene = scenario.sample(3)
    sensors = tuple(dataclasses.replace(s, width=160, height=120, outputs=()) for s in scene.sensors)
    scene = scene.replace(sensors=sensors, clock=dataclasses.replace(scene.clock, duration_s=0.3))
    path = tmp_path_factory.mktemp("depth") / "depth.h5"
    with DatasetWriter(path, scenario=scenario.text, seed=3) as writer:
        write_sequence(writer, 0, scene)
    return path


def check(path):
    from simgen.checks import run_checks
    from simgen.dataset import open_dataset

    with open_dataset(path) as data:
        return {r.rule: r for r in run_checks(data).results}


def test_frames_come_back_as_records_with_boxes_and_pass_the_check(stored):
    from simgen.dataset import open_dataset

    with open_dataset(stored) as data:
        frames = data.sequences[0].frames["above"]
        assert (frames.type, frames.model) == ("stereo_depth", "d435")
        assert isinstance(frames[0], DepthFrame)
        assert len(frames[0].boxes.instance) > 4
        assert frames.calibration_true["baseline_m"] == 0.05
    result = check(stored)["depth_measured"]
    assert result.status == "pass"
    assert result.tested > 50_000


@pytest.mark.parametrize("change", ["scaled", "forgotten", "millimetres"])
def test_spoiled_depth_fails_the_check(stored, tmp_path, change):
    import shutil

    import h5py

    path = tmp_path / "spoiled.h5"
    shutil.copy(stored, path)
    with h5py.File(path, "r+") as file:
        group = file["sequences/000000/frames/above"]
        if change == "scaled":
            group["depth"][()] = group["depth"][()] * np.float32(1.5)
        elif change == "forgotten":
            group["depth_measured"][1] = 0.0
        else:
            group["depth_z16"][0] = group["depth_z16"][0] // 10
    assert check(path)["depth_measured"].status == "fail"
