"""How long after another somebody comes into the ego's way."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.metrics._actors import both_exist, first, row_of
from simgen.metrics._path import against, driven_path
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.records.trajectory import Trajectory
from simgen.registry import register


@register("metric", "entry_interval_s")
@dataclass(frozen=True, kw_only=True)
class EntryInterval(Metric):
    """Seconds from when the other enters the width that the ego sweeps until the subject enters it."""

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Seconds, negative if the subject is first; inf if one of them never enters, or the ego stands."""
        trajectory = evidence.trajectory
        times = [_enters(trajectory, row_of(trajectory, name)) for name in (asked.subject, asked.other)]
        return math.inf if None in times else float(times[0] - times[1])  # type: ignore[operator]


def _enters(trajectory: Trajectory, row: int) -> float | None:
    ego = row_of(trajectory, "ego")
    path = driven_path(trajectory, ego)
    if path is None:
        return None
    _, lateral, _, across = against(path, trajectory, row)
    inside = (np.abs(lateral) - across < trajectory.size[ego, 1] / 2.0) & both_exist(trajectory, ego, row)
    step = first(inside & (trajectory.time_ns >= 0))
    return None if step is None else float(trajectory.time_ns[step]) * 1e-9
