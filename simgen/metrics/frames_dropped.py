"""How many frames a sensor did not deliver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.errors import UserError
from simgen.metrics.base import Metric, Takes
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.records.frames import STATUS_DROPPED
from simgen.registry import register, suggest


@register("metric", "frames_dropped")
@dataclass(frozen=True, kw_only=True)
class FramesDropped(Metric):
    """Number of the subject's frames that were not delivered."""

    needs_frames: ClassVar[bool] = True
    takes: ClassVar[Takes] = "times"

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """A count."""
        if asked.subject not in evidence.seen:
            raise UserError(f"no sensor {asked.subject!r}{suggest(asked.subject, tuple(evidence.seen))}")
        return float(np.count_nonzero(evidence.seen[asked.subject].status == STATUS_DROPPED))
