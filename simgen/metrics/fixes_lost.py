"""How often a satellite receiver has no position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.metrics._sensing import asked_health
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "fixes_lost")
@dataclass(frozen=True, kw_only=True)
class FixesLost(Metric):
    """Number of frames of the receiver ``subject`` without a position, at ``time_s``, in a stretch or in all."""

    needs_frames: ClassVar[bool] = True

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """A count; 0 of what is no receiver."""
        return float((asked_health(asked, evidence, "fix") == 0.0).sum())
