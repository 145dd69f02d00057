"""How far a sensor has turned in its bracket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.metrics._sensing import asked_health, largest
from simgen.metrics.base import Metric, Takes
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "knocked_deg")
@dataclass(frozen=True, kw_only=True)
class KnockedDeg(Metric):
    """Angle between how the sensor ``subject`` sits on its carrier at ``time_s`` and how it sat in its first frame.

    The largest of a stretch, or of all frames.
    """

    needs_frames: ClassVar[bool] = True
    takes: ClassVar[Takes] = "times"

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Degrees; nan without frames."""
        return largest(np.degrees(asked_health(asked, evidence, "turned")))
