"""The clean twin is the frame of the same scene without weather, taken with the same exposure and the same noise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from simgen.assembly import assemble
from simgen.dataset import open_dataset
from simgen.dataset.writer import DatasetWriter
from simgen.engine import Renderer, timetable
from simgen.errors import SceneError
from simgen.generate.replay import replay
from simgen.generate.sequence import write_sequence
from simgen.physics import simulate
from simgen.records.base import Record
from simgen.records.frames import STATUS_DROPPED, CameraFrame, Frame
from simgen.scenario import loads
from simgen.scene import Scene

SCENE = """
simgen: 1
name: twins
clock: {duration_s: 0.3, rate_hz: 10}
world: {type: straight_road, length_m: 200}
light: {time: 2024-06-21T10:00:00Z, latitude_deg: 48.0, longitude_deg: 11.0}
weather:
  - {type: rain, rate_mm_h: 30}
  - {type: fog, visibility_m: 120}
ego: {asset: sedan, lane: east/1, at_m: 60, speed_m_s: 9}
objects:
  - {name: ahead, asset: van, place: {lane: east/1, at_m: 80}, behaviour: {type: follow_lane, speed_m_s: 8}}
sensors:
  - SENSOR
"""
FRONT = "mount: {on: ego, position_m: [1.6, 0, 1.4]}"
MANUAL = "exposure: {mode: manual, time_s: 0.0002, iso: 100}"
SENSORS = {
    "camera": f"type: camera, width: 96, height: 54, imager: {{}}, {MANUAL}, outputs: [twin, flow, raw, ideal], "
    f"{FRONT}",
    "lidar": "type: lidar, model: vlp-16, outputs: [twin, ideal, range_image], mount: {on: ego, position_m: [0, 0, 2]}",
    "radar": f"type: radar, outputs: [twin], {FRONT}",
    "stereo": f"type: stereo_depth, width: 96, height: 54, exposure_ev: 14, imager_exposure_s: 0.002, "
    f"outputs: [twin, rgb, infrared], {FRONT}",
    "thermal": f"type: thermal_camera, width: 64, height: 48, outputs: [twin], {FRONT}",
    "events": f"type: event_camera, width: 48, height: 36, rate_hz: 10, steps: 2, outputs: [twin], {FRONT}",
}


def scene_of(sensor: str, text: str = SCENE) -> Scene:
    return loads(text.replace("SENSOR", f"{{name: eye, {sensor}}}"), "twins.yaml").sample(3)


def frames_of(scene: Scene) -> list[Frame]:
    assembly = assemble(scene)
    with Renderer(assembly, simulate(assembly), threads=2) as renderer:
        return [renderer.frame(tick) for tick in timetable(scene)]


def arrays_of(frame: Record) -> Iterator[tuple[str, Any]]:
    for name, _, value in frame.arrays():
        yield name, value
    for name, value in vars(frame).items():
        if isinstance(value, Record) and not isinstance(value, Frame):
            yield from ((f"{name}.{column}", rows) for column, rows in arrays_of(value))


def assert_same(twin: Frame, frame: Frame) -> None:
    known, have = dict(arrays_of(frame)), dict(arrays_of(twin))
    assert known.keys() - have.keys() <= {"flow", "flow_valid", "normal"}
    assert have.keys() <= known.keys()
    for name, value in have.items():
        np.testing.assert_array_equal(value, known[name], err_msg=name)


@pytest.mark.parametrize("name", SENSORS)
def test_the_twin_is_the_frame_of_the_same_scene_without_weather(name):
    scene = scene_of(SENSORS[name])
    wet, dry = frames_of(scene), frames_of(scene.replace(weather=()))
    for frame, clear in zip(wet, dry, strict=True):
        assert frame.twin is not None
        assert frame.twin.twin is None
        assert_same(frame.twin, clear)
    assert any(not np.array_equal(value, dict(arrays_of(dry[-1]))[field]) for field, value in arrays_of(wet[-1]))


def test_weather_that_changes_is_cleared_too():
    change = "{type: change, from: null, to: {type: rain, rate_mm_h: 60}, over_s: 0.1}"
    text = SCENE.replace("{type: rain, rate_mm_h: 30}", change)
    scene = scene_of(SENSORS["camera"], text)
    for frame, clear in zip(frames_of(scene), frames_of(scene.replace(weather=())), strict=True):
        assert_same(frame.twin, clear)


@pytest.mark.parametrize(
    "exposure",
    [
        "imager: {}, exposure: {bias_ev: 1.0}",
        "imager: {}, exposure: {lag_s: 0.4}, faults: {overexposure: {ev: 0.7, from_s: 0.1}}",
        "imager: {}, exposure: {time_s: 0.00002, iso_max: 100}",
        "exposure: {metering: centre}",
    ],
)
def test_the_twin_is_exposed_as_the_frame(exposure):
    sensor = f"type: camera, width: 96, height: 54, {exposure}, outputs: [twin, linear], {FRONT}"
    scene = scene_of(sensor)
    wet, dry = frames_of(scene), frames_of(scene.replace(weather=()))
    for frame, clear in zip(wet, dry, strict=True):
        for name in ("exposure", "exposure_time", "iso", "gain"):
            np.testing.assert_array_equal(getattr(frame.twin, name), getattr(frame, name))
        np.testing.assert_array_equal(frame.twin.linear, clear.linear)
        if "iso_max" not in exposure:  # there the limits set the exposure, whatever is seen
            assert frame.exposure != clear.exposure
            assert not np.array_equal(frame.twin.rgb, clear.rgb)


def test_the_exposure_that_is_taken_over_develops_the_same_picture():
    """Where a scene is as bright with and without weather, the twin is the frame itself, nearly to the byte."""
    sensor = f"type: camera, width: 96, height: 54, imager: {{noise: true}}, outputs: [twin], {FRONT}"
    hardly = SCENE.replace("rate_mm_h: 30", "rate_mm_h: 0.001").replace("  - {type: fog, visibility_m: 120}\n", "")
    for frame in frames_of(scene_of(sensor, hardly)):
        # a photon more or less where a pixel's draw was at the edge
        off = np.abs(frame.rgb.astype(int) - frame.twin.rgb)
        assert off.mean() < 0.1


def test_in_clear_air_the_twin_is_the_frame():
    clear = "\n".join(line for line in SCENE.splitlines() if "rain" not in line and "fog" not in line)
    for frame in frames_of(scene_of(SENSORS["camera"], clear.replace("weather:", "weather: []"))):
        assert frame.twin.rgb is frame.rgb
        assert frame.twin.flow is None
        assert frame.twin.ideal is None


def test_frames_come_in_any_order():
    scene = scene_of(SENSORS["events"])
    assembly = assemble(scene)
    with Renderer(assembly, simulate(assembly), threads=2) as renderer:
        ticks = timetable(scene)
        last, again = (renderer.frame(ticks[-1]).twin for _ in range(2))
        first = renderer.frame(ticks[0]).twin
    in_order = frames_of(scene)
    assert_same(last, in_order[-1].twin)
    assert_same(again, in_order[-1].twin)
    assert_same(first, in_order[0].twin)


def test_a_silent_device_has_no_twin_picture_either_and_one_clock():
    sensor = SENSORS["camera"] + ", dropouts: [{from_s: 0.05, until_s: 0.15}], timing: {offset_s: 0.002}"
    frames = frames_of(scene_of(sensor))
    assert frames[1].twin.status == STATUS_DROPPED
    assert not frames[1].twin.rgb.any()
    assert all(f.twin.stamp_ns == f.stamp_ns == f.time_ns + 2_000_000 for f in frames)


def test_a_camera_that_repeats_old_pictures_has_none():
    with pytest.raises(SceneError, match="has no twin"):
        scene_of(f"type: camera, width: 96, height: 54, faults: {{frozen: {{}}}}, outputs: [twin], {FRONT}")


def test_stored_read_and_made_again(tmp_path):
    scene = scene_of(SENSORS["camera"])
    path = tmp_path / "twins.h5"
    with DatasetWriter(path, scenario="", seed=3) as writer:
        write_sequence(writer, 0, scene)
    frames = frames_of(scene)
    with open_dataset(path) as data:
        stored = data.sequences[0].frames["eye"]
        assert stored.variants == ("ideal", "twin")
        assert isinstance(stored.twin[1], CameraFrame)
        assert_same(stored.twin[1], frames[1].twin)
        np.testing.assert_array_equal(stored.twin[1].boxes.pixels, stored[1].boxes.pixels)
    assert replay(path, 0).identical
