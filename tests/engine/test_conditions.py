"""Conditions are what the scene asks for, at every instant; stored, read and told."""

from __future__ import annotations

import math

import h5py
import numpy as np
import pytest
from click.testing import CliRunner

from simgen.cli.info import info, weather_line
from simgen.dataset import DatasetWriter, open_dataset
from simgen.errors import UserError
from simgen.generate.replay import replay
from simgen.generate.sequence import write_sequence
from simgen.scenario import loads
from simgen.weather.rain import Rain

SCENE = """
simgen: 1
name: conditions
clock: {duration_s: 2.05, rate_hz: 10}
world: {type: empty}
weather:
  - {type: change, from: {type: fog, visibility_m: 200}, to: {type: fog, visibility_m: 50}, start_s: 0.5, over_s: 1}
  - {type: change, from: null, to: {type: rain, rate_mm_h: 20}, over_s: 2}
  - {type: wind, speed_m_s: 6}
sensors:
  - {name: eye, type: camera, width: 8, height: 6, rate_hz: 4, mount: {on: world, position_m: [0, 0, 2]}}
"""


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    path = tmp_path_factory.mktemp("conditions") / "weather.h5"
    with DatasetWriter(path, scenario=SCENE, seed=1) as writer:
        write_sequence(writer, 0, loads(SCENE, "weather.yaml").sample(1))
    return path


def test_every_instant_has_what_the_scene_asks_for(stored):
    with open_dataset(stored) as data:
        weather = data.sequences[0].weather
    assert weather.time_ns[[0, 1, -1]].tolist() == [0, 100_000_000, 2_050_000_000]
    rain = np.minimum(weather.time_ns * 1e-8, 20.0)
    np.testing.assert_allclose(weather.rain_mm_h, rain)
    # the fog's own visibility, with the drops' extinction on top
    drops = rain / 20.0 * Rain(rate_mm_h=20.0).medium().extinction_at(550)
    fog = math.log(20.0) / weather.visibility_m - drops
    np.testing.assert_allclose(math.log(20.0) / fog[[0, 5]], 200.0, rtol=1e-6)
    np.testing.assert_allclose(math.log(20.0) / fog[15:], 50.0, rtol=1e-6)
    assert (np.diff(weather.visibility_m[5:16]) < 0.0).all()
    assert np.sqrt((weather.wind**2).sum(-1)).mean() == pytest.approx(6.0, rel=0.5)
    assert weather.wetness[-1] > weather.wetness[0]


def test_it_is_part_of_the_content_and_comes_out_the_same_again(stored, tmp_path):
    assert replay(stored, 0).identical
    with open_dataset(stored) as data:
        assert data.sequences[0].compute_hash() == data.sequences[0].content_hash
    with h5py.File(stored) as file:
        group = file["sequences/000000/weather"]
        assert group["visibility_m"].attrs["unit"] == "m"
        assert group["wind"].attrs["dims"] == "K 3"
        assert all(item.attrs["doc"] for item in group.values())


def test_samples_have_it_at_their_own_instants(stored):
    with open_dataset(stored) as data:
        samples = data.frames_of("eye", fields=["rgb", "weather.rain_mm_h", "weather.wind"])
        assert samples.fields == ("rgb", "weather.rain_mm_h", "weather.wind")
        assert [float(samples[k]["weather.rain_mm_h"]) for k in (0, 1, 4)] == pytest.approx([0.0, 2.5, 10.0])
        assert samples[1]["weather.wind"].shape == (3,)
        assert set(data.frames_of("eye", fields=["weather"]).fields) == {
            f"weather.{n}" for n in samples._sets[0].weather.__dataclass_fields__ if n != "time_ns"
        }
        assert not any(f.startswith("weather") for f in data.frames_of("eye").fields)


def test_files_from_before_have_none(stored, tmp_path):
    old = tmp_path / "old.h5"
    old.write_bytes(stored.read_bytes())
    with h5py.File(old, "r+") as file:
        del file["sequences/000000/weather"]
    with open_dataset(old) as data:
        assert data.sequences[0].weather is None
        assert data.sequences[0].frames["eye"].rgb.shape[0] == 9
        with pytest.raises(UserError, match="before weather was stored"):
            data.frames_of("eye", fields=["weather.ice"])[0]
    assert "not stored" in CliRunner().invoke(info, [str(old)]).output


def test_info_tells_it(stored):
    out = " ".join(CliRunner().invoke(info, [str(stored)]).output.split())
    assert "visibility 48.1 to 200 m, rain 0 to 20 mm/h, wet 0 to 100 %" in out
    clear = {"visibility_m": [math.inf, math.inf], "rain_mm_h": [0.0, 0.0], "wind_m_s": [0.0, 0.0]}
    assert weather_line([clear]) == "clear"
    assert weather_line([clear, {**clear, "visibility_m": [80.0, 80.0]}]) == "visibility from 80 m"
