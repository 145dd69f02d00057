"""Routes: a lane and the lanes that follow it, as one line."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from simgen.errors import UserError
from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.roads import Lane, RoadMap
from simgen.registry import suggest

Turn = Literal["straight", "left", "right"]

#: a change of heading beyond this is a turn
_TURN_RAD = math.radians(30.0)


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """One lane of a route and where it lies on it."""

    lane: Lane
    start_m: float
    end_m: float


@dataclass(frozen=True, kw_only=True)
class Route:
    """Lanes end to end in the direction of travel."""

    line: Polyline
    stretches: tuple[Stretch, ...]

    def stretch_at(self, s: float) -> Stretch:
        """The stretch that a distance falls on (the last one beyond the end)."""
        return next((stretch for stretch in self.stretches if s < stretch.end_m), self.stretches[-1])

    def stops(self) -> tuple[tuple[float, str], ...]:
        """Stop lines that a signal guards: (distance along the route, signal name)."""
        return tuple(
            (x.start_m + (x.end_m - x.start_m if x.lane.stop_at_m is None else x.lane.stop_at_m), x.lane.signal)
            for x in self.stretches
            if x.lane.signal
        )


def turn_of(lane: Lane) -> Turn:
    """Whether a lane goes straight on or turns, from its first heading to its last."""
    headings = Polyline(lane.centerline).headings()
    change = float(headings[-1] - headings[0])
    if change > _TURN_RAD:
        return "left"
    return "right" if change < -_TURN_RAD else "straight"


def following(road_map: RoadMap, lane: Lane, turn: Turn) -> Lane | None:
    """The lane after this one: the one that turns as wished, else the straightest; None at the map's end."""
    options = [road_map.lane(name) for name in lane.successors]
    if not options:
        return None
    order: dict[Turn, int] = {turn: 0, "straight": 1} if turn != "straight" else {"straight": 0}
    return min(options, key=lambda option: order.get(turn_of(option), 2))


def route_from(road_map: RoadMap, lane: str, turn: Turn = "straight", max_length_m: float = 5000.0) -> Route:
    """The route that begins with a lane; it ends with the map, after ``max_length_m`` or before a lane comes twice.

    Raises:
        UserError: there is no such lane.
    """
    current: Lane | None = find_lane(road_map, lane)
    stretches: list[Stretch] = []
    pieces: list[F8] = []
    start, seen = 0.0, set[str]()
    while current is not None and current.name not in seen and start < max_length_m:
        seen.add(current.name)
        end = start + Polyline(current.centerline).length
        stretches.append(Stretch(lane=current, start_m=start, end_m=end))
        pieces.append(current.centerline)
        start, current = end, following(road_map, current, turn)
    return Route(line=Polyline(np.concatenate(pieces)), stretches=tuple(stretches))


def find_lane(road_map: RoadMap, name: str) -> Lane:
    """The lane of that name.

    Raises:
        UserError: there is none; the message suggests the nearest name or lists what there is.
    """
    try:
        return road_map.lane(name)
    except KeyError:
        known = tuple(lane.name for lane in road_map.lanes)
        hint = suggest(name, known) if known else "; this world has no lanes"
        raise UserError(f"this world has no lane {name!r}{hint}") from None


def nearest_lane(road_map: RoadMap, x: float, y: float, yaw: float | None, kinds: tuple[str, ...]) -> Lane | None:
    """The lane of these kinds whose centre line passes nearest, preferring those that go the way of ``yaw``."""
    best: tuple[float, Lane] | None = None
    for lane in road_map.lanes:
        if lane.kind not in kinds:
            continue
        line = Polyline(lane.centerline)
        s, lateral = line.closest((x, y))
        penalty = 0.0
        if yaw is not None:
            penalty = 5.0 * (1.0 - math.cos(float(line.heading(s)) - yaw))
        cost = abs(float(lateral)) + penalty
        if best is None or cost < best[0] - 1e-9:
            best = (cost, lane)
    return None if best is None else best[1]
