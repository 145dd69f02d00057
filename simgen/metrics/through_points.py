"""How many points a lidar has behind panes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.metrics._sensing import asked_health, largest
from simgen.metrics.base import Frames, Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "through_points")
@dataclass(frozen=True, kw_only=True)
class ThroughPoints(Metric):
    """Points of the lidar ``subject`` that it has through panes, at ``time_s``; the largest of a stretch, or of all."""

    needs_frames: ClassVar[bool] = True
    looks_at: ClassVar[Frames] = "asked"

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """A count; -1 of what is no such sensor."""
        return largest(asked_health(asked, evidence, "through"))
