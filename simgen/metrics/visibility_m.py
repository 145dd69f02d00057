"""How far one can see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.metrics._weather import during
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "visibility_m")
@dataclass(frozen=True, kw_only=True)
class Visibility(Metric):
    """Meteorological optical range where the ego is, at ``time_s``; the least of a stretch, or of all."""

    needs_frames: ClassVar[bool] = True
    needs_weather: ClassVar[bool] = True

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Metres; inf in clear air, nan before the weather is known."""
        return during(asked, evidence, "visibility_m", np.min)
