"""The placer: keeps account of what stands where and never puts one thing into another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from simgen.errors import UserError
from simgen.placement._areas import area_offer
from simgen.placement._kerbs import kerb_offer
from simgen.placement._lanes import lane_offer
from simgen.placement._spots import Offer, Spot, Thing, orientation
from simgen.placement.footprint import Footprint, Occupancy, model_footprint, solid_footprints
from simgen.placement.ground import GroundHeight
from simgen.placement.place import Place
from simgen.records.model import Model, Quaternion, Vector3
from simgen.records.roads import RoadMap
from simgen.rng import Stream


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where a thing came to stand: the pose of its root frame, its lane if it is on one, and its box."""

    position: Vector3
    quaternion: Quaternion
    lane: str
    footprint: Footprint


class Placer:
    """Places things one after the other; each finds what was placed before it.

    Every thing draws from a stream of its own that the caller names for it, so a thing's draws never depend on how
    many others there are; only what is already taken can move it.
    """

    def __init__(self, road_map: RoadMap, obstacles: Iterable[Footprint] = ()) -> None:
        """Start with a map and what stands in the world already."""
        self._map = road_map
        self._ground = GroundHeight(road_map)
        self._taken = Occupancy(list(obstacles))
        self._boxes: dict[str, list[Footprint]] = {}
        self._rows: dict[str, tuple[str, float]] = {}

    @property
    def map(self) -> RoadMap:
        """Of the world that things are placed in."""
        return self._map

    def add(self, name: str, model: Model, position: Vector3, quaternion: Quaternion, *, solid: bool = False) -> None:
        """Enter what stands somewhere already; ``solid`` = only its collision shapes bar the way (a table, a tree)."""
        for footprint in solid_footprints(model, position, quaternion, name) if solid else ():
            self._taken.add(footprint)
        self._enter(name, model_footprint(model, position, quaternion, name), taken=not solid)

    def place(self, place: Place, model: Model, name: str, rng: Stream) -> Placement:
        """Find a free place and take it. Things whose names share the part before the slash form one row.

        Raises:
            UserError: the place names something unknown, or there is no room left; says how many fitted, how much
                room there is and what to change.
        """
        thing = Thing.of(name, model, place)
        offer = self._offer(thing, rng)
        taken_by: list[str] = []
        for spot in offer.spots:
            footprint = thing.footprint(spot.position, spot.quaternion)
            blockers = [] if place.may_overlap else self._taken.blockers(footprint.grown(*spot.room))
            if not blockers:
                return self._take(thing, spot, footprint)
            taken_by = [b.name or "part of the world" for b in blockers]
        raise UserError(self._full(thing, offer, taken_by))

    def _offer(self, thing: Thing, rng: Stream) -> Offer:
        mode, row = thing.place.mode, self._rows.get(thing.group)
        if mode == "lane":
            return lane_offer(thing, self._map, rng, row)
        if mode == "kerb":
            return kerb_offer(thing, self._map, self._ground, rng, row)
        if mode == "area":
            return area_offer(thing, self._map, self._boxes.get(thing.place.target, ()), rng)
        return self._point_offer(thing, rng)

    def _point_offer(self, thing: Thing, rng: Stream) -> Offer:
        assert isinstance(thing.place.at_m, tuple)
        x, y, *rest = (float(c) for c in thing.place.at_m)
        z = rest[0] if rest else self._ground.at(x, y)
        spot = Spot(position=(x, y, z + thing.place.drop_m), quaternion=orientation(thing.place, 0.0, rng))
        where = f"at [{x:g}, {y:g}, {z:g}]"
        return Offer(spots=iter([spot]), where=where, room="", remedy="move one of them, or say may_overlap: true")

    def _take(self, thing: Thing, spot: Spot, footprint: Footprint) -> Placement:
        self._enter(thing.name, footprint, taken=True)
        if spot.row[0]:
            self._rows[thing.group] = spot.row
        return Placement(position=spot.position, quaternion=spot.quaternion, lane=spot.lane, footprint=footprint)

    def _enter(self, name: str, box: Footprint, *, taken: bool) -> None:
        if taken:
            self._taken.add(box)
        for key in dict.fromkeys((name, name.split("/")[0])):
            self._boxes.setdefault(key, []).append(box)

    def _full(self, thing: Thing, offer: Offer, taken_by: list[str]) -> str:
        length, width, height = thing.size
        fitted = len(self._boxes.get(thing.group, ())) if "/" in thing.name else 0
        told = f" ({fitted} of this kind fitted)" if fitted else ""
        size = f"{length:.2f} x {width:.2f} x {height:.2f} m"
        room = f"; there are {offer.room}" if offer.room else ""
        by = f"; the last try would have touched {', '.join(sorted(set(taken_by))[:3])}" if taken_by else ""
        return f"no room for {thing.name!r} ({size}) {offer.where}{told}{room}{by}: {offer.remedy}"
