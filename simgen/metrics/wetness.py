"""How wet the road is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.metrics._weather import during
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "wetness")
@dataclass(frozen=True, kw_only=True)
class Wetness(Metric):
    """Film of water on what is exposed (1 = soaked), at ``time_s``; the largest of a stretch, or of all."""

    needs_frames: ClassVar[bool] = True
    needs_weather: ClassVar[bool] = True

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """0..1; nan before the weather is known."""
        return during(asked, evidence, "wetness", np.max)
