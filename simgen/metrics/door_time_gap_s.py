"""How much time is left when a door opens."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.geometry import quat_conjugate, quat_multiply
from simgen.metrics._actors import first, row_of
from simgen.metrics._path import closest_extended, driven_path, nose
from simgen.metrics.base import Metric
from simgen.records.base import F8
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.records.trajectory import Trajectory
from simgen.registry import register


@register("metric", "door_time_gap_s")
@dataclass(frozen=True, kw_only=True)
class DoorTimeGap(Metric):
    """Seconds from the subject's nose to the hinge of the other's door, when that has opened half as far as it will.

    Along the path that the subject drives, at its speed of that instant. Of several doors the one that opens farthest
    counts.
    """

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """``(s_hinge - s_nose) / v``; inf if no door opens, or the subject stands."""
        trajectory = evidence.trajectory
        row, path = row_of(trajectory, asked.subject), None
        door = _door(trajectory, asked.other)
        path = driven_path(trajectory, row)
        if door is None or path is None:
            return math.inf
        body, turned = door
        step = first((turned >= 0.5 * turned.max()) & (trajectory.time_ns >= 0))
        if step is None:
            return math.inf
        velocity = trajectory.linear_velocity[step, int(trajectory.actor_body[row])].astype(np.float64)
        speed = math.hypot(velocity[0], velocity[1])
        hinge, _ = closest_extended(path, trajectory.position[step, body][None])
        return float((hinge[0] - nose(path, trajectory, row)[step]) / speed) if speed > 0.01 else math.inf


def _door(trajectory: Trajectory, name: str) -> tuple[int, F8] | None:
    """The body of the door that opens farthest, and how far it is open at every step, rad."""
    root = int(trajectory.actor_body[row_of(trajectory, name)])
    found = []
    for body, full in enumerate(trajectory.body_names):
        if full.startswith(f"{name}/") and full.endswith("_door"):
            own = quat_multiply(quat_conjugate(trajectory.quaternion[:, root]), trajectory.quaternion[:, body])
            turned = 2.0 * np.arccos(np.clip(np.abs((own * own[:1]).sum(-1)), 0.0, 1.0))
            found.append((body, np.asarray(turned, np.float64)))
    widest = max(found, key=lambda door: float(door[1].max()), default=None)
    return widest if widest is not None and float(widest[1].max()) > 0.01 else None
