"""How fast two actors approach each other."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.metrics._boxes import separation
from simgen.metrics._pair import boxes_of_pair, extreme
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "closing_speed_m_s")
@dataclass(frozen=True, kw_only=True)
class ClosingSpeed(Metric):
    """Speed at which the subject's and the other's boxes close, at ``time_s``; the largest of a stretch, or of all.

    Their relative velocity along the line between their nearest points (centres, if they overlap): the rate at which
    ``distance_m`` shrinks, of bodies that do not turn. Positive when they approach.
    """

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Metres a second; nan if they are never there together."""
        a, b, when = boxes_of_pair(asked, evidence)
        towards = separation(a, b)[1]
        closing = -((b.velocity - a.velocity) * towards).sum(-1)
        return extreme(closing, when, np.max, math.nan)
