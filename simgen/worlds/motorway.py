"""A motorway with an exit and an entry."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.layout import Prop, WorldLayout
from simgen.records.roads import Lane, RoadMap
from simgen.registry import param, register
from simgen.rng import stream
from simgen.roads import (
    Cubic,
    LaneSection,
    Marking,
    Network,
    Profile,
    ReferenceLine,
    Road,
    Strip,
    Style,
    build_network,
    chain,
)
from simgen.shapes.ground_parts import Ground
from simgen.worlds._road_mesh import guard_rail
from simgen.worlds._verge import roadside_trees
from simgen.worlds.base import World

_SHOULDER_M, _VERGE_M, _TAPER_M, _BESIDE_M, _GORE_M = 2.5, 3.0, 60.0, 190.0, 150.0
_RAMP_LANE_M = 4.5


@register("world", "motorway")
@dataclass(frozen=True, kw_only=True)
class Motorway(World):
    """A motorway in gentle curves over the origin, with hard shoulders, a median with guard rails, and ramps.

    The road is ``main``; lanes with the reference line (eastbound at the origin) are ``main/1`` ... from the hard
    shoulder inwards, ``main/back/1`` ... the other way; later lane sections ``main/s2/1``. With ramps a lane opens on
    the right over ``main/diverge``, runs as ``main/s3/1`` and leaves as ``exit/1``; ``entry/1`` comes in, runs as
    ``main/s7/1`` and joins over ``main/merge``, which gives way.

    Units are metres. Proportions follow the German guidelines for motorways (RAA 2008: lanes 3.75 m, hard shoulder
    2.5 m, median 4 m, acceleration lanes of 250 m with tapers of 60 m, dashes 6 m in 18 m).
    """

    lanes: int = param(2, ge=2, le=4, doc="lanes in each direction")
    length_m: float = param(1200.0, ge=900.0, le=3000.0, doc="length of the main road")
    lane_width_m: float = param(3.75, ge=3.25, le=4.0, doc="width of a lane")
    median_m: float = param(4.0, ge=2.0, le=12.0, doc="width of the median")
    least_radius_m: float = param(900.0, ge=400.0, le=10000.0, doc="of the tightest curve")
    hill_m: float = param(3.0, ge=0.0, le=20.0, doc="how far crests rise above dips")
    ramps: bool = param(True, doc="an exit and an entry on the right")
    rails: bool = param(True, doc="guard rails in the median and along the left edge")
    tree_spacing_m: float = param(18.0, ge=0.0, le=200.0, doc="between trees and bushes along the road; 0 = none")
    speed_limit_m_s: float = param(36.1, gt=0.0, doc="speed limit")

    def build(self, seed: int) -> WorldLayout:
        """Mesh, map and props; curves, hills and trees draw from streams of the seed."""
        network = self.network(seed)
        style = Style(relief_m=8.0, fields=("crop", "field", "grass"), cell_m=16.0)
        built = build_network(network, style, seed)
        if self.rails:
            self._rails(built.ground, network.by_name["main"])
        trees = (p for side in built.sides for p in roadside_trees(built, side, self.tree_spacing_m, 4.0, seed))
        return WorldLayout(
            mesh=built.mesh,
            surfaces=built.surfaces,
            shapes=built.shapes,
            map=self._with_changes(built.map, network) if self.ramps else built.map,
            props=(*built.props, *trees, *self._signs(network)),
        )

    @property
    def _marks(self) -> tuple[float, ...]:
        """Where the exit's taper, lane, nose and end of its gore lie, and those of the entry."""
        middle = 0.5 * self.length_m
        exit_at = middle - 60.0 - _GORE_M
        entry_at = middle + 60.0 + _GORE_M
        beside = min(_BESIDE_M, exit_at - _TAPER_M - 20.0)
        return (
            exit_at - beside - _TAPER_M,
            exit_at - beside,
            exit_at,
            exit_at + _GORE_M,
            entry_at - _GORE_M,
            entry_at,
            entry_at + beside,
            entry_at + beside + _TAPER_M,
        )

    def network(self, seed: int) -> Network:
        """The roads alone."""
        line, hills = self._line(seed), self._hills(seed)
        if not self.ramps:
            section = LaneSection(left=self._side(), right=self._side())
            return Network(roads=(self._road("main", line, (section,), hills),))
        exit_, gap_out = self._ramp(line, hills, self._marks[2], leaving=True)
        entry, gap_in = self._ramp(line, hills, self._marks[5], leaving=False)
        main = self._road("main", line, tuple(self._sections(gap_out, gap_in)), hills)
        return Network(roads=(main, exit_, entry), links=(("main/s3/1", "exit/1"), ("entry/1", "main/s7/1")))

    def _road(self, name: str, line: ReferenceLine, sections: tuple[LaneSection, ...], hills: Profile) -> Road:
        limit = self.speed_limit_m_s if name == "main" else min(self.speed_limit_m_s, 16.7)
        return Road(name=name, line=line, sections=sections, elevation=hills, speed_limit_m_s=limit)

    def _sections(self, gap_out: Profile, gap_in: Profile) -> Iterator[LaneSection]:
        opening, lane, nose, gore, closing, joins, narrows, end = self._marks
        width, left = self.lane_width_m, self._side()
        extra = Strip(kind="driving", width_m=width, marking=Marking(kind="solid"), next=0)
        opens = Strip(kind="none", width_m=Cubic.ease(0.0, width, _TAPER_M), next=0)
        closes = Strip(kind="none", width_m=Cubic.ease(width, 0.0, _TAPER_M), next=0)
        for start, right in (
            (0.0, self._side()),
            (opening, self._side(opens)),
            (lane, self._side(extra)),
            (nose, self._side(gap=gap_out)),
            (gore, self._side()),
            (closing, self._side(gap=gap_in)),
            (joins, self._side(extra)),
            (narrows, self._side(closes)),
            (end, self._side()),
        ):
            yield LaneSection(start_m=start, left=left, right=right)

    def _side(self, extra: Strip | None = None, gap: Profile | None = None) -> tuple[Strip, ...]:
        """Strips from the middle outwards; a ramp beside it leaves only a gap for shoulder and verge."""
        edge = Marking(kind="solid", width_m=0.15)
        dashes = Marking(kind="broken", width_m=0.15, dash_m=6.0, gap_m=12.0)
        block = Marking(kind="broken", width_m=0.3, dash_m=3.0, gap_m=3.0)
        strips = [Strip(kind="median", width_m=0.5 * self.median_m - 0.5)]
        strips.append(Strip(kind="shoulder", width_m=0.5, marking=edge))
        for k in range(self.lanes):
            last = k + 1 == self.lanes
            mark = (block if extra is not None else edge) if last else dashes
            strips.append(Strip(kind="driving", width_m=self.lane_width_m, marking=mark))
        if extra is not None:
            strips.append(replace(extra, marking=edge))
        shoulder: float | Profile = _SHOULDER_M
        verge: float | Profile = _VERGE_M
        if gap is not None:
            shoulder, verge = _clipped(gap, 0.0, _SHOULDER_M), _clipped(gap, _SHOULDER_M, _VERGE_M)
        strips.append(Strip(kind="shoulder", width_m=shoulder))
        strips.append(Strip(kind="verge", width_m=verge))
        return tuple(strips)

    def _ramp(self, line: ReferenceLine, hills: Profile, at: float, *, leaving: bool) -> tuple[Road, Profile]:
        """A ramp beside the main road from ``at`` on (or up to there), and the gap between them over the gore.

        Drawn as if leaving; an entry is drawn against the traffic and turned round.
        """
        sign = 1.0 if leaving else -1.0
        x, y, heading, _ = (float(v) for v in line.at(at))
        aside = -(0.5 * self.median_m + self.lanes * self.lane_width_m)
        start = (x - aside * math.sin(heading), y + aside * math.cos(heading))
        bend = -sign / 220.0
        parts = [(70.0, 0.0, bend), (60.0, bend, bend), (60.0, bend, 0.0), (60.0, 0.0, 0.0)]
        away = chain(start, heading + (0.0 if leaving else math.pi), parts)
        s = np.linspace(0.0, away.length, 51)
        px, py, _, _ = away.at(s)
        reach = np.linspace(0.0, _GORE_M + 60.0, 241)
        own = Polyline(np.stack(line.at(at + sign * reach)[:2], -1))
        along, lateral = own.closest(np.stack([px, py], -1))
        gap = np.maximum(np.abs(lateral) + aside, 0.0)
        z = hills.at(at + sign * np.minimum(along, _GORE_M))
        knots = np.linspace(0.0, _GORE_M, 16)
        beside = np.interp(knots, along, gap)
        if leaving:
            return self._ramp_road("exit", away, s, z, gap), Profile.through(knots, beside)
        back = _reversed(away)
        ramp = self._ramp_road("entry", back, s, z[::-1], gap[::-1])
        return ramp, Profile.through(knots, beside[::-1])

    def _ramp_road(self, name: str, line: ReferenceLine, s: F8, z: F8, gap: F8) -> Road:
        edge = Marking(kind="solid", width_m=0.15)
        inner = Profile.through(s, np.clip(gap - _SHOULDER_M - _VERGE_M, 0.0, 2.0))
        width = np.interp(s, [0.0, 60.0], [self.lane_width_m, _RAMP_LANE_M])
        width = width if name == "exit" else width[::-1]
        right = (
            Strip(kind="driving", width_m=Profile.through(s, width), marking=edge),
            Strip(kind="shoulder", width_m=_SHOULDER_M),
            Strip(kind="verge", width_m=_VERGE_M),
        )
        section = LaneSection(left=(Strip(kind="verge", width_m=inner),), right=right, center=edge)
        return self._road(name, line, (section,), Profile.through(s, z))

    def _line(self, seed: int) -> ReferenceLine:
        rng = stream(seed, "world", "curves")
        parts: list[tuple[float, float, float]] = []
        left, sign = self.length_m, 1.0 if rng.random() < 0.5 else -1.0
        while left > 1e-6:
            k = sign / (self.least_radius_m * (1.0 + 2.0 * float(rng.random())))
            ease, curve = (float(v) for v in rng.uniform((100.0, 120.0), (160.0, 300.0)))
            for length, k0, k1 in ((ease, 0.0, k), (curve, k, k), (ease, k, 0.0)):
                step = min(length, left)
                if step > 1e-6:
                    parts.append((step, k0, k0 + (k1 - k0) * step / length))
                    left -= step
            sign = -sign
        return chain((0.0, 0.0), 0.0, parts).centred()

    def _hills(self, seed: int) -> Profile:
        rng = stream(seed, "world", "hills")
        count = max(round(self.length_m / 300.0), 2)
        z = self.hill_m * rng.uniform(-0.5, 0.5, count + 1)
        return Profile.through(np.linspace(0.0, self.length_m, count + 1), z) if self.hill_m else Profile()

    def _rails(self, ground: Ground, main: Road) -> None:
        s = np.linspace(0.0, main.length, math.ceil(main.length / 12.0) + 1)
        middle = Polyline(main.points(s, np.zeros(len(s))))
        guard_rail(ground, middle, 0.35, 1.0)
        guard_rail(ground, middle, -0.35, -1.0)
        outer = 0.5 * self.median_m + self.lanes * self.lane_width_m + _SHOULDER_M + 0.6
        guard_rail(ground, middle, outer, -1.0)

    def _with_changes(self, road_map: RoadMap, network: Network) -> RoadMap:
        """The ways over the tapers: onto the exit's lane, and from the entry's lane into the rightmost."""
        main = network.by_name["main"]
        through = -(0.5 * self.median_m + (self.lanes - 0.5) * self.lane_width_m)
        beside = through - self.lane_width_m
        made = []
        for name, start, a, b, following, foes in (
            ("main/diverge", self._marks[0], through, beside, "main/s3/1", ()),
            ("main/merge", self._marks[6], beside, through, "main/s9/1", ("main/s8/1",)),
        ):
            share = np.linspace(0.0, 1.0, 31)
            line = main.points(start + share * _TAPER_M, a + (b - a) * share**3 * (share * (6.0 * share - 15.0) + 10.0))
            made.append(
                Lane(
                    name=name,
                    centerline=line,
                    width_m=self.lane_width_m,
                    speed_limit_m_s=self.speed_limit_m_s,
                    successors=(following,),
                    gives_way_to=foes,
                )
            )
        more = {"main/1": "main/diverge", "main/s7/1": "main/merge"}
        lanes = tuple(
            replace(x, successors=(*x.successors, more[x.name])) if x.name in more else x for x in road_map.lanes
        )
        return replace(road_map, lanes=(*lanes, *made))

    def _signs(self, network: Network) -> Iterator[Prop]:
        """The limit, beside the hard shoulder."""
        main = network.by_name["main"]
        t = -(0.5 * self.median_m + self.lanes * self.lane_width_m + _SHOULDER_M + 1.2)
        for index, s in enumerate(np.arange(60.0, self._marks[0] - 20.0, 400.0)):
            x, y, z = (float(v) for v in main.points(np.array([s]), np.array([t]))[0])
            yaw = math.remainder(float(main.line.at(s)[2]) + math.pi, 2.0 * math.pi)
            yield Prop(
                asset="traffic_sign",
                name=f"traffic_sign/limit/{index}",
                parameters={"kind": "speed_80", "size": "large", "text": "130"},
                position=(x, y, z),
                yaw_rad=yaw,
            )


def _clipped(gap: Profile, less: float, most: float) -> Profile:
    """A gap less what is taken of it already, between nothing and a width."""
    knots = np.linspace(0.0, _GORE_M, 61)
    return Profile.through(knots, np.clip(gap.at(knots) - less, 0.0, most))


def _reversed(line: ReferenceLine) -> ReferenceLine:
    """The same way in the other direction."""
    x, y, heading, _ = (float(v) for v in line.at(line.length))
    parts = []
    for piece in reversed(line.pieces):
        k = [float(v) for v in piece.at(np.array([0.0, piece.length_m]))[3]]
        parts.append((piece.length_m, -k[1], -k[0]))
    return chain((x, y), heading + math.pi, parts)
