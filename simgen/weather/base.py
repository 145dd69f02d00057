"""The contract of a weather effect: a medium, particles and a change of surfaces. Effects add."""

from __future__ import annotations

import math
from abc import ABC
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import ClassVar

from simgen.records.air import Medium, Particles, Rates, SurfaceChange
from simgen.records.volume import Volume
from simgen.records.wind import Wind


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

    def rates(self) -> Rates:
        """What comes down; nothing unless overridden."""
        return Rates()

    def volumes(self) -> tuple[Volume, ...]:
        """Parts of the air that differ from the rest and belong to nothing in the scene, at time 0; none as a rule."""
        return ()

    def wind(self) -> Wind | None:
        """How the air moves; it stands still unless overridden."""
        return None

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
    rates: Rates = Rates()
    volumes: tuple[Volume, ...] = ()
    wind: Wind | None = None


def together(effects: Iterable[WeatherEffect], time_s: float = 0.0) -> Air:
    """Everything in the air at a time: media add, particles stay apart, surfaces take the strongest change."""
    now = [part.at(time_s) for effect in effects for part in effect.members()]
    return Air(
        medium=sum((effect.medium() for effect in now), Medium.clear()),
        particles=tuple(kind for effect in now for kind in effect.particles()),
        surface=reduce(SurfaceChange.stronger, (effect.surface() for effect in now), SurfaceChange()),
        rates=sum((effect.rates() for effect in now), Rates()),
        volumes=tuple(volume for effect in now for volume in effect.volumes()),
        wind=next((wind for effect in now if (wind := effect.wind()) is not None), None),
    )


def rates_at(effects: Iterable[WeatherEffect], time_s: float) -> Rates:
    """What comes down at a time."""
    return sum((part.at(time_s).rates() for effect in effects for part in effect.members()), Rates())
