"""Where people walk: sidewalks and crosswalks as one net."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np

from simgen.behaviours._track import Track
from simgen.placement.ground import GroundHeight
from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.roads import Lane, RoadMap

#: a crosswalk begins at a sidewalk that is no farther from its end than this
_NEAR_M: Final = 4.5
#: a path goes on in another that begins this near to its end
_NEXT_M: Final = 2.5
#: more than rounding takes from a distance, m
_ROUNDING_M: Final = 1e-6


@dataclass(eq=False)
class Path:
    """A walking lane."""

    lane: Lane
    track: Track
    #: crosswalks that can be entered from it: at which distance, and which
    branches: list[tuple[float, Path]] = field(default_factory=list)
    #: where it goes on: at which distance of the other
    nexts: list[tuple[Path, float]] = field(default_factory=list)
    #: row among the map's crosswalks; -1 for sidewalks
    walk: int = -1

    @property
    def crosses(self) -> bool:
        """Whether it leads over the road."""
        return self.walk >= 0


class Paths:
    """Every path of a map, and how high the ground is."""

    def __init__(self, road_map: RoadMap) -> None:
        self.ground = GroundHeight(road_map)
        walks = [lane.name for lane in road_map.lanes if lane.kind == "crosswalk"]
        self.all = [
            Path(
                lane=lane,
                track=Track(Polyline(lane.centerline)),
                walk=walks.index(lane.name) if lane.kind == "crosswalk" else -1,
            )
            for lane in road_map.lanes
            if lane.kind in ("sidewalk", "crosswalk")
        ]
        self._low = np.array([path.track.points.min(0) for path in self.all]).reshape(-1, 2)
        self._high = np.array([path.track.points.max(0) for path in self.all]).reshape(-1, 2)
        named = {path.lane.name: path for path in self.all}
        sides = [path for path in self.all if not path.crosses]
        for path in self.all:
            path.nexts = [(named[n], 0.0) for n in path.lane.successors if n in named]
            if path.crosses:
                self._join_crosswalk(path, sides)
            elif not path.nexts:
                self._join_sidewalk(path, sides)

    def _join_crosswalk(self, walk: Path, sides: list[Path]) -> None:
        start, end = (walk.track.x[0], walk.track.y[0]), (walk.track.x[-1], walk.track.y[-1])
        for side in self._near(sides, *start):
            s, lateral = side.track.closest(*start)
            if abs(lateral) < _NEAR_M and 0.5 < s < side.track.length - 0.5:
                side.branches.append((s, walk))
                side.branches.sort(key=lambda branch: branch[0])
        for side in self._near(sides, *end):
            s, lateral = side.track.closest(*end)
            if abs(lateral) < _NEAR_M and _distance(side, s, end) < _NEAR_M:
                walk.nexts.append((side, s))

    def _join_sidewalk(self, path: Path, sides: list[Path]) -> None:
        """Go on where another path begins close to the end and does not lead back; else turn round."""
        end, heading = (path.track.x[-1], path.track.y[-1]), path.track.yaw[-1]
        for other in sides:
            begins = math.dist(end, (other.track.x[0], other.track.y[0])) < _NEXT_M
            if other is not path and begins and math.cos(other.track.yaw[0] - heading) > -0.5:
                path.nexts.append((other, 0.0))
        if path.nexts:
            return
        back = [(s, o) for o in self._near(sides, *end) if (s := _opposite(path, o, end, heading)) is not None]
        if back:
            s, other = min(back, key=lambda found: _distance(found[1], found[0], end))
            path.nexts.append((other, s))

    def nearest(self, x: float, y: float, yaw: float) -> tuple[Path, float] | None:
        """The path that passes nearest and goes the way one faces."""
        best: tuple[float, int, float] | None = None
        away = self._away(x, y)
        for row in np.argsort(away, kind="stable").tolist():
            if best is not None and away[row] > best[0] + _ROUNDING_M:
                break
            path = self.all[row]
            s, lateral = path.track.closest(x, y)
            turned = 2.0 * (1.0 - math.cos(path.track.bearing(s)[0] - yaw))
            cost = abs(lateral) + turned + (3.0 if path.crosses else 0.0)
            if best is None or (cost, row) < best[:2]:
                best = (cost, row, s)
        return None if best is None else (self.all[best[1]], best[2])

    def _near(self, some: list[Path], x: float, y: float) -> list[Path]:
        """Those of some paths that may pass within reach of a point."""
        near = {id(self.all[row]) for row in np.flatnonzero(self._away(x, y) < _NEAR_M + _ROUNDING_M)}
        return [path for path in some if id(path) in near]

    def _away(self, x: float, y: float) -> F8:
        """How far a point is from the boxes about the paths: at most as far as from the paths themselves."""
        point = np.array([x, y])
        gap = np.maximum(np.maximum(self._low - point, point - self._high), 0.0)
        return np.asarray(np.sqrt((gap * gap).sum(-1)))


def _distance(path: Path, s: float, point: tuple[float, float]) -> float:
    x, y, _ = path.track.at(min(max(s, 0.0), path.track.length))
    return math.dist((x, y), point)


def _opposite(path: Path, other: Path, end: tuple[float, float], heading: float) -> float | None:
    """Where a path passes the end of another on its way back, if it does."""
    if other is path:
        return None
    s, _ = other.track.closest(*end)
    if _distance(other, s, end) > _NEAR_M or s > other.track.length - 2.0:
        return None
    return s if math.cos(other.track.bearing(max(s, 0.1))[0] - heading) < 0.0 else None


@lru_cache(maxsize=4)
def paths_of(road_map: RoadMap) -> Paths:
    """The paths of a map; the last few are kept."""
    return Paths(road_map)
