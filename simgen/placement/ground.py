"""How high the ground is: the road, the raised sidewalk, the lawn."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from simgen.records.base import F8
from simgen.records.roads import Area, RoadMap

_Box = tuple[float, float, float, float]
#: outlines of more corners than this are searched by arrays
_LONG = 40


class GroundHeight:
    """The height of the highest area at a point. Written for one point at a time, thousands of times a second."""

    def __init__(self, road_map: RoadMap) -> None:
        flat = (a for a in road_map.areas if a.kind != "support")
        self._areas = tuple(_FlatArea(area) for area in _from_the_top(flat))

    def at(self, x: float, y: float) -> float:
        """Height in metres; 0 where no area is known."""
        for area in self._areas:
            if area.holds(x, y):
                return area.height_at(x, y)
        return 0.0


def _from_the_top(areas: Iterable[Area]) -> list[Area]:
    return sorted(areas, key=lambda a: -float(a.polygon[:, 2].max()))


class _FlatArea:
    """A polygon of plain floats."""

    def __init__(self, area: Area) -> None:
        p = np.asarray(area.polygon)
        self._height = float(p[0, 2])
        self._rim = p if float(np.ptp(p[:, 2])) > 1e-6 else None
        self._xy: list[tuple[float, float]] = [(float(x), float(y)) for x, y in p[:, :2]]
        self._box: _Box = (float(p[:, 0].min()), float(p[:, 1].min()), float(p[:, 0].max()), float(p[:, 1].max()))
        #: y of long outlines: which sides pass a height is then asked of all at once
        self._y: F8 | None = np.ascontiguousarray(p[:, 1]) if len(p) > _LONG else None

    def height_at(self, x: float, y: float) -> float:
        """Height at a point inside."""
        return self._height if self._rim is None else height_within(self._rim, x, y)

    def holds(self, x: float, y: float) -> bool:
        """Crossing number, after a look at the bounding box."""
        x_min, y_min, x_max, y_max = self._box
        if x < x_min or x > x_max or y < y_min or y > y_max:
            return False
        inside = False
        if self._y is not None:
            above = self._y > y
            sides = np.flatnonzero(above != np.roll(above, 1)).tolist()
            for k in sides:
                (ax, ay), (bx, by) = self._xy[k - 1], self._xy[k]
                if x < ax + (y - ay) * (bx - ax) / (by - ay):
                    inside = not inside
            return inside
        ax, ay = self._xy[-1]
        for bx, by in self._xy:
            if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
                inside = not inside
            ax, ay = bx, by
        return inside


def height_within(polygon: F8, x: float, y: float) -> float:
    """Height at a point of a polygon (P, 3) that follows sloping ground: from its sides, the nearest counting most.

    Weights fall with the cube of the distance: along a strip the two sides at the point decide, and on a side its own
    height holds.
    """
    start, along = polygon, np.roll(polygon, -1, axis=0) - polygon
    rel_x, rel_y = x - start[:, 0], y - start[:, 1]
    length2 = along[:, 0] ** 2 + along[:, 1] ** 2
    t = np.clip((rel_x * along[:, 0] + rel_y * along[:, 1]) / np.maximum(length2, 1e-12), 0.0, 1.0)
    gap2 = (rel_x - t * along[:, 0]) ** 2 + (rel_y - t * along[:, 1]) ** 2
    weight = np.sqrt(length2) / (gap2 + 1e-8) ** 1.5
    return float((weight * (start[:, 2] + t * along[:, 2])).sum() / weight.sum())
