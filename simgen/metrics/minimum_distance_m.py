"""How near two actors come."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from simgen.metrics._boxes import distance
from simgen.metrics._pair import boxes_of_pair, extreme
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "minimum_distance_m")
@dataclass(frozen=True, kw_only=True)
class MinimumDistance(Metric):
    """Smallest distance between the two boxes over the whole sequence; ``distance_m`` defines it."""

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Metres; inf if they are never there together."""
        a, b, when = boxes_of_pair(replace(asked, time_s=-1.0), evidence)
        return extreme(distance(a, b), when, np.min, math.inf)
