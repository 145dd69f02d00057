"""How hard somebody brakes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.metrics._actors import row_of, speeds
from simgen.metrics._pair import extreme
from simgen.metrics._when import asked_instants
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register

#: over how long the loss of speed is taken
OVER_NS: Final = 100_000_000


@register("metric", "deceleration_m_s2")
@dataclass(frozen=True, kw_only=True)
class Deceleration(Metric):
    """Largest loss of horizontal speed over :data:`OVER_NS`, divided by that time, within ``time_s..until_s``.

    A tenth of a second takes out the single steps of the physics; both its ends lie in the stretch. With a single
    ``time_s`` it is centred on it.
    """

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Metres a second squared, positive when it brakes; nan if it is not there for that long."""
        trajectory = evidence.trajectory
        row = row_of(trajectory, asked.subject)
        count = max(round(OVER_NS / trajectory.step_ns), 1)
        speed, there = speeds(trajectory, row), trajectory.exists[:, row]
        lost = (speed[:-count] - speed[count:]) / (count * trajectory.step_ns * 1e-9)
        middle = (trajectory.time_ns[:-count] + trajectory.time_ns[count:]) // 2
        when = asked_instants(asked, middle) & there[:-count] & there[count:]
        if asked.time_s >= 0.0 and asked.until_s >= 0.0:
            inside = asked_instants(asked, trajectory.time_ns)
            when &= inside[:-count] & inside[count:]
        return extreme(lost, when, np.max, math.nan)
