"""How much of an object a depth camera misses."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from simgen.errors import UserError
from simgen.metrics._actors import row_of
from simgen.metrics.base import Frames, Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register, suggest
from simgen.units import seconds_to_ns


@register("metric", "depth_lost")
@dataclass(frozen=True, kw_only=True)
class DepthLost(Metric):
    """Share of the subject's visible pixels in the depth camera ``other`` that have no depth, or a wrong one.

    Wrong is what is off by more than 2 % of the true depth: what the makers of D400 cameras promise up to 2 m. Holes
    over glass and metal count, and so do wires whose pixels got the depth of what is behind. At ``time_s`` (0 if
    negative), in the nearest frame.
    """

    needs_frames: ClassVar[bool] = True
    looks_at: ClassVar[Frames] = "nearest"

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """0..1; nan if the camera does not see it then.

        Raises:
            UserError: there is no such actor or sensor.
        """
        instance = int(evidence.trajectory.instance[row_of(evidence.trajectory, asked.subject)])
        if asked.other not in evidence.seen:
            raise UserError(f"no sensor {asked.other!r}{suggest(asked.other, tuple(evidence.seen))}")
        seen = evidence.seen[asked.other]
        frame = seen.nearest(seconds_to_ns(max(asked.time_s, 0.0)))
        if frame is None or seen.depth_lost is None:
            return math.nan
        rows = seen.rows(instance, frame)
        return float(seen.depth_lost[rows[0]]) if len(rows) and seen.pixels[rows[0]] else math.nan
