"""A street before a school."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from simgen.polyline import Polyline
from simgen.records.layout import Prop, WorldLayout
from simgen.registry import param, register
from simgen.roads import MATERIALS, BuiltNetwork, Crossing, Network, Section, Street, Style, build_network, plan_streets
from simgen.shapes.ground_surfaces import LINE_PAINT
from simgen.worlds._gardens import plots_along, slab
from simgen.worlds._paint import letters, zigzag
from simgen.worlds._railings import STEEL, railing
from simgen.worlds._street import Lamps, Trees
from simgen.worlds._town import Mix, Plots, beside, designs, footprint, furniture
from simgen.worlds.base import World

#: where the side street joins
_FORK_X_M = -40.0


@register("world", "school_zone")
@dataclass(frozen=True, kw_only=True)
class SchoolZone(World):
    """A town street with a school behind a fence, a crosswalk, signs, and SCHOOL and zigzag lines on the road.

    The street is ``street/0`` (west) and ``street/1`` (east of the side street ``side``, which gives way and leads
    north). The school stands south of ``street/1``; houses stand elsewhere. Areas ``schoolyard`` and the usual ones of
    streets.

    Units are metres. Warning signs stand 50 m before (Vienna Convention, sign A, 13), the limit is that of a 30 zone.
    """

    length_m: float = param(240.0, ge=180.0, le=800.0, doc="length of the street")
    school_width_m: float = param(48.0, ge=20.0, le=90.0, doc="width of the school")
    parking_m: float = param(2.0, ge=0.0, le=2.5, doc="width of the parking lanes; 0 = none")
    sidewalk_width_m: float = param(3.0, ge=1.5, le=6.0, doc="width of the sidewalks")
    density: float = param(0.9, ge=0.0, le=1.0, doc="share of the plots with a house")
    trees: Trees = param(Trees(spacing_m=18.0, density=0.5), doc="trees on the sidewalks")
    lamps: Lamps = param(Lamps(height_m=7.0), doc="lamps on the sidewalks")
    speed_limit_m_s: float = param(8.3, gt=0.0, doc="speed limit")

    def build(self, seed: int) -> WorldLayout:
        """Mesh, map and props; houses and trees draw from streams of the seed."""
        built = build_network(self.network(), Style(terrain="grass", margin_m=250.0, beyond_m=50.0), seed)
        props = (*built.props, *self._props(built, seed))
        self._markings(built)
        return WorldLayout(mesh=built.mesh, surfaces=built.surfaces, shapes=built.shapes, map=built.map, props=props)

    def network(self) -> Network:
        """The streets alone."""
        half, x = 0.5 * self.length_m, _FORK_X_M
        nodes = {"begin": (-half, 0.0), "fork": (x, 0.0), "finish": (half, 0.0), "top": (x, 90.0)}
        street = Section(lanes=1, lane_m=3.25, parking_m=self.parking_m, sidewalk_m=self.sidewalk_width_m)
        plan = (
            ("street/0", "begin", "fork", "", "priority"),
            ("street/1", "fork", "finish", "priority", ""),
            ("side", "fork", "top", "give_way", ""),
        )
        streets = [
            Street(
                name=n, start=a, end=b, section=street, sign_start=first, sign_end=last,  # type: ignore[arg-type]
                speed_limit_m_s=self.speed_limit_m_s,
            )
            for n, a, b, first, last in plan
        ]  # fmt: skip
        return plan_streets(nodes, streets, Crossing(rule="signs", crosswalks=True))

    def _markings(self, built: BuiltNetwork) -> None:
        """SCHOOL before the school in both directions, and zigzag lines where nobody may stop."""
        ground = built.ground
        y = 0.5 * 3.25
        spots = ((_FORK_X_M - 34.0, -y, 0.0), (self._school_x() + 0.5 * self.school_width_m + 8.0, y, math.pi))
        for x, lane_y, turn in spots:
            ground.quads(letters("SCHOOL", (x, lane_y), turn, tall_m=3.0, wide_m=2.3), LINE_PAINT)
        edge = next(s for s in built.sides if s.name == "street/1/right").edge
        start = 10.0
        ground.quads(zigzag(edge, start, min(start + 24.0, edge.length - 5.0), 0.5 + 0.5 * self.parking_m), LINE_PAINT)

    def _school_x(self) -> float:
        return _FORK_X_M + 24.0 + 0.5 * self.school_width_m

    def _props(self, built: BuiltNetwork, seed: int) -> Iterator[Prop]:
        plots = Plots()
        front = next(s for s in built.sides if s.name == "street/1/right")
        yield from self._school(built, front.rim, plots)
        mix = Mix(
            kinds={"detached": 0.7, "townhouse": 0.3}, height_m=(7.0, 10.5), width_m=(11.0, 15.0),
            depth_m=(9.0, 11.0), terraced=False, gap_m=(4.0, 7.0), setback_m=(4.0, 5.0), designs=10,
        )  # fmt: skip
        choice = designs(mix, seed, "school")
        for side in built.sides:
            yield from plots_along(built, side, choice, mix, self.density, plots, seed)
            yield from furniture(side, self.trees, self.lamps, seed)
        for name, s in (("street/0/right", 28.0), ("street/1/left", 28.0)):
            side = next(x for x in built.sides if x.name == name)
            line, z = side.edge, side.height_m
            yield beside("traffic_sign", f"traffic_sign/school/{name}", line, s, 0.5, z, {"kind": "children"}, math.pi)
            yield beside(
                "traffic_sign", f"traffic_sign/speed/{name}", line, s - 14.0, 0.5, z, {"kind": "speed_30"}, math.pi
            )

    def _school(self, built: BuiltNetwork, line: Polyline, plots: Plots) -> Iterator[Prop]:
        """The building behind its yard, with a fence towards the street."""
        s0, _ = line.closest((self._school_x(), 0.0))
        middle, back, depth = float(s0), 14.0, 14.0
        half = 0.5 * self.school_width_m
        ring = footprint(line, middle - half - 3.0, middle + half + 3.0, -0.4, back + depth + 4.0)
        plots.take(ring)
        slab(built, line, (middle - half, middle + half), (1.2, back), MATERIALS["paving"])
        z = float(built.terrain.at(line.at(middle, -back)[None, :2])[0])
        parameters = {
            "kind": "school",
            "width_m": self.school_width_m,
            "depth_m": depth,
            "height_m": 10.5,
            "color": "beige",
        }
        yield beside("building", "building/school", line, middle, back + 0.5 * depth, z, parameters, 0.5 * math.pi)
        gate = 3.0
        for span in ((middle - half, middle - gate), (middle + gate, middle + half)):
            railing(built.ground, line, span, 0.6, STEEL)
