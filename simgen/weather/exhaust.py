"""Exhaust that one sees in the cold: its water condenses behind the tail pipe."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Final

from simgen.records.air import Medium
from simgen.records.base import F8
from simgen.records.emitter import Emitter
from simgen.registry import param, register
from simgen.weather._condensing import CONCENTRATIONS, condensed
from simgen.weather._optics import bulk
from simgen.weather._sizes import gamma_droplets
from simgen.weather.base import WeatherEffect

#: water that a car's engine sends out at speeds: 1.33 g a gram of petrol; 0.6 l/h standing, about 6 l/100 km moving
_SPEEDS_M_S: Final = (0.0, 14.0, 28.0, 42.0)
_WATER_G_S: Final = (0.17, 0.75, 1.7, 3.4)
#: exhaust by its water (15.7 g and 1.33 g a gram of petrol), J/(g K) and m3 of air: K m3/g a kelvin above the air
_GAS_BY_WATER: Final = 11.8
_AIR_J_K_M3: Final = 1256.0
#: radius of the droplets' mode, um (an estimate)
_MODE_UM: Final = 1.0


@lru_cache(maxsize=1)
def gram_of_droplets() -> Medium:
    """One gram of condensed exhaust in a cubic metre."""
    drops = gamma_droplets(100.0, 6.0, _MODE_UM)
    return bulk("water", drops.scaled(1e-6 / drops.volume), "smoke")


@register("weather", "exhaust")
@dataclass(frozen=True, kw_only=True)
class Exhaust(WeatherEffect):
    """White exhaust behind every vehicle whose engine runs, or behind those that are named.

    An engine runs in what moves, in what has something to do, and in the ego. A car sends out 1.33 g of water for each
    gram of petrol, larger vehicles as much more as they are larger. Exhaust and air mix; what is above saturation is
    droplets (Appleman 1953), so the cloud vanishes as it thins, and above some 15 C there is none.
    """

    only_one: ClassVar[bool] = True
    warmest_c: ClassVar[float] = 20.0

    on: tuple[str, ...] = param((), doc="vehicles; empty = all whose engine runs", reference="entity")
    air_temperature_c: float = param(-5.0, ge=-40.0, le=30.0, doc="of the air")
    humidity: float = param(0.85, ge=0.0, le=1.0, doc="relative humidity of the air")
    exhaust_temperature_c: float = param(70.0, ge=30.0, le=400.0, doc="at the tail pipe: cold 60, warm 150")

    def __post_init__(self) -> None:
        if float(self._shares().max()) < 0.02:
            said = (
                f"air_temperature_c: in air of {self.air_temperature_c:g} C and {100.0 * self.humidity:.0f} % humidity"
            )
            raise ValueError(f"{said} exhaust stays clear")

    def _shares(self) -> F8:
        warmer = max(self.exhaust_temperature_c - self.air_temperature_c, 0.0)
        return condensed(CONCENTRATIONS, self.air_temperature_c, self.humidity, warmer * _GAS_BY_WATER / _AIR_J_K_M3)

    def emitters(self) -> tuple[Emitter, ...]:
        """All tail pipes."""
        source = Emitter(
            where="exhausts",
            on=self.on,
            medium=gram_of_droplets(),
            speeds_m_s=_SPEEDS_M_S,
            rates_g_s=_WATER_G_S,
            concentrations_g_m3=tuple(CONCENTRATIONS.tolist()),
            shares=tuple(self._shares().tolist()),
            size_m=(0.06, 0.06),
            spread_m_s=0.12,
            heat_w=150.0,
            jet_m_s=(-2.5, 0.0, -0.2),
            carried=0.3,
            relaxation_s=0.4,
            stray=0.3,
            interval_s=0.15,
            life_s=5.0,
        )
        return (source,)
