"""Spots in areas and on supports: uniform over the area, wholly inside it; dropped things may lie in layers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from simgen.errors import UserError
from simgen.placement._bays import bay_spots
from simgen.placement._spots import Offer, Spot, Thing, orientation
from simgen.placement.footprint import Footprint, box_footprint
from simgen.placement.ground import height_within
from simgen.placement.place import Place
from simgen.polyline import Polyline, inside_polygon, polygon_area
from simgen.records.base import F8
from simgen.records.roads import Area, RoadMap
from simgen.registry import suggest
from simgen.rng import Stream

_TRIES = 600
#: a parking area with a longer edge is a strip for many
_LONGEST_BAY_M = 9.0
#: how many things' heights a dropped one may start above the lowest layer
_LAYERS = 12


@dataclass(frozen=True, kw_only=True)
class _Ground:
    """A polygon to stand on."""

    name: str
    kind: str
    polygon: F8
    z: float
    #: lines that headings follow
    paths: tuple[Polyline, ...] = ()

    def height(self, x: float, y: float) -> float:
        """Of the ground at a point inside."""
        level = self.polygon.shape[1] < 3 or float(np.ptp(self.polygon[:, 2])) < 1e-6
        return self.z if level else height_within(self.polygon, x, y)


def area_offer(thing: Thing, road_map: RoadMap, tops: Sequence[Footprint], rng: Stream) -> Offer:
    """Spots in the areas that the place names, or on top of the things that have this name.

    Raises:
        UserError: nothing has this name.
    """
    target = thing.place.target
    grounds = [_of_area(a, thing.place, road_map) for a in _areas(road_map, target)] or [_of_top(top) for top in tops]
    if not grounds:
        names = tuple(dict.fromkeys(x for a in road_map.areas for x in (a.kind, a.name)))
        raise UserError(
            f"place: this world has no area, and the scene nothing to stand on, called {target!r}"
            f"{suggest(target, names)}"
        )
    size = sum(polygon_area(g.polygon) for g in grounds)
    return Offer(
        spots=_spots(thing, grounds, rng),
        where=f"on {target!r}" if thing.place.on else f"in {target!r}",
        room=f"{len(grounds)} area(s) of {size:.3g} m2 in all",
        remedy="lower its count or clearance_m, or choose a larger area"
        + ("" if thing.place.drop_m else _drop_hint(grounds)),
    )


def _drop_hint(grounds: Sequence[_Ground]) -> str:
    return ", or give drop_m so that they may start above each other" if grounds[0].kind == "support" else ""


def _areas(road_map: RoadMap, target: str) -> list[Area]:
    """By name, else by the first part of the name, else by kind."""
    named = [area for area in road_map.areas if area.name == target]
    prefixed = [area for area in road_map.areas if area.name.split("/")[0] == target]
    return named or prefixed or [area for area in road_map.areas if area.kind == target]


def _of_area(area: Area, place: Place, road_map: RoadMap) -> _Ground:
    paths = _paths(area.kind, area.name, place.heading, road_map)
    return _Ground(name=area.name, kind=area.kind, polygon=area.polygon, z=float(area.polygon[0, 2]), paths=paths)


def _of_top(top: Footprint) -> _Ground:
    return _Ground(name=top.name, kind="support", polygon=top.corners(), z=top.z_max)


def _spots(thing: Thing, grounds: Sequence[_Ground], rng: Stream) -> Iterator[Spot]:
    bays, open_ground = [g for g in grounds if is_bay(g)], [g for g in grounds if not is_bay(g)]
    if bays:
        yield from bay_spots(thing, [(g.name, g.polygon, g.z) for g in bays], rng)
    if open_ground:
        yield from _anywhere(thing, open_ground, rng)


def is_bay(ground: _Ground) -> bool:
    """A parking bay: four corners, room for one vehicle."""
    edges = np.roll(ground.polygon, -1, axis=0) - ground.polygon
    return ground.kind == "parking" and len(edges) == 4 and bool(np.hypot(*edges[:, :2].T).max() < _LONGEST_BAY_M)


def _anywhere(thing: Thing, grounds: Sequence[_Ground], rng: Stream) -> Iterator[Spot]:
    sizes = np.array([polygon_area(g.polygon) for g in grounds])
    chance = np.cumsum(sizes / sizes.sum())
    place, room = thing.place, (thing.place.clearance_m, thing.place.clearance_m)
    for attempt in range(_TRIES):
        ground = grounds[min(int(np.searchsorted(chance, rng.random(), side="right")), len(grounds) - 1)]
        x, y = _point_in(ground.polygon, rng)
        quaternion = orientation(place, _yaw(place.heading, ground, x, y, rng), rng)
        # centre the box, not the root, on the drawn point, so that no side of the area is favoured
        rest = box_footprint(thing.size, thing.center, (0.0, 0.0, 0.0), quaternion)
        turned = rest.z_min if place.tumble or place.rotation_deg is not None else 0.0
        base = ground.height(x, y) + place.drop_m - turned
        at = (x - rest.x, y - rest.y)
        if not footprint_inside(ground.polygon, thing.footprint((*at, base), quaternion)):
            continue
        layers = 1 + min(attempt // 6, _LAYERS) if place.drop_m > 0.0 else 1
        for layer in range(layers):
            lift = layer * (rest.z_max - rest.z_min + place.clearance_m + 0.002)
            yield Spot(position=(*at, base + lift), quaternion=quaternion, room=room)


def _point_in(polygon: F8, rng: Stream) -> tuple[float, float]:
    """Uniform in a polygon, by rejection from its bounding box."""
    low, high = polygon[:, :2].min(0), polygon[:, :2].max(0)
    while True:
        points = rng.uniform(low, high, (64, 2))
        hits = np.flatnonzero(inside_polygon(polygon, points))
        if len(hits):
            return float(points[hits[0], 0]), float(points[hits[0], 1])


def _yaw(heading: str, ground: _Ground, x: float, y: float, rng: Stream) -> float:
    """Along the nearest path on sidewalks and crosswalks, one way or the other; elsewhere any direction."""
    drawn = float(rng.uniform(-math.pi, math.pi))
    if not ground.paths:
        return drawn
    found = [(abs(float(lateral)), float(s), path) for path in ground.paths for s, lateral in [path.closest((x, y))]]
    _, s, path = min(found, key=lambda f: f[0])
    back = heading == "against" or (not heading and drawn < 0.0)
    return float(path.heading(s)) + (math.pi if back else 0.0)


def _paths(kind: str, name: str, heading: str, road_map: RoadMap) -> tuple[Polyline, ...]:
    """What headings in an area follow: its own walking paths; elsewhere, if the place asks for it, every lane."""
    if kind in ("sidewalk", "crosswalk"):
        lanes = [lane for lane in road_map.lanes if lane.kind == kind]
        lanes = [lane for lane in lanes if lane.name.startswith(name + "/")] or lanes
        return tuple(Polyline(lane.centerline) for lane in lanes)
    return tuple(Polyline(lane.centerline) for lane in road_map.lanes) if heading else ()


def footprint_inside(polygon: F8, footprint: Footprint) -> bool:
    """Whether a footprint lies wholly inside a polygon: its corners do, and no edges cross."""
    corners = footprint.corners()
    if not bool(inside_polygon(polygon, corners).all()):
        return False
    return not _edges_cross(corners, np.asarray(polygon)[:, :2])


def _edges_cross(a: F8, b: F8) -> bool:
    """Whether any edge of one closed outline properly crosses any edge of the other."""
    p, p2 = a[:, None, :], np.roll(a, -1, axis=0)[:, None, :]
    q, q2 = b[None, :, :], np.roll(b, -1, axis=0)[None, :, :]
    first = _side(p, p2, q) * _side(p, p2, q2)
    second = _side(q, q2, p) * _side(q, q2, p2)
    return bool(((first < 0.0) & (second < 0.0)).any())


def _side(a: F8, b: F8, c: F8) -> F8:
    return np.asarray(
        (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1]) - (b[..., 1] - a[..., 1]) * (c[..., 0] - a[..., 0])
    )
