"""What traffic needs to know of a map, worked out once: tracks of lanes, who crosses whom where, and crosswalks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations
from typing import Final, Literal

import numpy as np

from simgen.behaviours._track import Track
from simgen.placement.route import Turn, turn_of
from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.roads import Lane, RoadMap

#: centre lines nearer than this cannot be driven by two at a time: two cars of 1.9 m and what they keep free
CLASH_M: Final = 2.7
#: places along lanes are tested this far apart
_SAMPLE_M: Final = 1.0
#: how much of the comfortable lateral acceleration drivers use to slow down before a bend
_SLOWING: Final = 0.7
#: two-way crosswalks are two lanes; they count as one if they are this near
_SAME_CROSSWALK_M: Final = 3.0
#: cells of the grid that finds lanes from a place
CELL_M: Final = 4.0

ConflictKind = Literal["cross", "merge", "fork"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Conflict:
    """A stretch of a lane that another lane sweeps too: distances along this one and along the other."""

    other: Street
    kind: ConflictKind
    start_m: float
    end_m: float
    other_start_m: float
    other_end_m: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Zebra:
    """Where a crosswalk lies on a lane, and the walking lanes on it with the place of this lane's middle on each."""

    start_m: float
    end_m: float
    #: row of the walking lane, and how far along it the lane's centre line is
    paths: tuple[tuple[int, float], ...]


@dataclass(eq=False)
class Street:
    """A lane that vehicles use."""

    row: int
    lane: Lane
    track: Track
    turn: Turn
    #: v^2 = a * this is the speed at every piece of the track that bends allow at a lateral acceleration a
    bend_m: list[float]
    nexts: list[Street] = field(default_factory=list)
    befores: list[Street] = field(default_factory=list)
    left: Street | None = None
    right: Street | None = None
    conflicts: list[Conflict] = field(default_factory=list)
    #: streets whose traffic goes first, by row
    yields_to: frozenset[int] = frozenset()
    zebras: tuple[Zebra, ...] = ()

    @property
    def length(self) -> float:
        """Along the centre line, m."""
        return self.track.length

    @property
    def controlled(self) -> bool:
        """Whether driving onto it needs leave: it is shared with others."""
        return bool(self.conflicts)

    @property
    def stop_m(self) -> float:
        """Where one waits at its end."""
        at = self.lane.stop_at_m
        return self.length if at is None else min(at, self.length)


class Network:
    """The lanes of a map as :class:`Street`, with the relations between them."""

    def __init__(self, road_map: RoadMap) -> None:
        lanes = [lane for lane in road_map.lanes if lane.kind in ("driving", "bike")]
        self.streets = [_street(row, lane) for row, lane in enumerate(lanes)]
        self.by_name = {street.lane.name: street for street in self.streets}
        self.walks = [lane for lane in road_map.lanes if lane.kind == "crosswalk"]
        self._link()
        for a, b in self._pairs():
            _add_conflicts(a, b)
        self._add_zebras()
        self.entries = [s for s in self.streets if not s.befores and not s.lane.junction]
        self._cells = self._grid()

    def _link(self) -> None:
        for street in self.streets:
            lane = street.lane
            street.nexts = [self.by_name[name] for name in lane.successors if name in self.by_name]
            street.left, street.right = self.by_name.get(lane.left), self.by_name.get(lane.right)
            first = (self.by_name.get(name) for name in lane.gives_way_to)
            street.yields_to = frozenset(s.row for s in first if s is not None)
            for following in street.nexts:
                following.befores.append(street)

    def _pairs(self) -> Iterator[tuple[Street, Street]]:
        """Lanes that may share ground: those in junctions, and those that fork or merge."""
        shared = [s for s in self.streets if _joins(s)]
        boxes = [_box(s) for s in shared]
        for i, j in combinations(range(len(shared)), 2):
            a, b = shared[i], shared[j]
            apart = a.lane.junction != b.lane.junction and a.lane.junction and b.lane.junction
            chained = b in a.nexts or a in b.nexts
            (ax, ay, aX, aY), (bx, by, bX, bY) = boxes[i], boxes[j]
            if not apart and not chained and ax < bX and bx < aX and ay < bY and by < aY:
                yield a, b

    def _add_zebras(self) -> None:
        lines = [Polyline(walk.centerline) for walk in self.walks]
        for street in self.streets:
            met = [
                (*at, k, 0.5 * walk.width_m)
                for k, (walk, line) in enumerate(zip(self.walks, lines, strict=True))
                if (at := _crossing(street.track, line)) is not None
            ]
            street.zebras = _zebras(met)

    def _grid(self) -> dict[tuple[int, int], list[int]]:
        """Rows of the streets that come near a cell."""
        cells: dict[tuple[int, int], list[int]] = {}
        for street in self.streets:
            reach = 0.5 * street.lane.width_m + 1.0
            keys: set[tuple[int, int]] = set()
            for x, y in street.track.points[::2].tolist():
                for i in range(math.floor((x - reach) / CELL_M), math.floor((x + reach) / CELL_M) + 1):
                    for j in range(math.floor((y - reach) / CELL_M), math.floor((y + reach) / CELL_M) + 1):
                        keys.add((i, j))
            for key in keys:
                cells.setdefault(key, []).append(street.row)
        return cells

    def near(self, x: float, y: float) -> list[int]:
        """Rows of the streets that pass by a place."""
        return self._cells.get((math.floor(x / CELL_M), math.floor(y / CELL_M)), [])

    def lane_at(self, x: float, y: float, yaw: float) -> Lane | None:
        """The lane that a place lies on, going the way of ``yaw``; None where there is none."""
        best: tuple[float, Lane] | None = None
        for row in self.near(x, y):
            street = self.streets[row]
            s, lateral = street.track.closest(x, y)
            if not 0.0 <= s <= street.length or abs(lateral) > 0.5 * street.lane.width_m:
                continue
            cost = abs(lateral) + 5.0 * (1.0 - math.cos(street.track.bearing(s)[0] - yaw))
            if cost < 3.0 and (best is None or cost < best[0] - 1e-9):
                best = (cost, street.lane)
        return None if best is None else best[1]

    def hops(self, start: Street, goal: Street, most: int = 60) -> int:
        """How many lanes lie between two."""
        ring, seen = [start], {start.row}
        for count in range(most):
            if any(street is goal for street in ring):
                return count
            ring = [n for street in ring for n in street.nexts if n.row not in seen]
            seen.update(street.row for street in ring)
        return most


@lru_cache(maxsize=4)
def network_of(road_map: RoadMap) -> Network:
    """The network of a map; the last few are kept."""
    return Network(road_map)


def _street(row: int, lane: Lane) -> Street:
    track = Track(Polyline(lane.centerline))
    bend = [1.0 / max(abs(c), 1e-6) for c in track.curvature]
    for k in range(len(bend) - 2, -1, -1):
        bend[k] = min(bend[k], bend[k + 1] + 2.0 * _SLOWING * (track.s[k + 1] - track.s[k]))
    return Street(row=row, lane=lane, track=track, turn=turn_of(lane), bend_m=bend)


def _joins(street: Street) -> bool:
    if street.lane.junction or street.lane.gives_way_to:
        return True
    return any(len(b.nexts) > 1 for b in street.befores) or any(len(n.befores) > 1 for n in street.nexts)


def _box(street: Street) -> tuple[float, float, float, float]:
    low, high = street.track.points.min(0) - 0.5 * CLASH_M, street.track.points.max(0) + 0.5 * CLASH_M
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _sampled(track: Track) -> tuple[F8, F8]:
    step = max(round(_SAMPLE_M / (track.s[1] - track.s[0])), 1)
    rows = np.unique(np.append(np.arange(0, len(track.s), step), len(track.s) - 1))
    return np.array(track.s)[rows], track.points[rows]


def _add_conflicts(a: Street, b: Street) -> None:
    """Enter the stretches on which two lanes are too near to each other, on both."""
    sa, pa = _sampled(a.track)
    sb, pb = _sampled(b.track)
    gap = pa[:, None] - pb[None]
    close = (gap * gap).sum(-1) < CLASH_M**2
    if not close.any():
        return
    rows, columns = np.flatnonzero(close.any(1)), np.flatnonzero(close.any(0))
    start, end = float(sa[rows[0]]), float(sa[rows[-1]])
    other_start, other_end = float(sb[columns[0]]), float(sb[columns[-1]])
    kind = _kind(a, b)
    pairs: tuple[tuple[Street, Street, tuple[float, float, float, float]], ...] = (
        (a, b, (start, end, other_start, other_end)),
        (b, a, (other_start, other_end, start, end)),
    )
    for mine, other, (m0, m1, o0, o1) in pairs:
        mine.conflicts.append(Conflict(other=other, kind=kind, start_m=m0, end_m=m1, other_start_m=o0, other_end_m=o1))


def _kind(a: Street, b: Street) -> ConflictKind:
    if any(n in b.nexts for n in a.nexts):
        return "merge"
    return "fork" if any(n in b.befores for n in a.befores) else "cross"


def _crossing(track: Track, walk: Polyline) -> tuple[float, float] | None:
    """Where a lane and a walking lane cross: distance along the one and along the other."""
    start, end = walk.points[0, :2], walk.points[-1, :2]
    along = end - start
    length = float(np.sqrt((along * along).sum()))
    unit = along / max(length, 1e-9)
    rel = track.points - start
    u, w = rel @ unit, rel @ np.array([-unit[1], unit[0]])
    turns = np.flatnonzero((w[:-1] < 0.0) != (w[1:] < 0.0))
    for k in turns.tolist():
        share = float(w[k] / (w[k] - w[k + 1]))
        at = float(u[k] + share * (u[k + 1] - u[k]))
        if -0.5 < at < length + 0.5:
            return track.s[k] + share * (track.s[k + 1] - track.s[k]), at
    return None


def _zebras(met: list[tuple[float, float, int, float]]) -> tuple[Zebra, ...]:
    """Walking lanes that are crossed close to each other form one crosswalk."""
    found: list[Zebra] = []
    for s, at, row, half in sorted(met):
        last = found[-1] if found else None
        if last is not None and s - half < last.end_m + _SAME_CROSSWALK_M:
            paths = (*last.paths, (row, at))
            found[-1] = Zebra(start_m=min(last.start_m, s - half), end_m=max(last.end_m, s + half), paths=paths)
        else:
            found.append(Zebra(start_m=s - half, end_m=s + half, paths=((row, at),)))
    return tuple(found)
