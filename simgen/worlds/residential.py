"""A quarter of family houses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simgen.records.layout import Prop, WorldLayout
from simgen.registry import param, register
from simgen.roads import BuiltNetwork, Crossing, Network, Section, Street, Style, build_network, plan_streets
from simgen.worlds._gardens import plots_along
from simgen.worlds._kerb_things import kerb_things
from simgen.worlds._street import Lamps
from simgen.worlds._town import Mix, Plots, beside, designs
from simgen.worlds.base import World


@register("world", "residential")
@dataclass(frozen=True, kw_only=True)
class Residential(World):
    """A narrow street in bends, with two side streets, between houses with gardens and garages; a 30 zone.

    The street is ``lane/0`` to ``lane/2`` from west to east; side streets are ``birch`` (north of the junction
    ``west``) and ``elm`` (south of ``east``). Who comes from the right goes first. Cars park on one side of the street
    (kerbs ``lane/0/right`` ...).

    Units are metres. Proportions follow the German guidelines for town streets (RASt 06, residential street: 5.5 m
    carriageway, parking strip of 2.0 m, sidewalks of 2.0 m).
    """

    length_m: float = param(240.0, ge=150.0, le=900.0, doc="length of the street")
    lane_width_m: float = param(2.75, ge=2.25, le=3.5, doc="width of a lane")
    parking_m: float = param(2.0, ge=0.0, le=2.5, doc="width of the parking strip on the right; 0 = none")
    sidewalk_width_m: float = param(2.0, ge=1.0, le=4.0, doc="width of the sidewalks")
    density: float = param(0.92, ge=0.0, le=1.0, doc="share of the plots with a house")
    setback_m: float = param(5.0, ge=3.0, le=15.0, doc="from the sidewalk to the houses")
    lamp_spacing_m: float = param(35.0, ge=0.0, le=100.0, doc="between street lamps; 0 = none")
    speed_limit_m_s: float = param(8.3, gt=0.0, doc="speed limit")

    def build(self, seed: int) -> WorldLayout:
        """Mesh, map and props; houses and gardens draw from streams of the seed."""
        built = build_network(self.network(), Style(terrain="grass", margin_m=250.0, beyond_m=50.0), seed)
        props = (*built.props, *self._props(built, seed))
        return WorldLayout(mesh=built.mesh, surfaces=built.surfaces, shapes=built.shapes, map=built.map, props=props)

    def network(self) -> Network:
        """The streets alone."""
        half = 0.5 * self.length_m
        x = 0.42 * half
        nodes = {"begin": (-half, 14.0), "west": (-x, 4.0), "east": (x, -4.0), "finish": (half, 10.0)}
        nodes |= {"top": (-x + 12.0, 95.0), "bottom": (x + 10.0, -95.0)}
        street = Section(
            lanes=1, lane_m=self.lane_width_m, parking_m=self.parking_m, parking_left_m=0.0,
            sidewalk_m=self.sidewalk_width_m, kerb_m=0.1, center="none",
        )  # fmt: skip
        plan = (
            ("lane/0", "begin", "west", ((-0.72 * half, 14.0),)),
            ("lane/1", "west", "east", ((-8.0, 3.0), (8.0, -3.0))),
            ("lane/2", "east", "finish", ((0.72 * half, -4.0),)),
            ("birch", "west", "top", ((-x, 40.0),)),
            ("elm", "bottom", "east", ((x, -40.0),)),
        )
        streets = [
            Street(
                name=name, start=a, end=b, via=via, bend_m=40.0, section=street, speed_limit_m_s=self.speed_limit_m_s
            )
            for name, a, b, via in plan
        ]
        return plan_streets(nodes, streets, Crossing(rule="right_before_left", corner_radius_m=6.0))

    def _props(self, built: BuiltNetwork, seed: int) -> Iterator[Prop]:
        mix = Mix(
            kinds={"detached": 1.0},
            height_m=(6.5, 9.5),
            width_m=(11.0, 15.5),
            depth_m=(9.0, 11.0),
            terraced=False,
            gap_m=(4.5, 8.0),
            setback_m=(self.setback_m, self.setback_m + 2.0),
            designs=12,
        )
        choice, plots = designs(mix, seed, "residential"), Plots()
        lamps = Lamps(spacing_m=self.lamp_spacing_m, height_m=5.0)
        for side in built.sides:
            yield from plots_along(built, side, choice, mix, self.density, plots, seed)
            lit = [*_lamps(side.name, built, lamps)] if self.lamp_spacing_m and side.side == "left" else []
            yield from lit
            span, wide = (14.0, side.edge.length - 9.0), side.sidewalk_m[1] - side.sidewalk_m[0]
            yield from kerb_things(side.name, side.edge, span, side.height_m, wide, lit, seed)
        for road, sign, s in (("lane/0/right", "zone_30", 6.0), ("lane/2/left", "zone_30", 6.0)):
            line = next(side for side in built.sides if side.name == road)
            yield beside(
                "traffic_sign", f"traffic_sign/{road}", line.edge, s, 0.45, line.height_m, {"kind": sign}, 3.14159
            )


def _lamps(name: str, built: BuiltNetwork, lamps: Lamps) -> Iterator[Prop]:
    """At the outer edge of narrow sidewalks."""
    side = next(s for s in built.sides if s.name == name)
    s, index = 8.0, 0
    while s < side.edge.length - 4.0:
        parameters = {"height_m": lamps.height_m, "lit": lamps.lit}
        yield beside(
            "street_lamp", f"street_lamp/{name}/{index}", side.edge, s, 0.35, side.height_m, parameters, 1.5707963
        )
        s, index = s + lamps.spacing_m, index + 1
