"""How closely somebody follows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.metrics._actors import row_of
from simgen.metrics._pair import extreme
from simgen.metrics._path import driven_path, headways
from simgen.metrics._when import asked_instants
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "time_headway_s")
@dataclass(frozen=True, kw_only=True)
class TimeHeadway(Metric):
    """Time gap: from the subject's nose to the other's tail along the subject's path, over the subject's speed.

    At ``time_s``; the smallest of a stretch, or of all. The path is the one that the subject drives, prolonged straight
    on; the other counts while it reaches into the width that the subject sweeps, ahead of its nose.
    """

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Seconds; inf if it is not ahead in the path, or the subject stands."""
        trajectory = evidence.trajectory
        ego, other = row_of(trajectory, asked.subject), row_of(trajectory, asked.other)
        path = driven_path(trajectory, ego)
        if path is None:
            return math.inf
        headway = headways(path, trajectory, ego, np.array([other]))[:, 0]
        return extreme(headway, asked_instants(asked, trajectory.time_ns), np.min, math.inf)
