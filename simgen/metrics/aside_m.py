"""How far to the left of another somebody is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.metrics._pair import boxes_of_pair, extreme
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "aside_m")
@dataclass(frozen=True, kw_only=True)
class Aside(Metric):
    """From the middle of the other's box to that of the subject's, to the left of the other's heading, at ``time_s``.

    Negative = to the right. The smallest of a stretch, or of all. With ``ahead_m`` it says where beside a vehicle
    somebody is.
    """

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Metres; inf if they are never there together."""
        a, b, when = boxes_of_pair(asked, evidence)
        left = ((a.center - b.center)[..., :2] * b.left).sum(-1)
        return extreme(left, when, np.min, math.inf)
