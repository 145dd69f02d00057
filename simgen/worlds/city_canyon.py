"""A wide avenue between towers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simgen.records.layout import Prop, WorldLayout
from simgen.registry import param, register
from simgen.roads import BuiltNetwork, Crossing, Network, Section, Street, Style, build_network, plan_streets
from simgen.worlds._street import Lamps, Trees
from simgen.worlds._town import Mix, Plots, buildings_along, designs, furniture
from simgen.worlds.base import World


@register("world", "city_canyon")
@dataclass(frozen=True, kw_only=True)
class CityCanyon(World):
    """An avenue with a median between offices and high-rises, crossed by two streets at lights.

    Satellites hide, echoes come back, and the street lies in the shade. The avenue is ``avenue/0`` to ``avenue/2``
    from west to east, the origin on its middle piece; side streets are ``south/0``, ``north/0``, ``south/1``,
    ``north/1``; junctions ``west`` and ``east``.

    Units are metres and seconds. Proportions as in the centres of large cities: lanes 3.25 m, sidewalks of 5 m.
    """

    lanes: int = param(3, ge=1, le=4, doc="lanes in each direction of the avenue")
    length_m: float = param(300.0, ge=180.0, le=1200.0, doc="length of the avenue")
    crossing_m: float = param(110.0, ge=80.0, le=400.0, doc="from one crossing to the other")
    median_m: float = param(3.0, ge=0.0, le=8.0, doc="width of the median; 0 = none")
    sidewalk_width_m: float = param(5.0, ge=2.5, le=12.0, doc="width of the avenue's sidewalks")
    min_height_m: float = param(24.0, ge=9.0, le=120.0, doc="lowest building")
    max_height_m: float = param(90.0, ge=24.0, le=200.0, doc="highest building")
    trees: Trees = param(Trees(spacing_m=18.0, density=0.5), doc="trees on the sidewalks")
    lamps: Lamps = param(Lamps(height_m=10.0), doc="lamps on the sidewalks")
    speed_limit_m_s: float = param(13.9, gt=0.0, doc="speed limit")

    def build(self, seed: int) -> WorldLayout:
        """Mesh, map and props; buildings and trees draw from streams of the seed."""
        built = build_network(self.network(), Style(terrain="paving", margin_m=200.0, beyond_m=40.0), seed)
        return WorldLayout(
            mesh=built.mesh,
            surfaces=built.surfaces,
            shapes=built.shapes,
            map=built.map,
            props=(*built.props, *self._props(built, seed)),
        )

    def network(self) -> Network:
        """The streets alone."""
        half, x, arm = 0.5 * self.length_m, 0.5 * self.crossing_m, 110.0
        nodes = {"begin": (-half, 0.0), "west": (-x, 0.0), "east": (x, 0.0), "finish": (half, 0.0)}
        for name, at in (("0", -x), ("1", x)):
            nodes |= {f"low{name}": (at, -arm), f"high{name}": (at, arm)}
        main = Section(
            lanes=self.lanes, lane_m=3.25, parking_m=2.1, sidewalk_m=self.sidewalk_width_m, median_m=self.median_m
        )
        side = Section(lanes=1, lane_m=3.25, parking_m=2.1, sidewalk_m=3.5)
        plan = [
            ("avenue/0", "begin", "west", main),
            ("avenue/1", "west", "east", main),
            ("avenue/2", "east", "finish", main),
        ]
        plan += [(f"south/{k}", f"low{k}", n, side) for k, n in ((0, "west"), (1, "east"))]
        plan += [(f"north/{k}", n, f"high{k}", side) for k, n in ((0, "west"), (1, "east"))]
        streets = [
            Street(name=n, start=a, end=b, section=s, speed_limit_m_s=self.speed_limit_m_s) for n, a, b, s in plan
        ]
        return plan_streets(nodes, streets, Crossing(rule="signals", crosswalks=True, corner_radius_m=6.0))

    def _props(self, built: BuiltNetwork, seed: int) -> Iterator[Prop]:
        mix = Mix(
            kinds={"office": 0.4, "high_rise": 0.6},
            height_m=(self.min_height_m, max(self.max_height_m, self.min_height_m)),
            width_m=(20.0, 34.0),
            depth_m=(18.0, 26.0),
            terraced=False,
            gap_m=(0.4, 3.0),
            setback_m=(0.7, 1.5),
            designs=14,
        )
        choice, plots = designs(mix, seed, "canyon"), Plots()
        for side in sorted(built.sides, key=lambda s: not s.road.startswith("avenue")):
            for prop, _, _ in buildings_along(built, side, choice, mix, 1.0, plots, seed):
                yield prop
            yield from furniture(side, self.trees, self.lamps, seed)
