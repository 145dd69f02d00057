"""Ticks, systematic errors, silence and mistakes of a wheel odometry."""

import math

import numpy as np
import pytest
from helpers_navigation import at, circle, column, run_of

from simgen.records.frames import STATUS_DROPPED
from simgen.sensors._wheels import steps_from_ways, walked
from simgen.sensors.wheel_odometry import WheelOdometry

NO_NOISE = {"alphas": (0.0, 0.0, 0.0, 0.0), "radius_error": 0.0, "radius_difference": 0.0, "track_error": 0.0}


def test_its_pose_is_what_a_controller_makes_of_its_ticks() -> None:
    odometry = WheelOdometry(name="odo")
    frames = odometry.record(run_of(*circle(15.0, 7.0), rate_hz=50.0, duration_s=5.0))
    ways = np.diff(column(frames, "ticks"), axis=0, prepend=0) * (2 * math.pi / 8192 * 0.32)
    np.testing.assert_allclose(column(frames, "pose"), walked(steps_from_ways(ways, 1.55))[0], atol=1e-9)
    np.testing.assert_array_equal(frames[0].pose, 0.0)
    np.testing.assert_array_equal(frames[0].ticks, 0)


def test_few_ticks_make_coarse_speeds() -> None:
    coarse = WheelOdometry(name="odo", ticks_per_turn=48, slip=0.0, **NO_NOISE)
    speeds = column(coarse.record(run_of(lambda t: at(3.0 * t), rate_hz=50.0, duration_s=4.0)), "wheel_speed")
    step = 2 * math.pi / 48 * 50.0
    counts = speeds / step
    np.testing.assert_allclose(counts, np.round(counts), atol=1e-9)
    assert 2 <= len(np.unique(np.round(counts))) <= 3
    assert speeds.mean() * 0.32 == pytest.approx(3.0, rel=0.02)


def test_wrong_radii_scale_and_bend_the_way() -> None:
    def ends(**errors):
        fields = {**NO_NOISE, "slip": 0.0, **errors}
        runs = (run_of(lambda t: at(10.0 * t), rate_hz=20.0, duration_s=5.0, seed=s) for s in range(120))
        return np.stack([WheelOdometry(name="odo", rate_hz=20.0, **fields).record(run)[-1].pose for run in runs])

    length = 10.0 * 99 / 20
    scaled = ends(radius_error=0.01)
    assert scaled[:, 0].std() == pytest.approx(0.01 * length, rel=0.25)
    assert np.abs(scaled[:, 1]).max() < 2e-2
    bent = ends(radius_difference=1e-3)
    assert bent[:, 2].std() == pytest.approx(1e-3 * length / 1.55, rel=0.25)
    # a bow of that turn is shorter from end to end by a sixth of its square
    np.testing.assert_allclose(length - bent[:, 0], length * bent[:, 2] ** 2 / 6.0, atol=2e-3)


def test_wheels_slip_where_the_car_speeds_up() -> None:
    odometry = WheelOdometry(name="odo", slip=0.01, **NO_NOISE)
    frames = odometry.record(run_of(lambda t: at(2.0 * t + 1.5 * t * t), rate_hz=50.0, duration_s=4.0))
    true = 2.0 + 3.0 * (np.arange(200) - 0.5) / 50.0
    ratio = column(frames, "twist")[20:, 0] / true[20:]
    np.testing.assert_allclose(ratio.mean(), 1.0 + 0.01 * 3.0, rtol=2e-3)


def test_longer_clips_begin_alike_and_seeds_differ() -> None:
    odometry = WheelOdometry(name="odo")

    def pose(duration, seed=1):
        return odometry.record(run_of(*circle(15.0, 7.0), rate_hz=50.0, duration_s=duration, seed=seed))[49].pose

    np.testing.assert_array_equal(pose(1.0), pose(3.0))
    assert not np.array_equal(pose(1.0), pose(1.0, seed=2))


def test_a_silent_sample_is_empty_but_for_the_truth() -> None:
    odometry = WheelOdometry(name="odo", outputs=("ideal",))
    frame = odometry.record(run_of(*circle(15.0, 7.0), rate_hz=50.0))[60]
    silent = odometry.silence(frame)
    assert silent.status == STATUS_DROPPED
    assert not silent.pose.any()
    assert not silent.ticks.any()
    assert silent.ideal is frame.ideal
    np.testing.assert_array_equal(silent.world_from_sensor, frame.world_from_sensor)


def test_unknown_outputs_are_refused() -> None:
    with pytest.raises(ValueError, match="a wheel_odometry has no output 'map'; it has ideal"):
        WheelOdometry(name="odo", outputs=("map",))
