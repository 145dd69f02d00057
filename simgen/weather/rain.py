"""Rain: drops of many sizes, large enough to be met one by one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.records.air import WAVELENGTHS_NM, Medium, Particles, SurfaceChange
from simgen.records.base import F8
from simgen.registry import param, register
from simgen.weather.base import WeatherEffect

#: Marshall and Palmer 1948: drops per cubic metre and millimetre of diameter, as D -> 0
INTERCEPT_PER_M3_MM: Final = 8000.0
#: sizes that are listed, mm; smaller drops are haze, larger ones break up
SMALLEST_MM: Final = 0.05
LARGEST_MM: Final = 8.0
BINS: Final = 80
#: normal reflectance of water (n = 1.33), ((n - 1) / (n + 1))^2
WATER_REFLECTIVITY: Final = 0.0199
#: edge diffraction beyond Q = 2: Q = 2 + 1.9924 x^(-2/3) (Nussenzveig and Wiscombe, Phys. Rev. Lett. 45:1490, 1980)
EDGE: Final = 1.9924
#: rate at which exposed ground is 63 % wet
WETTING_MM_H: Final = 2.5


def slope_per_mm(rate_mm_h: float) -> float:
    """Marshall and Palmer's slope, 4.1 R^-0.21 per mm of diameter."""
    return float(4.1 * rate_mm_h**-0.21)


def fall_speed(diameter_m: F8) -> F8:
    """Terminal speed of drops, m/s: 9.65 - 10.3 exp(-0.6 D/mm), not below 0 (Atlas et al. 1973)."""
    return np.maximum(0.0, 9.65 - 10.3 * np.exp(-600.0 * np.asarray(diameter_m, np.float64)))


def drop_extinction(rate_mm_h: float, wavelength_nm: float) -> float:
    """Extinction of a Marshall-Palmer rain, 1/m: Q = 2 plus edge diffraction, integrated in closed form.

    ``alpha = (pi/4) N0 Int D^2 Q exp(-slope D) dD``; agrees with Mie theory at 905 nm to 0.1 % from 1 to 50 mm/h.
    """
    slope = slope_per_mm(rate_mm_h)
    geometric = 2.0 * math.gamma(3.0) / slope**3
    size_parameter = math.pi * 1e6 / wavelength_nm
    edge = EDGE * size_parameter ** (-2.0 / 3.0) * math.gamma(7.0 / 3.0) / slope ** (7.0 / 3.0)
    return float(1e-6 * math.pi / 4.0 * INTERCEPT_PER_M3_MM * (geometric + edge))


@register("weather", "rain")
@dataclass(frozen=True, kw_only=True)
class Rain(WeatherEffect):
    """Steady rain with Marshall and Palmer's drop sizes.

    ``N(D) = 8000 exp(-4.1 R^-0.21 D)`` per m3 and mm; fall speed after Atlas et al. (1973); extinction from
    geometric optics with edge diffraction. The medium has no backscatter: what comes back comes from drops, which
    sensors draw one by one from ``particles()``. Exposed surfaces wet as ``1 - exp(-R / 2.5 mm/h)``.
    """

    rate_mm_h: float = param(5.0, gt=0.0, le=300.0, doc="rainfall rate")

    def medium(self) -> Medium:
        """Extinction per wavelength; rain drops absorb nothing that matters."""
        extinction = [drop_extinction(self.rate_mm_h, nm) for nm in WAVELENGTHS_NM]
        return Medium(extinction=np.array(extinction), backscatter=np.zeros(len(WAVELENGTHS_NM)), class_name="rain")

    def particles(self) -> tuple[Particles, ...]:
        """Drops from 0.05 to 8 mm in equal bins; each bin holds the exact integral of the size distribution."""
        slope = slope_per_mm(self.rate_mm_h)
        edges = np.linspace(SMALLEST_MM, LARGEST_MM, BINS + 1)
        below = np.exp(-slope * edges)
        diameter = 0.5e-3 * (edges[:-1] + edges[1:])
        return (
            Particles(
                class_name="rain",
                diameter=diameter,
                density=INTERCEPT_PER_M3_MM / slope * (below[:-1] - below[1:]),
                fall_speed=fall_speed(diameter),
                reflectivity=WATER_REFLECTIVITY,
            ),
        )

    def surface(self) -> SurfaceChange:
        """Wetness from 0 (dry) towards 1 (soaked)."""
        return SurfaceChange(wetness=1.0 - math.exp(-self.rate_mm_h / WETTING_MM_H))
