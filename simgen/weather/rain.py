"""Rain: drops of many sizes, large enough to be met one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, Literal

import numpy as np

from simgen.records.air import MICROWAVE_GHZ, Medium, Particles, Rates, SurfaceChange
from simgen.registry import param, register
from simgen.weather._drops import BINS, SMALLEST_MM, drop_medium, drop_particles, wetting
from simgen.weather._itu import DB_KM, rain_db_km
from simgen.weather._sizes import Sizes, exponential
from simgen.weather.base import WeatherEffect

DropSizes = Literal["marshall_palmer", "thunderstorm"]

#: drops a m3 and mm as D -> 0, and the slope's factor, 1/mm, that R^-0.21 is taken by
_SIZES: Final[dict[DropSizes, tuple[float, float]]] = {
    "marshall_palmer": (8000.0, 4.1),
    "thunderstorm": (1400.0, 3.0),
}
LARGEST_MM: Final = 8.0


@register("weather", "rain")
@dataclass(frozen=True, kw_only=True)
class Rain(WeatherEffect):
    """Steady rain.

    ``N(D) = 8000 exp(-4.1 R^-0.21 D)`` per m3 and mm (Marshall and Palmer 1948), or with fewer and larger drops
    ``1400 exp(-3.0 R^-0.21 D)`` (Joss, Thams and Waldvogel 1968, of thunderstorms); fall speed after Atlas et al.
    (1973); extinction by Lorenz-Mie theory, for radar by ITU-R P.838-3. The medium has no backscatter: what comes back
    comes from drops, which sensors draw one by one from ``particles()``. Exposed surfaces wet as
    ``1 - exp(-R / 2.5 mm/h)``.
    """

    only_one: ClassVar[bool] = True
    wets: ClassVar[bool] = True

    rate_mm_h: float = param(5.0, gt=0.0, le=300.0, doc="rainfall rate")
    sizes: DropSizes = param(
        "marshall_palmer", doc="sizes of drops: marshall_palmer, or thunderstorm: fewer and larger"
    )

    @property
    def drops(self) -> Sizes:
        """Drops from 0.05 to 8 mm in equal bins; each bin holds the exact integral of the size distribution."""
        intercept, factor = _SIZES[self.sizes]
        return exponential(intercept, factor * self.rate_mm_h**-0.21, SMALLEST_MM, LARGEST_MM, BINS)

    def medium(self) -> Medium:
        """Extinction and scattering by wavelength; what radar loses by ITU-R P.838-3."""
        lost = [rain_db_km(self.rate_mm_h, 1e9 * f) / DB_KM for f in MICROWAVE_GHZ]
        return drop_medium(self.drops).replace(microwave=np.array(lost))

    def particles(self) -> tuple[Particles, ...]:
        """Every drop that is listed."""
        return (drop_particles(self.drops),)

    def surface(self) -> SurfaceChange:
        """Wetness from 0 (dry) towards 1 (soaked)."""
        return wetting(self.rate_mm_h)

    def rates(self) -> Rates:
        """What it is set to."""
        return Rates(rain_mm_h=self.rate_mm_h)
