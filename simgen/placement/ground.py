"""How high the ground is: the road, the raised sidewalk, the lawn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from simgen.placement.kept import Kept
from simgen.records.base import F8
from simgen.records.roads import Area, RoadMap

_Box = tuple[float, float, float, float]
_Side = tuple[float, float, float, float]
#: an outline's sides are sorted into strips that hold about so many
_PER_STRIP: Final = 3


class GroundHeight:
    """The height of the highest area at a point. Written for one point at a time, thousands of times a second."""

    def __init__(self, road_map: RoadMap) -> None:
        self._areas = _AREAS(road_map)

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
        self._box: _Box = (float(p[:, 0].min()), float(p[:, 1].min()), float(p[:, 0].max()), float(p[:, 1].max()))
        self._strips = _strips([(float(x), float(y)) for x, y in p[:, :2]], self._box)
        self._per_m = len(self._strips) / max(self._box[3] - self._box[1], 1e-9)

    def height_at(self, x: float, y: float) -> float:
        """Height at a point inside."""
        return self._height if self._rim is None else height_within(self._rim, x, y)

    def holds(self, x: float, y: float) -> bool:
        """Crossing number, after a look at the bounding box."""
        x_min, y_min, x_max, y_max = self._box
        if x < x_min or x > x_max or y < y_min or y > y_max:
            return False
        inside = False
        for ax, ay, bx, by in self._strips[min(int((y - y_min) * self._per_m), len(self._strips) - 1)]:
            if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
                inside = not inside
        return inside


def _strips(corners: list[tuple[float, float]], box: _Box) -> list[list[_Side]]:
    """The sides of an outline by what they cross: strips of equal height from its lowest corner to its highest."""
    count = max(len(corners) // _PER_STRIP, 1)
    per_m = count / max(box[3] - box[1], 1e-9)
    strips: list[list[_Side]] = [[] for _ in range(count)]
    for k, (bx, by) in enumerate(corners):
        ax, ay = corners[k - 1]
        # one more each way: what a rounded index misses
        first, last = int((min(ay, by) - box[1]) * per_m) - 1, int((max(ay, by) - box[1]) * per_m) + 1
        for strip in strips[max(first, 0) : last + 1]:
            strip.append((ax, ay, bx, by))
    return strips


def _flat_areas(road_map: RoadMap) -> tuple[_FlatArea, ...]:
    flat = (a for a in road_map.areas if a.kind != "support")
    return tuple(_FlatArea(area) for area in _from_the_top(flat))


#: of the last maps: a scene's actors all ask the same one
_AREAS: Final = Kept(_flat_areas)


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
