"""A receiver under the open sky, between walls and in a room; its modes, its draws, its mistakes."""

import numpy as np
import pytest
from helpers_lidar import Thing, box
from helpers_navigation import MUNICH, PEBBLE, canyon, fix

from simgen.records.frames import STATUS_DROPPED
from simgen.records.geodetic import ecef_from_geodetic
from simgen.sensors.gnss import Gnss

BOTH = ("ideal", "satellites")
CLOSED = [
    Thing(box((0.0, 0.0, 6.0), (20.0, 20.0, 0.5))),
    *[Thing(box((s * 10.0, 0.0, 2.0), (0.5, 21.0, 9.0))) for s in (-1, 1)],
    *[Thing(box((0.0, s * 10.0, 2.0), (21.0, 0.5, 9.0))) for s in (-1, 1)],
]


def errors(gnss: Gnss, things: list[Thing], seeds: range) -> np.ndarray:
    frames = [fix(gnss, things, seed=seed) for seed in seeds]
    return np.stack([f.position - [0.0, 0.0, 2.0] for f in frames if f.fix[0]])


def test_open_sky_error_is_as_large_as_the_receiver_believes() -> None:
    gnss = Gnss(name="gnss", outputs=BOTH)
    frame = fix(gnss, [])
    table = frame.satellites
    assert table is not None
    assert (table.sight == 1).all()
    assert table.used.all()
    assert frame.used[0] == len(table.id) >= 11
    assert 0.5 < frame.dop[0] < 1.5
    off = errors(gnss, [], range(300))
    sigma = np.sqrt(np.diag(frame.covariance))
    np.testing.assert_allclose(off.std(0), sigma, rtol=0.15)
    assert (np.abs(off.mean(0)) < 4 * sigma / np.sqrt(len(off))).all()
    assert 0.3 < np.hypot(*sigma[:2]) < 3.0


def test_a_canyon_hides_satellites_and_bends_others_and_the_error_grows() -> None:
    gnss = Gnss(name="gnss", outputs=BOTH)
    free, street = fix(gnss, []), fix(gnss, canyon())
    assert street.satellites is not None
    assert (street.satellites.sight == 0).sum() + (street.satellites.sight == 2).sum() >= 4
    assert (street.satellites.sight == 2).any()
    assert street.dop[2] > free.dop[2]
    wide, narrow = errors(gnss, [], range(80)), errors(gnss, canyon(), range(80))
    assert np.sqrt((narrow**2).sum(-1)).mean() > 2.0 * np.sqrt((wide**2).sum(-1)).mean()


def test_without_reflections_only_plain_sight_counts() -> None:
    table = fix(Gnss(name="gnss", outputs=BOTH, reflection_range_m=0.0), canyon()).satellites
    assert table is not None
    assert not table.excess.any()
    assert (table.used <= (table.sight == 1)).all()


def test_a_room_has_no_fix() -> None:
    frame = fix(Gnss(name="gnss", outputs=BOTH), CLOSED)
    assert frame.fix[0] == 0
    assert frame.used[0] == 0
    assert not frame.position.any()
    assert not frame.covariance.any()
    assert frame.ideal is not None
    np.testing.assert_allclose(frame.ideal.position, [0.0, 0.0, 2.0])


def test_its_own_mount_does_not_count() -> None:
    lid = Thing(box((0.0, 0.0, 2.2), (0.5, 0.5, 0.1)))
    assert fix(Gnss(name="gnss", near_m=0.5), [lid]).fix[0] == 1
    assert fix(Gnss(name="gnss", near_m=0.0, outputs=BOTH), [lid]).satellites.sight.min() == 0


def test_rtk_is_good_to_centimetres_and_falls_back_where_it_must() -> None:
    rtk = Gnss(name="rtk", mode="rtk")
    off = errors(rtk, [], range(100))
    assert np.abs(off[:, :2]).max() < 0.03
    assert fix(rtk, []).fix[0] == 4
    deep = canyon(half_width=3.0, height=60.0)
    kinds = {int(fix(rtk, deep, place=MUNICH, time_ns=0, seed=s).fix[0]) for s in range(3)}
    assert 4 not in kinds


def test_geodetic_and_position_are_the_same_place() -> None:
    frame = fix(Gnss(name="gnss", outputs=BOTH), [])
    np.testing.assert_allclose(MUNICH.enu_of(frame.geodetic), frame.position, atol=1e-8)
    assert frame.ideal is not None
    apart = ecef_from_geodetic(frame.geodetic) - ecef_from_geodetic(frame.ideal.geodetic)
    assert np.sqrt((apart**2).sum()) == pytest.approx(np.sqrt(((frame.position - frame.ideal.position) ** 2).sum()))


def test_velocity_is_that_of_the_antenna() -> None:
    car = Thing(PEBBLE.mesh, position=(3.0, 4.0, 2.0), velocity=(12.0, -5.0, 0.0))
    frame = fix(Gnss(name="gnss", outputs=BOTH), [], antenna=car)
    assert frame.ideal is not None
    np.testing.assert_allclose(frame.ideal.velocity, [12.0, -5.0, 0.0], atol=1e-9)
    assert 1e-4 < np.abs(frame.velocity - frame.ideal.velocity).max() < 0.5


def test_frames_do_not_depend_on_the_order_they_are_taken_in() -> None:
    gnss = Gnss(name="gnss")
    there = [fix(gnss, [], index=k, time_ns=200_000_000 * k).position for k in (0, 9, 3)]
    back = [fix(gnss, [], index=k, time_ns=200_000_000 * k).position for k in (3, 9, 0)]
    np.testing.assert_array_equal(there, back[::-1])
    assert not np.array_equal(there[0], fix(gnss, [], seed=2).position)


def test_a_neighbour_in_time_errs_alike() -> None:
    gnss = Gnss(name="gnss", code_noise_m=0.0, drift_m=2.0, drift_tau_s=100.0)
    off = np.stack([fix(gnss, [], index=k, time_ns=0).position - [0, 0, 2] for k in range(12)])
    steps = np.diff(off, axis=0)
    # 0.2 s of 100 s: a step's deviation is sqrt(2 (1 - phi)) = 6 % of the error's own
    sigma = np.sqrt(np.diag(fix(gnss, []).covariance))
    np.testing.assert_allclose(np.sqrt((steps**2).mean()), 0.063 * np.sqrt((sigma**2).mean()), rtol=0.4)


def test_one_outlier_among_many_is_left_out() -> None:
    from simgen.sensors._gnss_sky import sky_at
    from simgen.sensors._gnss_solution import solve_excluding

    sky = sky_at(MUNICH, np.zeros(3), 0.0, ("gps", "galileo")).above(0.17)
    count = len(sky.id)
    wrong = np.where(np.arange(count) == 4, 60.0, 0.0)
    every = np.ones(count, bool)
    found, kept = solve_excluding(sky.toward, wrong, np.zeros(count), np.ones(count), every, 4.0)
    assert found is not None
    np.testing.assert_array_equal(np.flatnonzero(~kept), [4])
    np.testing.assert_allclose(found.error, 0.0, atol=1e-9)
    trusting, kept = solve_excluding(sky.toward, wrong, np.zeros(count), np.ones(count), every, 1e9)
    assert trusting is not None
    assert kept.all()
    assert np.abs(trusting.error).max() > 3.0


def test_a_silent_receiver_tells_nothing() -> None:
    gnss = Gnss(name="gnss", outputs=BOTH)
    silent = gnss.silence(fix(gnss, []))
    assert silent.status == STATUS_DROPPED
    assert not silent.position.any()
    assert len(silent.satellites.id) == 0
    assert silent.ideal is not None
    assert silent.ideal.position.any()


def test_without_noise_it_is_the_ideal() -> None:
    frame = fix(Gnss(name="gnss", noise=False, outputs=("ideal",)), CLOSED)
    np.testing.assert_allclose(frame.position, [0.0, 0.0, 2.0])
    assert frame.ideal is not None


def test_unknown_outputs_and_constellations_are_refused() -> None:
    with pytest.raises(ValueError, match="a gnss has no output 'sky'"):
        Gnss(name="gnss", outputs=("sky",))
    with pytest.raises(ValueError, match="constellations are gps, galileo or both, not glonass"):
        Gnss(name="gnss", constellations=("glonass",))
    with pytest.raises(ValueError, match="not none"):
        Gnss(name="gnss", constellations=())
