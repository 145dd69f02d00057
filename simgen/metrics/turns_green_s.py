"""When a light turns green."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.metrics._signals import green_ahead
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "turns_green_s")
@dataclass(frozen=True, kw_only=True)
class TurnsGreen(Metric):
    """When the light of the lane that the subject is on at time 0 first turns green."""

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Seconds; inf if it never does, or no light stands at that lane's end."""
        green, trajectory = green_ahead(asked.subject, evidence), evidence.trajectory
        if green is None:
            return math.inf
        turns = np.flatnonzero(green[1:] & ~green[:-1] & (trajectory.time_ns[1:] > 0))
        return float(trajectory.time_ns[turns[0] + 1]) * 1e-9 if len(turns) else math.inf
