"""Ground that is wet though it does not rain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.records.air import SurfaceChange
from simgen.registry import param, register
from simgen.weather.base import WeatherEffect


@register("weather", "wet_ground")
@dataclass(frozen=True, kw_only=True)
class WetGround(WeatherEffect):
    """What rain has left: a film of water on what is open to the sky, and puddles in hollows of level ground.

    While it dries, a film comes in patches. Under rain the stronger of the two counts.
    """

    only_one: ClassVar[bool] = True
    wets: ClassVar[bool] = True

    wetness: float = param(1.0, ge=0.0, le=1.0, doc="film of water: 0 = dry, 1 = soaked")
    puddles: float = param(0.1, ge=0.0, le=0.9, doc="share of paved, level ground under standing water")

    def surface(self) -> SurfaceChange:
        """Film and puddles."""
        return SurfaceChange(wetness=self.wetness, puddles=self.puddles)
