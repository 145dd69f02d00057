"""Where people walk: sidewalks and crosswalks as one net."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from simgen.behaviours._track import Track
from simgen.placement.ground import GroundHeight
from simgen.polyline import Polyline
from simgen.records.roads import Lane, RoadMap

#: a crosswalk begins at a sidewalk that is no farther from its end than this
_NEAR_M: Final = 4.5
#: a path goes on in another that begins this near to its end
_NEXT_M: Final = 2.5


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
        for side in sides:
            s, lateral = side.track.closest(*start)
            if abs(lateral) < _NEAR_M and 0.5 < s < side.track.length - 0.5:
                side.branches.append((s, walk))
                side.branches.sort(key=lambda branch: branch[0])
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
        back = [(s, o) for o in sides if (s := _opposite(path, o, end, heading)) is not None]
        if back:
            s, other = min(back, key=lambda found: _distance(found[1], found[0], end))
            path.nexts.append((other, s))

    def nearest(self, x: float, y: float, yaw: float) -> tuple[Path, float] | None:
        """The path that passes nearest and goes the way one faces."""
        best: tuple[float, Path, float] | None = None
        for path in self.all:
            s, lateral = path.track.closest(x, y)
            cost = (
                abs(lateral) + 2.0 * (1.0 - math.cos(path.track.bearing(s)[0] - yaw)) + (3.0 if path.crosses else 0.0)
            )
            if best is None or cost < best[0]:
                best = (cost, path, s)
        return None if best is None else best[1:]


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
