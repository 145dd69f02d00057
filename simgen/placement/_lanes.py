"""Spots on lanes: at a given distance, in a row ahead of it, or drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from simgen.errors import UserError
from simgen.placement._spots import Offer, Spot, Thing, orientation
from simgen.placement.place import Place
from simgen.placement.route import Route, find_lane, route_from
from simgen.records.roads import Lane, RoadMap
from simgen.rng import Stream

_TRIES = 400
_STEP_M = 0.5
#: free length that drawn places keep where the scene says nothing
_GAP_M = 4.0


def lane_offer(thing: Thing, road_map: RoadMap, rng: Stream, row: tuple[str, float] | None) -> Offer:
    """Spots on the lanes that the place means.

    Raises:
        UserError: there is no such lane, or ``at_m`` lies beyond its end.
    """
    place = thing.place
    starts = _starts(road_map, place.lane)
    # where every lane has one before it (a grid of streets that turn round), each stands for itself
    most = math.inf if _sources(road_map) else 0.1
    routes = [route_from(road_map, lane.name, max_length_m=most) for lane in starts]
    exact = place.at_m is None and any(lane.name == place.lane for lane in road_map.lanes)
    if exact:
        # drawn places lie on the named lane itself; only distances run on through the junction
        routes = [route_from(road_map, place.lane, max_length_m=0.1)]
    where = f"on lane {place.lane!r}" if place.lane else "on a lane"
    room = f"{len(routes)} lane(s) of {sum(r.line.length for r in routes):.0f} m in all"
    if place.at_m is not None:
        spots = _from_distance(thing, routes[0], rng, row)
    else:
        spots = _drawn(thing, routes, rng)
    return Offer(spots=spots, where=where, room=room, remedy="lower its count or gap_m, or choose another lane or at_m")


def _starts(road_map: RoadMap, name: str) -> list[Lane]:
    """The lanes where the meant routes begin."""
    driving = _sources(road_map) or [r for r in road_map.lanes if r.kind == "driving" and not r.junction]
    if not name:
        if not driving:
            raise UserError("this world has no lanes to place anything on; use in: or a point at_m: [x, y, z]")
        return driving
    prefixed = [lane for lane in driving if lane.name.split("/")[0] == name]
    return prefixed or [find_lane(road_map, name)]


def _sources(road_map: RoadMap) -> list[Lane]:
    """The driving lanes that no other leads into."""
    entered = {following for lane in road_map.lanes for following in lane.successors}
    return [lane for lane in road_map.lanes if lane.kind == "driving" and lane.name not in entered]


def _from_distance(thing: Thing, route: Route, rng: Stream, row: tuple[str, float] | None) -> Iterator[Spot]:
    """The given distance; the next of the same row stand ahead of it, each with its gap."""
    assert isinstance(thing.place.at_m, int | float)
    at, end, key = float(thing.place.at_m), route.line.length, route.stretches[0].lane.name
    if not 0.0 <= at <= end:
        raise UserError(f"place: at_m {at:g} is beyond lane {key!r}, which is {end:.1f} m long (straight on)")
    if row is None or row[0] != key:
        yield _spot(thing, route, at, rng, gap=False)
        return
    s = row[1] + (thing.place.gap_m or 0.0) + thing.rear
    while s + thing.front <= end:
        yield _spot(thing, route, s, rng, gap=False)
        s += _STEP_M


def _drawn(thing: Thing, routes: list[Route], rng: Stream) -> Iterator[Spot]:
    """Anywhere on the routes but in a junction."""
    usable = np.array([max(r.line.length - thing.front - thing.rear, 0.0) for r in routes])
    if usable.sum() <= 0.0:
        return
    for _ in range(_TRIES):
        route = routes[int(rng.choice(len(routes), p=usable / usable.sum()))]
        s = float(rng.uniform(thing.rear, route.line.length - thing.front))
        if not _in_junction(route, s - thing.rear) and not _in_junction(route, s + thing.front):
            yield _spot(thing, route, s, rng, gap=True)


def _in_junction(route: Route, s: float) -> bool:
    """Whether a distance is past a stop line or on a lane that a fork leads to."""
    fork = False
    for stretch in route.stretches:
        stop = stretch.end_m if stretch.lane.stop_at_m is None else stretch.start_m + stretch.lane.stop_at_m
        if stretch.start_m <= s < stretch.end_m:
            return fork or s > stop
        fork = len(stretch.lane.successors) > 1
    return False


def _spot(thing: Thing, route: Route, s: float, rng: Stream, *, gap: bool) -> Spot:
    place: Place = thing.place
    point = route.line.at(s, place.lateral_m or 0.0)
    yaw = float(route.line.heading(s)) + (math.pi if place.heading == "against" else 0.0)
    lane = route.stretch_at(s).lane
    free = _GAP_M if place.gap_m is None else place.gap_m
    along = max(free if gap else 0.0, place.clearance_m)
    return Spot(
        position=(float(point[0]), float(point[1]), float(point[2]) + place.drop_m),
        quaternion=orientation(place, yaw, rng, _pitch(thing, route, s)),
        lane=lane.name,
        room=(along, place.clearance_m),
        row=(route.stretches[0].lane.name, s + thing.front),
    )


def _pitch(thing: Thing, route: Route, s: float) -> float:
    """Of a thing that stands on a sloping lane: from below its root to below its front."""
    ahead = 1.0 if thing.place.heading != "against" else -1.0
    reach = max(thing.front, 0.5)
    low, high = route.line.at(np.array([s, s + ahead * reach]))[:, 2]
    return -math.atan2(float(high - low), reach)
