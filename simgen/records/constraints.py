"""What an edge case asks for, and what came of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from simgen.units import unit_of


@dataclass(frozen=True, kw_only=True)
class Constraint:
    """A measurable wish: ``kind`` names a metric (``time_to_collision_s``, ``visible_fraction``, ``frames_dropped``).

    ``tolerance`` is the largest deviation that still holds, of the side that the relation leaves open.
    """

    kind: str
    #: the entity or sensor that it is about
    subject: str
    #: a second entity, or the sensor that looks
    other: str = ""
    asked: float
    tolerance: float
    relation: Literal["about", "at_least", "at_most"] = "about"
    #: the instant at which it should hold, or from which on; negative = over the whole sequence
    time_s: float = -1.0
    #: the instant until which it should hold, where that is a stretch; negative = only at ``time_s``
    until_s: float = -1.0
    #: the edge case that asks
    source: str = ""

    def deviation(self, achieved: float) -> float:
        """How far a value is off what was asked, signed; 0 where the relation is fulfilled; ``inf`` of no value."""
        if math.isnan(achieved):
            return math.inf
        off = achieved - self.asked
        if self.relation == "at_least":
            return min(off, 0.0)
        return max(off, 0.0) if self.relation == "at_most" else off

    def holds(self, achieved: float) -> bool:
        """Whether a value is within the tolerance."""
        return abs(self.deviation(achieved)) <= self.tolerance

    @property
    def about(self) -> str:
        """What is asked of whom: ``time_to_collision_s of ego and child``."""
        return f"{self.kind} of {' and '.join(filter(None, (self.subject, self.other)))}"

    def in_words(self, value: float) -> str:
        """A value against what is asked: ``time_to_collision_s of ego and child is 2.1 s instead of 1.5 s``."""
        side = {"about": "", "at_least": "at least ", "at_most": "at most "}[self.relation]
        came = "never comes about" if math.isinf(value) else f"is {self._number(value)}"
        return f"{self.about} {came} instead of {side}{self._number(self.asked)}"

    def _number(self, value: float) -> str:
        return " ".join(filter(None, (f"{value:.3g}", unit_of(self.kind))))


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A constraint, measured from the labels."""

    constraint: Constraint
    achieved: float
    holds: bool

    def in_words(self) -> str:
        """``time_to_collision_s of ego and child is 2.1 s instead of 1.5 s``."""
        return self.constraint.in_words(self.achieved)


@dataclass(frozen=True, kw_only=True)
class Solution:
    """How the placement of an edge case was found."""

    #: the edge case
    source: str
    #: placements proposed, the one that was taken included
    tried: int
    #: why others were turned down: reason -> how often, the most frequent first
    rejected: tuple[tuple[str, int], ...] = ()
    #: forecasts or simulations that were run, those that adjust a proposal included
    evaluations: int = 0
    #: whether it was found by simulating, not by a forecast of the drivers
    physical: bool = False

    @property
    def rejection_rate(self) -> float:
        """Share of the placements proposed that were turned down."""
        return (self.tried - 1) / self.tried if self.tried > 0 else 0.0
