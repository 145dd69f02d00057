"""Weather by name: effects with the numbers that ``presets.toml`` gives them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from simgen.records.air import Medium, Particles, Rates, SurfaceChange
from simgen.records.volume import Volume
from simgen.registry import get, param, register, suggest
from simgen.weather.base import WeatherEffect, together


@cache
def presets() -> dict[str, dict[str, Any]]:
    """What the file says of each preset: ``doc`` and ``effects``."""
    return tomllib.loads(resources.files("simgen.weather").joinpath("presets.toml").read_text())


@cache
def effects_of(kind: str) -> tuple[WeatherEffect, ...]:
    """The effects of a preset."""
    made = []
    for numbers in presets()[kind]["effects"]:
        values = {key: float(v) if isinstance(v, int) else v for key, v in numbers.items() if key != "type"}
        made.append(get("weather", numbers["type"])(**values))
    return tuple(made)


@register("weather", "preset")
@dataclass(frozen=True, kw_only=True)
class Preset(WeatherEffect):
    """Weather by name, for instance ``dense_fog``, ``cloudburst``, ``blizzard``: nothing but numbers for other effects.

    A scene that is drawn from it holds the effects themselves, so what a dataset stores does not change with the names.
    """

    kind: str = param(doc="which weather", choices=tuple(presets()))

    def __post_init__(self) -> None:
        if self.kind not in presets():
            raise ValueError(f"kind: there is no weather called {self.kind!r}{suggest(self.kind, tuple(presets()))}")

    def members(self) -> tuple[WeatherEffect, ...]:
        """The effects that it stands for."""
        return effects_of(self.kind)

    def medium(self) -> Medium:
        """The sum of theirs."""
        return together(self.members()).medium

    def particles(self) -> tuple[Particles, ...]:
        """All of theirs."""
        return together(self.members()).particles

    def surface(self) -> SurfaceChange:
        """The strongest of theirs."""
        return together(self.members()).surface

    def rates(self) -> Rates:
        """The sum of theirs."""
        return together(self.members()).rates

    def volumes(self) -> tuple[Volume, ...]:
        """All of theirs."""
        return together(self.members()).volumes
