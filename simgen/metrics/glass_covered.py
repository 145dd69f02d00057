"""How much of a camera's front glass is dirty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.metrics._sensing import asked_health, largest
from simgen.metrics.base import Frames, Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "glass_covered")
@dataclass(frozen=True, kw_only=True)
class GlassCovered(Metric):
    """Share of the picture behind glass that leaves less than 0.9 of its light undisturbed, at ``time_s``.

    The largest of a stretch, or of all. The camera must store ``outputs: [glass]``.
    """

    needs_frames: ClassVar[bool] = True
    looks_at: ClassVar[Frames] = "asked"

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """0..1; nan if the camera does not store it."""
        return largest(asked_health(asked, evidence, "covered"))
