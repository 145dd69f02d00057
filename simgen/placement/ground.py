"""How high the ground is: the road, the raised sidewalk, the lawn."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from simgen.records.roads import Area, RoadMap

_Box = tuple[float, float, float, float]


class GroundHeight:
    """The height of the highest area at a point. Written for one point at a time, thousands of times a second."""

    def __init__(self, road_map: RoadMap) -> None:
        flat = (a for a in road_map.areas if a.kind != "support")
        self._areas = tuple(_FlatArea(area) for area in _from_the_top(flat))

    def at(self, x: float, y: float) -> float:
        """Height in metres; 0 where no area is known."""
        for area in self._areas:
            if area.holds(x, y):
                return area.height
        return 0.0


def _from_the_top(areas: Iterable[Area]) -> list[Area]:
    return sorted(areas, key=lambda a: -float(a.polygon[:, 2].max()))


class _FlatArea:
    """A polygon of plain floats."""

    def __init__(self, area: Area) -> None:
        p = np.asarray(area.polygon)
        self.height = float(p[0, 2])
        self._xy: list[tuple[float, float]] = [(float(x), float(y)) for x, y in p[:, :2]]
        self._box: _Box = (float(p[:, 0].min()), float(p[:, 1].min()), float(p[:, 0].max()), float(p[:, 1].max()))

    def holds(self, x: float, y: float) -> bool:
        """Crossing number, after a look at the bounding box."""
        x_min, y_min, x_max, y_max = self._box
        if x < x_min or x > x_max or y < y_min or y > y_max:
            return False
        inside = False
        ax, ay = self._xy[-1]
        for bx, by in self._xy:
            if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
                inside = not inside
            ax, ay = bx, by
        return inside
