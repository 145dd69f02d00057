"""What an edge case asks for, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Constraint:
    """A measurable wish: ``kind`` names the measure (``time_to_collision_s``, ``occluded_by``, ``frames_dropped``)."""

    kind: str
    subject: str
    other: str = ""
    asked: float
    tolerance: float
    #: the instant at which it should hold; negative = whenever it comes closest
    time_s: float = -1.0
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A constraint, measured from the labels."""

    constraint: Constraint
    achieved: float
    holds: bool
