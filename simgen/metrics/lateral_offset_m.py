"""How far somebody is off the middle of the lane."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.metrics._actors import box_centers, row_of
from simgen.metrics._when import asked_instants
from simgen.metrics.base import Metric
from simgen.polyline import Polyline
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "lateral_offset_m")
@dataclass(frozen=True, kw_only=True)
class LateralOffset(Metric):
    """Offset of the subject's box centre from the centre line of the lane for driving nearest to it, left positive.

    At ``time_s``; of a stretch, or of all, the one that is largest either way.
    """

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Metres; nan if the map has no lane for driving, or the subject is not there."""
        trajectory = evidence.trajectory
        row = row_of(trajectory, asked.subject)
        lines = [Polyline(lane.centerline) for lane in evidence.map.lanes if lane.kind == "driving"]
        when = asked_instants(asked, trajectory.time_ns) & trajectory.exists[:, row]
        if not lines or not when.any():
            return math.nan
        offsets = np.stack([line.closest(box_centers(trajectory, row)[when])[1] for line in lines])
        nearest = np.take_along_axis(offsets, np.abs(offsets).argmin(0)[None], 0)[0]
        return float(nearest[np.abs(nearest).argmax()])
