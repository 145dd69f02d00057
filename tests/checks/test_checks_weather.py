"""What weather leaves in a file is checked: each way of spoiling it makes exactly the rule meant fail."""

from __future__ import annotations

import shutil

import h5py
import numpy as np
import pytest
from helpers_checks import ROOT, failing, spoiled

from simgen.checks import run_checks
from simgen.dataset import DatasetWriter, open_dataset
from simgen.generate.sequence import write_sequence
from simgen.records.frames import POINT_GHOST
from simgen.scenario import loads
from simgen.taxonomy import class_id

SCENE = """
simgen: 1
name: wet
clock: {duration_s: 0.2, rate_hz: 10}
world: {type: straight_road, length_m: 200}
light: {time: 2024-06-21T10:00:00Z, latitude_deg: 48.0, longitude_deg: 11.0}
weather:
  - {type: rain, rate_mm_h: 30}
  - {type: fog, visibility_m: 60}
ego: {asset: sedan, lane: east/1, at_m: 60, speed_m_s: 9}
objects:
  - {name: ahead, asset: van, place: {lane: east/1, at_m: 72}, behaviour: {type: follow_lane, speed_m_s: 8}}
sensors:
  - {name: front, type: camera, width: 96, height: 54, imager: {}, outputs: [twin],
     mount: {on: ego, position_m: [1.6, 0, 1.4]}}
  - {name: top, type: lidar, model: vlp-16, outputs: [twin], mount: {on: ego, position_m: [0, 0, 2]}}
  - {name: heat, type: thermal_camera, width: 64, height: 48, outputs: [twin],
     mount: {on: ego, position_m: [1.6, 0, 1.5]}}
  - {name: echo, type: radar, outputs: [twin], mount: {on: ego, position_m: [3.8, 0, 0.6]}}
"""


@pytest.fixture(scope="module")
def wet(tmp_path_factory):
    path = tmp_path_factory.mktemp("wet") / "wet.h5"
    with DatasetWriter(path, scenario=SCENE, seed=3) as writer:
        write_sequence(writer, 0, loads(SCENE, "wet.yaml").sample(3))
    return path


def test_a_faultless_file_passes(wet):
    with open_dataset(wet) as data:
        report = run_checks(data)
        points = data.sequences[0].frames["top"].points[0]
    assert report.good
    tested = {r.rule: r.tested for r in report.results}
    assert tested["weather_points"] > 100
    assert tested["clean_twin"] > 50
    assert {class_id("fog"), class_id("rain")} <= set(np.unique(points.semantic).tolist())


def first_of(values, mask, value):
    out = values.copy()
    out[np.argmax(mask)] = value
    return out


def test_weather_without_its_flag(wet, tmp_path):
    found = spoiled(wet, tmp_path, "ragged/top/points/flags", lambda v: first_of(v, v == 1, POINT_GHOST))
    assert set(found) == {"weather_points", "measures"}
    assert "flags 4" in found["weather_points"]


def test_the_flag_without_a_class(wet, tmp_path):
    found = spoiled(wet, tmp_path, "ragged/top/points/flags", lambda v: first_of(v, v == 0, 1))
    assert "weather_points" in found


def test_weather_that_belongs_to_an_object(wet, tmp_path):
    fog = class_id("fog")
    with open_dataset(wet) as data:
        mask = data.sequences[0].frames["top"].points.semantic[:] == fog
    found = spoiled(wet, tmp_path, "ragged/top/points/instance", lambda v: first_of(v, mask, 1))
    assert {"weather_points", "unreal_points"} <= set(found)


@pytest.mark.parametrize(
    "name",
    [
        "front/twin/depth",
        "front/twin/instance",
        "front/twin/semantic",
        "front/twin/exposure_time",
        "front/twin/stamp_ns",
        "top/twin/world_from_sensor",
    ],
)
def test_a_twin_of_something_else(name, wet, tmp_path):
    def change(values):
        out = values.copy()
        out.reshape(-1)[-1] += 1
        return out

    found = spoiled(wet, tmp_path, f"frames/{name}", change)
    assert set(found) == {"clean_twin"}
    assert found["clean_twin"].startswith(f"000000/{name.split('/')[0]}/1: {name.split('/')[2]} differs")


def test_boxes_of_a_twin(wet, tmp_path):
    found = spoiled(wet, tmp_path, "ragged/front/twin/boxes/pixels", lambda v: v + 1)
    assert set(found) == {"clean_twin"}
    found = spoiled(wet, tmp_path, "ragged/top/twin/boxes/center", lambda v: v + 1)
    assert set(found) == {"clean_twin"}


def test_weather_in_a_twin(wet, tmp_path):
    found = spoiled(wet, tmp_path, "ragged/top/twin/points/semantic", lambda v: first_of(v, v > 0, class_id("rain")))
    assert set(found) == {"clean_twin"}
    assert "1 points of the twin" in found["clean_twin"]
    assert failing(wet) == {}


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("visibility_m", -5.0, "visibility_m is -5.0 in row 1"),
        ("visibility_m", 0.0, "visibility_m is 0.0 in row 1"),
        ("visibility_m", np.nan, "visibility_m is nan in row 1"),
        ("rain_mm_h", -1.0, "rain_mm_h is -1.0 in row 1"),
        ("snow_m", np.inf, "snow_m is inf in row 1"),
        ("ice", 1.2, "ice is 1.2 in row 1"),
        ("wind", np.nan, "wind is nan in row 1"),
        ("time_ns", 0, "does not rise"),
    ],
)
def test_weather_that_cannot_be(name, value, told, wet, tmp_path):
    def change(values):
        out = values.copy()
        out[1] = value
        return out

    found = spoiled(wet, tmp_path, f"weather/{name}", change)
    assert set(found) == {"conditions"}
    assert told in found["conditions"]


def test_weather_that_ends_too_early(wet, tmp_path):
    found = spoiled(wet, tmp_path, "weather/time_ns", lambda v: v // 4)
    assert set(found) == {"conditions"}
    assert "does not cover frame 1 of" in found["conditions"]


def with_transmittance(path, tmp_path, share):
    """A copy whose camera has stored what the air lets through: ``share`` of visibility and paths (N, H, W)."""
    copy = tmp_path / "seen.h5"
    shutil.copy(path, copy)
    with h5py.File(copy, "r+") as file:
        group = file[f"{ROOT}/frames/front"]
        height, width = group["depth"].shape[1:]
        v, u = np.mgrid[0.5:height, 0.5:width]
        K = group["K"][0]
        far = group["depth"][()] * np.sqrt(1 + ((u - K[0, 2]) / K[0, 0]) ** 2 + ((v - K[1, 2]) / K[1, 1]) ** 2)
        visibility = file[f"{ROOT}/weather/visibility_m"][0]
        data = group.create_dataset("transmittance", data=share(visibility, far).astype(np.float16))
        data.attrs.update({"dims": "N H W", "unit": "", "doc": "test"})
    found = failing(copy)
    found.pop("content_hash")
    return copy, found


def koschmieder(visibility, far):
    return np.exp(-np.log(20.0) * np.where(np.isfinite(far), far, 50.0) / visibility)


def even(path, tmp_path):
    """The same file as if nothing fell: then the air must be just as dense as told."""
    copy = tmp_path / "even.h5"
    shutil.copy(path, copy)
    with h5py.File(copy, "r+") as file:
        file[f"{ROOT}/weather/rain_mm_h"][...] = 0.0
    return copy


def test_transmittance_that_fits(wet, tmp_path):
    path, found = with_transmittance(even(wet, tmp_path), tmp_path, koschmieder)
    assert not found
    with open_dataset(path) as data:
        tested = {r.rule: r.tested for r in run_checks(data).results}["transmittance"]
    assert tested > 2 * 96 * 54 + 5000


def test_transmittance_of_another_fog(wet, tmp_path):
    _, found = with_transmittance(even(wet, tmp_path), tmp_path, lambda v, far: koschmieder(1.05 * v, far))
    assert set(found) == {"transmittance"}


def test_in_rain_air_may_be_clearer_but_not_denser(wet, tmp_path):
    assert not with_transmittance(wet, tmp_path, lambda v, far: koschmieder(1.2 * v, far))[1]
    assert set(with_transmittance(wet, tmp_path, lambda v, far: koschmieder(0.9 * v, far))[1]) == {"transmittance"}


def test_transmittance_that_cannot_be(wet, tmp_path):
    _, found = with_transmittance(wet, tmp_path, lambda v, far: 1.1 * np.ones_like(far))
    assert "transmittance is 1.09" in found["transmittance"] or "transmittance is 1.1" in found["transmittance"]


def test_uneven_air_is_only_held_to_its_bounds(wet, tmp_path):
    copy = tmp_path / "uneven.h5"
    shutil.copy(even(wet, tmp_path), copy)
    with h5py.File(copy, "r+") as file:
        file[f"{ROOT}/weather/uneven"][...] = 1.0
    assert not with_transmittance(copy, tmp_path, lambda v, far: koschmieder(3.0 * v, far))[1]
