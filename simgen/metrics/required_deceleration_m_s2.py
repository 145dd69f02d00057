"""How hard somebody would have to brake."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.metrics._boxes import deceleration, meeting
from simgen.metrics._pair import boxes_of_pair, extreme
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "required_deceleration_m_s2")
@dataclass(frozen=True, kw_only=True)
class RequiredDeceleration(Metric):
    """Even deceleration that just avoids the contact that ``time_to_contact_s`` predicts: ``v^2 / (2 d)``.

    ``v`` is the closing speed along the axis on which the boxes will meet, ``d = v t`` the gap along it (Cooper and
    Ferguson 1976, who call it the deceleration rate to avoid a crash). At ``time_s``; the largest of a stretch, or of
    all.
    """

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Metres a second squared; 0 if they will not meet, inf while they overlap and close."""
        a, b, when = boxes_of_pair(asked, evidence)
        return extreme(deceleration(*meeting(a, b)), when, np.max, 0.0)
