"""How far something comes up, or goes down."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.metrics._actors import row_of
from simgen.metrics._pair import extreme
from simgen.metrics._when import asked_instants
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "rise_m")
@dataclass(frozen=True, kw_only=True)
class Rise(Metric):
    """Height of the subject's origin over where it was at time 0, at ``time_s``; the largest of a stretch or of all."""

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Metres, negative below; nan if it is not there."""
        trajectory = evidence.trajectory
        row = row_of(trajectory, asked.subject)
        height = trajectory.position[:, int(trajectory.actor_body[row]), 2]
        when = asked_instants(asked, trajectory.time_ns) & trajectory.exists[:, row]
        return extreme(height - height[trajectory.nearest(0)], when, np.max, math.nan)
