"""The ultrasonic ranger as a sensor: configuration, determinism, ideal, silence, storage and the check."""

from __future__ import annotations

import dataclasses
import shutil

import numpy as np
import pytest
from helpers_ultrasonic import ball, hear, pings, ranger, wall

from simgen.records.frames import STATUS_DROPPED
from simgen.records.ultrasonic import EchoFrame
from simgen.scenario import loads
from simgen.sensors.ultrasonic import Ultrasonic

SCENE = """
simgen: 1
name: yard
clock: {duration_s: 0.2, rate_hz: 10}
world: {type: empty, size_m: 30}
light: {type: constant}
objects:
  - {name: crate, asset: {type: box, size_m: [0.4, 0.8, 0.9]}, place: {at_m: [1.7, 0, 0.45]}, physics: static}
  - {name: post, asset: {type: cylinder, radius_m: 0.05, height_m: 1}, place: {at_m: [0.9, -2, 0.5]}, physics: static}
sensors:
  - {name: ahead, type: ultrasonic, mount: {position_m: [0, 0, 0.5]}, outputs: [ideal, envelope]}
  - {name: aside, type: ultrasonic, mount: {position_m: [0, -2, 0.5]}, air_temperature_c: -10}
"""


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"opening_deg": (120.0, 30.0)}, "0.5 to 85"),
        ({"min_range_m": 6.0}, "must be less than"),
        ({"rate_hz": 90.0}, "can be at most 31.2"),
        ({"outputs": ("envelop",)}, "did you mean 'envelope'"),
    ],
)
def test_what_cannot_be_is_refused(fields, words):
    with pytest.raises(ValueError, match=words):
        Ultrasonic(name="u", **fields)


def test_pings_differ_by_seed_index_and_name_only():
    sensor = ranger(noise=True, resolution_m=1e-6)
    said = [f.range[0] for f in pings(sensor, wall(2.0), count=3)]
    assert len(set(said)) == 3
    assert said == [f.range[0] for f in pings(sensor, wall(2.0), count=3)]
    assert hear(sensor, wall(2.0), seed=1).range[0] != said[0]
    assert hear(dataclasses.replace(sensor, name="v"), wall(2.0)).range[0] != said[0]


def test_the_ideal_ping_stands_beside_the_noisy_one():
    frame = hear(ranger(noise=True, noise_m=0.05, outputs=("ideal",)), wall(2.0))
    assert isinstance(frame.ideal, EchoFrame)
    assert frame.ideal.range[0] == pytest.approx(2.0, abs=1e-3)
    assert frame.range[0] != frame.ideal.range[0]


def test_a_silent_device_hears_nothing():
    sensor = ranger(outputs=("envelope", "ideal"))
    silent = sensor.silence(hear(sensor, wall(2.0, label=3)))
    assert silent.status == STATUS_DROPPED
    assert np.isinf(silent.range[0])
    assert silent.instance[0] == 0
    assert not silent.envelope.any()
    assert np.isinf(silent.ideal.range[0])


def test_blind_near_and_deaf_far():
    assert np.isinf(hear(ranger(), ball(0.1, 0.02)).range[0])
    assert np.isinf(hear(ranger(wall_range_m=20.0), wall(5.7)).range[0])
    assert np.isfinite(hear(ranger(wall_range_m=20.0), wall(5.3)).range[0])


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    from simgen.dataset.writer import DatasetWriter
    from simgen.generate.sequence import write_sequence

    scenario = loads(SCENE, "yard")
    path = tmp_path_factory.mktemp("echo") / "echo.h5"
    with DatasetWriter(path, scenario=SCENE, seed=1) as writer:
        write_sequence(writer, 0, scenario.sample(1))
    return path


def check(path):
    from simgen.checks import run_checks
    from simgen.dataset import open_dataset

    with open_dataset(path) as data:
        return {r.rule: r for r in run_checks(data).results}


def test_frames_come_back_and_name_their_source(stored):
    from simgen.dataset import open_dataset

    with open_dataset(stored) as data:
        frames = data.sequences[0].frames
        ahead, aside = frames["ahead"], frames["aside"]
        assert (len(ahead), ahead.type) == (4, "ultrasonic")
        assert isinstance(ahead[0], EchoFrame)
        assert [int(f.instance[0]) for f in ahead] == [1] * 4
        assert [int(f.instance[0]) for f in aside] == [2] * 4
        assert ahead.ideal[0].range[0] == pytest.approx(1.5, abs=2e-3)
        # the air is colder than the device thinks: it is slower, so things seem farther
        assert aside[0].range[0] == pytest.approx(0.85 * (293.15 / 263.15) ** 0.5, abs=0.02)
    result = check(stored)
    assert result["echo_source"].status == "pass"
    assert result["echo_source"].tested == 8
    assert not [r for r in result.values() if r.status == "fail"]


@pytest.mark.parametrize("change", ["moved", "renamed"])
def test_spoiled_echoes_fail_the_check(stored, tmp_path, change):
    import h5py

    path = tmp_path / "spoiled.h5"
    shutil.copy(stored, path)
    with h5py.File(path, "r+") as file:
        group = file["sequences/000000/frames/ahead"]
        if change == "moved":
            group["range"][1] = group["range"][1] + np.float32(1.0)
        else:
            group["instance"][1] = 2
    assert check(path)["echo_source"].status == "fail"
