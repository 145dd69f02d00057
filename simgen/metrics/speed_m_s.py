"""How fast somebody is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.metrics._actors import row_of, speeds
from simgen.metrics._pair import extreme
from simgen.metrics._when import asked_instants
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "speed_m_s")
@dataclass(frozen=True, kw_only=True)
class Speed(Metric):
    """Horizontal speed of the subject's origin at ``time_s``; the largest of a stretch or of all."""

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Metres a second; nan if it is not there."""
        trajectory = evidence.trajectory
        row = row_of(trajectory, asked.subject)
        when = asked_instants(asked, trajectory.time_ns) & trajectory.exists[:, row]
        return extreme(speeds(trajectory, row), when, np.max, math.nan)
