"""How hard it rains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.metrics._weather import during
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "rain_mm_h")
@dataclass(frozen=True, kw_only=True)
class Rain(Metric):
    """Rain rate, drizzle included, at ``time_s``; the largest of a stretch, or of all."""

    needs_frames: ClassVar[bool] = True
    needs_weather: ClassVar[bool] = True

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Millimetres an hour; nan before the weather is known."""
        return during(asked, evidence, "rain_mm_h", np.max)
