"""How far off a satellite receiver's position is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.metrics._sensing import asked_health, largest
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "position_error_m")
@dataclass(frozen=True, kw_only=True)
class PositionError(Metric):
    """Distance of the position of the receiver ``subject`` from the true one, at ``time_s``.

    The largest of a stretch, or of all frames with a position.
    """

    needs_frames: ClassVar[bool] = True

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Metres; nan without a position."""
        return largest(asked_health(asked, evidence, "position_error"))
