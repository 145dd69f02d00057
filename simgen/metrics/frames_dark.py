"""How often a lamp that is on looks dark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from simgen.colorimetry import shares_of_white
from simgen.metrics._sensing import seen_counts
from simgen.metrics._when import asked_instants
from simgen.metrics.base import Frames, Metric
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence
from simgen.registry import register

#: darker than this share of its brightest look
_DARK: Final = 0.5


@register("metric", "frames_dark")
@dataclass(frozen=True, kw_only=True)
class FramesDark(Metric):
    """Number of pictures of the camera ``other`` that show the subject less than half as bright as its brightest.

    By the luminance of its brightest visible pixel (tone curve undone), over a stretch or all pictures that show it.
    """

    needs_frames: ClassVar[bool] = True
    needs_looks: ClassVar[bool] = True
    looks_at: ClassVar[Frames] = "asked"

    def measure(self, asked: Constraint, evidence: Evidence) -> float:
        """A count."""
        seen, levels = seen_counts(asked, evidence, "level")
        _, pixels = seen_counts(asked, evidence, "pixels")
        shown = asked_instants(asked, seen.time_ns) & (pixels > 0)
        light = shares_of_white()[levels[shown]]
        return float(np.count_nonzero(light < _DARK * light.max(initial=0.0)))
