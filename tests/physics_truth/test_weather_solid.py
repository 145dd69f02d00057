"""Snow, hail, dust and smoke against published values and closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simgen.weather._drops import fall_speed
from simgen.weather._itu import DB_KM
from simgen.weather.dust import Dust
from simgen.weather.hail import Hail, stone_speed
from simgen.weather.rain import Rain
from simgen.weather.smoke import Smoke
from simgen.weather.snow import Snow, flake_diameter, flake_speed

LN_20 = math.log(20.0)


@pytest.mark.parametrize("sizes", ["gunn_marshall", "sekhon_srivastava"])
@pytest.mark.parametrize("rate", [0.5, 1.0, 3.0])
def test_falling_flakes_bring_about_the_rate(sizes, rate):
    """Gunn and Marshall's numbers with Locatelli and Hobbs' speeds: two independent sources."""
    snow = Snow(rate_mm_h=rate, sizes=sizes)
    water = math.pi / 6.0 * snow.melted.diameter**3 * snow.melted.density
    assert 3.6e6 * (water * snow.particles()[0].fall_speed).sum() == pytest.approx(rate, rel=0.2)


def test_gunn_and_marshalls_melted_drops():
    """Twice their shadow at 1 mm/h is 7.2e-4 1/m; N0 implies a fall speed of 0.98 m/s."""
    melted = Snow(rate_mm_h=1.0).melted
    assert 2.0 * math.pi / 4.0 * (melted.diameter**2 * melted.density).sum() == pytest.approx(7.2e-4, rel=5e-3)
    assert 1.0 / (3.6e6 * melted.volume) == pytest.approx(0.98, rel=0.02)


def test_flakes_are_loose_and_hold_their_water():
    melted = np.array([5e-4, 1e-3, 2e-3, 4e-3])
    flake = flake_diameter(melted)
    density = (melted / flake) ** 3
    np.testing.assert_allclose(density, 0.178 * (1e3 * flake) ** -0.922, rtol=1e-9)
    # what is too small to be loose is ice
    assert flake_diameter(np.array([1e-4]))[0] == pytest.approx(1e-4 / 0.917 ** (1.0 / 3.0))
    assert flake_speed(np.array([3e-3]))[0] == pytest.approx(0.95, abs=0.01)


def test_share_of_the_air_that_flakes_fill():
    """Hahner et al. 2022: occupancy = rate / (3.6e6 density speed) = 2.778e-6 at 1 mm/h, 1 m/s, 0.1 g/cm3."""
    (flakes,) = Snow(rate_mm_h=1.0).particles()
    volume = math.pi / 6.0 * flakes.diameter**3 * flakes.density
    melted = Snow(rate_mm_h=1.0).melted
    density = melted.volume / volume.sum()
    speed = (volume * flakes.fall_speed).sum() / volume.sum()
    assert volume.sum() == pytest.approx(2.778e-6 * 0.1 / density / speed, rel=0.1)
    assert 0.02 < density < 0.2


@pytest.mark.parametrize(("rate", "low", "high"), [(0.4, 1000.0, 3000.0), (1.0, 500.0, 1000.0), (2.5, 150.0, 500.0)])
def test_visibility_in_snow_is_that_of_the_weather_services_classes(rate, low, high):
    """Light above 1 km, moderate to 500 m, heavy below; rates as Rasmussen et al. (1999) class them."""
    assert low < LN_20 / Snow(rate_mm_h=rate).medium().extinction_at(550.0) < high


def test_snow_dims_much_more_than_rain_of_its_rate_and_radar_less():
    snow, rain = Snow(rate_mm_h=2.0).medium(), Rain(rate_mm_h=2.0).medium()
    assert snow.extinction_at(905.0) > 8.0 * rain.extinction_at(905.0)
    for frequency in (24e9, 77e9):
        assert snow.microwave_at(frequency) < 0.3 * rain.microwave_at(frequency)
    assert 0.6 < snow.albedo_at(1550.0) < 0.9
    assert snow.albedo_at(550.0) > 0.999


@pytest.mark.parametrize("diameter", [7.0, 10.0, 16.0])
def test_hail_brings_its_rate_and_mean_size(diameter):
    hail = Hail(rate_mm_h=40.0, diameter_mm=diameter)
    (stones,) = hail.particles()
    ice = math.pi / 6.0 * stones.diameter**3 * stones.density * 0.9
    assert 3.6e6 * (ice * stones.fall_speed).sum() == pytest.approx(40.0, rel=1e-9)
    mean = 1e3 * (stones.diameter * stones.density).sum() / stones.density.sum()
    assert mean == pytest.approx(diameter, rel=0.03)
    assert 1e3 * stones.diameter.min() >= 5.0
    shadow = 2.0 * math.pi / 4.0 * (stones.diameter**2 * stones.density).sum()
    assert hail.medium().extinction_at(905.0) == pytest.approx(shadow, rel=2e-3)


def test_stones_fall_faster_than_drops():
    assert stone_speed(np.array([1e-2, 4e-2])) == pytest.approx([11.45, 22.9])
    assert stone_speed(np.array([8e-3]))[0] > fall_speed(np.array([8e-3]))[0]


def test_dust_is_red_and_smoke_blue():
    dust, smoke = Dust(visibility_m=300.0).medium(), Smoke(visibility_m=300.0).medium()
    for medium in (dust, smoke):
        assert math.exp(-300.0 * medium.extinction_at(550.0)) == pytest.approx(0.05, rel=1e-12)
    assert dust.albedo_at(465.0) < dust.albedo_at(550.0) < dust.albedo_at(610.0) < dust.albedo_at(905.0)
    # an Angstrom exponent of 1.5 to 2.2 is measured in fresh smoke, about 0 in coarse dust
    exponent = [
        -math.log(m.extinction_at(850.0) / m.extinction_at(465.0)) / math.log(850.0 / 465.0) for m in (smoke, dust)
    ]
    assert 1.5 < exponent[0] < 2.2
    assert abs(exponent[1]) < 0.2


def test_mass_that_takes_the_view():
    """Specific extinction, m2/g at 550 nm: dust near its source 0.1 to 0.6, smoke 3 to 6 (Reid et al. 2005)."""
    for effect, low, high in ((Dust(visibility_m=500.0), 0.1, 0.6), (Smoke(visibility_m=500.0), 3.0, 6.0)):
        assert low < LN_20 / 500.0 / effect.concentration_g_m3 < high


def test_what_comes_back_goes_by_the_lidar_ratio():
    for effect, ratio in ((Dust(), 50.0), (Smoke(), 65.0), (Dust(lidar_ratio_sr=40.0), 40.0)):
        medium = effect.medium()
        assert medium.extinction_at(905.0) / medium.backscatter_at(905.0) == pytest.approx(ratio)


def test_long_waves_see_through_smoke_and_radar_through_both():
    smoke, dust = Smoke(visibility_m=100.0).medium(), Dust(visibility_m=100.0).medium()
    assert smoke.infrared_at(8.0, 14.0) < 0.03 * smoke.extinction_at(550.0)
    assert smoke.extinction_at(1550.0) < 0.12 * smoke.extinction_at(550.0)
    for medium in (smoke, dust):
        assert DB_KM * medium.microwave_at(77e9) < 0.05
