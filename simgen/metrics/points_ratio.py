"""How much less a lidar has of one actor than of another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from simgen.errors import UserError
from simgen.metrics._sensing import largest, seen_counts
from simgen.metrics._when import asked_instants
from simgen.metrics.base import Frames, Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register

_OVER = " over "


@register("metric", "points_ratio")
@dataclass(frozen=True, kw_only=True)
class PointsRatio(Metric):
    """Points on one actor over points on another, in the lidar ``other``; ``subject: "ONE over ANOTHER"``.

    In the frame nearest to ``time_s``; the largest of a stretch, or of all frames in which the other has any.
    """

    needs_frames: ClassVar[bool] = True
    looks_at: ClassVar[Frames] = "asked"

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """A ratio; nan if the second has no point in any of the frames.

        Raises:
            UserError: the subject names no two actors, or one that is not there; there is no such sensor.
        """
        one, over, another = asked.subject.partition(_OVER)
        if not over:
            raise UserError(f'points_ratio: {asked.subject!r} names no two actors: write "ONE over ANOTHER"')
        seen, upper = seen_counts(replace(asked, subject=one), evidence, "points")
        _, lower = seen_counts(replace(asked, subject=another), evidence, "points")
        when = asked_instants(asked, seen.time_ns) & (lower > 0)
        return largest(upper[when] / np.maximum(lower[when], 1))
