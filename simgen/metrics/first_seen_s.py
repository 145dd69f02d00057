"""When a sensor first has an actor in view."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.metrics._sensing import seen_counts
from simgen.metrics.base import Metric, Takes
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.records.frames import STATUS_OK
from simgen.registry import register
from simgen.units import seconds_to_ns


@register("metric", "first_seen_s")
@dataclass(frozen=True, kw_only=True)
class FirstSeen(Metric):
    """Instant of the first delivered frame of ``other`` with a visible pixel of, or a point on, the subject.

    From ``time_s`` on, where that is given: when it is seen again.
    """

    needs_frames: ClassVar[bool] = True
    takes: ClassVar[Takes] = "labels"

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """Seconds; inf if it never is."""
        seen, pixels = seen_counts(asked, evidence, "pixels")
        _, points = seen_counts(asked, evidence, "points")
        late = seen.time_ns >= seconds_to_ns(max(asked.time_s, 0.0))
        found = np.flatnonzero((pixels + points > 0) & (seen.status == STATUS_OK) & late)
        return float(seen.time_ns[found[0]]) * 1e-9 if len(found) else math.inf
