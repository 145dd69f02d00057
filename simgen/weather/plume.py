"""A plume: smoke of a chimney or a fire, steam of a manhole."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from simgen.records.air import Medium
from simgen.records.emitter import Emitter
from simgen.registry import param, register
from simgen.weather._condensing import CONCENTRATIONS, condensed
from simgen.weather._optics import VISIBLE_NM, bulk, grains
from simgen.weather._sizes import gamma_droplets
from simgen.weather.base import WeatherEffect

Substance = Literal["smoke", "soot", "steam"]

#: extinction of a gram of flaming smoke, m2 (Mulholland and Croarkin 2000: 8.7 +- 1.1), and what soot scatters of it
SOOT_M2_G: Final = 8.7
_SOOT_ALBEDO: Final = 0.25
_SMOKE_G_M3: Final = 1.3e6
_LIDAR_RATIO_SR: Final = 65.0
#: droplets of steam, as of a thin fog: radius of the mode, um
_STEAM_UM: Final = 2.0
#: heat of a gram of steam above the air's, J, without what condensing gives; K that it warms a cubic metre by
_STEAM_J_G: Final = 190.0
STEAM_WARMING_K: Final = _STEAM_J_G / 1256.0
#: puffs that a plume is made of
_PUFFS: Final = 48


@lru_cache(maxsize=4)
def gram_of(substance: Substance) -> Medium:
    """One gram of a substance in a cubic metre, as a medium."""
    if substance == "steam":
        drops = gamma_droplets(100.0, 6.0, _STEAM_UM)
        return bulk("water", drops.scaled(1e-6 / drops.volume), "fog")
    medium = grains("smoke", 0.32, 1.6).scaled(1.0 / _SMOKE_G_M3)
    if substance == "soot":
        medium = medium.scaled(SOOT_M2_G / medium.extinction_at(VISIBLE_NM))
        scattered = medium.lobes.sum(0)
        medium = medium.replace(lobes=medium.lobes * (_SOOT_ALBEDO * medium.extinction / scattered))
    return medium.replace(backscatter=medium.lobes.sum(0) / _LIDAR_RATIO_SR)


@register("weather", "plume")
@dataclass(frozen=True, kw_only=True)
class Plume(WeatherEffect):
    """Smoke or steam that rises from a place, drifts and spreads.

    It is a row of Gaussian puffs that leave at even times and go where the wind carries them. They rise as Briggs
    (1975) has it, ``1.6 F^(1/3) u^(-1/3) t^(2/3)`` with ``F = 8.9e-6 m4/s3`` a watt; in calm air as Morton, Taylor and
    Turner (1956). They spread as puffs in neutral air do, 0.06 x^0.92 across and 0.15 x^0.70 upwards (Slade 1968), and
    by a share of what they rise. A puff holds rate times time. ``smoke`` is that of burning plants (Lorenz-Mie theory:
    4.9 m2/g); ``soot`` is black (8.7 m2/g: Mulholland and Croarkin 2000); of ``steam``, whose rate is of water, what is
    above saturation is droplets, so it vanishes as it mixes with the air.
    """

    on: str = param("world", doc="what it rises from: world, or the name of an object", reference="entity")
    position_m: tuple[float, float, float] = param((0.0, 0.0, 0.0), doc="where, in the world or in the object's frame")
    substance: Substance = param("smoke", doc="smoke of plants, black soot, or steam")
    rate_g_s: float = param(5.0, gt=0.0, le=5000.0, doc="what it sends: a chimney 0.1, a burning car 100, a manhole 20")
    heat_kw: float = param(10.0, ge=0.0, le=100000.0, doc="heat that lifts it: a chimney 10, a burning car 4000")
    radius_m: float = param(0.3, ge=0.02, le=20.0, doc="radius of the place that it leaves from")
    air_temperature_c: float = param(5.0, ge=-40.0, le=45.0, doc="of the air, for steam")
    humidity: float = param(0.8, ge=0.0, le=1.0, doc="relative humidity of the air, for steam")
    life_s: float = param(40.0, ge=1.0, le=600.0, doc="how long it is followed")
    start_s: float | None = param(None, doc="when it begins; null = long before")
    stop_s: float | None = param(None, doc="when it ends; null = never")

    def __post_init__(self) -> None:
        if self.start_s is not None and self.stop_s is not None and self.stop_s <= self.start_s:
            raise ValueError(f"stop_s must be more than start_s ({self.start_s:g})")

    def emitters(self) -> tuple[Emitter, ...]:
        """The one source."""
        steam = self.substance == "steam"
        shares = condensed(CONCENTRATIONS, self.air_temperature_c, self.humidity, STEAM_WARMING_K)
        source = Emitter(
            on=() if self.on == "world" else (self.on,),
            position_m=self.position_m,
            medium=gram_of(self.substance),
            rates_g_s=(self.rate_g_s,),
            concentrations_g_m3=tuple(CONCENTRATIONS.tolist()) if steam else (),
            shares=tuple(shares.tolist()) if steam else (),
            size_m=(0.5 * self.radius_m, 0.5 * self.radius_m),
            heat_w=1e3 * self.heat_kw + (_STEAM_J_G * self.rate_g_s if steam else 0.0),
            spread_m_s=0.03,
            stray=0.35,
            interval_s=self.life_s / _PUFFS,
            life_s=self.life_s,
            start_s=float("-inf") if self.start_s is None else self.start_s,
            stop_s=float("inf") if self.stop_s is None else self.stop_s,
        )
        return (source,)
