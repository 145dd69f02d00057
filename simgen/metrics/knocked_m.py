"""How far a sensor has moved in its bracket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.metrics._sensing import asked_health, largest
from simgen.metrics.base import Metric, Takes
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "knocked_m")
@dataclass(frozen=True, kw_only=True)
class KnockedM(Metric):
    """Distance of the sensor ``subject`` on its carrier at ``time_s`` from where it was in its first frame.

    The largest of a stretch, or of all frames.
    """

    needs_frames: ClassVar[bool] = True
    takes: ClassVar[Takes] = "times"

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Metres; nan without frames."""
        return largest(asked_health(asked, evidence, "shifted"))
