"""Clear ice on the ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.records.air import SurfaceChange
from simgen.registry import param, register
from simgen.weather.base import WeatherEffect


@register("weather", "black_ice")
@dataclass(frozen=True, kw_only=True)
class BlackIce(WeatherEffect):
    """Clear ice in patches of paved, level ground that is open to the sky: as dark as wet ground, and glossy."""

    only_one: ClassVar[bool] = True
    warmest_c: ClassVar[float] = 4.0

    share: float = param(0.3, gt=0.0, le=1.0, doc="share of paved, level ground under ice")

    def surface(self) -> SurfaceChange:
        """Ice."""
        return SurfaceChange(ice=self.share)
