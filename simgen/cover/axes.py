"""The parameters of a scene as axes with few levels: strata of equal probability, options, or values given by hand.

A parameter that is only drawn where a choice fell on one option has a level more, ``absent``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simgen.errors import UserError
from simgen.registry import suggest
from simgen.scenario.space import Dimension

ABSENT: Final = "absent"


@dataclass(frozen=True, kw_only=True)
class Axis:
    """A parameter and its levels; a level is a number from 0 on."""

    dimension: Dimension
    #: the value of each level; empty where levels are strata
    values: tuple[Any, ...] = ()
    #: bounds of the strata on the axis of probabilities, one more than there are strata
    edges: tuple[float, ...] = ()

    @property
    def path(self) -> str:
        """Of the parameter's draws."""
        return self.dimension.path

    @property
    def present(self) -> int:
        """Number of levels that are values."""
        return len(self.values) or len(self.edges) - 1

    @property
    def count(self) -> int:
        """Number of levels."""
        return self.present + bool(self.dimension.when)

    def value(self, level: int, share: float) -> Any:
        """A value of a level; ``share`` from 0 to 1 says where in its stratum. None where it is absent."""
        if level >= self.present:
            return None
        if self.values:
            return self.values[level]
        low, high = self.edges[level], self.edges[level + 1]
        return self.dimension.value(low + share * (high - low))

    def level(self, value: Any) -> int:
        """The level that a value belongs to; None is absent. -1 where it belongs to none.

        Numbers given by hand stand for all that is nearer to them than to the others.
        """
        if value is None:
            return self.present if self.dimension.when else -1
        if self.dimension.categorical:
            return next((k for k, own in enumerate(self.values) if own == value), -1)
        if self.values:
            return int(np.argmin(np.abs(np.array(self.values, np.float64) - value)))
        low, high = self.dimension.interval(value)
        return int(np.clip(np.searchsorted(self.edges, 0.5 * (low + high), "right") - 1, 0, self.present - 1))

    def chance(self, level: int) -> float:
        """The probability of a level, where it is not absent; nan of numbers given by hand."""
        if level >= self.present:
            return 1.0
        if not self.values:
            return self.edges[level + 1] - self.edges[level]
        if self.dimension.categorical or self.dimension.whole:
            return self.dimension.density(self.values[level])
        return math.nan

    def word(self, level: int) -> str:
        """A level as people read it."""
        if level >= self.present:
            return ABSENT
        if self.values:
            return self.dimension.word(self.values[level])
        inwards = 1e-9 if self.dimension.whole else 0.0  # bounds of whole numbers belong to the stratum below
        low = self.dimension.word(self.dimension.value(self.edges[level] + inwards))
        high = self.dimension.word(self.dimension.value(self.edges[level + 1] - inwards))
        return low if low == high else f"{low} to {high}"


def axis_of(dimension: Dimension, levels: int | Sequence[Any]) -> Axis:
    """An axis with so many strata, or with the levels given.

    A choice has its options, and a whole number of few values those.

    Raises:
        UserError: a value is never drawn, given twice, or there are fewer than one.
    """
    if not isinstance(levels, int):
        return Axis(dimension=dimension, values=_given(dimension, levels))
    if levels < 1:
        raise UserError(f"{dimension.path} needs at least one level, not {levels}")
    if dimension.categorical:
        pairs = zip(dimension.choices, dimension.weights, strict=True)
        return Axis(dimension=dimension, values=tuple(value for value, weight in pairs if weight > 0.0))
    low, high = dimension.bounds
    if dimension.whole and high - low + 1 <= levels:
        return Axis(dimension=dimension, values=tuple(range(int(low), int(high) + 1)))
    edges = np.linspace(0.0, 1.0, levels + 1)
    if dimension.whole:  # a whole number belongs to one stratum
        edges = np.unique([dimension.interval(dimension.value(u))[1] if 0.0 < u < 1.0 else u for u in edges.tolist()])
    return Axis(dimension=dimension, edges=tuple(edges.tolist()))


def _given(dimension: Dimension, values: Sequence[Any]) -> tuple[Any, ...]:
    if not values:
        raise UserError(f"{dimension.path} needs at least one level")
    for value in values:
        fits = value in dimension.choices if dimension.categorical else isinstance(value, int | float)
        if not fits or isinstance(value, bool) != isinstance(dimension.value(0.5), bool):
            options = tuple(map(str, dimension.choices))
            raise UserError(f"{dimension.path} is never {value!r}{suggest(str(value), options)}")
    if not dimension.categorical and not dimension.bounds[0] <= min(values) <= max(values) <= dimension.bounds[1]:
        low, high = dimension.bounds
        raise UserError(f"{dimension.path} is drawn from {low:g} to {high:g}: a level lies outside")
    if len(set(values)) < len(values):
        raise UserError(f"{dimension.path} has a level twice")
    return tuple(values) if dimension.categorical else tuple(sorted(values))


def absences(axes: Sequence[Axis]) -> list[Mapping[int, frozenset[int]]]:
    """What cannot be: a parameter that is absent though it is drawn, or there though it is not."""
    rules: list[Mapping[int, frozenset[int]]] = []
    index = {axis.path: k for k, axis in enumerate(axes)}
    for k, axis in enumerate(axes):
        parents = [
            (index[path], axes[index[path]].level(value)) for path, value in axis.dimension.when if path in index
        ]
        present = frozenset(range(axis.present))
        for parent, level in parents:
            others = frozenset(range(axes[parent].count)) - {level}
            rules.append({parent: others, k: present})
        if parents:
            rules.append({**{parent: frozenset({level}) for parent, level in parents}, k: frozenset({axis.present})})
    return rules


__all__ = ["ABSENT", "Axis", "absences", "axis_of"]
