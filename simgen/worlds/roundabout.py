"""A roundabout."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

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
    Ring,
    Road,
    Strip,
    Style,
    build_network,
    chain,
)
from simgen.worlds._street import Buildings, Lamps, Row, Trees, houses, kerbside
from simgen.worlds.base import World

#: how far before the mouth splitter islands begin
_SPLITTER_M = 22.0


@register("world", "roundabout")
@dataclass(frozen=True, kw_only=True)
class Roundabout(World):
    """Arms that lead to a circle round the origin; who enters gives way.

    Arms are ``arm_1`` (from the east), ``arm_2`` ... counter-clockwise; their reference lines lead inwards. Lanes:
    ``arm_1/1`` inwards and, beside the splitter island, ``arm_1/s2/1``; ``arm_1/back/1`` outwards. Then
    ``arm_1/s2/1/enter``, ``ring/arm_1/on/1`` from an arm to the next, ``ring/arm_1/past/1`` past an arm, and
    ``ring/arm_2/exit/1``; ring lanes are counted from outside.

    Units are metres. Proportions follow the German note on roundabouts (Merkblatt fuer die Anlage von
    Kreisverkehren, 2006: diameters 26-40 m, carriageway 6.5-9 m wide, entries 3.25-3.75 m).
    """

    arms: int = param(4, ge=3, le=5, doc="arms")
    lanes: int = param(1, ge=1, le=2, doc="lanes of the circle, and in each direction of the arms")
    diameter_m: float = param(34.0, ge=26.0, le=80.0, doc="outer diameter of the circle")
    ring_lane_m: float = param(6.0, ge=4.0, le=9.0, doc="width of a lane of the circle")
    lane_width_m: float = param(3.5, ge=2.75, le=4.5, doc="width of a lane of the arms")
    crosswalks: bool = param(True, doc="a crosswalk over every arm")
    sidewalk_width_m: float = param(2.5, ge=0.0, le=6.0, doc="width of the sidewalks; 0 = none")
    splitter_islands: bool = param(True, doc="raised islands between entry and exit")
    uneven_deg: float = param(8.0, ge=0.0, le=15.0, doc="how far arms may stand from even spacing; drawn")
    arm_length_m: float = param(90.0, ge=40.0, le=400.0, doc="length of the arms")
    speed_limit_m_s: float = param(8.3, gt=0.0, doc="speed limit")
    buildings: Buildings = param(Buildings(density=0.5), doc="houses along the arms")
    trees: Trees = param(Trees(), doc="trees along the arms and on the island")
    lamps: Lamps = param(Lamps(), doc="lamps on the sidewalks")
    left_hand: bool = param(False, doc="traffic keeps left")

    def __post_init__(self) -> None:
        if self._island() < 3.0:
            raise UserError(
                f"roundabout: a circle of diameter_m {self.diameter_m:g} has no room for an island inside {self.lanes} "
                f"lane(s) of {self.ring_lane_m:g} m; give at least {2 * (self.lanes * self.ring_lane_m + 3):.0f}"
            )

    def _island(self) -> float:
        return 0.5 * self.diameter_m - self.lanes * self.ring_lane_m

    def build(self, seed: int) -> WorldLayout:
        """Mesh, map and props; the arms' directions, houses and trees draw from streams of the seed."""
        built = build_network(self.network(seed), Style(), seed)
        return WorldLayout(
            mesh=built.mesh,
            surfaces=built.surfaces,
            shapes=built.shapes,
            map=built.map,
            props=(*built.props, *self._props(built, seed)),
        )

    def network(self, seed: int) -> Network:
        """The roads alone."""
        rng = stream(seed, "world", "arms")
        even = 2.0 * math.pi / self.arms
        aside = [math.radians(float(a)) for a in rng.uniform(-self.uneven_deg, self.uneven_deg, self.arms)]
        angles = [k * even + aside[k] for k in range(self.arms)]
        ring = Ring(
            radius_m=0.5 * self.diameter_m,
            island_m=self._island(),
            lanes=self.lanes,
            entry_radius_m=14.0 if self.arms < 5 else 10.0,
        )
        # beyond where the bends between arm and circle begin
        half = self.lanes * self.lane_width_m + 1.6
        r = ring.entry_radius_m
        mouth = math.sqrt(max((ring.radius_m + r) ** 2 - (half + r) ** 2, ring.radius_m**2)) + 1.0
        roads = tuple(self._arm(k + 1, angle, mouth) for k, angle in enumerate(angles))
        arms = tuple(Arm(road=r.name, end="end", sign="give_way", crosswalk=self.crosswalks) for r in roads)
        junction = Junction(name="ring", arms=arms, rule="signs", ring=ring)
        return Network(roads=roads, junctions=(junction,), left_hand=self.left_hand)

    def _arm(self, number: int, angle: float, mouth: float) -> Road:
        start = ((mouth + self.arm_length_m) * math.cos(angle), (mouth + self.arm_length_m) * math.sin(angle))
        line = chain(start, angle + math.pi, [(self.arm_length_m, 0.0, 0.0)])
        split = self.arm_length_m - _SPLITTER_M
        outer = self._side(0)
        sections: tuple[LaneSection, ...] = (
            LaneSection(left=outer, right=outer, center=Marking(kind="double" if self.lanes > 1 else "broken")),
        )
        if self.splitter_islands:
            inner = self._side(1)
            sections = (*sections, LaneSection(start_m=split, left=inner, right=inner))
        return Road(name=f"arm_{number}", line=line, sections=sections, speed_limit_m_s=self.speed_limit_m_s)

    def _side(self, island: int) -> tuple[Strip, ...]:
        """Strips from the middle; beside the splitter island there is one more."""
        strips: list[Strip] = []
        if island:
            width = Profile.through([0.0, 0.35 * _SPLITTER_M, _SPLITTER_M], [0.0, 0.5, 1.5], [0.0, 0.08, 0.0])
            strips.append(Strip(kind="median", width_m=width, height_m=0.12, material="paving"))
        for k in range(self.lanes):
            mark = Marking(kind="broken") if k + 1 < self.lanes else Marking()
            following = None if island or not self.splitter_islands else k + 2
            strips.append(Strip(kind="driving", width_m=self.lane_width_m, marking=mark, next=following))
        if self.sidewalk_width_m:
            strips.append(Strip(kind="kerb", width_m=0.15, height_m=0.12))
            strips.append(Strip(kind="sidewalk", width_m=self.sidewalk_width_m, height_m=0.12))
        else:
            strips.append(Strip(kind="verge", width_m=2.0))
        return tuple(strips)

    def _props(self, built: BuiltNetwork, seed: int) -> Iterator[Prop]:
        for side in built.sides:
            inwards = side.side == "right"
            line = side.edge
            # near the circle stand signs, and people wait
            start, end = (0.0, line.length - 14.0) if inwards else (14.0, line.length)
            if side.sidewalk_m[1] - side.sidewalk_m[0] >= 2.4:
                row = Row(name=side.name, line=line, start_m=start, end_m=end, right_m=0.75, z=side.height_m)
                yield from kerbside(row, self.trees, self.lamps, seed)
            row = Row(name=side.name, line=line, start_m=start, end_m=end - 16.0, right_m=side.width_m, z=side.height_m)
            if not inwards:
                row = Row(name=side.name, line=line, start_m=30.0, end_m=end, right_m=side.width_m, z=side.height_m)
            yield from houses(row, self.buildings, seed)
        yield from self._island_trees(seed)

    def _island_trees(self, seed: int) -> Iterator[Prop]:
        """A few on the mound, away from its edge."""
        rng = stream(seed, "world", "island")
        room = self._island() - 3.5
        for index in range(3 if room > 1.0 else 0):
            angle, r = 2.1 * index + float(rng.uniform(0.0, 0.8)), room * float(rng.uniform(0.3, 0.9))
            height = float(rng.integers(3, 7))
            yield Prop(
                asset="tree",
                name=f"tree/island/{index}",
                parameters={"variant": int(rng.integers(8)), "height_m": height},
                position=(r * math.cos(angle), r * math.sin(angle), 0.25),
                yaw_rad=float(rng.uniform(-math.pi, math.pi)),
            )
