"""How many points of an actor a sensor has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.metrics._sensing import largest, seen_counts
from simgen.metrics._when import asked_instants
from simgen.metrics.base import Frames, Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "points")
@dataclass(frozen=True, kw_only=True)
class Points(Metric):
    """Number of points on the subject in the lidar ``other``, in the frame nearest to ``time_s``.

    The largest of a stretch, or of all frames.
    """

    needs_frames: ClassVar[bool] = True
    looks_at: ClassVar[Frames] = "asked"

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """A count; nan if the sensor took no frame."""
        seen, counts = seen_counts(asked, evidence, "points")
        return largest(counts[asked_instants(asked, seen.time_ns)].astype(np.float64))
