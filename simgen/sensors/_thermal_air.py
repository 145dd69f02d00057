"""The air in the long-wave infrared: how it dims, what it sends, and how cold the sky is.

Clear sky: Berdahl and Martin (Solar Energy 32:663, 1984), ``e = 0.711 + 0.56 T/100 + 0.73 (T/100)^2`` with the dew
point T in degrees Celsius. Outside the band the sky sends like a black body of the air's temperature, so the band's own
hemispherical emissivity follows: ``e_band = 1 - (1 - e) / f`` where f is the band's share of a black body. With the
diffusivity factor 1.66 that is the optical depth of a vertical path, and ``1 - exp(-depth / sin(elevation))`` of a
slanting one. Clouds stand behind that air as black bodies.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.records.air import Medium
from simgen.records.base import F8
from simgen.sensors._thermal_band import STEFAN_BOLTZMANN, ZERO_C, radiance, share_of_all

#: a diffuse flux passes an optical depth as a beam passes 1.66 of it (Elsasser 1942)
DIFFUSIVITY: Final = 1.66
#: height over which the water vapour above a place would be as dense as at the ground, m
VAPOUR_HEIGHT_M: Final = 2000.0
#: clouds are so much colder than the air at the ground: a base at 1500 m, 6.5 K/km
CLOUD_COLDER_K: Final = 9.75
#: thickness of the layer that fog fills over the ground, as for the camera, m
LAYER_M: Final = 100.0
#: rows of the table over the sine of the elevation
SKY_ROWS: Final = 512


def dew_point_c(air_c: float, humidity: float) -> float:
    """Dew point from temperature and relative humidity: Magnus's formula (Alduchov and Eskridge 1996)."""
    gamma = math.log(max(humidity, 1e-3)) + 17.625 * air_c / (243.04 + air_c)
    return 243.04 * gamma / (17.625 - gamma)


def clear_emissivity(dew_c: float) -> float:
    """Emissivity of the whole clear sky over all wavelengths (Berdahl and Martin 1984)."""
    t = dew_c / 100.0
    return min(max(0.711 + 0.56 * t + 0.73 * t * t, 0.4), 0.98)


@dataclass(frozen=True, kw_only=True, eq=False)
class Air:
    """The air in the camera's band."""

    kelvin: float
    #: extinction of the weather, and of the gas, 1/m
    haze: float
    gas: float
    #: radiance of the sky by sine of elevation from 0 to 1, seen from the ground, (SKY_ROWS,)
    sky: F8
    #: the same, averaged over the upper half with the cosine
    sky_mean: float
    #: what the whole sky sends down over all wavelengths, W/m2
    down_w_m2: float

    @property
    def extinction(self) -> float:
        """Of a horizontal path, 1/m."""
        return self.haze + self.gas


def air_of(
    table: F8,
    band: tuple[float, float],
    *,
    air_c: float,
    humidity: float,
    cloud_cover: float,
    medium: Medium,
) -> Air:
    """The air from the weather and what the camera's section says of it."""
    kelvin = air_c + ZERO_C
    whole = clear_emissivity(dew_point_c(air_c, humidity))
    inside = max(1.0 - (1.0 - whole) / share_of_all(*band, kelvin), 0.05)
    depth = -math.log1p(-min(inside, 0.999)) / DIFFUSIVITY
    haze = medium.infrared_at(*band)
    sine = np.maximum((np.arange(SKY_ROWS) + 0.5) / SKY_ROWS, 1e-3)
    own, cloud = radiance(table, np.array(kelvin)), radiance(table, np.array(kelvin - CLOUD_COLDER_K))
    through = np.exp(-depth / sine)
    sky = own * (1.0 - through) + cloud_cover * cloud * through
    layer = np.exp(-haze * LAYER_M / sine)
    sky = sky * layer + own * (1.0 - layer)
    clouded = whole + (1.0 - whole) * cloud_cover * ((kelvin - CLOUD_COLDER_K) / kelvin) ** 4
    veil = float((2.0 * sine * np.exp(-haze * LAYER_M / sine)).sum() / SKY_ROWS)
    return Air(
        kelvin=kelvin,
        haze=haze,
        gas=depth / VAPOUR_HEIGHT_M,
        sky=sky,
        sky_mean=float((2.0 * sine * sky).sum() / SKY_ROWS),
        down_w_m2=(clouded * veil + 1.0 - veil) * STEFAN_BOLTZMANN * kelvin**4,
    )


__all__ = ["Air", "air_of", "clear_emissivity", "dew_point_c"]
