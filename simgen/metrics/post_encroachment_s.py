"""How narrowly two actors miss each other in time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.metrics._actors import row_of
from simgen.metrics._encroachment import encroachment
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "post_encroachment_s")
@dataclass(frozen=True, kw_only=True)
class PostEncroachment(Metric):
    """Smallest time from one of the two leaving a place to the other reaching it (PET: Allen, Shin and Cooper 1978).

    Of two paths that cross it is the time between the first leaving the area that both sweep and the second entering
    it; of two that follow each other the smallest time gap. Taken at about 60 instants a second.
    """

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Seconds; 0 if they touch, inf if they share no place, or one of them never moves."""
        trajectory = evidence.trajectory
        other = np.array([row_of(trajectory, asked.other)])
        return float(encroachment(trajectory, row_of(trajectory, asked.subject), other)[0])
