"""The contract of a weather effect: a medium, particles and a change of surfaces. Effects add."""

from __future__ import annotations

import math
from abc import ABC
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import ClassVar

from simgen.records.air import Medium, Particles, Rates, SurfaceChange
from simgen.records.emitter import Emitter
from simgen.records.flash import Flash
from simgen.records.volume import Volume
from simgen.records.wind import Wind
from simgen.rng import child_seed


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
    #: whether ``change`` may change it
    changes: ClassVar[bool] = True
    #: whether it makes roads wet, and whether it needs one that is
    wets: ClassVar[bool] = False
    needs_wet: ClassVar[bool] = False

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

    def volumes(self, seed: int) -> tuple[Volume, ...]:
        """Parts of the air that differ from the rest and belong to nothing in the scene, before wind moves them.

        None unless overridden. ``seed`` is the effect's own, for what is random in it.
        """
        return ()

    def wind(self, seed: int) -> Wind | None:
        """How the air moves; it stands still unless overridden. ``seed`` is the effect's own, for its gusts."""
        return None

    def emitters(self) -> tuple[Emitter, ...]:
        """What sends puffs into the air, from the scene's things and places; nothing unless overridden."""
        return ()

    def flashing(self, seed: int) -> tuple[Flash, ...]:
        """Flashes of lightning; none unless overridden. ``seed`` is the effect's own."""
        return ()

    def settled(self, seed: int, duration_s: float) -> WeatherEffect:
        """The effect with everything drawn that it leaves to chance, as a drawn scene holds it: as a rule itself."""
        return self

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


def together(effects: Iterable[WeatherEffect], time_s: float = 0.0, seed: int = 0) -> Air:
    """Everything in the air at a time: media add, particles stay apart, surfaces take the strongest change.

    ``seed`` is the scene's; each effect draws from a seed of its own.
    """
    parts = [part for effect in effects for part in effect.members()]
    now, seeds = [part.at(time_s) for part in parts], own_seeds(parts, seed)
    winds = (effect.wind(own) for effect, own in zip(now, seeds, strict=True))
    return Air(
        medium=sum((effect.medium() for effect in now), Medium.clear()),
        particles=tuple(kind for effect in now for kind in effect.particles()),
        surface=reduce(SurfaceChange.stronger, (effect.surface() for effect in now), SurfaceChange()),
        rates=sum((effect.rates() for effect in now), Rates()),
        volumes=tuple(v for effect, own in zip(now, seeds, strict=True) for v in effect.volumes(own)),
        wind=next((wind for wind in winds if wind is not None), None),
    )


def film_mm(surface: SurfaceChange, rates: Rates) -> float:
    """Water on the road for tyres to throw up, from the bottom of the texture on, mm.

    Under rain ``0.01485 T^0.11 L^0.43 R^0.59 S^-0.42`` (Gallaway et al. 1979) for a texture T of 0.8 mm and a slope S
    of 2 % over L = 5 m, R in mm/h; 0.3 mm in the texture of a road that is soaked without rain, and 1.5 mm where
    water stands (both estimates).
    """
    raining: float = 0.01485 * 0.8**0.11 * 5.0**0.43 * 0.02**-0.42 * rates.rain_mm_h**0.59
    return max(raining, 0.3 * surface.wetness + 1.5 * surface.puddles)


def flashes_of(effects: Iterable[WeatherEffect], seed: int) -> tuple[Flash, ...]:
    """Every flash of a scene; ``seed`` is the scene's."""
    parts = [part for effect in effects for part in effect.members()]
    return tuple(f for part, own in zip(parts, own_seeds(parts, seed), strict=True) for f in part.flashing(own))


def own_seeds(parts: Sequence[WeatherEffect], seed: int) -> list[int]:
    """A seed for each effect, named by what it is and by its place among its like: others never change it."""
    names = [part.plugin_name for part in parts]
    return [child_seed(seed, "weather", name, names[:k].count(name)) for k, name in enumerate(names)]


def rates_at(effects: Iterable[WeatherEffect], time_s: float) -> Rates:
    """What comes down at a time."""
    return sum((part.at(time_s).rates() for effect in effects for part in effect.members()), Rates())
