"""Traffic, placed: vehicles on lanes and at kerbs, people on sidewalks, each with what it does."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from simgen import registry
from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.behaviours.base import Behaviour
from simgen.errors import UserError
from simgen.placement.place import Place
from simgen.placement.placer import Placer
from simgen.polyline import Polyline
from simgen.records.roads import Lane, RoadMap
from simgen.rng import Stream, stream
from simgen.scenario.document import ObjectEntry, Part
from simgen.scenario.traffic import Traffic

_TRIES: Final = 300
#: free road between neighbours on a lane at the start, m
_GAP_M: Final = 5.0
#: parked cars stand this far from the kerb, and this far apart, m
_FROM_KERB_M: Final = (0.1, 0.25)
_BUMPERS_M: Final = (0.5, 6.0)
#: cyclists keep this far from the lane's right edge, m
_EDGE_M: Final = 0.8
_LOOKS: Final[Mapping[str, tuple[str, ...]]] = {
    # car colours by frequency (BASF colour report for Europe, 2023: achromatic four fifths)
    "color": ("white", "white", "black", "black", "grey", "grey", "grey", "silver", "silver", "blue", "red", "green"),
    "top": ("navy", "white", "red", "charcoal", "olive", "burgundy", "teal", "cream", "grey", "yellow", "purple"),
    "trousers": ("charcoal", "denim", "black", "khaki", "navy", "grey"),
    "shoes": ("black", "white", "brown", "grey"),
    "skin": ("light", "fair", "fair", "medium", "tan", "brown", "dark"),
    "hair": ("black", "brown", "brown", "blond", "grey", "red"),
}
_HEAVY: Final = ("truck", "bus", "coach", "school_bus", "tractor_unit")


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """An entity of the traffic to be."""

    name: str
    group: str
    entry: ObjectEntry


class Population:
    """Draws everybody and finds places for them."""

    def __init__(self, traffic: Traffic, seed: int, attempt: int, road_map: RoadMap, placer: Placer) -> None:
        self._traffic, self._seed, self._map, self._placer = traffic, seed, road_map, placer
        self._again = (attempt,) if attempt else ()
        self._lines = {lane.name: Polyline(lane.centerline) for lane in road_map.lanes}
        #: what is taken of each lane, by those placed so far
        self._taken: dict[str, list[tuple[float, float]]] = {}
        self._pools: dict[tuple[str, str], list[Asset]] = {}

    def newcomers(self) -> Iterator[tuple[Newcomer, Any]]:
        """Everybody with the placement that was found, in the order of their ids.

        Raises:
            UserError: they do not all fit; says how many of each do.
        """
        t = self._traffic
        parked = round(t.vehicles * t.parked_share)
        yield from self._all("parked", parked, self._parked)
        yield from self._all("vehicles", t.vehicles - parked, self._vehicle)
        yield from self._all("cyclists", t.cyclists, self._cyclist)
        yield from self._all("pedestrians", t.pedestrians, self._person)

    def _all(self, group: str, count: int, make: Any) -> Iterator[tuple[Newcomer, Any]]:
        for k in range(count):
            name = f"{group}/{k}"
            rng = stream(self._seed, "traffic", name, *self._again)
            entry, places = make(name, rng)
            spot = self._first_free(entry, places, name, rng)
            if spot is None:
                raise UserError(
                    f"traffic: only {k} of {count} {group} found room in this world; ask for fewer, or for a larger one"
                )
            yield Newcomer(name=name, group=group, entry=entry), spot

    def _first_free(self, entry: ObjectEntry, places: Iterator[Place], name: str, rng: Stream) -> Any:
        model = model_of(entry.asset)
        for place in places:
            try:
                return self._placer.place(place, model, name, rng)
            except UserError:
                continue
        return None

    # ------------------------------------------------------------------------------------------------ kinds

    def _vehicle(self, name: str, rng: Stream) -> tuple[ObjectEntry, Iterator[Place]]:
        kind = _drawn(self._traffic.kinds("mix"), rng)
        asset = self._look("vehicles", kind, rng)
        lanes = self._lanes(("driving",), "vehicles")
        behaviour = _driver(rng, self._traffic, heavy=kind in _HEAVY)
        half = 0.5 * (model_of(asset).size[0] + _GAP_M)
        places = self._on_lanes(lanes, rng, half, 0.0)
        return _entry(asset, behaviour), places

    def _parked(self, name: str, rng: Stream) -> tuple[ObjectEntry, Iterator[Place]]:
        shares = {k: v for k, v in self._traffic.kinds("mix").items() if k not in _HEAVY}
        kind = _drawn(shares or self._traffic.kinds("mix"), rng)
        asset = self._look("parked", kind, rng, occupants=0)
        strips = any(area.kind == "parking" for area in self._map.areas)
        if not strips:
            raise UserError("traffic: this world has no parking lanes; set parked_share: 0")
        gap = float(rng.uniform(*_BUMPERS_M))
        if self._map.kerbs:
            aside = float(rng.uniform(*_FROM_KERB_M))
            places = [Place(along="kerb", gap_m=gap, lateral_m=aside)]
        else:
            places = [Place(on="parking", heading="along")] * 4
        return _entry(asset, None), iter(places)

    def _cyclist(self, name: str, rng: Stream) -> tuple[ObjectEntry, Iterator[Place]]:
        asset = self._look("cyclists", "bicycle", rng)
        rider = Part(asset=self._look("riders", "cyclist_rider", rng))
        own = [lane for lane in self._map.lanes if lane.kind == "bike" and self._lines[lane.name].length > 6.0]
        lanes = own or [lane for lane in self._lanes(("driving",), "cyclists") if not lane.right]
        lane_width = min(lane.width_m for lane in lanes)
        aside = 0.0 if own else -max(0.5 * lane_width - _EDGE_M, 0.0)
        behaviour = _behaviour(
            "drive",
            speed_m_s=_rounded(min(max(float(rng.normal(4.7, 0.9)), 2.5), 8.0)),
            lateral_m=_rounded(aside),
            changes_lanes=False,
            acceleration_m_s2=0.9,
            standstill_m=1.2,
            at_end=self._traffic.at_end,
        )
        return _entry(asset, behaviour, rider), self._on_lanes(lanes, rng, 2.0, aside)

    def _person(self, name: str, rng: Stream) -> tuple[ObjectEntry, Iterator[Place]]:
        kind = _drawn(self._traffic.kinds("people"), rng)
        asset = self._look("pedestrians", kind, rng)
        # Helbing and Molnar 1995: 1.34 m/s, 0.26 m/s; one in thirty runs, one in eight looks at a phone
        pace, draw = float(rng.normal(1.34, 0.26)), float(rng.random())
        pace = min(max(pace, 0.7), 2.2)
        pace = float(rng.uniform(2.4, 3.2)) if draw < 0.03 else 0.8 * pace if draw < 0.155 else pace
        lanes = self._lanes(("sidewalk",), "pedestrians")
        behaviour = _behaviour("stroll", speed_m_s=_rounded(pace), crosses=0.4)
        return _entry(asset, behaviour), self._on_lanes(lanes, rng, 0.45, None)

    # ------------------------------------------------------------------------------------------------ parts

    def _lanes(self, kinds: tuple[str, ...], who: str) -> list[Lane]:
        found = [
            lane
            for lane in self._map.lanes
            if lane.kind in kinds and not lane.junction and self._lines[lane.name].length > 6.0
        ]
        if not found:
            raise UserError(f"traffic: this world has no {' or '.join(kinds)} lanes for {who}; leave them out")
        return found

    def _on_lanes(self, lanes: Sequence[Lane], rng: Stream, half: float, aside: float | None) -> Iterator[Place]:
        """Spots anywhere on the lanes; ``aside`` = None: anywhere across them."""
        lengths = [self._lines[lane.name].length for lane in lanes]
        for _ in range(_TRIES):
            draw = float(rng.random()) * sum(lengths)
            k = 0
            while k < len(lanes) - 1 and draw > lengths[k]:
                draw -= lengths[k]
                k += 1
            line, taken = self._lines[lanes[k].name], self._taken.setdefault(lanes[k].name, [])
            across = float(rng.uniform(-0.35, 0.35)) if aside is None else aside
            crowded = any(low - half < draw < high + half for low, high in taken)
            if not crowded and min(draw, line.length - draw) > min(half, 0.45 * line.length):
                x, y, z = (float(c) for c in line.at(draw, across))
                taken.append((draw - half, draw + half))
                yield Place(at_m=(x, y, z), yaw_deg=math.degrees(float(line.heading(draw))))
                taken.pop()  # something else stands there

    def _look(self, group: str, kind: str, rng: Stream, **fixed: Any) -> Asset:
        """One of the looks of a kind that the scene has."""
        pool = self._pools.setdefault((group, kind), [])
        index = int(rng.integers(self._traffic.looks))
        while len(pool) <= index:
            pool.append(_appearance(kind, stream(self._seed, "traffic", "look", group, kind, len(pool)), fixed))
        return pool[index]


def _appearance(kind: str, rng: Stream, fixed: Mapping[str, Any]) -> Asset:
    cls = registry.get("asset", kind)
    names = {f.name for f in dataclasses.fields(cls)}
    chosen: dict[str, Any] = {key: value for key, value in fixed.items() if key in names}
    if "variant" in names:
        chosen["variant"] = int(rng.integers(10000))
    for key, words in _LOOKS.items():
        drawn = words[int(rng.integers(len(words)))]
        if key in names and not ("variant" in names and key != "color"):
            chosen[key] = drawn
    asset = cls(**chosen)
    assert isinstance(asset, Asset)
    return asset


def _driver(rng: Stream, traffic: Traffic, *, heavy: bool) -> Behaviour:
    """A driver about as aggressive as they are on average; what follows from it is of the order of published ranges."""
    g = min(max(float(rng.normal(traffic.aggressiveness, 0.18)), 0.0), 1.0)
    slow = 0.6 if heavy else 1.0
    wishes: dict[str, Any] = {"speed_m_s": 22.2} if heavy else {}
    return _behaviour(
        "drive",
        **wishes,
        limit_share=_rounded((0.88 + 0.26 * g) * (0.95 if heavy else 1.0)),
        headway_s=_rounded(2.0 - g),
        acceleration_m_s2=_rounded(slow * (1.0 + g)),
        deceleration_m_s2=_rounded(1.6 + 0.8 * g),
        lateral_acceleration_m_s2=_rounded(slow * (1.8 + 1.2 * g)),
        politeness=_rounded(0.4 - 0.4 * g),
        threshold_m_s2=_rounded(0.2 - 0.15 * g),
        change_s=_rounded(5.0 - 2.0 * g),
        at_end=traffic.at_end,
    )


def _behaviour(name: str, **parameters: Any) -> Behaviour:
    behaviour = registry.get("behaviour", name)(**parameters)
    assert isinstance(behaviour, Behaviour)
    return behaviour


def _entry(asset: Asset, behaviour: Behaviour | None, rider: Part | None = None) -> ObjectEntry:
    return ObjectEntry(asset=asset, behaviour=behaviour, rider=rider, place=Place(at_m=(0.0, 0.0, 0.0)))


def _drawn(shares: Mapping[str, float], rng: Stream) -> str:
    draw = float(rng.random()) * sum(shares.values())
    for name, share in shares.items():
        draw -= share
        if draw < 0.0:
            return name
    return next(iter(shares))


def _rounded(value: float) -> float:
    return round(value, 3)
