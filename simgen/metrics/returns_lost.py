"""How much of what a lidar should return does not come back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.metrics._sensing import asked_health, largest
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "returns_lost")
@dataclass(frozen=True, kw_only=True)
class ReturnsLost(Metric):
    """Share of the returns of the lidar ``subject`` that are lost, at ``time_s``; the largest of a stretch, or of all.

    Against its ``ideal`` signal, where it stores that (``outputs: [ideal]``), else against the fullest frame of the
    sequence, which shows a loss that begins on the way.
    """

    needs_frames: ClassVar[bool] = True

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """0..1, less than 0 if there are more (false alarms); nan of what has no points."""
        returned, expected = (asked_health(asked, evidence, name) for name in ("returned", "expected"))
        known = expected > 0.0
        return largest(1.0 - returned[known] / expected[known])
