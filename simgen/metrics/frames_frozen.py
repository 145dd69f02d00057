"""How many frames repeat the one before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.metrics._sensing import asked_health
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "frames_frozen")
@dataclass(frozen=True, kw_only=True)
class FramesFrozen(Metric):
    """Number of the subject's frames with the same data as the frame delivered before, in a stretch or in all."""

    needs_frames: ClassVar[bool] = True

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """A count."""
        return float(asked_health(asked, evidence, "frozen").sum())
