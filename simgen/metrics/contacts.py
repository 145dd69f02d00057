"""How often somebody is touched."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.metrics._episodes import asked_episodes
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register
from simgen.units import seconds_to_ns


@register("metric", "contacts")
@dataclass(frozen=True, kw_only=True)
class Contacts(Metric):
    """Number of contact episodes of the subject with the other, or with any actor; ``other: world`` is the ground.

    Touches less than 0.1 s apart belong to one episode; with ``time_s`` those count that begin at or after it, and with
    ``until_s`` at or before that.
    """

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """A count."""
        start = seconds_to_ns(max(asked.time_s, 0.0))
        end = seconds_to_ns(asked.until_s) if asked.until_s >= 0.0 else evidence.trajectory.end_ns
        return float(sum(start <= episode.start_ns <= end for episode in asked_episodes(asked, evidence)))
