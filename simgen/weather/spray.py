"""Spray: what tyres throw up from a wet road."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Final, Literal

import numpy as np

from simgen.records.air import Medium, Particles
from simgen.records.emitter import Emitter
from simgen.registry import param, register
from simgen.weather._drops import WATER_REFLECTIVITY, fall_speed
from simgen.weather._optics import bulk, taken_by_one
from simgen.weather._sizes import Sizes, exponential, gamma_droplets
from simgen.weather.base import WeatherEffect

Droplets = Literal["moderate", "strong"]

#: droplets a cm3, exponent and radius of the mode in um, of the mist in spray
_MIST: Final[dict[Droplets, tuple[float, float, float]]] = {"strong": (100.0, 6.0, 4.0), "moderate": (100.0, 6.0, 2.0)}
#: drops, mm, and how fast they get fewer with the diameter, 1/mm (an estimate)
_DROPS_MM: Final = (0.2, 1.0)
_SLOPE_MM: Final = 4.0
_BINS: Final = 12
#: share of the spray that is mist (an estimate)
MIST_SHARE: Final = 0.03
_WATER_G_M3: Final = 1e6
#: water that two tyres of 0.2 m meet on 1 mm in a metre, g
MET_G_M: Final = 2.0 * 0.2 * 1e-3 * _WATER_G_M3
#: share of it that gets airborne at 30 m/s, and the speed below which none does, m/s
AIRBORNE, _FAST_M_S, _SLOW_M_S = 0.04, 30.0, 8.0
_SPEEDS: Final = tuple(float(v) for v in range(0, 62, 2))


def airborne_g_s(speed_m_s: float, film_mm: float = 1.0) -> float:
    """Spray of an axle with two tyres of 0.2 m, g/s.

    The water that the tyres meet, width times depth times speed, times the share of it that is torn off into the air:
    0.04 at 30 m/s, by the square of the speed above 8 m/s.
    """
    share = max(speed_m_s**2 - _SLOW_M_S**2, 0.0) / (_FAST_M_S**2 - _SLOW_M_S**2)
    return AIRBORNE * share * MET_G_M * film_mm * speed_m_s


@lru_cache(maxsize=2)
def gram_of(droplets: Droplets) -> tuple[Medium, Particles]:
    """One gram of spray in a cubic metre: its medium, and the drops in it that are met one by one."""
    mist = gamma_droplets(*_MIST[droplets])
    fine = bulk("water", mist.scaled(MIST_SHARE / (_WATER_G_M3 * mist.volume)), "spray")
    shape = exponential(1.0, _SLOPE_MM, *_DROPS_MM, _BINS)
    drops: Sizes = shape.scaled((1.0 - MIST_SHARE) / (_WATER_G_M3 * shape.volume))
    coarse = bulk("water", drops, "spray").replace(backscatter=np.zeros(6))
    kind = Particles(
        class_name="spray",
        diameter=drops.diameter,
        density=drops.density,
        fall_speed=fall_speed(drops.diameter),
        extinction=taken_by_one("water", drops.diameter),
        reflectivity=WATER_REFLECTIVITY,
    )
    return fine + coarse, kind


@register("weather", "spray")
@dataclass(frozen=True, kw_only=True)
class Spray(WeatherEffect):
    """Spray behind the axles of all vehicles that move over a wet road.

    An axle throws up ``0.04 (v^2 - 8^2) / (30^2 - 8^2)`` of the water that its tyres meet (width times depth of the
    water times v in m/s), so spray grows with the third power of the speed. Depths are of Gallaway et al. (1979):
    0.6 mm at 10 mm/h, 1 mm at 25 mm/h. Behind a lorry at 105 km/h in 25 mm/h that makes some 10 g/m3, as trials have it
    (Flintsch et al. 2014: 5 to 30 g/m3). 3 % of it is mist, droplets of a gamma distribution (100 a cm3 with a
    mode of 4 um, strong, or 2 um, moderate), the rest drops of 0.2 to 1 mm; both shares are estimates. Arches and
    floor hold it until the vehicle's rear end; a puff starts
    with half of the vehicle's speed in its wake, spreads by 0.5 m/s and falls out within seconds.
    """

    only_one: ClassVar[bool] = True
    needs_wet: ClassVar[bool] = True

    strength: float = param(1.0, gt=0.0, le=5.0, doc="spray by what the law gives; worn tyres less, deep ruts more")
    droplets: Droplets = param("strong", doc="droplets of the mist: strong has larger ones")
    on: tuple[str, ...] = param((), doc="vehicles; empty = all that move", reference="entity")

    def emitters(self) -> tuple[Emitter, ...]:
        """All axles."""
        medium, drops = gram_of(self.droplets)
        source = Emitter(
            where="wheels",
            on=self.on,
            medium=medium,
            particles=(drops,),
            speeds_m_s=_SPEEDS,
            rates_g_s=tuple(self.strength * airborne_g_s(v) for v in _SPEEDS),
            size_m=(0.5, 0.3),
            spread_m_s=0.5,
            jet_m_s=(0.0, 0.0, 2.0),
            carried=0.5,
            relaxation_s=0.7,
            sinking_m_s=0.7,
            loss_s=1.0,
            stray=0.2,
            interval_s=0.1,
            life_s=2.4,
        )
        return (source,)
