"""When two actors will hit each other if neither brakes nor steers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.metrics._boxes import meeting
from simgen.metrics._pair import boxes_of_pair, extreme
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "time_to_contact_s")
@dataclass(frozen=True, kw_only=True)
class TimeToContact(Metric):
    """Seconds until two boxes meet if both go on at their velocities of that instant, without turning (Hayward 1972).

    At ``time_s``; the smallest of a stretch, or of all. Other than ``time_to_collision_s``, which looks at the instant
    at which the path is entered, it is predicted from each instant alone. Velocities are those of the bodies' origins.
    """

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Seconds; 0 while they overlap, inf if they do not meet."""
        a, b, when = boxes_of_pair(asked, evidence)
        return extreme(meeting(a, b)[0], when, np.min, math.inf)
