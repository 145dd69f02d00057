"""Hail: few, large, fast stones of ice."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from simgen.records.air import Medium, Particles, Rates
from simgen.records.base import F8
from simgen.registry import param, register
from simgen.weather._optics import bulk, taken_by_one
from simgen.weather._sizes import Sizes, exponential
from simgen.weather.base import WeatherEffect

#: smaller stones are graupel (WMO)
SMALLEST_MM: Final = 5.0
_LARGEST_MM: Final = 60.0
_BINS: Final = 110
STONE_G_CM3: Final = 0.9
#: cloudy ice; an estimate between clear ice (0.02) and snow (0.9)
_REFLECTIVITY: Final = 0.5


def stone_speed(diameter_m: F8) -> F8:
    """Fall speed of stones, m/s: 11.45 (D/cm)^0.5 (Matson and Huggins 1980)."""
    return 11.45 * np.sqrt(100.0 * np.asarray(diameter_m, np.float64))


@register("weather", "hail")
@dataclass(frozen=True, kw_only=True)
class Hail(WeatherEffect):
    """Hail of a rate and a mean size, from 5 mm on; rain that falls with it is an effect of its own.

    Sizes are exponential (Cheng and English 1983), ``N ~ exp(-(D - 5 mm) / (mean - 5 mm))``, as many as bring the rate
    with Matson and Huggins' fall speeds. Stones are spheres of ice of 0.9 g/cm3; half of the light that falls on one
    comes back (an estimate for cloudy ice). What a lidar gets back comes from stones one by one.
    """

    only_one: ClassVar[bool] = True

    rate_mm_h: float = param(20.0, gt=0.0, le=500.0, doc="rate at which it falls, as water")
    diameter_mm: float = param(10.0, ge=6.0, le=16.0, doc="mean diameter of the stones")

    @property
    def stones(self) -> Sizes:
        """Stones from 5 to 60 mm."""
        slope = 1.0 / (self.diameter_mm - SMALLEST_MM)
        shape = exponential(1.0, slope, SMALLEST_MM, _LARGEST_MM, _BINS)
        mass = math.pi / 6.0 * shape.diameter**3 * shape.density * STONE_G_CM3
        return shape.scaled(self.rate_mm_h / (3.6e6 * float((mass * stone_speed(shape.diameter)).sum())))

    def medium(self) -> Medium:
        """Extinction and scattering by wavelength."""
        return bulk("ice", self.stones, "hail").replace(backscatter=np.zeros(6))

    def particles(self) -> tuple[Particles, ...]:
        """The stones."""
        stones = self.stones
        return (
            Particles(
                class_name="hail",
                diameter=stones.diameter,
                density=stones.density,
                fall_speed=stone_speed(stones.diameter),
                extinction=taken_by_one("ice", stones.diameter),
                reflectivity=_REFLECTIVITY,
                looks="ice",
            ),
        )

    def rates(self) -> Rates:
        """What it is set to."""
        return Rates(hail_mm_h=self.rate_mm_h)
