"""An IMU by closed form: gravity, free fall, circles, braking; and its noise by the Allan deviation."""

import math

import numpy as np
import pytest
from helpers_navigation import MUNICH, allan_deviation, at, circle, column, run_of

from simgen.geometry import quat_conjugate, quat_from_axis_angle, quat_from_euler, quat_multiply, quat_rotate
from simgen.records.geodetic import EARTH_RATE, normal_gravity
from simgen.sensors._drift import random_walk, white_noise
from simgen.sensors.imu import Imu

IDEAL = Imu(name="imu", noise=False)


def still(t):
    return at(0.0 * t)


def test_at_rest_it_reads_gravity_upwards_whatever_the_mount() -> None:
    tilt = quat_from_euler(0.3, -0.5, 1.1)
    frames = IDEAL.record(run_of(still, rotation=tuple(tilt)))
    up = quat_rotate(quat_conjugate(tilt), [0.0, 0.0, 9.81])
    np.testing.assert_allclose(column(frames, "linear_acceleration"), np.tile(up, (len(frames), 1)), atol=1e-9)
    assert np.abs(column(frames, "angular_velocity")).max() < 1e-12


def test_in_free_fall_it_reads_nothing() -> None:
    frames = IDEAL.record(run_of(lambda t: at(3.0 * t, 0.0, 50.0 - 0.5 * 9.81 * t * t)))
    assert np.abs(column(frames, "linear_acceleration")).max() < 1e-6


def test_a_braking_car_feels_its_deceleration_backwards() -> None:
    frames = IDEAL.record(run_of(lambda t: at(20.0 * t - 0.5 * 4.0 * t * t)))
    force = column(frames, "linear_acceleration")
    np.testing.assert_allclose(force[:, 0], -4.0, atol=1e-6)
    np.testing.assert_allclose(force[:, 2], 9.81, atol=1e-9)


@pytest.mark.parametrize("arm", [0.0, 1.5, -2.0])
def test_on_a_circle_it_feels_v_squared_over_r_with_its_lever_arm(arm: float) -> None:
    radius, speed = 25.0, 12.0
    position, quaternion = circle(radius, speed)
    # an arm to the left of the driver is nearer to the centre
    frames = IDEAL.record(run_of(position, quaternion, offset=(0.0, arm, 0.0)))
    w = speed / radius
    force = column(frames, "linear_acceleration")
    np.testing.assert_allclose(force[:, 1], w * w * (radius - arm), rtol=1e-4)
    assert np.abs(force[:, 0]).max() < 1e-4
    np.testing.assert_allclose(column(frames, "angular_velocity"), np.tile([0.0, 0.0, w], (len(frames), 1)), atol=1e-9)


def test_a_constant_turn_about_any_axis_reads_as_it_is() -> None:
    axis, rate = np.array([1.0, -2.0, 0.5]) / math.sqrt(5.25), 1.7
    frames = IDEAL.record(run_of(still, lambda t: quat_from_axis_angle(np.tile(axis, (len(t), 1)), rate * t)))
    np.testing.assert_allclose(column(frames, "angular_velocity"), np.tile(rate * axis, (len(frames), 1)), atol=1e-9)


def test_rates_add_up_to_the_turn_of_a_tumbling_path() -> None:
    def tumble(t):
        return quat_from_euler(0.6 * np.sin(2.0 * t), 0.4 * np.sin(3.1 * t), 1.5 * t)

    run = run_of(still, tumble, duration_s=3.0)
    rate = column(IDEAL.record(run), "angular_velocity")
    _, true = run.track.at(run.time_ns)
    q = true[0]
    for k in range(len(rate) - 1):
        turn = 0.5 * (rate[k] + rate[k + 1]) / 200.0
        q = quat_multiply(q, quat_from_axis_angle(turn, np.sqrt((turn * turn).sum())))
    off = quat_multiply(quat_conjugate(q), true[-1])
    assert 2.0 * math.asin(min(1.0, math.sqrt((off[1:] ** 2).sum()))) < 2e-4


def test_the_bandwidth_lets_half_the_power_through_at_its_frequency() -> None:
    f, physics = 8.0, 2000
    run = run_of(lambda t: at(0.01 * np.sin(2 * np.pi * f * t)), physics_hz=physics, rate_hz=1000.0, duration_s=2.0)
    wide = column(Imu(name="imu", noise=False, bandwidth_hz=1e4).record(run), "linear_acceleration")[500:1500, 0]
    narrow = column(Imu(name="imu", noise=False, bandwidth_hz=f).record(run), "linear_acceleration")[500:1500, 0]
    assert wide.std() * math.sqrt(2.0) == pytest.approx(0.01 * (2 * np.pi * f) ** 2, rel=1e-3)
    assert narrow.std() / wide.std() == pytest.approx(math.sqrt(0.5), rel=2e-3)


def test_gravity_of_the_ellipsoid() -> None:
    assert normal_gravity(0.0) == pytest.approx(9.7803253359, abs=1e-10)
    assert normal_gravity(90.0) == pytest.approx(9.8321849378, abs=1e-9)
    assert normal_gravity(45.0) == pytest.approx(9.8061977694, abs=1e-9)
    assert normal_gravity(45.0, 1000.0) - normal_gravity(45.0) == pytest.approx(-3.0855e-3, abs=2e-6)
    frame = Imu(name="imu", noise=False, gravity_m_s2=None).record(run_of(still))[0]
    assert frame.linear_acceleration[2] == pytest.approx(MUNICH.gravity_m_s2, abs=1e-9)


def test_the_earth_turns_about_north_and_up() -> None:
    frame = Imu(name="imu", noise=False, earth_rotation=True).record(run_of(still))[7]
    latitude = math.radians(48.1)
    expected = EARTH_RATE * np.array([0.0, math.cos(latitude), math.sin(latitude)])
    np.testing.assert_allclose(frame.angular_velocity, expected, atol=1e-15)


def test_white_noise_per_sample_is_the_density_over_the_root_of_the_step() -> None:
    drawn = white_noise(1, ("anchor",), 100_000, 200.0, 1.7e-4)
    assert 1.7e-4 * math.sqrt(200.0) == pytest.approx(2.404e-3, abs=5e-7)
    assert drawn.std() == pytest.approx(2.404e-3, rel=0.01)


def test_allan_deviation_of_an_hour_gives_back_the_white_noise() -> None:
    rate, density = 200.0, 1.7e-4
    hour = white_noise(4, ("imu", "a", "gyro"), 720_000, rate, density)
    hour += random_walk(4, ("imu", "a", "gyro"), 720_000, rate, 2.0e-6)
    for tau in (0.1, 0.5, 1.0):
        np.testing.assert_allclose(allan_deviation(hour, rate, tau), density / math.sqrt(tau), rtol=0.03)


def test_allan_deviation_of_a_day_gives_back_the_walk_of_the_bias() -> None:
    rate, density, walk = 10.0, 1.7e-4, 1.9e-5
    day = white_noise(5, ("imu", "b", "gyro"), 864_000, rate, density)
    day += random_walk(5, ("imu", "b", "gyro"), 864_000, rate, walk)
    for tau in (150.0, 300.0):
        found = np.sqrt((allan_deviation(day, rate, tau) ** 2).mean())
        assert found == pytest.approx(walk * math.sqrt(tau / 3.0), rel=0.1)


def test_the_walk_of_32_seeds_grows_as_the_root_of_time() -> None:
    rate, walk = 100.0, 3.0e-3
    ends = np.stack([random_walk(seed, ("imu", "c", "accel"), 1001, rate, walk)[[250, 1000]] for seed in range(32)])
    spread = np.sqrt((ends**2).mean((0, 2)))
    # 96 draws: 3 sigma of their deviation are 22 %
    np.testing.assert_allclose(spread, walk * np.sqrt([2.5, 10.0]), rtol=0.22)
