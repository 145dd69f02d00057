"""How far a sensor's stamps are off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.metrics._sensing import asked_health
from simgen.metrics.base import Metric, Takes
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "stamp_error_s")
@dataclass(frozen=True, kw_only=True)
class StampError(Metric):
    """Stamp less true instant of the subject's frame at ``time_s``; of a stretch, or of all, the largest either way."""

    needs_frames: ClassVar[bool] = True
    takes: ClassVar[Takes] = "times"

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Seconds, positive when the stamp is late; nan without frames."""
        errors = asked_health(asked, evidence, "stamp_error")
        return float(errors[np.abs(errors).argmax()]) if len(errors) else float("nan")
