"""Returns from weather, noise and mirrors are nobody's points."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, count_wrong
from simgen.records.frames import POINT_GHOST, POINT_NOISE, POINT_WEATHER


@dataclass(frozen=True, kw_only=True)
class UnrealPoints(Rule):
    """Points flagged as weather, noise or ghost have instance 0."""

    name = "unreal_points"

    def frame(self, look: FrameLook) -> Finding:
        """Look at the flagged points."""
        points = look.get("points")
        if points is None or not hasattr(points, "flags"):
            return NOTHING
        unreal = (points.flags & (POINT_WEATHER | POINT_NOISE | POINT_GHOST)) != 0
        labels, flags = points.instance[unreal], points.flags[unreal]
        return count_wrong(labels != 0, lambda k: f"a point with flags {int(flags[k])} has instance {int(labels[k])}")
