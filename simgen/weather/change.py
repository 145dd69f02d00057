"""Weather that changes over a sequence: one effect, from some values to others."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from simgen.records.air import Medium, Particles, Rates, SurfaceChange
from simgen.records.emitter import Emitter
from simgen.records.volume import Volume
from simgen.registry import param, register
from simgen.weather.base import WeatherEffect

#: values that change evenly in their reciprocal, so that what is in the air grows evenly
_RECIPROCAL: Final = frozenset(("visibility_m",))


@dataclass(frozen=True, kw_only=True)
class Share(WeatherEffect):
    """A share of an effect: as much thinner."""

    effect: WeatherEffect
    share: float

    def medium(self) -> Medium:
        """The effect's, scaled."""
        return self.effect.medium().scaled(self.share)

    def particles(self) -> tuple[Particles, ...]:
        """The effect's, fewer."""
        return tuple(kind.scaled(self.share) for kind in self.effect.particles()) if self.share > 0.0 else ()

    def surface(self) -> SurfaceChange:
        """The effect's, scaled."""
        return self.effect.surface().scaled(self.share)

    def rates(self) -> Rates:
        """The effect's, scaled."""
        return self.effect.rates().scaled(self.share)

    def volumes(self, seed: int) -> tuple[Volume, ...]:
        """The effect's, thinner."""
        if self.share == 0.0:
            return ()
        return tuple(volume.thinned(self.share) for volume in self.effect.volumes(seed))

    def emitters(self) -> tuple[Emitter, ...]:
        """The effect's, sending less."""
        return tuple(emitter.scaled(self.share) for emitter in self.effect.emitters())


@register("weather", "change")
@dataclass(frozen=True, kw_only=True)
class Change(WeatherEffect):
    """An effect that changes evenly over ``over_s``, from ``start_s`` on; before and after, it is what it was or is.

    Both ends are the same effect with other numbers, or one of them is nothing (``null``) and the other fades: then
    its particles and its medium get fewer and thinner. Visibility changes evenly in 1/m, so what is in the air grows
    evenly. Surfaces follow at once: they do not remember how long it has rained.
    """

    steady: ClassVar[bool] = False

    from_: WeatherEffect | None = dataclasses.field(
        metadata={"doc": "the effect before, or null for nothing", "alias": "from"}
    )
    to: WeatherEffect | None = param(doc="the effect after, or null for nothing")
    over_s: float = param(10.0, gt=0.0, doc="how long the change takes")
    start_s: float = param(0.0, ge=0.0, doc="when it begins")

    def __post_init__(self) -> None:
        ends = self._ends
        if not ends:
            raise ValueError("from and to are both nothing")
        for end in ends:
            if not end.steady or end.members() != (end,):
                raise ValueError(
                    f"from and to are plain effects, not a {end.plugin_name}; give each of its effects apart"
                )
            if not end.changes:
                raise ValueError(f"from and to: {end.plugin_name} cannot change, for it does so by itself")
        if len(ends) == 2:
            self._check_same(*ends)

    @property
    def _ends(self) -> tuple[WeatherEffect, ...]:
        return tuple(end for end in (self.from_, self.to) if end is not None)

    @staticmethod
    def _check_same(before: WeatherEffect, after: WeatherEffect) -> None:
        if type(before) is not type(after):
            said = f"to is {after.plugin_name}, but from is {before.plugin_name}"
            raise ValueError(f"{said}; let one fade (to: null) and the other come (from: null)")
        for field in dataclasses.fields(before):
            mine, theirs = getattr(before, field.name), getattr(after, field.name)
            if mine != theirs and not (isinstance(mine, float) and isinstance(theirs, float)):
                raise ValueError(f"to has another {field.name} than from, and only numbers can change")

    def at(self, time_s: float) -> WeatherEffect:
        """The effect at a time, its numbers between those of both ends."""
        share = min(max((time_s - self.start_s) / self.over_s, 0.0), 1.0)
        if self.from_ is None or self.to is None:
            return Share(effect=self._ends[0], share=share if self.from_ is None else 1.0 - share)
        if share in (0.0, 1.0):
            return self.to if share == 1.0 else self.from_
        values: dict[str, Any] = {}
        for field in dataclasses.fields(self.to):
            low, high = getattr(self.from_, field.name), getattr(self.to, field.name)
            if low == high:
                values[field.name] = high
            elif field.name in _RECIPROCAL:
                values[field.name] = 1.0 / ((1.0 - share) / low + share / high)
            else:
                values[field.name] = (1.0 - share) * low + share * high
        return type(self.to)(**values)

    def medium(self) -> Medium:
        """At the start."""
        return self.at(0.0).medium()

    def particles(self) -> tuple[Particles, ...]:
        """At the start."""
        return self.at(0.0).particles()

    def surface(self) -> SurfaceChange:
        """At the start."""
        return self.at(0.0).surface()

    def rates(self) -> Rates:
        """At the start."""
        return self.at(0.0).rates()

    def volumes(self, seed: int) -> tuple[Volume, ...]:
        """At the start."""
        return self.at(0.0).volumes(seed)

    def emitters(self) -> tuple[Emitter, ...]:
        """At the start."""
        return self.at(0.0).emitters()
