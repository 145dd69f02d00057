"""Planck's law in the band, the sky, the air and the detector, against closed forms and tabled values."""

import math
from itertools import pairwise

import numpy as np
import pytest

from simgen.records.air import INFRARED_UM, Medium
from simgen.sensors._thermal_air import air_of, clear_emissivity, dew_point_c
from simgen.sensors._thermal_band import (
    STEFAN_BOLTZMANN,
    ZERO_C,
    band_radiance,
    band_table,
    brightness,
    radiance,
    share_of_all,
    slope,
)
from simgen.weather.fog import Fog, droplets
from simgen.weather.rain import Rain
from simgen.weather.snow import Snow

BAND = (8.0, 14.0)
TABLE = band_table(*BAND)


def fraction_below(wavelength_um: float, kelvin: float) -> float:
    """Share of black-body radiance below a wavelength: the series of Chang and Rhee (1984)."""
    z = 14387.769 / (wavelength_um * kelvin)
    n = np.arange(1, 60)
    return float((15.0 / math.pi**4 * np.exp(-n * z) / n * (z**3 + 3 * z**2 / n + 6 * z / n**2 + 6 / n**3)).sum())


@pytest.mark.parametrize("kelvin", [220.0, 288.15, 300.0, 500.0])
def test_the_band_holds_its_tabled_share(kelvin: float) -> None:
    expected = fraction_below(14.0, kelvin) - fraction_below(8.0, kelvin)
    assert share_of_all(*BAND, kelvin) == pytest.approx(expected, rel=1e-6)


def test_all_bands_together_are_stefan_and_boltzmann() -> None:
    edges = np.geomspace(1.0, 5000.0, 60)
    whole = sum(float(band_radiance(np.array(300.0), a, b)) for a, b in pairwise(edges))
    assert whole == pytest.approx(STEFAN_BOLTZMANN * 300.0**4 / math.pi, rel=1e-5)


def test_well_known_numbers_at_300_kelvin() -> None:
    # 8 to 14 um of a black body at 300 K: 172.7 W/m2 or 37.6 % of 459.3; 2.62 W/(m2 K)
    assert math.pi * float(band_radiance(np.array(300.0), *BAND)) == pytest.approx(172.7, abs=0.3)
    assert share_of_all(*BAND, 300.0) == pytest.approx(0.376, abs=0.001)
    assert math.pi * slope(TABLE, 300.0) == pytest.approx(2.62, abs=0.02)


def test_brightness_is_the_inverse_of_radiance() -> None:
    kelvin = np.linspace(110.0, 900.0, 3001)
    np.testing.assert_allclose(brightness(TABLE, radiance(TABLE, kelvin)), kelvin, atol=1e-9)
    np.testing.assert_allclose(brightness(TABLE, band_radiance(kelvin, *BAND)), kelvin, atol=2e-3)
    assert abs(brightness(TABLE, band_radiance(np.array(300.1), *BAND)) - 300.1) < 3e-4


def air(**changes):
    fields = {
        "air_c": 15.0,
        "humidity": 0.6,
        "cloud_cover": 0.0,
        "medium": Medium.clear(),
    }
    return air_of(TABLE, BAND, **(fields | changes))


def test_dew_point_and_clear_sky() -> None:
    assert dew_point_c(20.0, 0.5) == pytest.approx(9.3, abs=0.1)
    assert dew_point_c(15.0, 1.0) == pytest.approx(15.0, abs=1e-9)
    assert clear_emissivity(10.0) == pytest.approx(0.774, abs=1e-3)


def test_the_sky_is_cold_above_and_as_warm_as_the_air_at_the_horizon() -> None:
    sky = brightness(TABLE, air().sky)
    assert (np.diff(sky) <= 1e-9).all()
    assert (np.diff(sky[20:]) < -0.01).all()
    assert sky[0] == pytest.approx(15.0 + ZERO_C, abs=0.1)
    assert 205.0 < sky[-1] < 245.0
    humid, dry = (brightness(TABLE, air(humidity=h).sky)[-1] for h in (0.95, 0.2))
    assert humid > dry + 8.0
    # the balance it was made from: what comes down in the band, by quadrature over the upper half
    own = float(radiance(TABLE, np.array(15.0 + ZERO_C)))
    inside = 1.0 - (1.0 - clear_emissivity(dew_point_c(15.0, 0.6))) / share_of_all(*BAND, 15.0 + ZERO_C)
    assert air().sky_mean / own == pytest.approx(inside, abs=0.05)


def test_clouds_are_nearly_as_warm_as_the_air() -> None:
    zenith = brightness(TABLE, air(cloud_cover=1.0).sky)[-1]
    assert 15.0 + ZERO_C - 9.75 <= zenith < 15.0 + ZERO_C


def test_fog_dims_long_waves_less_the_smaller_its_droplets_are() -> None:
    """Near 10 um small droplets lose what van de Hulst's (1957) anomalous diffraction says, within a quarter."""
    kinds = ("light_radiation", "radiation", "advection")
    media = [Fog(visibility_m=100.0, droplets=kind).medium() for kind in kinds]
    small, middle, large = (m.infrared_at(*BAND) / m.extinction_at(550.0) for m in media)
    assert 0.2 < small < 0.45 < middle < 0.95 < large < 1.3
    for medium, kind in zip(media, kinds, strict=True):
        sizes = droplets(kind)
        area = sizes.diameter**2 * sizes.density
        waves = (area * [droplet_efficiency(5e5 * d) for d in sizes.diameter]).sum() / area.sum() / 2.08
        found = float(np.interp(10.0, INFRARED_UM, medium.infrared)) / medium.extinction_at(550.0)
        assert found == pytest.approx(waves, rel=0.25)
    assert air(medium=media[1]).sky.min() > air().sky.min() * 1.3
    assert air(medium=media[1]).haze == pytest.approx(media[1].infrared_at(*BAND))


def droplet_efficiency(radius_um: float) -> float:
    """Extinction efficiency of water droplets at 10 um: anomalous diffraction (van de Hulst 1957, section 11.22)."""
    n, k = 1.218, 0.0508
    rho, beta = 4.0 * math.pi * radius_um * (n - 1.0) / 10.0, math.atan(k / (n - 1.0))
    ratio, damp = math.cos(beta) / rho, math.exp(-rho * math.tan(beta))
    waves = ratio * math.sin(rho - beta) + ratio**2 * math.cos(rho - 2.0 * beta)
    return 2.0 - 4.0 * damp * waves + 4.0 * ratio**2 * math.cos(2.0 * beta)


def test_rain_and_snow_dim_long_waves_as_they_dim_light() -> None:
    for effect in (Rain(rate_mm_h=10.0), Snow(rate_mm_h=1.0)):
        medium = effect.medium()
        assert medium.infrared_at(*BAND) == pytest.approx(medium.extinction_at(550.0), rel=0.06)
