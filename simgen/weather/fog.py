"""Fog: water droplets far larger than light's wavelength, so small that only their sum is seen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from simgen.records.air import Medium
from simgen.registry import param, register
from simgen.weather.base import WeatherEffect

#: -ln 0.05: the meteorological optical range is where 5 % of the contrast is left (CIE, WMO)
LN_20: Final = math.log(20.0)


@register("weather", "fog")
@dataclass(frozen=True, kw_only=True)
class Fog(WeatherEffect):
    """Homogeneous fog of a given visibility.

    Visibility is the meteorological optical range: transmission over it is 5 %, so ``alpha = ln 20 / MOR`` (1/m).
    Extinction does not depend on the wavelength from the visible to the near infrared (Pierce et al., SPIE 4530).
    Backscatter is ``beta = k / MOR`` (1/(m sr)); k = 0.046 after Rasshofer, Spies and Spies (Adv. Radio Sci. 9:49,
    2011) and Hahner et al. (ICCV 2021), who use 0.023 to 0.092; Mie theory for advection fog gives 0.16.
    """

    visibility_m: float = param(200.0, ge=1.0, le=100000.0, doc="meteorological optical range (5 % contrast)")
    backscatter_ratio: float = param(0.046, ge=0.023, le=0.16, doc="backscatter times visibility, 1/sr")

    @property
    def extinction_per_m(self) -> float:
        """Extinction coefficient, 1/m."""
        return LN_20 / self.visibility_m

    def medium(self) -> Medium:
        """The same extinction and backscatter at every wavelength; droplets absorb nothing."""
        return Medium.gray(self.extinction_per_m, self.backscatter_ratio / self.visibility_m, "fog")
