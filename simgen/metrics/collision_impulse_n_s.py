"""How hard a collision is."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simgen.metrics._episodes import asked_episodes
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "collision_impulse_n_s")
@dataclass(frozen=True, kw_only=True)
class CollisionImpulse(Metric):
    """Integral of the normal force over a contact episode of the subject with the other, or with any actor.

    Touches less than 0.1 s apart belong to one episode; of several the hardest counts. ``other: world`` asks for the
    ground and what is built on it. Where both move as they are told, whatever they hit (kinematic actors), there is no
    force to be known, and none is made up: ask for ``contact_speed_m_s`` there.
    """

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Newton seconds; 0 without contact, nan where no force is known."""
        found = [e.impulse_n_s for e in asked_episodes(asked, evidence)]
        known = [value for value in found if not math.isnan(value)]
        return max(known) if known else (math.nan if found else 0.0)
