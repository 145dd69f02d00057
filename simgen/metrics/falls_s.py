"""When something falls."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from simgen.metrics._actors import box_centers, first, row_of
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "falls_s")
@dataclass(frozen=True, kw_only=True)
class Falls(Metric):
    """The first instant at which the middle of the subject's box is 0.1 m lower than it was at time 0."""

    #: how much lower, m
    deep_m: ClassVar[float] = 0.1

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Seconds; inf if it does not fall."""
        trajectory = evidence.trajectory
        row = row_of(trajectory, asked.subject)
        height = box_centers(trajectory, row)[:, 2]
        fallen = (height < height[trajectory.nearest(0)] - self.deep_m) & trajectory.exists[:, row]
        step = first(fallen & (trajectory.time_ns >= 0))
        return math.inf if step is None else float(trajectory.time_ns[step]) * 1e-9
