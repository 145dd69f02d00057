"""Weather by name: effects with the numbers that ``presets.toml`` gives them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, is_dataclass
from functools import cache
from importlib import resources
from typing import Any, get_args, get_type_hints

from simgen.records.air import Medium, Particles, Rates, SurfaceChange
from simgen.records.emitter import Emitter
from simgen.records.volume import Volume
from simgen.records.wind import Wind
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
        cls = get("weather", numbers["type"])
        hints = get_type_hints(cls)
        made.append(cls(**{key: _value(v, hints[key]) for key, v in numbers.items() if key != "type"}))
    return tuple(made)


def _value(value: Any, hint: Any) -> Any:
    """A value of the file as a field of that type takes it: whole numbers for numbers, mappings for dataclasses."""
    members = get_args(hint) or (hint,)
    if isinstance(value, dict):
        nested: Any = next(member for member in members if is_dataclass(member))
        return nested(**{key: _value(v, float) for key, v in value.items()})
    return float(value) if isinstance(value, int) and float in members else value


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

    def volumes(self, seed: int) -> tuple[Volume, ...]:
        """All of theirs."""
        return together(self.members(), seed=seed).volumes

    def emitters(self) -> tuple[Emitter, ...]:
        """All of theirs."""
        return tuple(emitter for part in self.members() for emitter in part.emitters())

    def wind(self, seed: int) -> Wind | None:
        """Theirs, if any."""
        return together(self.members(), seed=seed).wind
