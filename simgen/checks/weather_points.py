"""Returns from what is in the air are told by their class and by their flag alike."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, count_wrong
from simgen.records.base import U2
from simgen.records.frames import POINT_WEATHER
from simgen.taxonomy import class_name, classes


@dataclass(frozen=True, kw_only=True)
class WeatherPoints(Rule):
    """Lidar points of rain, snow, hail, fog, dust, smoke and spray carry the flag weather and instance 0; no others."""

    name = "weather_points"

    def frame(self, look: FrameLook) -> Finding:
        """Look at the points that either their class or their flag says are weather."""
        points = look.get("points")
        if points is None or not hasattr(points, "flags"):
            return NOTHING
        flagged, airy = (points.flags & POINT_WEATHER) != 0, np.isin(points.semantic, in_the_air())
        either = np.flatnonzero(flagged | airy)
        wrong = (flagged != airy) | (airy & (points.instance != 0))

        def example(k: int) -> str:
            row = either[k]
            label, flags = class_name(int(points.semantic[row])), int(points.flags[row])
            return f"a point of class {label} with flags {flags} and instance {int(points.instance[row])}"

        return count_wrong(wrong[either], example)


@cache
def in_the_air() -> U2:
    """Ids of the classes of what floats and falls."""
    return np.array([info.id for info in classes().values() if info.parent == "particle"], np.uint16)
