"""A flash of lightning: where, when, and how much light each of its strokes sends."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Stroke:
    """A pulse of light that starts at once and fades by e in ``decay_s``."""

    time_s: float
    #: optical power at first, 0.4 to 1.1 um, W
    peak_w: float
    decay_s: float

    def energy_j(self, start_s: float, end_s: float) -> float:
        """What it radiates from one time to another."""

        def until(time_s: float) -> float:
            return 1.0 - math.exp(-max(time_s - self.time_s, 0.0) / self.decay_s)

        return self.peak_w * self.decay_s * (until(end_s) - until(start_s))


@dataclass(frozen=True, kw_only=True)
class Flash:
    """All strokes of one flash, which are at one place."""

    strokes: tuple[Stroke, ...]
    #: where it is, seen from the scene: degrees from north by east
    from_deg: float
    distance_m: float
    #: whether its channel is seen; else it lights the clouds from within
    to_ground: bool
    #: of its channel's shape
    seed: int

    def energy_j(self, start_s: float, end_s: float) -> float:
        """What it radiates from one time to another."""
        return sum(stroke.energy_j(start_s, end_s) for stroke in self.strokes)
