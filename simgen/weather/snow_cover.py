"""Snow that lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.records.air import SurfaceChange
from simgen.registry import param, register
from simgen.weather.base import WeatherEffect


@register("weather", "snow_cover")
@dataclass(frozen=True, kw_only=True)
class SnowCover(WeatherEffect):
    """Snow on the ground and on things, wherever the sky is open above them.

    Of paved ground a depth d covers ``tanh(d / 1 cm)`` (Yang et al. 1997, for a roughness length of 4 mm): thin snow
    lies in patches. On slopes it gets thinner from 35 degrees on; none lies on what is steeper than 60. It hides
    colours and markings, but has no shape of its own: depth and ranges stay those of the ground.
    """

    only_one: ClassVar[bool] = True
    warmest_c: ClassVar[float] = 8.0

    depth_cm: float = param(5.0, gt=0.0, le=100.0, doc="depth on open, level ground")
    tracks: float = param(0.9, ge=0.0, le=1.0, doc="share of the depth that tyres took out of their tracks in lanes")

    def surface(self) -> SurfaceChange:
        """Its depth, and how much of it is gone where tyres run."""
        return SurfaceChange(snow_m=0.01 * self.depth_cm, tracks=self.tracks)
