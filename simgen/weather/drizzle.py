"""Drizzle: many small drops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from simgen.records.air import Medium, Particles, Rates, SurfaceChange
from simgen.registry import param, register
from simgen.weather._drops import BINS, SMALLEST_MM, drop_medium, drop_particles, wetting
from simgen.weather._sizes import Sizes, exponential
from simgen.weather.base import WeatherEffect

#: Joss, Thams and Waldvogel 1968: drops a m3 and mm as D -> 0, and the slope's factor, 1/mm
_INTERCEPT: Final = 30_000.0
_SLOPE: Final = 5.7
#: drops of more than 0.5 mm are rain (WMO); the distribution has next to none beyond this
_LARGEST_MM: Final = 2.0


@register("weather", "drizzle")
@dataclass(frozen=True, kw_only=True)
class Drizzle(WeatherEffect):
    """Drizzle: ``N(D) = 30000 exp(-5.7 R^-0.21 D)`` per m3 and mm (Joss, Thams and Waldvogel 1968).

    It dims more than rain of the same rate, since small drops have more surface; a lidar hardly meets single drops.
    Fall speed, wetting and class (``rain``) are those of rain.
    """

    only_one: ClassVar[bool] = True
    wets: ClassVar[bool] = True

    rate_mm_h: float = param(0.3, gt=0.0, le=2.0, doc="rate at which it falls")

    @property
    def drops(self) -> Sizes:
        """Drops from 0.05 to 2 mm in equal bins."""
        return exponential(_INTERCEPT, _SLOPE * self.rate_mm_h**-0.21, SMALLEST_MM, _LARGEST_MM, BINS)

    def medium(self) -> Medium:
        """Extinction and scattering by wavelength."""
        return drop_medium(self.drops)

    def particles(self) -> tuple[Particles, ...]:
        """Every drop that is listed."""
        return (drop_particles(self.drops),)

    def surface(self) -> SurfaceChange:
        """Wetness from 0 (dry) towards 1 (soaked)."""
        return wetting(self.rate_mm_h)

    def rates(self) -> Rates:
        """What it is set to."""
        return Rates(rain_mm_h=self.rate_mm_h)
