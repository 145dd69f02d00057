"""How far ahead of another somebody is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.metrics._pair import boxes_of_pair, extreme
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "ahead_m")
@dataclass(frozen=True, kw_only=True)
class Ahead(Metric):
    """From the middle of the other's box to that of the subject's, along the other's heading, at ``time_s``.

    Negative = behind. The smallest of a stretch, or of all. With ``aside_m`` it says where beside a vehicle somebody
    is.
    """

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Metres; inf if they are never there together."""
        a, b, when = boxes_of_pair(asked, evidence)
        along = ((a.center - b.center)[..., :2] * b.ahead).sum(-1)
        return extreme(along, when, np.min, math.inf)
