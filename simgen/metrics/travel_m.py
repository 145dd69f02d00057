"""How far something gets."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simgen.metrics._actors import row_of
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register
from simgen.units import seconds_to_ns


@register("metric", "travel_m")
@dataclass(frozen=True, kw_only=True)
class Travel(Metric):
    """Straight distance from where the subject's origin is at ``time_s`` (0 if negative) to where it is at ``until_s``.

    Without ``until_s`` to where it is at the end. What rocks to and fro and comes back has not travelled.
    """

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Metres."""
        trajectory = evidence.trajectory
        body = int(trajectory.actor_body[row_of(trajectory, asked.subject)])
        start = trajectory.nearest(seconds_to_ns(max(asked.time_s, 0.0)))
        end = trajectory.nearest(seconds_to_ns(asked.until_s) if asked.until_s >= 0.0 else trajectory.end_ns)
        return math.dist(trajectory.position[start, body].tolist(), trajectory.position[end, body].tolist())
