"""The contract of a weather effect: a medium, particles and a change of surfaces. Effects add."""

from __future__ import annotations

import math
from abc import ABC
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from simgen.records.air import Medium, Particles, SurfaceChange


@dataclass(frozen=True, kw_only=True)
class WeatherEffect(ABC):
    """One physical description of the air and the ground, which each sensor interprets by itself."""

    plugin_kind: ClassVar[str] = "weather"
    plugin_name: ClassVar[str]
    #: whether the air has only one of it, so that two contradict each other
    only_one: ClassVar[bool] = False
    #: above this temperature of the air, in degrees Celsius, it does not happen
    warmest_c: ClassVar[float] = math.inf
    #: whether it is the same at every instant; if not, :meth:`at` gives what it is
    steady: ClassVar[bool] = True

    def medium(self) -> Medium:
        """Extinction and scattering per wavelength; clear unless overridden."""
        return Medium.clear()

    def particles(self) -> tuple[Particles, ...]:
        """Drops or flakes that a beam or a pixel may meet one by one; none unless overridden."""
        return ()

    def surface(self) -> SurfaceChange:
        """What it does to surfaces; nothing unless overridden."""
        return SurfaceChange()

    def at(self, time_s: float) -> WeatherEffect:
        """What it is at a time of the sequence: a steady effect."""
        return self

    def members(self) -> tuple[WeatherEffect, ...]:
        """The effects that it stands for: itself, or those of a preset."""
        return (self,)


@dataclass(frozen=True, kw_only=True, eq=False)
class Air:
    """What all effects of a scene make of the air and the ground, at one time."""

    medium: Medium
    particles: tuple[Particles, ...]
    surface: SurfaceChange


def together(effects: Iterable[WeatherEffect], time_s: float = 0.0) -> Air:
    """Everything in the air at a time: media add, particles stay apart, surfaces take the strongest change."""
    now = [part.at(time_s) for effect in effects for part in effect.members()]
    changes = [effect.surface() for effect in now]
    return Air(
        medium=sum((effect.medium() for effect in now), Medium.clear()),
        particles=tuple(kind for effect in now for kind in effect.particles()),
        surface=SurfaceChange(
            wetness=max((c.wetness for c in changes), default=0.0), snow=max((c.snow for c in changes), default=0.0)
        ),
    )
