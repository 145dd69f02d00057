"""How many false points surround retro-reflectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.metrics._sensing import asked_health, largest
from simgen.metrics.base import Frames, Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "halo_points")
@dataclass(frozen=True, kw_only=True)
class HaloPoints(Metric):
    """Points of the lidar ``subject`` in the halo of retro-reflectors, at ``time_s``.

    The largest of a stretch, or of all frames.
    """

    needs_frames: ClassVar[bool] = True
    looks_at: ClassVar[Frames] = "asked"

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """A count; -1 of what is no such sensor."""
        return largest(asked_health(asked, evidence, "halos"))
