"""How fast two bodies come together where they touch."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simgen.metrics._episodes import asked_episodes
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "contact_speed_m_s")
@dataclass(frozen=True, kw_only=True)
class ContactSpeed(Metric):
    """Largest speed along the normal at which the subject and the other (or any actor) touch; known of all bodies."""

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Metres a second; nan without contact."""
        found = asked_episodes(asked, evidence)
        return max((e.closing_speed_m_s for e in found), default=math.nan)
