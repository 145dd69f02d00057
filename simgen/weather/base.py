"""The contract of a weather effect: a medium, particles and a change of surfaces. Effects add."""

from __future__ import annotations

from abc import ABC
from dataclasses import dataclass
from typing import ClassVar

from simgen.records.air import Medium, Particles, SurfaceChange


@dataclass(frozen=True, kw_only=True)
class WeatherEffect(ABC):
    """One physical description of the air and the ground, which each sensor interprets by itself."""

    plugin_kind: ClassVar[str] = "weather"
    plugin_name: ClassVar[str]

    def medium(self) -> Medium:
        """Extinction and backscatter per wavelength; clear unless overridden."""
        return Medium.clear()

    def particles(self) -> tuple[Particles, ...]:
        """Drops or flakes that a beam or a pixel may meet one by one; none unless overridden."""
        return ()

    def surface(self) -> SurfaceChange:
        """What it does to surfaces; nothing unless overridden."""
        return SurfaceChange()
