"""The rules of IMU, odometry and GNSS: they hold in what is generated, and each sees its own kind of damage."""

from __future__ import annotations

import shutil

import h5py
import numpy as np
import pytest

from simgen.checks import run_checks
from simgen.checks.gnss import GnssPosition
from simgen.checks.imu import ImuMotion
from simgen.checks.odometry import OdometryPath
from simgen.dataset import DatasetWriter, open_dataset
from simgen.generate.sequence import write_sequence
from simgen.records.navigation import GnssFrame, ImuFrame, OdometryFrame
from simgen.scenario import loads

SCENE = """
simgen: 1
name: where
clock: {duration_s: 4.0, rate_hz: 10}
world: {type: intersection, lanes: 2, buildings: {density: 0.6}}
ego: {asset: sedan, lane: east/2, at_m: 55, behaviour: {type: follow_lane, speed_m_s: 7, turn: left}}
sensors:
  - {name: imu, type: imu, outputs: [ideal], mount: {on: ego, position_m: [1, 0.2, 0.5], rotation_deg: [5, -10, 30]}}
  - {name: gnss, type: gnss, outputs: [ideal, satellites], mount: {on: ego, position_m: [1, 0, 1.7]}}
  - {name: odo, type: wheel_odometry, outputs: [ideal], mount: {on: ego}, dropouts: [{from_s: 1.0, until_s: 1.1}]}
  - {name: whole, type: wheel_odometry, rate_hz: 20, mount: {on: ego}}
"""
RULES = (ImuMotion(), OdometryPath(), GnssPosition())
FRAMES = "sequences/000000/frames"


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    path = tmp_path_factory.mktemp("where") / "sound.h5"
    with DatasetWriter(path, scenario=SCENE, seed=5) as writer:
        write_sequence(writer, 0, loads(SCENE, "where.yaml").sample(5))
    return path


def results(path):
    with open_dataset(path) as data:
        return {r.rule: r for r in run_checks(data, RULES).results}


def test_what_is_generated_holds(sound) -> None:
    found = results(sound)
    assert all(r.status == "pass" for r in found.values()), found
    # 3 stretches, of turns and of speeds
    assert found["imu_motion"].tested == 6
    assert found["odometry_path"].tested > 500
    assert found["gnss_position"].tested > 80


def test_frames_come_back_as_their_records(sound) -> None:
    with open_dataset(sound) as data:
        frames = data.sequences[0].frames
        kinds = {name: type(frames[name][3]) for name in frames}
        assert kinds == {"imu": ImuFrame, "gnss": GnssFrame, "odo": OdometryFrame, "whole": OdometryFrame}
        assert frames["imu"].variant("ideal")[5].gyro_bias is None
        table = frames["gnss"][2].satellites
        assert table is not None
        assert len(table.id) == len(table.elevation) > 8
        # a frame that was read is the reader's own
        frames["imu"][3].angular_velocity[:] = 9.0
        assert not (frames["imu"][3].angular_velocity == 9.0).any()


def bias(path, rows, amount):
    def change(group):
        values = group[path][()]
        values[rows] = values[rows] + amount
        group[path][()] = values

    return change


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (bias("imu/ideal/angular_velocity", slice(None), [0.0, 0.0, 0.005]), "imu_motion"),
        (bias("imu/ideal/linear_acceleration", slice(None), [0.1, 0.0, 0.0]), "imu_motion"),
        (bias("odo/ideal/pose", slice(100, None), [0.8, 0.0, 0.0]), "odometry_path"),
        (bias("odo/ideal/twist", slice(20, None), [0.5, 0.0]), "odometry_path"),
        (bias("odo/pose", slice(150, None), [0.0, 0.0, 0.5]), "odometry_path"),
        (bias("whole/ticks", slice(30, None), [40, 0]), "odometry_path"),
        (bias("gnss/position", slice(None), [0.0, 60.0, 0.0]), "gnss_position"),
        (bias("gnss/geodetic", slice(None), [1e-5, 0.0, 0.0]), "gnss_position"),
        (bias("gnss/dop", slice(None), [0.1, 0.0, 0.0]), "gnss_position"),
        (bias("gnss/covariance", slice(None), -100.0 * np.eye(3)), "gnss_position"),
    ],
)
def test_damage_is_seen(sound, tmp_path, change, rule) -> None:
    path = tmp_path / "spoiled.h5"
    shutil.copy(sound, path)
    with h5py.File(path, "r+") as file:
        change(file[FRAMES])
    failed = {name: r for name, r in results(path).items() if r.status == "fail"}
    assert set(failed) == {rule}
    assert failed[rule].first.startswith("000000/")
