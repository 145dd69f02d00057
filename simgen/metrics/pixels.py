"""How many pixels of an actor a sensor has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.metrics._sensing import largest, seen_counts
from simgen.metrics._when import asked_instants
from simgen.metrics.base import Frames, Metric, Takes
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "pixels")
@dataclass(frozen=True, kw_only=True)
class Pixels(Metric):
    """Number of visible pixels of the subject in the camera ``other``, in the frame nearest to ``time_s``.

    The largest of a stretch, or of all frames.
    """

    needs_frames: ClassVar[bool] = True
    takes: ClassVar[Takes] = "labels"
    looks_at: ClassVar[Frames] = "asked"

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """A count; nan if the sensor took no frame."""
        seen, counts = seen_counts(asked, evidence, "pixels")
        return largest(counts[asked_instants(asked, seen.time_ns)].astype(np.float64))
