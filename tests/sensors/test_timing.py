"""Stamps err as they are told to, and nothing but stamps and lost frames shows it."""

import dataclasses
import math

import numpy as np
import pytest

from simgen.assembly import assemble
from simgen.engine import Renderer
from simgen.physics import simulate
from simgen.records.frames import STATUS_DROPPED, STATUS_OK
from simgen.scenario import loads
from simgen.sensors.base import Timing

SCENE = """
simgen: 1
name: stamps
clock: {duration_s: 1.0, rate_hz: 10}
world: {type: straight_road, length_m: 200}
ego: {asset: sedan, lane: east/1, at_m: 60, speed_m_s: 9}
sensors:
  - {name: imu, type: imu, rate_hz: 100, outputs: [ideal], mount: {on: ego}}
  - {name: gnss, type: gnss, rate_hz: 10, mount: {on: ego, position_m: [0, 0, 2.5]}}
"""


def test_offset_drift_and_latency_add_up() -> None:
    timing = Timing(offset_s=0.25, drift_ppm=-80.0, latency_s=0.01)
    for second in (0, 1, 50):
        true = second * 1_000_000_000
        assert timing.stamp_ns(true, second, 1, "a") == true + 250_000_000 + 10_000_000 - 80_000 * second
    assert Timing().stamp_ns(123_456_789, 3, 1, "a") == 123_456_789


def test_jitter_is_normal_and_independent() -> None:
    timing = Timing(jitter_s=0.002)
    late = np.array([timing.stamp_ns(0, k, 7, "a") for k in range(5000)]) * 1e-9
    assert late.std() == pytest.approx(0.002, rel=0.04)
    assert abs(late.mean()) < 4 * 0.002 / math.sqrt(5000)
    z = late / 0.002
    assert (z**4).mean() == pytest.approx(3.0, abs=0.35)
    assert abs((z[1:] * z[:-1]).mean()) < 4 / math.sqrt(5000)


def test_the_share_of_lost_frames_is_the_one_asked_for() -> None:
    lost = np.array([Timing(loss=0.2).lost(k, 3, "a") for k in range(5000)])
    assert lost.mean() == pytest.approx(0.2, abs=4 * math.sqrt(0.2 * 0.8 / 5000))
    # losses do not come in rows
    assert (lost[1:] & lost[:-1]).mean() == pytest.approx(0.04, abs=0.012)
    assert not any(Timing().lost(k, 3, "a") for k in range(100))
    assert all(Timing(loss=1.0).lost(k, 3, "a") for k in range(100))


def test_draws_are_of_their_frame_seed_and_name() -> None:
    timing = Timing(jitter_s=0.01, loss=0.5)
    assert [timing.stamp_ns(0, k, 1, "a") for k in (5, 2, 5)] == [timing.stamp_ns(0, k, 1, "a") for k in (5, 2, 5)]
    of = {(seed, name): timing.stamp_ns(0, 5, seed, name) for seed in (1, 2) for name in ("a", "b")}
    assert len(set(of.values())) == 4


@pytest.fixture(scope="module")
def clips():
    """Every frame without timing errors, and with them on the IMU alone."""
    scene = loads(SCENE, "stamps.yaml").sample(seed=4)
    imu, gnss = scene.sensors
    late = dataclasses.replace(imu, timing=Timing(offset_s=0.1, drift_ppm=100.0, jitter_s=0.001, loss=0.25))
    out = []
    for sensors in ((imu, gnss), (late, gnss)):
        assembly = assemble(scene.replace(sensors=sensors))
        with Renderer(assembly, simulate(assembly), threads=1) as renderer:
            out.append([renderer.series(sensor) for sensor in sensors])
    return out


def test_time_and_labels_stay_true_and_data_too(clips) -> None:
    (plain, _), (late, _) = clips
    assert len(plain) == len(late) == 100
    for a, b in zip(plain, late, strict=True):
        assert a.time_ns == a.stamp_ns == b.time_ns
        np.testing.assert_array_equal(a.ideal.linear_acceleration, b.ideal.linear_acceleration)
        np.testing.assert_array_equal(a.world_from_sensor, b.world_from_sensor)
        if b.status == STATUS_OK:
            np.testing.assert_array_equal(a.linear_acceleration, b.linear_acceleration)
    off = np.array([b.stamp_ns - b.time_ns for b in late]) * 1e-9
    assert off.mean() == pytest.approx(0.1 + 50e-6, abs=5e-4)
    assert off.std() == pytest.approx(0.001, rel=0.3)


def test_lost_frames_are_there_but_silent(clips) -> None:
    late = clips[1][0]
    lost = [f for f in late if f.status == STATUS_DROPPED]
    assert 10 < len(lost) < 40
    assert not any(f.angular_velocity.any() for f in lost)
    assert all(f.ideal is not None for f in lost)


def test_another_sensors_frames_do_not_change(clips) -> None:
    for a, b in zip(clips[0][1], clips[1][1], strict=True):
        assert (a.time_ns, a.stamp_ns, a.status) == (b.time_ns, b.stamp_ns, b.status)
        np.testing.assert_array_equal(a.position, b.position)
