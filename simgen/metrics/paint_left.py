"""How much of the road markings is left beside an actor's way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.geometry import yaw_of
from simgen.metrics._actors import box_centers, row_of
from simgen.metrics.base import Metric
from simgen.placement.route import nearest_lane
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.records.roads import Lane
from simgen.registry import register

#: from one look at the lane to the next, s
_STEP_S = 0.25


def lanes_along(asked: Constraint, evidence: Evidence) -> list[Lane]:
    """The lane that the subject is on, every quarter of a second; none where there is no lane near."""
    trajectory = evidence.trajectory
    row = row_of(trajectory, asked.subject)
    centers, body = box_centers(trajectory, row), int(trajectory.actor_body[row])
    steps = max(round(_STEP_S * 1e9 / max(trajectory.step_ns, 1)), 1)
    found = []
    for k in np.flatnonzero(trajectory.exists[:, row])[::steps].tolist():
        yaw = float(yaw_of(trajectory.quaternion[k, body].astype(np.float64)))
        lane = nearest_lane(evidence.map, float(centers[k, 0]), float(centers[k, 1]), yaw, ("driving",))
        if lane is not None:
            found.append(lane)
    return found


@register("metric", "paint_left")
@dataclass(frozen=True, kw_only=True)
class PaintLeft(Metric):
    """Share of the markings' area that is left beside the lanes that the subject goes along; the mean over its time.

    Of the map's ``paint_left``, which worlds measure from what they draw; nan where the subject is on no lane.
    """

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """0..1."""
        lanes = lanes_along(asked, evidence)
        return float(np.mean([lane.paint_left for lane in lanes])) if lanes else float("nan")
