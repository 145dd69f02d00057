"""How much time is left when something enters a path."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.metrics._actors import both_exist, first, row_of
from simgen.metrics._path import against, driven_path, nose
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "time_to_collision_s")
@dataclass(frozen=True, kw_only=True)
class TimeToCollision(Metric):
    """Seconds that the subject needs to where the other enters its path, at the instant when it enters.

    The path is the one that the subject's box really sweeps, prolonged straight on; its nose is the front of the
    box, its speed the one of that instant. This is the time that is left to react.
    """

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """``(s_other - s_nose) / v``; inf if the other never enters ahead of the nose, or the subject stands."""
        trajectory = evidence.trajectory
        ego, other = row_of(trajectory, asked.subject), row_of(trajectory, asked.other)
        path = driven_path(trajectory, ego)
        if path is None:
            return math.inf
        s, lateral, along, across = against(path, trajectory, other)
        front = nose(path, trajectory, ego)
        there = both_exist(trajectory, ego, other) & (trajectory.time_ns >= 0)
        inside = (np.abs(lateral) - across < trajectory.size[ego, 1] / 2.0) & there
        # it enters ahead of the nose: what crosses behind the ego, or touches its flank, is no such conflict
        step = first(inside & (s > front))
        if step is None:
            return math.inf
        velocity = trajectory.linear_velocity[step, int(trajectory.actor_body[ego])].astype(np.float64)
        speed = math.hypot(velocity[0], velocity[1])
        return float((s[step] - along[step] - front[step]) / speed) if speed > 0.01 else math.inf
