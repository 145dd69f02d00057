"""What the air lets through fits visibility and distance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, compare, count_wrong
from simgen.records.base import F8
from simgen.records.conditions import Conditions

#: optical depth at the meteorological optical range
_AT_VISIBILITY: Final = math.log(20.0)
#: beyond this optical depth half precision tells nothing
_DEEPEST: Final = 7.0


@dataclass(frozen=True, kw_only=True)
class Transmittance(Rule):
    """Transmittance is 0 to 1, and where the air is even ``exp(-ln 20 d / visibility)`` to each surface.

    Compared are optical depths, to 2 % and 0.003 (half precision, conditions between their rows). While it rains, snows
    or hails the air may be clearer than that: what is drawn one by one is taken out of it. Skies are left out.
    """

    name = "transmittance"
    unit = "optical depth"
    allowed_share: ClassVar[float] = 1e-4
    tolerance: float = 0.003
    tolerance_share: float = 0.02

    def frame(self, look: FrameLook) -> Finding:
        """Look at a picture's transmittance."""
        share = look.get("transmittance")
        if share is None:
            return NOTHING
        given = share.astype(np.float64)
        total = count_wrong(~((given >= 0.0) & (given <= 1.0)), lambda k: f"transmittance is {given.reshape(-1)[k]}")
        conditions, path = look.sequence.once("weather", None, lambda: look.sequence.stored.weather), _paths(look.frame)
        if conditions is None or path is None or total.failed:
            return total
        return total + self._compare(conditions.at(look.frame.time_ns), given, path)

    def _compare(self, now: Conditions, given: F8, path: F8) -> Finding:
        if now.uneven[0] > 0.0:
            return NOTHING
        expected = _AT_VISIBILITY / now.visibility_m[0] * path
        seen = np.isfinite(path) & (expected <= _DEEPEST)
        expected = expected[seen]
        off = -np.log(np.maximum(given[seen], 1e-8)) - expected
        if max(now.rain_mm_h[0], now.snow_mm_h[0], now.hail_mm_h[0]) > 0.0:
            off = np.maximum(off, 0.0)
        beyond = np.maximum(np.abs(off) - self.tolerance - self.tolerance_share * expected, 0.0)
        values = given[seen]
        return compare(beyond, 0.0, lambda k: f"transmittance is {values[k]:.4f}, not {math.exp(-expected[k]):.4f}")


def _paths(frame: Any) -> F8 | None:
    """Length of the ray to each pixel's surface, (H, W): of pinholes from depth, of other lenses the range itself."""
    if getattr(frame, "range", None) is not None:
        return np.asarray(frame.range, np.float64)
    if getattr(frame, "depth", None) is None:
        return None
    depth, K = frame.depth.astype(np.float64), frame.K
    height, width = depth.shape
    x = (np.arange(width) + 0.5 - K[0, 2]) / K[0, 0]
    y = (np.arange(height) + 0.5 - K[1, 2]) / K[1, 1]
    return np.asarray(depth * np.sqrt(1.0 + x * x + (y * y)[:, None]))
