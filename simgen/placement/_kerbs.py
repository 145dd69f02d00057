"""Spots beside a kerb: a row with gaps, which goes on at another stretch when one is full."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from simgen.errors import UserError
from simgen.placement._spots import Offer, Spot, Thing, orientation
from simgen.placement.ground import GroundHeight
from simgen.polyline import Polyline
from simgen.records.roads import Kerb, RoadMap
from simgen.registry import suggest
from simgen.rng import Stream

_STEP_M = 0.25
#: how far parked cars stand from the kerb, and things on the sidewalk from its edge
_FROM_KERB_M = {"road": (0.2, 0.4), "sidewalk": (0.3, 0.6)}


@dataclass(frozen=True, kw_only=True)
class _Stretch:
    """A piece of a kerb where one may stand."""

    key: str
    line: Polyline
    start_m: float
    end_m: float

    @property
    def length(self) -> float:
        return self.end_m - self.start_m


def kerb_offer(
    thing: Thing, road_map: RoadMap, ground: GroundHeight, rng: Stream, row: tuple[str, float] | None
) -> Offer:
    """Spots beside the kerbs that the place means.

    Raises:
        UserError: there is no such kerb.
    """
    kerbs = _kerbs(road_map, thing)
    stretches = [piece for kerb in kerbs for piece in _free(kerb)]
    where = f"along kerb {thing.place.kerb!r}" if thing.place.kerb else "along the kerb"
    longest = max((x.length for x in stretches), default=0.0)
    room = f"{sum(x.length for x in stretches):.0f} m of kerb are not kept clear, the longest piece {longest:.0f} m"
    if isinstance(thing.place.at_m, int | float) and row is None:
        spots = iter([_given(thing, kerbs[0], ground, rng)])
    else:
        spots = _rows(thing, stretches, ground, rng, row)
    return Offer(spots=spots, where=where, room=room, remedy="lower its count or gap_m, or make the road longer")


def _kerbs(road_map: RoadMap, thing: Thing) -> list[Kerb]:
    if not road_map.kerbs:
        raise UserError("this world has no kerbs; place it on a lane or in an area")
    wanted = thing.place.kerb or thing.place.lane.split("/")[0]
    if not wanted:
        return list(road_map.kerbs)
    exact = [kerb for kerb in road_map.kerbs if kerb.name == thing.place.kerb]
    found = exact or [kerb for kerb in road_map.kerbs if kerb.name.split("/")[0] == wanted]
    if not found:
        raise UserError(f"this world has no kerb {wanted!r}{suggest(wanted, tuple(k.name for k in road_map.kerbs))}")
    return found


def _free(kerb: Kerb) -> Iterator[_Stretch]:
    """The kerb less what is kept clear."""
    line, start = Polyline(kerb.line), 0.0
    for begin, end in (*sorted(kerb.keep_clear_m), (line.length, line.length)):
        if begin - start > 1.0:
            yield _Stretch(key=f"{kerb.name}@{start:.3f}", line=line, start_m=start, end_m=begin)
        start = max(start, end)


def _given(thing: Thing, kerb: Kerb, ground: GroundHeight, rng: Stream) -> Spot:
    assert isinstance(thing.place.at_m, int | float)
    line = Polyline(kerb.line)
    at = float(thing.place.at_m)
    if not 0.0 <= at <= line.length:
        raise UserError(f"place: at_m {at:g} is beyond kerb {kerb.name!r}, which is {line.length:.1f} m long")
    piece = next((p for p in _free(kerb) if p.start_m <= at <= p.end_m), None)
    piece = piece or _Stretch(key=kerb.name, line=line, start_m=0.0, end_m=line.length)
    return _spot(thing, piece, at - _behind(thing), _aside(thing, rng), ground, rng)


def _rows(
    thing: Thing,
    stretches: list[_Stretch],
    ground: GroundHeight,
    rng: Stream,
    row: tuple[str, float] | None,
) -> Iterator[Spot]:
    """First where the row goes on (or begins, drawn), then the rest of that stretch, then every other one."""
    length, aside = thing.size[0], _aside(thing, rng)
    fits = [x for x in stretches if x.length >= length]
    if not fits:
        return
    current = next((x for x in fits if row is not None and x.key == row[0]), None)
    if current is not None and row is not None:
        start = row[1] + (thing.place.gap_m or 0.0)
    else:
        weights = np.array([x.length - length + 1e-9 for x in fits])
        current = fits[int(rng.choice(len(fits), p=weights / weights.sum()))]
        start = float(rng.uniform(current.start_m, current.end_m - length))
    order = rng.permutation(len(fits))
    rest = [fits[int(k)] for k in order if fits[int(k)] is not current]
    for piece, begin in ((current, start), *((p, p.start_m) for p in rest), (current, current.start_m)):
        s = begin
        while s + length <= piece.end_m:
            yield _spot(thing, piece, s, aside, ground, rng)
            s += _STEP_M


def _aside(thing: Thing, rng: Stream) -> float:
    """Distance between the kerb and the near side."""
    drawn = float(rng.uniform(*_FROM_KERB_M[thing.place.side]))
    return drawn if thing.place.lateral_m is None else thing.place.lateral_m


def _behind(thing: Thing) -> float:
    """From the near end of the row's slot to the root's origin."""
    return thing.front if thing.place.heading == "against" else thing.rear


def _spot(thing: Thing, piece: _Stretch, start: float, aside: float, ground: GroundHeight, rng: Stream) -> Spot:
    """The slot that begins at ``start``: the box lies parallel to the kerb, its near side ``aside`` away from it."""
    place = thing.place
    middle = start + 0.5 * thing.size[0]
    sign = 1.0 if place.side == "road" else -1.0
    x, y, z = (float(c) for c in piece.line.at(middle, sign * (aside + 0.5 * thing.size[1])))
    yaw = float(piece.line.heading(middle)) + (math.pi if place.heading == "against" else 0.0)
    c, s = math.cos(yaw), math.sin(yaw)
    bx, by = thing.center[0], thing.center[1]
    height = z if place.side == "road" else ground.at(x, y)
    return Spot(
        position=(x - c * bx + s * by, y - s * bx - c * by, height + place.drop_m),
        quaternion=orientation(place, yaw, rng),
        room=(min(place.clearance_m, place.gap_m if place.gap_m is not None else place.clearance_m), place.clearance_m),
        row=(piece.key, start + thing.size[0]),
    )
