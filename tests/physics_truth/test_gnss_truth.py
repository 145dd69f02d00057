"""Satellite navigation by closed form: the ellipsoid, orbits, geometry, mirrors, and its slow errors by statistics."""

import math

import numpy as np
import pytest
from helpers_lidar import Thing, box
from helpers_navigation import MUNICH, fix
from hypothesis import given, settings
from hypothesis import strategies as st

from simgen.records.geodetic import Place, ecef_from_geodetic, geodetic_from_ecef
from simgen.sensors._drift import gauss_markov, gauss_markov_row, normals
from simgen.sensors._gnss_sky import sky_at
from simgen.sensors._gnss_solution import (
    CHIP_M,
    L1_M,
    code_multipath,
    inverse,
    obliquity,
    phase_multipath,
    solve,
)
from simgen.sensors.gnss import Gnss


def test_earth_centred_coordinates_of_known_points() -> None:
    # the example of EPSG guidance note 7-2, geographic to geocentric
    known = [53 + 48 / 60 + 33.820 / 3600, 2 + 7 / 60 + 46.380 / 3600, 73.0]
    np.testing.assert_allclose(ecef_from_geodetic(known), [3771793.968, 140253.342, 5124304.349], atol=1e-3)
    np.testing.assert_allclose(ecef_from_geodetic([0.0, 0.0, 0.0]), [6378137.0, 0.0, 0.0], atol=1e-9)
    np.testing.assert_allclose(ecef_from_geodetic([90.0, 0.0, 0.0])[2], 6356752.314245, atol=1e-6)


@given(st.floats(-90, 90), st.floats(-179.9, 179.9), st.floats(-4000, 30000))
@settings(max_examples=200, deadline=None)
def test_ecef_round_trip(latitude: float, longitude: float, height: float) -> None:
    back = geodetic_from_ecef(ecef_from_geodetic([latitude, longitude, height]))
    assert back[0] == pytest.approx(latitude, abs=1e-11)
    # a degree of longitude is nothing at the pole
    assert (back[1] - longitude) * math.cos(math.radians(latitude)) == pytest.approx(0.0, abs=1e-11)
    assert back[2] == pytest.approx(height, abs=1e-8)


@given(st.floats(-89, 89), st.floats(-180, 180), st.tuples(*[st.floats(-2000, 2000)] * 3))
@settings(max_examples=100, deadline=None)
def test_world_round_trip(latitude: float, longitude: float, enu: tuple[float, float, float]) -> None:
    place = Place(latitude_deg=latitude, longitude_deg=longitude, altitude_m=300.0)
    np.testing.assert_allclose(place.enu_of(place.geodetic_of(enu)), enu, atol=2e-8)


def test_the_earth_is_not_flat() -> None:
    # 2 km east of the origin, on the tangent plane, one is d^2 / 2N over the ellipsoid and turned towards the equator
    there = MUNICH.geodetic_of([2000.0, 0.0, 0.0])
    normal = 6378137.0 / math.sqrt(1 - 0.00669438 * math.sin(math.radians(48.1)) ** 2) + 520.0
    assert there[2] - 520.0 == pytest.approx(2000.0**2 / (2 * normal), rel=1e-3)
    assert there[0] < 48.1
    assert there[1] - 11.6 == pytest.approx(math.degrees(2000.0 / normal / math.cos(math.radians(48.1))), rel=1e-5)


def test_orbits_have_the_height_the_tilt_and_the_period_of_the_real_ones() -> None:
    def orbit(name: str, time_s: float):
        # far away, so that the direction from the Earth's centre is what is seen
        centre = MUNICH.enu_of_ecef(np.zeros(3))
        return sky_at(MUNICH, centre, time_s, (name,)).toward

    for name, days, revolutions in (("gps", 1, 2), ("galileo", 10, 17)):
        # the ground track repeats: after so many sidereal days (less the node's drift) everything is back
        again = orbit(name, days * 86164.0905)
        turned = np.degrees(np.arccos(np.clip((orbit(name, 0.0) * again).sum(-1), -1, 1)))
        assert turned.max() < 2.0, (name, revolutions)
    axis = np.array([0.0, math.cos(math.radians(48.1)), math.sin(math.radians(48.1))])
    latitudes = np.concatenate([orbit("gps", t) for t in range(0, 43200, 600)])
    assert math.degrees(math.asin((latitudes * axis).sum(-1).max())) == pytest.approx(55.0, abs=0.1)


@pytest.mark.parametrize("latitude", [0.0, 48.1, -35.0, 68.0])
def test_as_many_satellites_are_up_as_in_life(latitude: float) -> None:
    place = Place(latitude_deg=latitude)
    counts = [
        len(sky_at(place, np.zeros(3), t, ("gps", "galileo")).above(math.radians(10.0)).id)
        for t in range(0, 86400, 1800)
    ]
    assert min(counts) >= 11
    assert max(counts) <= 24
    assert 14.0 < np.mean(counts) < 19.0


def test_dilution_of_precision_of_one_overhead_and_three_around() -> None:
    elevation = math.radians(20.0)
    around = np.radians([0.0, 120.0, 240.0])
    flat = math.cos(elevation)
    low = np.stack([flat * np.sin(around), flat * np.cos(around), np.full(3, math.sin(elevation))], -1)
    toward = np.concatenate([[[0.0, 0.0, 1.0]], low])
    found = solve(toward, np.zeros(4), np.zeros(4), np.ones(4))
    assert found is not None
    # by symmetry: horizontal 2 / sqrt(3) / cos(el); vertical sqrt(1 + 1/3) / (1 - sin(el))
    assert found.dop[0] == pytest.approx(2.0 / math.sqrt(3.0) / flat, rel=1e-9)
    assert found.dop[1] == pytest.approx(math.sqrt(4.0 / 3.0) / (1.0 - math.sin(elevation)), rel=1e-9)


def test_a_common_range_error_goes_into_the_clock_and_an_own_one_into_the_position() -> None:
    sky = sky_at(MUNICH, np.zeros(3), 0.0, ("gps",)).above(0.2)
    count = len(sky.id)
    same = solve(sky.toward, np.full(count, 30.0), np.zeros(count), np.ones(count))
    assert same is not None
    np.testing.assert_allclose(same.error, 0.0, atol=1e-9)
    # a position that is off by d shows as -e d: the solution finds it
    shift = np.array([1.0, -2.0, 3.0])
    moved = solve(sky.toward, -(sky.toward * shift).sum(-1), np.zeros(count), np.linspace(1, 3, count))
    assert moved is not None
    np.testing.assert_allclose(moved.error, shift, atol=1e-9)


def test_three_satellites_or_four_in_a_row_make_no_position() -> None:
    ring = np.stack([np.cos([0.1, 1.0, 2.0, 4.0]), np.sin([0.1, 1.0, 2.0, 4.0]), np.zeros(4)], -1)
    assert solve(ring, np.zeros(4), np.zeros(4), np.ones(4)) is None
    assert solve(ring[:3], np.zeros(3), np.zeros(3), np.ones(3)) is None


def test_inverse_of_a_matrix() -> None:
    rows = normals(1, ("matrix",), 9, 4)
    matrix = (rows[:, :, None] * rows[:, None, :]).sum(0)
    found = inverse(matrix)
    assert found is not None
    np.testing.assert_allclose((matrix[:, :, None] * found[None]).sum(1), np.eye(4), atol=1e-12)


def test_slow_errors_are_stationary_and_fade_exponentially() -> None:
    dt, tau, sigma = 1.0, 20.0, 3.0
    phi = math.exp(-dt / tau)
    values = gauss_markov(normals(3, ("gm",), 2000, 400), phi, sigma)
    # 400 independent processes: the deviation is known to 3.5 % at any instant, to 0.4 % in all
    for k in (0, 1, 30, 1999):
        assert values[k].std() == pytest.approx(sigma, rel=0.12)
    assert values.std() == pytest.approx(sigma, rel=0.02)
    for lag in (1, 10, 20, 40):
        found = (values[lag:] * values[:-lag]).mean() / sigma**2
        assert found == pytest.approx(math.exp(-lag * dt / tau), abs=0.02)


def test_slow_errors_at_an_index_do_not_depend_on_what_was_asked_before() -> None:
    rows = [gauss_markov_row(5, ("a",), k, 7, 0.9, 2.0) for k in (700, 3, 64, 63)]
    whole = gauss_markov(normals(5, ("a",), 701, 7, 64), 0.9, 2.0)
    for k, row in zip((700, 3, 64, 63), rows, strict=True):
        np.testing.assert_array_equal(row, whole[k])


def test_multipath_has_its_published_bounds() -> None:
    x = np.linspace(0.0, 400.0, 400_001)
    code, phase = code_multipath(x, 0.5), phase_multipath(x, 0.5)
    assert np.abs(phase).max() == pytest.approx(L1_M / (2 * math.pi) * math.asin(0.5), rel=1e-3)
    # half the correlators' spacing times a / (1 -+ a), and nothing after a chip
    assert code.max() == pytest.approx(0.5 * 0.1 * CHIP_M * 0.5 / 1.5, rel=1e-3)
    assert code.min() == pytest.approx(-0.5 * 0.1 * CHIP_M * 0.5 / 0.5, rel=1e-3)
    assert not code[x > 1.06 * CHIP_M].any()
    assert code[0] == phase[0] == 0.0


def test_obliquity_of_the_ionosphere() -> None:
    assert obliquity(np.array([math.pi / 2]))[0] == pytest.approx(1.0)
    assert obliquity(np.array([math.radians(5.0)]))[0] == pytest.approx(3.04, abs=0.02)


def test_a_wall_adds_twice_its_distance_times_the_cosine_of_incidence() -> None:
    gap = 12.0
    high = Thing(box((gap + 1.0, 0.0, 100.0), (2.0, 800.0, 240.0)))
    table = fix(Gnss(name="gnss", outputs=("satellites",)), [high]).satellites
    assert table is not None
    azimuth, elevation = table.azimuth.astype(float), table.elevation.astype(float)
    # the wall stands in the east and faces west: it mirrors what stands in the west
    incidence = -np.cos(elevation) * np.sin(azimuth)
    mirrored = table.excess > 0
    np.testing.assert_allclose(table.excess[mirrored], 2 * gap * incidence[mirrored], rtol=1e-4)
    # all of those that the wall is high and long enough for
    top = gap / np.maximum(incidence, 1e-6) * np.sin(elevation) + 2.0 < 219.0
    np.testing.assert_array_equal(mirrored, (incidence > 0.03) & top)
    assert mirrored.sum() >= 3
    assert (table.sight[mirrored] == 1).all()
