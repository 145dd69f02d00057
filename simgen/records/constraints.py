"""What an edge case asks for, and what came of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal


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


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A constraint, measured from the labels."""

    constraint: Constraint
    achieved: float
    holds: bool


@dataclass(frozen=True, kw_only=True)
class Solution:
    """How the placement of an edge case was found."""

    #: the edge case
    source: str
    #: placements tried, the one that was taken included
    tried: int
    #: why others were turned down: reason -> how often, the most frequent first
    rejected: tuple[tuple[str, int], ...] = ()

    @property
    def rejection_rate(self) -> float:
        """Share of the placements tried that were turned down."""
        return sum(count for _, count in self.rejected) / self.tried if self.tried else 0.0
