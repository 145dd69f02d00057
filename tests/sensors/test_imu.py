"""An IMU's errors, models and mistakes."""

import math

import numpy as np
import pytest
from helpers_navigation import at, circle, column, run_of

from simgen.errors import UserError
from simgen.records.frames import STATUS_DROPPED
from simgen.sensors._imu_device import Triad, catalogue, load_imu
from simgen.sensors.base import Mount
from simgen.sensors.base import Path as Path_
from simgen.sensors.imu import Imu

QUIET = {"noise_density": 0.0, "random_walk": 0.0, "turn_on_bias": 0.0, "scale_factor": 0.0, "misalignment_deg": 0.0}
CLEAN = Triad(**QUIET, range=1e5, resolution=0.0)


def rest(t):
    return at(0.0 * t)


def test_catalogue_grades_differ_as_their_prices_do() -> None:
    assert catalogue() == ("adis16448", "bmi160", "hg4930")
    consumer, industrial, tactical = (load_imu(name) for name in ("bmi160", "adis16448", "hg4930"))
    assert consumer.gyro.turn_on_bias > industrial.gyro.turn_on_bias > tactical.gyro.turn_on_bias
    assert industrial.gyro.noise_density == pytest.approx(1.6968e-4)
    assert industrial.accel.random_walk == pytest.approx(3e-3)


def test_hg4930_has_its_allan_minimum_at_the_published_stability() -> None:
    gyro = load_imu("hg4930").gyro
    lowest = math.sqrt(2.0 * gyro.noise_density * gyro.random_walk / math.sqrt(3.0))
    assert math.degrees(lowest) * 3600.0 == pytest.approx(0.25, rel=1e-3)


def test_a_longer_clip_begins_with_the_same_samples() -> None:
    imu = Imu(name="imu", outputs=("ideal",))
    short, long = (imu.record(run_of(*circle(20.0, 8.0), duration_s=d)) for d in (1.0, 3.0))
    for k in (0, 17, 199):
        np.testing.assert_array_equal(short[k].angular_velocity, long[k].angular_velocity)
        np.testing.assert_array_equal(short[k].accel_bias, long[k].accel_bias)


def test_seeds_names_and_parts_draw_apart() -> None:
    def noise(name="imu", seed=1):
        return column(Imu(name=name).record(run_of(rest, seed=seed)), "angular_velocity")

    assert np.array_equal(noise(), noise())
    assert not np.array_equal(noise(), noise(seed=2))
    assert not np.array_equal(noise(), noise(name="other"))
    frame = Imu(name="imu", gyro=Triad(turn_on_bias=1.0), accel=Triad(turn_on_bias=1.0)).record(run_of(rest))[0]
    assert not np.allclose(frame.gyro_bias, frame.accel_bias)


def test_what_is_left_of_bias_and_ideal_is_white_noise_of_the_density() -> None:
    triad = Triad(**{**QUIET, "noise_density": 2e-3, "random_walk": 3e-3, "turn_on_bias": 0.2}, resolution=0.0)
    frames = Imu(name="imu", accel=triad, outputs=("ideal",)).record(run_of(*circle(20.0, 8.0), duration_s=40.0))
    ideal = column([f.ideal for f in frames], "linear_acceleration")
    left = column(frames, "linear_acceleration") - ideal - column(frames, "accel_bias")
    np.testing.assert_allclose(left.std(0), 2e-3 * math.sqrt(200.0), rtol=0.03)
    assert np.abs(left.mean(0)).max() < 4 * 2e-3 * math.sqrt(200.0 / len(frames))
    assert np.abs((left[1:] * left[:-1]).mean(0)).max() < 5e-2 * left.var()


def test_turn_on_bias_scale_and_misalignment_have_their_deviations() -> None:
    triad = Triad(
        **{**QUIET, "turn_on_bias": 0.1, "scale_factor": 0.02, "misalignment_deg": 1.0}, range=1e5, resolution=0
    )
    seeds = range(150)
    lines = [Imu(name="imu", accel=triad).record(run_of(rest, duration_s=0.01, seed=s))[0] for s in seeds]
    force, bias = column(lines, "linear_acceleration"), column(lines, "accel_bias")
    assert bias.std() == pytest.approx(0.1, rel=0.12)
    assert ((force - bias)[:, 2] / 9.81 - 1.0).std() == pytest.approx(0.02, rel=0.2)
    # gravity along z leaks into x and y
    assert (force - bias)[:, :2].std() == pytest.approx(9.81 * math.radians(1.0), rel=0.15)


def test_it_saturates_and_counts_in_steps() -> None:
    hard = Triad(**QUIET, range=5.0, resolution=0.25)
    frames = Imu(name="imu", accel=hard).record(run_of(lambda t: at(0.5 * 1.3 * t * t)))
    force = column(frames, "linear_acceleration")
    np.testing.assert_allclose(force[:, 0], 1.25)
    np.testing.assert_allclose(force[:, 2], 5.0)


def test_without_errors_it_is_the_ideal() -> None:
    frames = Imu(name="imu", gyro=CLEAN, accel=CLEAN, outputs=("ideal",)).record(run_of(*circle(20.0, 8.0)))
    np.testing.assert_array_equal(frames[50].linear_acceleration, frames[50].ideal.linear_acceleration)


def test_a_silent_sample_keeps_its_bias_and_its_ideal() -> None:
    imu = Imu(name="imu", outputs=("ideal",))
    frame = imu.record(run_of(rest))[3]
    silent = imu.silence(frame)
    assert silent.status == STATUS_DROPPED
    assert not silent.linear_acceleration.any()
    assert silent.ideal is frame.ideal
    np.testing.assert_array_equal(silent.gyro_bias, frame.gyro_bias)


def test_samples_are_a_sequence() -> None:
    samples = Imu(name="imu").record(run_of(rest, duration_s=0.1))
    assert len(samples) == 20
    assert [f.time_ns for f in samples[2:4]] == [10_000_000, 15_000_000]
    assert samples[-1].time_ns == 95_000_000
    with pytest.raises(IndexError):
        samples[20]


def test_unknown_model_and_output_are_refused() -> None:
    with pytest.raises(UserError, match="unknown imu model 'bmi610'; did you mean 'bmi160'"):
        Imu(name="imu", model="bmi610")
    with pytest.raises(ValueError, match="an imu has no output 'truth'; it has ideal"):
        Imu(name="imu", outputs=("truth",))
    with pytest.raises(ValueError, match="mount it on an entity, not on a path"):
        Imu(name="imu", mount=Mount(path=Path_(type="orbit")))
