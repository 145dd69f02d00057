"""When something passes something."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.metrics._actors import both_exist, box_centers, row_of
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "passes_s")
@dataclass(frozen=True, kw_only=True)
class Passes(Metric):
    """The instant at which the middles of the two boxes are nearest to each other, in the plane."""

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Seconds; inf if they are never there together, or are nearest at the end, still coming nearer."""
        trajectory = evidence.trajectory
        a, b = row_of(trajectory, asked.subject), row_of(trajectory, asked.other)
        gap = box_centers(trajectory, a)[:, :2] - box_centers(trajectory, b)[:, :2]
        together = both_exist(trajectory, a, b) & (trajectory.time_ns >= 0)
        squared = np.where(together, (gap * gap).sum(-1), np.inf)
        step = int(np.argmin(squared))
        if not together.any() or step == len(squared) - 1:
            return math.inf
        return float(trajectory.time_ns[step]) * 1e-9
