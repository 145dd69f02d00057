"""How far apart two actors, or an actor and a sensor, are."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.metrics._actors import row_of
from simgen.metrics._boxes import distance, upright
from simgen.metrics._pair import boxes_of_pair, extreme, sensor_point
from simgen.metrics._when import asked_instants
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "distance_m")
@dataclass(frozen=True, kw_only=True)
class Distance(Metric):
    """Shortest distance from the subject's box to the other's, at ``time_s``; the smallest of a stretch, or of all.

    Boxes are upright over the bodies' headings (exact for what does not lean); horizontal gap and vertical gap are the
    legs. The other may be a sensor: then from its place (that of time 0 on what carries it).
    """

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Metres; 0 where they overlap, inf if they are never there together."""
        if asked.other in evidence.eyes:
            return _to_sensor(asked, evidence)
        a, b, when = boxes_of_pair(asked, evidence)
        return extreme(distance(a, b), when, np.min, math.inf)


def _to_sensor(asked: Constraint, evidence: Evidence) -> float:
    trajectory = evidence.trajectory
    row = row_of(trajectory, asked.subject)
    box = upright(trajectory, np.array([row]))[:, 0]
    when = asked_instants(asked, trajectory.time_ns) & trajectory.exists[:, row]
    return extreme(distance(box, sensor_point(evidence, asked.other)), when, np.min, math.inf)
