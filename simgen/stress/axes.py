"""The space that is searched: a cube of probabilities, one axis per dimension of the scene, and boxes in it.

On an ordered axis a coordinate is a probability; the share of an interval of it is its length. On an axis of options
a coordinate is the number of an option, and the share of a set of them is the sum of their weights. The coordinate of
an axis that does not exist in a scene, because it hangs on another option, is nan.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simgen.records.base import F8, Bool
from simgen.scenario.space import Dimension


@dataclass(frozen=True, kw_only=True)
class Axis:
    """One axis of the cube."""

    name: str
    #: of the options, in order; empty for an ordered axis
    weights: tuple[float, ...] = ()
    #: the axis and the option of it on which this one hangs, and so on
    when: tuple[tuple[int, int], ...] = ()
    #: how many different values there are; 0 = any
    values: int = 0

    @property
    def options(self) -> int:
        """How many options there are; 0 of an ordered axis."""
        return len(self.weights)

    def at(self, u: float) -> float:
        """The coordinate at a probability."""
        if not self.options:
            return u
        for index, weight in enumerate(self.weights):
            u -= weight
            if u < 0.0:
                return float(index)
        return float(max(k for k, weight in enumerate(self.weights) if weight > 0.0))


@dataclass(frozen=True, kw_only=True)
class Box:
    """A region: an interval of every ordered axis that matters, a set of options of every other one that does."""

    #: by axis: probabilities from (included) and to
    intervals: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    #: by axis: numbers of options
    sets: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def contains(self, points: F8) -> Bool:
        """Whether each point is inside, (N,) of (N, axes)."""
        inside = np.ones(len(points), bool)
        for axis in (*self.intervals, *self.sets):
            inside &= self.within(points, axis)
        return inside

    def within(self, points: F8, axis: int) -> Bool:
        """Whether each point is inside as far as one axis goes; a missing coordinate is not, where the axis matters."""
        if axis in self.intervals:
            low, high = self.intervals[axis]
            return np.asarray((points[:, axis] >= low) & (points[:, axis] <= high))
        if axis in self.sets:
            return np.isin(points[:, axis], list(self.sets[axis]))
        return np.ones(len(points), bool)

    @property
    def matters(self) -> tuple[int, ...]:
        """The axes that matter, in order."""
        return tuple(sorted((*self.intervals, *self.sets)))

    def free_of(self, axis: int) -> Box:
        """The box without its bounds on an axis."""
        return Box(
            intervals={k: v for k, v in self.intervals.items() if k != axis},
            sets={k: v for k, v in self.sets.items() if k != axis},
        )

    def bounded(self, axis: int, bounds: tuple[float, float] | frozenset[int]) -> Box:
        """The box with other bounds on an axis."""
        if isinstance(bounds, frozenset):
            return Box(intervals=self.intervals, sets={**self.sets, axis: bounds})
        return Box(intervals={**self.intervals, axis: bounds}, sets=self.sets)


@dataclass(frozen=True, kw_only=True)
class Cube:
    """Every axis."""

    axes: tuple[Axis, ...]

    @classmethod
    def of(cls, dimensions: Sequence[Dimension]) -> Cube:
        """The cube of a scene's dimensions, in their order."""
        place = {dimension.path: k for k, dimension in enumerate(dimensions)}
        return cls(axes=tuple(_axis(dimension, dimensions, place) for dimension in dimensions))

    def __len__(self) -> int:
        return len(self.axes)

    def point(self, units: F8) -> F8:
        """Coordinates from probabilities, one per axis."""
        point = np.array([axis.at(float(u)) for axis, u in zip(self.axes, units, strict=True)])
        for index in range(len(point)):
            if not self.exists(point, index):
                point[index] = math.nan
        return point

    def exists(self, point: F8, index: int) -> bool:
        """Whether an axis exists where the point chose its options."""
        return all(point[axis] == option for axis, option in self.axes[index].when)

    def volume(self, box: Box) -> float:
        """The share of the whole that a box has."""
        return math.prod(self._share(axis, bounds) for axis, bounds in self._bounds(box).items())

    def overlap(self, one: Box, other: Box) -> float:
        """Intersection over union of two boxes."""
        a, b = self._bounds(one), self._bounds(other)
        both = math.prod(self._share(axis, _meet(a.get(axis), b.get(axis))) for axis in {*a, *b})
        union = self.volume(one) + self.volume(other) - both
        return both / union if union > 0.0 else 0.0

    def _bounds(self, box: Box) -> dict[int, tuple[float, float] | frozenset[int]]:
        """Bounds by axis; a bound on an axis that hangs on an option bounds the options too."""
        found: dict[int, tuple[float, float] | frozenset[int]] = {**box.intervals, **box.sets}
        for axis in list(found):
            for parent, option in self.axes[axis].when:
                found[parent] = _meet(found.get(parent), frozenset((option,)))
        return found

    def _share(self, axis: int, bounds: tuple[float, float] | frozenset[int]) -> float:
        if isinstance(bounds, frozenset):
            return math.fsum(self.axes[axis].weights[k] for k in bounds)
        return max(min(bounds[1], 1.0) - max(bounds[0], 0.0), 0.0)


def _meet(a: Any, b: Any) -> Any:
    """What two bounds have in common; None = no bounds."""
    if a is None or b is None:
        return b if a is None else a
    return a & b if isinstance(a, frozenset) else (max(a[0], b[0]), min(a[1], b[1]))


def _axis(dimension: Dimension, dimensions: Sequence[Dimension], place: Mapping[str, int]) -> Axis:
    when = tuple(
        (place[path], dimensions[place[path]].choices.index(value)) for path, value in dimension.when if path in place
    )
    values = 0
    if dimension.whole:
        low, high = dimension.bounds
        values = round(high - low) + 1
    return Axis(name=dimension.path, weights=dimension.weights, when=when, values=values)
