"""Fog and rain against published values and closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simgen.weather.fog import Fog
from simgen.weather.rain import Rain, drop_extinction, fall_speed, slope_per_mm


@pytest.mark.parametrize("visibility", [1.0, 50.0, 200.0, 5000.0])
def test_five_percent_is_left_at_the_visibility(visibility):
    alpha = Fog(visibility_m=visibility).medium().extinction_at(550.0)
    assert math.exp(-alpha * visibility) == pytest.approx(0.05, rel=1e-12)


def test_fog_of_six_percent_per_metre():
    fog = Fog(visibility_m=49.93)
    alpha = fog.medium().extinction_at(905.0)
    assert alpha == pytest.approx(0.06, rel=1e-4)
    assert fog.medium().backscatter_at(905.0) == pytest.approx(9.21e-4, rel=1e-3)
    assert math.exp(-2.0 * alpha * 30.0) == pytest.approx(0.0273, rel=2e-3)


@pytest.mark.parametrize(("rate", "mie"), [(1.0, 3.67e-4), (10.0, 1.562e-3), (25.0, 2.782e-3), (50.0, 4.303e-3)])
def test_rain_extinction_agrees_with_mie_theory_at_905_nm(rate, mie):
    assert Rain(rate_mm_h=rate).medium().extinction_at(905.0) == pytest.approx(mie, rel=2e-3)


@pytest.mark.parametrize(("rate", "ulbrich"), [(1.0, 3.34e-4), (10.0, 1.457e-3), (25.0, 2.620e-3), (50.0, 4.082e-3)])
def test_rain_extinction_is_near_the_empirical_law(rate, ulbrich):
    assert drop_extinction(rate, 905.0) == pytest.approx(ulbrich, rel=0.11)


def test_geometric_optics_is_the_short_wave_limit():
    assert drop_extinction(10.0, 1e-3) == pytest.approx(0.02513 / slope_per_mm(10.0) ** 3, rel=1e-3)
    assert drop_extinction(10.0, 1e-3) == pytest.approx(1.556e-3, rel=1e-3)


@pytest.mark.parametrize("rate", [1.0, 10.0, 50.0])
def test_rain_is_the_same_at_905_and_1550_nm(rate):
    assert drop_extinction(rate, 1550.0) == pytest.approx(drop_extinction(rate, 905.0), rel=3e-3)


@pytest.mark.parametrize(("rate", "number"), [(1.0, 1590), (10.0, 2789), (25.0, 3456), (50.0, 4055)])
def test_number_of_drops_above_fifty_micrometres(rate, number):
    assert Rain(rate_mm_h=rate).particles()[0].density.sum() == pytest.approx(number, abs=0.7)


@pytest.mark.parametrize(("rate", "number"), [(1.0, 1951), (10.0, 3165), (25.0, 3836), (50.0, 4437)])
def test_number_of_all_drops(rate, number):
    assert 8000.0 / slope_per_mm(rate) == pytest.approx(number, abs=0.7)


def test_fall_speed_of_atlas():
    d = np.array([1e-4, 1.08e-4, 1e-3, 2e-3, 5e-3])
    expected = [0.0, 0.0, 3.997, 6.548, 9.137]
    assert fall_speed(d) == pytest.approx(expected, abs=2e-3)


@pytest.mark.parametrize(("rate", "flux"), [(1.0, 1.18), (10.0, 11.6), (50.0, 54.6)])
def test_falling_drops_bring_about_the_rate(rate, flux):
    (drops,) = Rain(rate_mm_h=rate).particles()
    volume = drops.density * math.pi / 6.0 * drops.diameter**3
    assert (volume * drops.fall_speed).sum() * 3.6e6 == pytest.approx(flux, rel=0.01)


def test_the_listed_drops_carry_the_extinction():
    (drops,) = Rain(rate_mm_h=25.0).particles()
    geometric = 2.0 * math.pi / 4.0 * (drops.density * drops.diameter**2).sum()
    assert geometric == pytest.approx(drop_extinction(25.0, 905.0), rel=0.01)


def test_reflectivity_is_fresnels_at_normal_incidence():
    n = 1.33
    assert Rain().particles()[0].reflectivity == pytest.approx(((n - 1) / (n + 1)) ** 2, rel=0.01)
