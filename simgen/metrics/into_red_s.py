"""How long a light had been red when somebody passed it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.geometry import transform, yaw_of
from simgen.metrics._actors import first, row_of
from simgen.metrics.base import Metric
from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.records.roads import SIGNAL_STATES, Lane
from simgen.records.trajectory import Trajectory
from simgen.registry import register


@register("metric", "into_red_s")
@dataclass(frozen=True, kw_only=True)
class IntoRed(Metric):
    """How long the light of the subject's lane had been red when the subject's nose passed its stop line.

    At least: a light that was red when the sequence began counts from then. The first stop line passed counts.
    """

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Seconds; negative infinity if it never passes a light, or passes one that is not red."""
        trajectory = evidence.trajectory
        row = row_of(trajectory, asked.subject)
        nose, yaw = _nose(trajectory, row), yaw_of(trajectory.quaternion[:, int(trajectory.actor_body[row])])
        passed = [
            (step, lane)
            for lane in evidence.map.lanes
            if lane.signal and lane.kind == "driving" and (step := _passes(lane, nose, yaw)) is not None
        ]
        if not passed:
            return -math.inf
        step, lane = min(passed, key=lambda found: found[0])
        return _red_for(trajectory, lane.signal, step)


def _nose(trajectory: Trajectory, row: int) -> F8:
    body = int(trajectory.actor_body[row])
    front = trajectory.box_center[row] + np.array([trajectory.size[row, 0] / 2.0, 0.0, 0.0])
    return transform(trajectory.position[:, body], trajectory.quaternion[:, body], front)


def _passes(lane: Lane, nose: F8, yaw: F8) -> int | None:
    """The step at which the nose passes a lane's stop line, on this lane and its way."""
    line = Polyline(lane.centerline)
    stop = line.length if lane.stop_at_m is None else lane.stop_at_m
    x, y, _ = line.at(stop).tolist()
    ahead = float(line.heading(stop))
    along = (nose[:, 0] - x) * math.cos(ahead) + (nose[:, 1] - y) * math.sin(ahead)
    aside = (nose[:, 1] - y) * math.cos(ahead) - (nose[:, 0] - x) * math.sin(ahead)
    on = (np.abs(aside) < lane.width_m / 2.0) & (np.cos(yaw - ahead) > 0.7)
    step = first((along[1:] >= 0.0) & (along[:-1] < 0.0) & on[1:])
    return None if step is None else step + 1


def _red_for(trajectory: Trajectory, signal: str, step: int) -> float:
    shown = trajectory.signal_state[: step + 1, trajectory.signal_names.index(signal)]
    red = shown == SIGNAL_STATES.index("red")
    if not red[-1]:
        return -math.inf
    others = np.flatnonzero(~red)
    since = int(others[-1]) + 1 if len(others) else 0
    # what lies before time 0 is the start drawn out, no time that passes
    begun = max(int(trajectory.time_ns[since]), 0)
    return (int(trajectory.time_ns[step]) - begun) * 1e-9
