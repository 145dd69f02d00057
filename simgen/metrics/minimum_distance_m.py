"""How near two actors come."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.metrics._actors import both_exist, box_centers, row_of
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "minimum_distance_m")
@dataclass(frozen=True, kw_only=True)
class MinimumDistance(Metric):
    """Smallest horizontal distance between the two boxes' circumscribed circles; 0 where they meet."""

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Metres; inf if they are never there together."""
        trajectory = evidence.trajectory
        a, b = row_of(trajectory, asked.subject), row_of(trajectory, asked.other)
        gap = box_centers(trajectory, a)[:, :2] - box_centers(trajectory, b)[:, :2]
        radius = sum(math.hypot(*trajectory.size[k, :2].tolist()) / 2.0 for k in (a, b))
        distance = np.sqrt((gap * gap).sum(-1)) - radius
        together = both_exist(trajectory, a, b)
        return max(0.0, float(distance[together].min())) if together.any() else math.inf
