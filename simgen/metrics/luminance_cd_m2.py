"""How bright a camera's picture is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.metrics._sensing import asked_health, largest
from simgen.metrics.base import Frames, Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "luminance_cd_m2")
@dataclass(frozen=True, kw_only=True)
class Luminance(Metric):
    """Mean luminance that the picture of the camera ``subject`` shows, at ``time_s``.

    The largest of a stretch, or of all. The picture's tone curve undone, times the luminance that it shows as white:
    what is brighter than white counts as white. (No label tells the illuminance of
    a place: it cannot be measured.)
    """

    needs_frames: ClassVar[bool] = True
    looks_at: ClassVar[Frames] = "asked"

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Candela a square metre; nan of what takes no colour pictures."""
        return largest(asked_health(asked, evidence, "luminance"))
