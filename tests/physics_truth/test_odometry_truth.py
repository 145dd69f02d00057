"""Wheel odometry by closed form: arcs, wheels, the motion model's variances, and the covariance that is told."""

import math

import numpy as np
import pytest
from helpers_navigation import at, circle, column, run_of

from simgen.geometry import quat_from_yaw
from simgen.sensors._drift import normals
from simgen.sensors._wheels import Steps, Unknowns, covariances, steps_from_ways, thrown, walked, wheel_ways
from simgen.sensors.wheel_odometry import WheelOdometry

EXACT = {
    "alphas": (0.0, 0.0, 0.0, 0.0),
    "radius_error": 0.0,
    "radius_difference": 0.0,
    "track_error": 0.0,
    "slip": 0.0,
    "ticks_per_turn": 10_000_000,
}


def test_a_perfect_odometry_drives_a_perfect_circle() -> None:
    radius, speed = 20.0, 5.0
    frames = WheelOdometry(name="odo", **EXACT).record(run_of(*circle(radius, speed), rate_hz=50.0, duration_s=20.0))
    t = np.arange(len(frames)) / 50.0
    w = speed / radius
    true = np.stack([radius * np.sin(w * t), radius * (1.0 - np.cos(w * t)), w * t], axis=-1)
    np.testing.assert_allclose(column(frames, "pose"), true, atol=2e-3)
    wheels = column(frames, "wheel_speed") * 0.32
    np.testing.assert_allclose(wheels.mean(0), [speed - w * 1.55 / 2, speed + w * 1.55 / 2], rtol=1e-4)
    np.testing.assert_allclose(column(frames, "twist").mean(0), [speed, w], rtol=1e-4)
    assert column(frames, "twist")[0] == pytest.approx([speed, w], rel=1e-2)


@pytest.mark.parametrize("speed", [6.0, -3.0])
def test_backwards_is_negative(speed: float) -> None:
    frames = WheelOdometry(name="odo", outputs=("ideal",), **EXACT).record(
        run_of(lambda t: at(speed * t), rate_hz=50.0)
    )
    assert frames[99].pose[0] == pytest.approx(speed * 99 / 50, abs=1e-3)
    assert frames[99].twist[0] == pytest.approx(speed, rel=1e-3)
    assert frames[99].ideal.pose[0] == pytest.approx(speed * 99 / 50, abs=1e-9)


def test_turning_on_the_spot_moves_nothing() -> None:
    frames = WheelOdometry(name="odo", **EXACT).record(
        run_of(lambda t: at(0.0 * t), lambda t: quat_from_yaw(2.0 * t), rate_hz=50.0, duration_s=5.0)
    )
    end = frames[-1]
    assert np.abs(end.pose[:2]).max() < 1e-5
    assert end.pose[2] == pytest.approx(2.0 * 249 / 50, abs=1e-4)
    assert end.ticks[0] == pytest.approx(-end.ticks[1], abs=2)


def test_ways_of_wheels_and_back() -> None:
    steps = Steps(driven=normals(1, ("d",), 50, 1)[:, 0], turned=normals(1, ("t",), 50, 1)[:, 0])
    back = steps_from_ways(wheel_ways(steps, 0.4), 0.4)
    np.testing.assert_allclose(back.driven, steps.driven, atol=1e-12)
    np.testing.assert_allclose(back.turned, steps.turned, atol=1e-12)


def test_the_motion_model_has_its_variances() -> None:
    alphas = (0.02, 0.003, 0.01, 0.05)
    count = 60_000
    steps = Steps(driven=np.full(count, 0.8), turned=np.full(count, 0.5))
    noisy = thrown(steps, alphas, normals(2, ("thrun",), count, 3))
    rot = 0.25
    turn = 0.02 * rot**2 + 0.003 * 0.8**2
    way = 0.01 * 0.8**2 + 0.05 * (rot**2 + rot**2)
    # a variance of 60 000 draws is known to 0.6 %
    assert (noisy.turned - 0.5).var() == pytest.approx(2.0 * turn, rel=0.02)
    assert (noisy.driven - 0.8).var() == pytest.approx(way, rel=0.02)
    for values in (noisy.turned, noisy.driven):
        z = (values - values.mean()) / values.std()
        assert (z**4).mean() == pytest.approx(3.0, abs=0.1)


def test_covariance_of_a_straight_way_in_closed_form() -> None:
    d, n = 0.2, 300
    a2, a3 = 1e-6, 1e-4
    steps = Steps(driven=np.full(n, d), turned=np.zeros(n))
    none = Unknowns(scale=0.0, difference=0.0, track=0.0)
    end = covariances(steps, (0.0, a2, a3, 0.0), none, 0.0, 1.5)[-1]
    turn = 2 * a2 * d * d
    arms = d * (np.arange(n) + 0.5)
    np.testing.assert_allclose(end[2, 2], n * turn, rtol=1e-12)
    np.testing.assert_allclose(end[0, 0], n * a3 * d * d, rtol=1e-12)
    np.testing.assert_allclose(end[1, 1], turn * (arms**2).sum(), rtol=1e-9)
    np.testing.assert_allclose(end[1, 2], turn * arms.sum(), rtol=1e-9)
    both = covariances(steps, (0.0, 0.0, 0.0, 0.0), Unknowns(scale=0.01, difference=1e-3, track=0.0), 0.0, 1.5)[-1]
    length = n * d
    np.testing.assert_allclose(both[0, 0], (0.01 * length) ** 2, rtol=1e-9)
    np.testing.assert_allclose(both[2, 2], (1e-3 * length / 1.5) ** 2, rtol=1e-9)
    np.testing.assert_allclose(both[1, 1], (1e-3 * length**2 / 2 / 1.5) ** 2, rtol=1e-9)


def test_errors_over_many_runs_are_those_the_covariance_tells() -> None:
    path = circle(30.0, 6.0)
    mean, chi2 = [], []
    true = column(WheelOdometry(name="odo", noise=False).record(run_of(*path, rate_hz=50.0, duration_s=16.0)), "pose")
    for seed in range(300):
        odometry = WheelOdometry(name="odo", slip=0.0)
        frame = odometry.record(run_of(*path, rate_hz=50.0, duration_s=16.0, seed=seed))[-1]
        error = frame.pose - true[-1]
        mean.append(error)
        chi2.append(float(error @ np.linalg.solve(frame.covariance, error)))
    # chi-square of 3 degrees: mean 3 with a deviation of sqrt(6 / 300) = 0.14
    assert np.mean(chi2) == pytest.approx(3.0, abs=0.5)
    assert np.abs(np.mean(mean, axis=0) / np.std(mean, axis=0)).max() < 4.0 / math.sqrt(300)


def test_a_step_walks_an_arc_exactly() -> None:
    pose, middle = walked(Steps(driven=np.array([10.0 * math.pi / 2]), turned=np.array([math.pi / 2])))
    np.testing.assert_allclose(pose[0], [10.0, 10.0, math.pi / 2], atol=1e-12)
    np.testing.assert_allclose(middle[0], [5.0, 5.0], atol=1e-12)
