"""How much of their contrast road markings have left beside an actor's way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.metrics.base import Metric
from simgen.metrics.paint_left import lanes_along
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "paint_contrast")
@dataclass(frozen=True, kw_only=True)
class PaintContrast(Metric):
    """Contrast of the markings with the road, as a share of new paint's, beside the lanes that the subject goes along.

    The mean over its time of the map's ``paint_contrast``; nan where the subject is on no lane.
    """

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """0..1."""
        lanes = lanes_along(asked, evidence)
        return float(np.mean([lane.paint_contrast for lane in lanes])) if lanes else float("nan")
