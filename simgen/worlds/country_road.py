"""A country road over hills, in curves with transitions, through farmland."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from simgen.errors import UserError
from simgen.records.layout import Prop, WorldLayout
from simgen.registry import param, register
from simgen.rng import stream
from simgen.roads import (
    Arm,
    BuiltNetwork,
    Junction,
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
from simgen.worlds._verge import delineators, roadside_trees
from simgen.worlds.base import World

_KNOT_M = 110.0
#: from the middle of the junction to where its arms end
_MOUTH_M = 14.0


@register("world", "country_road")
@dataclass(frozen=True, kw_only=True)
class CountryRoad(World):
    """A two-lane road with a side road; its curves, hills and trees are drawn from the seed.

    The road passes the origin, eastbound there. Without a side road it is called ``main``: lanes ``main/1`` (with the
    reference line, eastbound at the origin) and ``main/back/1``. With one the road is ``main`` up to the junction and
    ``on`` beyond it, and the side road, which gives way, is ``side``. Junction: ``fork``.

    Units are metres. Proportions follow the German guidelines for country roads (RAL 2012, class EKL 3: lanes 3.5 m,
    edge strips 0.5 m; dashes 4 m in 12 m; radii from 120 m at 70 km/h; grades up to 6.5 %). Clothoids of half an
    arc's length lead in and out of the arcs.
    """

    length_m: float = param(600.0, ge=150.0, le=2400.0, doc="length of the main road")
    lane_width_m: float = param(3.5, ge=2.5, le=4.5, doc="width of a lane")
    least_radius_m: float = param(150.0, ge=60.0, le=2000.0, doc="of the tightest curve")
    curviness: float = param(0.7, ge=0.0, le=1.0, doc="share of the road that lies in curves")
    hill_m: float = param(5.0, ge=0.0, le=30.0, doc="how far crests rise above dips")
    grade_max: float = param(0.065, ge=0.0, le=0.15, doc="steepest rise per metre")
    side_road: bool = param(True, doc="a side road joins from the left at the origin")
    edge_lines: bool = param(True, doc="solid lines along the edges")
    tree_spacing_m: float = param(14.0, ge=0.0, le=200.0, doc="between trees and bushes along the road; 0 = none")
    delineator_spacing_m: float = param(50.0, ge=0.0, le=200.0, doc="between the posts along the road; 0 = none")
    farmland: bool = param(True, doc="fields and crops; otherwise meadows alone")
    speed_limit_m_s: float = param(27.8, gt=0.0, doc="speed limit")
    left_hand: bool = param(False, doc="traffic keeps left")

    def __post_init__(self) -> None:
        if self.side_road and self.length_m < 200.0:
            raise UserError(f"country_road: a side road needs a length_m of at least 200, not {self.length_m:g}")

    def build(self, seed: int) -> WorldLayout:
        """Mesh, map and props; curves, hills, fields and trees draw from streams of the seed."""
        style = Style(
            fields=("field", "crop", "crop") if self.farmland else (),
            relief_m=1.5 * self.hill_m,
            cell_m=12.0,
        )
        built = build_network(self.network(seed), style, seed)
        return WorldLayout(
            mesh=built.mesh,
            surfaces=built.surfaces,
            shapes=built.shapes,
            map=built.map,
            props=(*built.props, *self._props(built, seed)),
        )

    def network(self, seed: int) -> Network:
        """The roads alone."""
        line, hills = self._line(seed), self._hills(seed)
        if not self.side_road:
            return Network(roads=(self._road("main", line, hills),), left_hand=self.left_hand)
        middle = 0.5 * self.length_m
        z, grade = float(hills.at(middle)), float(hills.slope(middle))
        first = self._road("main", line.cut(0.0, middle - _MOUTH_M), hills)
        second = self._road("on", line.cut(middle + _MOUTH_M, self.length_m), hills.cut(middle + _MOUTH_M))
        rng = stream(seed, "world", "side")
        angle = math.radians(float(rng.uniform(65.0, 115.0)))
        reach, bend = 0.35 * self.length_m, float(rng.uniform(-1.0, 1.0)) / (2.0 * self.least_radius_m)
        start = (_MOUTH_M * math.cos(angle), _MOUTH_M * math.sin(angle))
        side = chain(start, angle, [(0.3 * reach, 0.0, 0.0), (0.3 * reach, 0.0, bend), (0.4 * reach, bend, bend)])
        rise = min(grade * math.cos(angle), 0.02)
        climb = Profile.through(
            [0.0, 30.0, reach], [z + rise * _MOUTH_M, z + rise * 30.0, z + rise * 30.0], [rise, 0.0, 0.0]
        )
        arms = (
            Arm(road="main", end="end", sign="priority"),
            Arm(road="on", end="start", sign="priority"),
            Arm(road="side", end="start", sign="give_way"),
        )
        return Network(
            roads=(first, second, self._road("side", side, climb)),
            junctions=(Junction(name="fork", arms=arms, rule="signs", corner_radius_m=10.0),),
            left_hand=self.left_hand,
        )

    def _line(self, seed: int) -> ReferenceLine:
        """Straights and curves by turns, each curve with clothoids; straight around the origin."""
        rng = stream(seed, "world", "curves")
        halves = []
        for _ in range(2):
            parts: list[tuple[float, float, float]] = [(40.0, 0.0, 0.0)]
            left = 0.5 * self.length_m - 40.0
            sign = 1.0 if rng.random() < 0.5 else -1.0
            while left > 1e-6:
                curve, ease = (float(v) for v in rng.uniform((50.0, 25.0), (130.0, 60.0)))
                k = sign / (self.least_radius_m * (1.0 + 2.0 * float(rng.random()) ** 2))
                between = 60.0 * (1.0 - self.curviness) / max(self.curviness, 0.05)
                wanted = [(between, 0.0, 0.0), (ease, 0.0, k), (curve, k, k), (ease, k, 0.0)]
                for length, k0, k1 in wanted if self.curviness else [(left, 0.0, 0.0)]:
                    step = min(length, left)
                    if step > 1e-6:
                        parts.append((step, k0, k0 + (k1 - k0) * step / length))
                        left -= step
                sign = -sign
            halves.append(parts)
        back = [(length, -k1, -k0) for length, k0, k1 in reversed(halves[0])]
        # seen the other way, a curve to the left is one to the right
        return chain((0.0, 0.0), 0.0, [*back, *halves[1]]).centred()

    def _hills(self, seed: int) -> Profile:
        rng = stream(seed, "world", "hills")
        count = max(math.ceil(self.length_m / _KNOT_M), 2)
        knots = np.linspace(0.0, self.length_m, count + 1)
        z = self.hill_m * rng.uniform(-0.5, 0.5, count + 1)
        # between two knots the grade is at most 1.5 times that of their chord
        most = self.grade_max / 1.5 * (knots[1] - knots[0])
        for k in range(count):
            z[k + 1] = z[k] + min(max(z[k + 1] - z[k], -most), most)
        z -= np.interp(0.5 * self.length_m, knots, z)
        return Profile.through(knots, z)

    def _road(self, name: str, line: ReferenceLine, hills: Profile) -> Road:
        edge = Marking(kind="solid" if self.edge_lines else "none")
        side = (
            Strip(kind="driving", width_m=self.lane_width_m, marking=edge),
            Strip(kind="shoulder", width_m=0.5),
            Strip(kind="verge", width_m=2.5),
        )
        center = Marking(kind="broken", dash_m=4.0, gap_m=8.0)
        section = LaneSection(left=side, right=side, center=center)
        return Road(name=name, line=line, sections=(section,), elevation=hills, speed_limit_m_s=self.speed_limit_m_s)

    def _props(self, built: BuiltNetwork, seed: int) -> Iterator[Prop]:
        for side in built.sides:
            yield from roadside_trees(built, side, self.tree_spacing_m, 2.0, seed)
            yield from delineators(side, self.delineator_spacing_m)
