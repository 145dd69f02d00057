"""Blocks of a town between streets with signalled junctions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simgen.records.layout import Prop, WorldLayout
from simgen.registry import param, register
from simgen.roads import (
    BuiltNetwork,
    Crossing,
    Network,
    Section,
    SignalPlan,
    Street,
    Style,
    build_network,
    plan_streets,
)
from simgen.worlds._street import Lamps, Trees
from simgen.worlds._town import Mix, Plots, buildings_along, designs, furniture, lawn, yard_bushes, yard_trees
from simgen.worlds.base import World

#: a European quarter: houses of a row with shops, some blocks of flats and offices between them
_MIX = Mix(kinds={"townhouse": 0.62, "apartment": 0.26, "office": 0.12}, height_m=(11.0, 24.0))


@register("world", "city_block")
@dataclass(frozen=True, kw_only=True)
class CityBlock(World):
    """Columns and rows of blocks, closed by rows of buildings, between streets that meet at lights.

    Streets along x are ``row0`` (south) to ``rowN``, in pieces ``row1/0``, ``row1/1`` ... from west to east; streets
    along y ``col0`` (west) ..., in pieces from south to north. The four outer corners are bends: ``bend/south_west``
    and so on. Junctions are ``x<column>_y<row>``. The streets in the middle have two lanes a direction where
    ``avenue`` is set. Whoever follows lanes never leaves the town.

    Units are metres and seconds. Proportions follow the German guidelines for town streets (RASt 06: lanes 3.25 m,
    parking lanes 2.0 m, sidewalks from 2.5 m).
    """

    columns: int = param(2, ge=2, le=6, doc="blocks from west to east")
    rows: int = param(2, ge=2, le=6, doc="blocks from south to north")
    block_m: float = param(96.0, ge=60.0, le=300.0, doc="from street to street, from west to east")
    block_depth_m: float = param(84.0, ge=60.0, le=300.0, doc="from street to street, from south to north")
    avenue: bool = param(True, doc="the middle streets have two lanes a direction")
    parking_m: float = param(2.1, ge=0.0, le=3.0, doc="width of the parking lanes; 0 = none")
    sidewalk_width_m: float = param(3.6, ge=1.5, le=8.0, doc="width of the sidewalks")
    density: float = param(0.97, ge=0.0, le=1.0, doc="share of the plots that are built on")
    max_height_m: float = param(24.0, ge=11.0, le=60.0, doc="highest building")
    green_s: float = param(12.0, gt=0.0, doc="how long each axis is green")
    trees: Trees = param(Trees(spacing_m=14.0, density=0.6), doc="trees on the sidewalks")
    lamps: Lamps = param(Lamps(), doc="lamps on the sidewalks")
    speed_limit_m_s: float = param(13.9, gt=0.0, doc="speed limit")

    def build(self, seed: int) -> WorldLayout:
        """Mesh, map and props; buildings and trees draw from streams of the seed."""
        style = Style(terrain="paving", margin_m=120.0, beyond_m=0.0)
        built = build_network(self.network(), style, seed)
        props = (*built.props, *self._props(built, seed))
        self._lawns(built)
        return WorldLayout(mesh=built.mesh, surfaces=built.surfaces, shapes=built.shapes, map=built.map, props=props)

    def _lawns(self, built: BuiltNetwork) -> None:
        """Courtyards, and the ground around the town; what lies between sidewalks and walls is paved."""
        x, y, deep = 0.5 * self.columns * self.block_m, 0.5 * self.rows * self.block_depth_m, 15.5
        road = 6.5 + self.parking_m + self.sidewalk_width_m + deep
        for i in range(self.columns):
            for j in range(self.rows):
                low = (i * self.block_m - x + road, j * self.block_depth_m - y + road)
                high = ((i + 1) * self.block_m - x - road, (j + 1) * self.block_depth_m - y - road)
                if high[0] - low[0] > 3.0 and high[1] - low[1] > 3.0:
                    lawn(built, (*low, *high))
        x, y, far = x + road, y + road, 115.0
        for box in ((-x - far, y, x + far, y + far), (-x - far, -y - far, x + far, -y), (-x - far, -y, -x, y),
                    (x, -y, x + far, y)):  # fmt: skip
            lawn(built, box)

    def network(self) -> Network:
        """The streets alone."""
        n, m = self.columns, self.rows
        xs = [(k - 0.5 * n) * self.block_m for k in range(n + 1)]
        ys = [(k - 0.5 * m) * self.block_depth_m for k in range(m + 1)]
        corners = {(0, 0), (n, 0), (0, m), (n, m)}
        nodes = {f"x{i}_y{j}": (xs[i], ys[j]) for i in range(n + 1) for j in range(m + 1) if (i, j) not in corners}
        streets = []
        for j in range(m + 1):
            for i in range(n):
                if not {(i, j), (i + 1, j)} & corners:
                    streets.append(self._street(f"row{j}/{i}", f"x{i}_y{j}", f"x{i + 1}_y{j}", j == m // 2))
        for i in range(n + 1):
            for j in range(m):
                if not {(i, j), (i, j + 1)} & corners:
                    streets.append(self._street(f"col{i}/{j}", f"x{i}_y{j}", f"x{i}_y{j + 1}", i == n // 2))
        for name, i, j in (("south_west", 0, 0), ("south_east", n, 0), ("north_east", n, m), ("north_west", 0, m)):
            first, last = f"x{1 if i == 0 else n - 1}_y{j}", f"x{i}_y{1 if j == 0 else m - 1}"
            streets.append(self._street(f"bend/{name}", first, last, False, via=((xs[i], ys[j]),)))
        crossing = Crossing(
            rule="signals", crosswalks=True, corner_radius_m=5.0, signals=SignalPlan(green_s=self.green_s)
        )
        return plan_streets(nodes, streets, crossing)

    def _street(
        self, name: str, start: str, end: str, middle: bool, via: tuple[tuple[float, float], ...] = ()
    ) -> Street:
        section = Section(
            lanes=2 if middle and self.avenue else 1,
            lane_m=3.25,
            parking_m=self.parking_m,
            sidewalk_m=self.sidewalk_width_m,
        )
        return Street(
            name=name, start=start, end=end, section=section, via=via, bend_m=22.0, speed_limit_m_s=self.speed_limit_m_s
        )

    def _props(self, built: BuiltNetwork, seed: int) -> Iterator[Prop]:
        mix = Mix(kinds=_MIX.kinds, height_m=(_MIX.height_m[0], self.max_height_m))
        choice, plots = designs(mix, seed, "city"), Plots()
        for side in built.sides:
            for prop, _, _ in buildings_along(built, side, choice, mix, self.density, plots, seed):
                yield prop
            yield from furniture(side, self.trees, self.lamps, seed)
        x0, y0 = -0.5 * self.columns * self.block_m, -0.5 * self.rows * self.block_depth_m
        for i in range(self.columns):
            for j in range(self.rows):
                box = (x0 + (i + 0.3) * self.block_m, y0 + (j + 0.3) * self.block_depth_m,
                       x0 + (i + 0.7) * self.block_m, y0 + (j + 0.7) * self.block_depth_m)  # fmt: skip
                yield from yard_trees(built, plots, box, 8, seed, f"yard/{i}_{j}")
                green = (box[0], box[1] + 0.04 * self.block_depth_m, box[2], box[3] - 0.04 * self.block_depth_m)
                yield from yard_bushes(built, plots, green, 8, seed, f"yard/{i}_{j}")
