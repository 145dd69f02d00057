"""How much of a picture is washed out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.metrics._sensing import asked_health, largest
from simgen.metrics.base import Frames, Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "clipped_share")
@dataclass(frozen=True, kw_only=True)
class ClippedShare(Metric):
    """Share of the picture of the camera ``subject`` with a channel at 255, at ``time_s``.

    The largest of a stretch, or of all.
    """

    needs_frames: ClassVar[bool] = True
    looks_at: ClassVar[Frames] = "asked"

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """0..1; nan of what takes no colour pictures."""
        return largest(asked_health(asked, evidence, "clipped"))
