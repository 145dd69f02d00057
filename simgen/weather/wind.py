"""The wind: what carries fog, smoke, spray, rain and snow, and sways trees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.records.wind import Wind as WindRecord
from simgen.registry import param, register
from simgen.weather.base import WeatherEffect


@register("weather", "wind")
@dataclass(frozen=True, kw_only=True)
class Wind(WeatherEffect):
    """Wind with gusts, the same at every place and height.

    ``from_deg`` is where it comes from, as weather services tell it: 0 = north, 90 = east, 270 = west. Gusts are random
    with Kaimal's spectrum (Kaimal et al. 1972); ``turbulence`` is their standard deviation along the wind by its mean
    speed: 0.12 over water, 0.18 over open land, 0.25 to 0.35 in towns (ESDU 85020). Beaufort 3 is 3.4 to 5.4 m/s, 6
    (umbrellas are hard to hold) 10.8 to 13.8, 8 (twigs break) 17.2 to 20.7, a hurricane more than 32.6.
    """

    only_one: ClassVar[bool] = True
    changes: ClassVar[bool] = False

    speed_m_s: float = param(5.0, ge=0.0, le=80.0, doc="mean speed")
    from_deg: float = param(270.0, ge=0.0, le=360.0, doc="where it comes from: 0 = north, 90 = east, 270 = west")
    turbulence: float = param(0.18, ge=0.0, le=0.5, doc="standard deviation of gusts along the wind by its mean")
    gust_length_m: float = param(340.0, gt=0.0, le=5000.0, doc="length of the largest gusts")

    def wind(self, seed: int) -> WindRecord:
        """Its velocity and how far it has carried, at any time."""
        return WindRecord(
            seed=seed,
            speed_m_s=self.speed_m_s,
            direction_deg=(270.0 - self.from_deg) % 360.0,
            turbulence=self.turbulence,
            length_m=self.gust_length_m,
        )
