"""How much of a sensor's data is not there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.metrics._sensing import asked_health, largest
from simgen.metrics.base import Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register


@register("metric", "dead_share")
@dataclass(frozen=True, kw_only=True)
class DeadShare(Metric):
    """Share of the subject's data that is missing, at ``time_s``; the largest of a stretch, or of all.

    Cameras: rows and columns black from end to end between lit ones. Depth cameras: pixels without a depth. Lidars:
    cells of a laser and 3 degrees of azimuth without a point that have one in the ``ideal`` signal, or, if that is not
    stored, in any frame of the sequence. Dropped frames: all of it.
    """

    needs_frames: ClassVar[bool] = True

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """0..1; nan of what has no such data."""
        return largest(asked_health(asked, evidence, "missing"))
