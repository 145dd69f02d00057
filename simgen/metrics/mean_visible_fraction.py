"""How much of a crowd of things can be seen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.errors import UserError
from simgen.metrics.base import Frames, Metric, Takes
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register, suggest
from simgen.units import seconds_to_ns


@register("metric", "mean_visible_fraction")
@dataclass(frozen=True, kw_only=True)
class MeanVisibleFraction(Metric):
    """Mean ``visible_fraction`` of the actors called ``subject/0``, ``subject/1`` ... in the camera ``other``.

    In the frame nearest to ``time_s`` (0 if negative); what has no box there counts as hidden.
    """

    needs_frames: ClassVar[bool] = True
    takes: ClassVar[Takes] = "labels"
    looks_at: ClassVar[Frames] = "nearest"

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """0..1.

        Raises:
            UserError: there are no such actors, or no such sensor.
        """
        if asked.other not in evidence.seen:
            raise UserError(f"no sensor {asked.other!r}{suggest(asked.other, tuple(evidence.seen))}")
        names = evidence.trajectory.actor_names
        rows = [k for k, name in enumerate(names) if name.startswith(asked.subject + "/")]
        if not rows:
            raise UserError(f"no actors are called {asked.subject}/...{suggest(asked.subject, names)}")
        seen = evidence.seen[asked.other]
        frame = seen.nearest(seconds_to_ns(max(asked.time_s, 0.0)))
        if frame is None:
            return math.nan
        own = np.isin(seen.instance, evidence.trajectory.instance[rows]) & (seen.frame == frame)
        return float(seen.visible_fraction[own].sum(dtype=np.float64) / len(rows))
