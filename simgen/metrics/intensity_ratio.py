"""How faint a lidar's returns have become."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.metrics._sensing import asked_health, largest
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "intensity_ratio")
@dataclass(frozen=True, kw_only=True)
class IntensityRatio(Metric):
    """Mean intensity of the lidar ``subject``'s points on surfaces over what it should be, at ``time_s``.

    The least of a stretch, or of all. Against its ``ideal`` signal, where it stores that (``outputs: [ideal]``), else
    against the brightest frame of the sequence.
    """

    needs_frames: ClassVar[bool] = True

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """A ratio; nan of what has no points."""
        measured, expected = (asked_health(asked, evidence, name) for name in ("intensity", "intensity_expected"))
        return -largest(-measured / np.where(expected > 0.0, expected, np.nan))
