"""How long a light shows green."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simgen.metrics._signals import green_ahead
from simgen.metrics._when import asked_instants
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "green_share")
@dataclass(frozen=True, kw_only=True)
class GreenShare(Metric):
    """Share of a stretch, or of all, in which the light of the lane that the subject is on at time 0 shows green."""

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """0..1; nan if no light stands at that lane's end."""
        green = green_ahead(asked.subject, evidence)
        if green is None:
            return math.nan
        return float(green[asked_instants(asked, evidence.trajectory.time_ns)].mean())
