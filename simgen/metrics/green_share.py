"""How long a light shows green."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simgen.metrics._actors import box_centers, row_of
from simgen.metrics._when import asked_instants
from simgen.metrics.base import Metric
from simgen.metrics.turns_green_s import signal_ahead
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.records.roads import SIGNAL_STATES
from simgen.registry import register


@register("metric", "green_share")
@dataclass(frozen=True, kw_only=True)
class GreenShare(Metric):
    """Share of a stretch, or of all, in which the light of the lane that the subject is on at time 0 shows green."""

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """0..1; nan if no light stands at that lane's end."""
        trajectory = evidence.trajectory
        now = trajectory.nearest(0)
        signal = signal_ahead(
            evidence.map, box_centers(trajectory, row_of(trajectory, asked.subject))[now, :2].tolist()
        )
        if not signal:
            return math.nan
        shown = trajectory.signal_state[:, trajectory.signal_names.index(signal)]
        when = asked_instants(asked, trajectory.time_ns)
        return float((shown[when] == SIGNAL_STATES.index("green")).mean())
