"""A parking lot before a supermarket."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from simgen.errors import UserError
from simgen.records.layout import Prop, WorldLayout
from simgen.records.mesh import Surface
from simgen.records.model import Shape
from simgen.records.roads import Area, RoadMap
from simgen.registry import param, register
from simgen.rng import stream
from simgen.shapes.ground_parts import Ground, rectangle
from simgen.shapes.ground_surfaces import ASPHALT, GRASS, KERB_STONE, LINE_PAINT, PAINT_M, PARKING, PAVING
from simgen.worlds._bays import BayRow
from simgen.worlds._lot_map import Way, lot_lanes
from simgen.worlds.base import World

#: half the width of the lanes across the ends of the aisles, and of the way in
_CROSS_M = 3.2
_ENTRY_M = 34.0
_EDGE_M = 130.0
_KERB_M = 0.12
_CANOPY = Surface(class_name="street_furniture", base_color=(0.5, 0.52, 0.54), roughness=0.35, lidar_reflectance=0.3)
_STEEL = Surface(class_name="street_furniture", base_color=(0.4, 0.41, 0.42), roughness=0.45, metallic=0.6)


@register("world", "parking_lot")
@dataclass(frozen=True, kw_only=True)
class ParkingLot(World):
    """Rows of bays along aisles, with markings, arrows, lamps, trees on islands, shelters for trolleys and a shop.

    Aisles run along y: lanes ``aisle0/forth`` (north) and ``aisle0/back``, from west to east; one-way aisles of slanted
    bays have ``forth`` alone. Lanes across their ends: ``south0/forth`` (east) ..., ``north0/...``; the way in from the
    south is ``entry``. Bays are areas ``bay/<aisle>/<left or right>/<number>`` of the kind parking, whose first edge is
    the open one: ``place: {in: bay}`` puts cars into them, along them, ``heading: along`` nose first.

    Units are metres. Measures of the German guidelines EAR 05: bays 2.5 m by 5 m, aisles of 6 m at 90 degrees and of
    3.5 m (one-way) at 60 degrees.
    """

    aisles: int = param(3, ge=1, le=8, doc="aisles with bays on both sides")
    bays: int = param(14, ge=4, le=60, doc="bays in a row")
    angle_deg: float = param(90.0, ge=45.0, le=90.0, doc="from the aisles to the bays; below 90 the aisles are one-way")
    bay_width_m: float = param(2.5, ge=2.2, le=4.0, doc="width of a bay")
    bay_length_m: float = param(5.0, ge=4.0, le=8.0, doc="length of a bay")
    shop: bool = param(True, doc="a supermarket north of the lot")
    shelters: bool = param(True, doc="shelters for trolleys in some bays")
    lamp_height_m: float = param(8.0, ge=0.0, le=16.0, doc="of the lamps on the islands; 0 = none")
    trees: float = param(0.7, ge=0.0, le=1.0, doc="share of the islands with a tree")

    def __post_init__(self) -> None:
        if self._row(0, 1.0).pitch * self.bays < 20.0:
            raise UserError("parking_lot: the rows are too short for a car to turn; give more bays")

    @property
    def _aisle(self) -> float:
        return 6.0 if self.angle_deg == 90.0 else 4.0

    @property
    def _module(self) -> float:
        return self._aisle + 2.0 * abs(self._probe.axis[0])

    @property
    def _probe(self) -> BayRow:
        return BayRow(
            x=0.0, side=1.0, start_y=0.0, count=self.bays, width=self.bay_width_m, length=self.bay_length_m,
            angle_deg=self.angle_deg,
        )  # fmt: skip

    @property
    def _half(self) -> float:
        """Half the length of the rows, islands included."""
        return 0.5 * (self.bays * self._probe.pitch + abs(self._probe.axis[1])) + 2.2

    def _x(self, aisle: int) -> float:
        return (aisle - 0.5 * (self.aisles - 1)) * self._module

    def _row(self, aisle: int, side: float) -> BayRow:
        probe = self._probe
        north = 1.0 if self.angle_deg == 90.0 or aisle % 2 == 0 else -1.0
        lean = north * abs(probe.axis[1])
        return BayRow(
            x=self._x(aisle) + side * 0.5 * self._aisle,
            side=side,
            start_y=-0.5 * (self.bays * probe.pitch + lean),
            count=self.bays,
            width=self.bay_width_m,
            length=self.bay_length_m,
            angle_deg=self.angle_deg,
            north=north,
        )

    def _rows(self) -> Iterator[tuple[str, BayRow]]:
        for aisle in range(self.aisles):
            for name, side in (("left", -1.0), ("right", 1.0)):
                yield f"{aisle}/{name}", self._row(aisle, side)

    def build(self, seed: int) -> WorldLayout:
        """Mesh, map and props; trees and shelters draw from streams of the seed."""
        ground, taken = Ground(), self._shelter_bays(seed)
        self._grounds(ground)
        for name, row in self._rows():
            ground.quads(row.outlines(), PARKING)
            ground.quads(row.lines(), LINE_PAINT)
            for k in taken.get(name, ()):
                _shelter(ground, row, k)
        self._arrows(ground)
        return WorldLayout(
            mesh=ground.mesh(),
            surfaces=ground.surfaces,
            shapes=(Shape(kind="mesh"),),
            map=self._map(taken),
            props=tuple(self._props(seed)),
        )

    def _shelter_bays(self, seed: int) -> dict[str, tuple[int, ...]]:
        rng = stream(seed, "world", "shelters")
        if not self.shelters or self.angle_deg != 90.0:
            return {}
        return {name: (int(rng.integers(3, self.bays - 3)),) for name, _ in self._rows() if rng.random() < 0.45}

    @property
    def _reach(self) -> tuple[float, float]:
        """Half the lot's width and length."""
        return 0.5 * self.aisles * self._module, self._half + 2.0 * _CROSS_M

    @property
    def _entry_x(self) -> float:
        return self._x((self.aisles - 1) // 2)

    def _grounds(self, ground: Ground) -> None:
        """Aisles, the lanes across, the way in, islands at the rows' ends, a kerb around, and grass."""
        x, y, h, e = *self._reach, self._half, self._entry_x
        for aisle in range(self.aisles):
            c, a, m = self._x(aisle), 0.5 * self._aisle, 0.5 * self._module
            ground.quads(rectangle(c - a, -h, c + a, h, 0.0), ASPHALT)
            for side in (-1.0, 1.0):
                row = self._row(aisle, side)
                low, high = row.start_y, row.start_y + row.count * row.pitch
                far, lean = row.x + row.axis[0], row.axis[1]
                for edge, end in ((low, -h), (high, h)):
                    ring = np.array([[row.x, edge, 0], [row.x, end, 0], [far, end, 0], [far, edge + lean, 0]], float)
                    flip = (end > edge) == (side > 0.0)
                    ground.quads((ring[::-1] if flip else ring)[None], ASPHALT)
                    if abs(end - edge) > 2.0 and abs(end - edge - lean) > 2.0:
                        self._island(ground, row.x + 0.5 * row.axis[0], end, m - a)
        for sign in (-1.0, 1.0):
            low, high = sorted((sign * h, sign * y))
            ground.quads(rectangle(-x, low, x, high, 0.0), ASPHALT)
        ground.quads(rectangle(e - _CROSS_M, -y - _ENTRY_M, e + _CROSS_M, -y, 0.0), ASPHALT)
        self._around(ground, x, y, e)

    def _around(self, ground: Ground, x: float, y: float, e: float) -> None:
        """Kerb faces towards the asphalt, and raised ground beyond."""
        left, right, end = e - _CROSS_M, e + _CROSS_M, -y - _ENTRY_M
        rim = [(right, end), (right, -y), (x, -y), (x, y), (-x, y), (-x, -y), (left, -y), (left, end)]
        line = np.array([[a, b, 0.0] for a, b in rim])
        ground.wall(line, _KERB_M, KERB_STONE)
        pave, far, z = (PAVING if self.shop else GRASS), _EDGE_M + y, _KERB_M
        for box, what in (
            ((-x, y, x, y + 5.0), pave), ((-x, y + 5.0, x, far), GRASS),
            ((-far, -far, -x, far), GRASS), ((x, -far, far, far), GRASS),
            ((-x, -far, e - _CROSS_M, -y), GRASS), ((e + _CROSS_M, -far, x, -y), GRASS),
            ((e - _CROSS_M, -far, e + _CROSS_M, -y - _ENTRY_M), GRASS),
        ):  # fmt: skip
            ground.quads(rectangle(*box, z), what)

    def _island(self, ground: Ground, x: float, end: float, wide: float) -> None:
        """Raised grass within kerbs, 0.3 m from bays and lanes."""
        sign = 1.0 if end > 0.0 else -1.0
        y0, y1 = sorted((end - sign * 1.75, end - sign * 0.25))
        half = 0.5 * wide - 0.3
        ground.box((x, 0.5 * (y0 + y1), 0.5 * _KERB_M), (2.0 * half, y1 - y0, _KERB_M), KERB_STONE)
        ground.quads(rectangle(x - half + 0.12, y0 + 0.12, x + half - 0.12, y1 - 0.12, _KERB_M + 0.01), GRASS)

    def _arrows(self, ground: Ground) -> None:
        """Which way one drives, twice in each aisle."""
        arrow = np.array([[0, -0.08], [1.6, -0.08], [1.6, -0.3], [2.6, 0.0], [1.6, 0.3], [1.6, 0.08], [0, 0.08]], float)
        triangles = np.array([[0, 1, 5], [0, 5, 6], [2, 3, 4]])
        for aisle in range(self.aisles):
            one_way = self.angle_deg < 90.0
            runs = [(0.0, self._row(aisle, 1.0).north)] if one_way else [(1.5, 1.0), (-1.5, -1.0)]
            for aside, north in runs:
                for y in (-0.5 * self._half, 0.35 * self._half):
                    p = np.stack([-north * arrow[:, 1] + self._x(aisle) + aside, north * arrow[:, 0] + y], -1)
                    ground.add(np.concatenate([p, np.full((7, 1), PAINT_M)], 1), triangles, LINE_PAINT)

    def _map(self, taken: dict[str, tuple[int, ...]]) -> RoadMap:
        y = self._half + _CROSS_M
        nodes = {f"s{k}": (self._x(k), -y) for k in range(self.aisles)}
        nodes |= {f"n{k}": (self._x(k), y) for k in range(self.aisles)}
        middle = (self.aisles - 1) // 2
        nodes["gate"] = (self._entry_x, -y - _CROSS_M - _ENTRY_M)
        ways = [Way(name="entry", start=f"s{middle}", end="gate", open_end=True)]
        for k in range(self.aisles):
            start, end = (f"s{k}", f"n{k}") if self._row(k, 1.0).north > 0.0 else (f"n{k}", f"s{k}")
            ways.append(Way(name=f"aisle{k}", start=start, end=end, one_way=self.angle_deg < 90.0))
        for row, letter in (("south", "s"), ("north", "n")):
            ways += [
                Way(name=f"{row}{k}", start=f"{letter}{k}", end=f"{letter}{k + 1}") for k in range(self.aisles - 1)
            ]
        x, reach, e = *self._reach, self._entry_x
        areas = [
            Area(name="lot", kind="drivable", polygon=rectangle(-x, -reach, x, reach, 0.0)[0]),
            Area(name="entry", kind="drivable",
                 polygon=rectangle(e - _CROSS_M, -reach - _ENTRY_M, e + _CROSS_M, -reach + 6.0, 0.0)[0]),
        ]  # fmt: skip
        for name, bays in self._rows():
            for k, outline in enumerate(bays.outlines()):
                if k not in taken.get(name, ()):
                    areas.append(Area(name=f"bay/{name}/{k}", kind="parking", polygon=outline))
        if self.shop:
            front = rectangle(-x, reach, x, reach + 5.0, _KERB_M)[0]
            areas.append(Area(name="sidewalk/shop", kind="sidewalk", polygon=front))
        return RoadMap(lanes=tuple(lot_lanes(nodes, ways)), areas=tuple(areas))

    def _props(self, seed: int) -> Iterator[Prop]:
        rng = stream(seed, "world", "trees")
        x, y = self._reach
        for name, row in self._rows():
            for tag, end in (("south", -self._half), ("north", self._half)):
                at = (row.x + 0.5 * row.axis[0], end - math.copysign(1.0, end), _KERB_M + 0.01)
                tree = {"variant": int(rng.integers(8)), "height_m": float(rng.integers(4, 7))}
                planted, turn = rng.random() < self.trees, float(rng.uniform(-3.0, 3.0))
                if self.angle_deg < 90.0:
                    continue
                if self.lamp_height_m and row.side > 0.0:
                    lamp = {"height_m": self.lamp_height_m}
                    yield Prop(asset="street_lamp", name=f"street_lamp/{name}/{tag}", parameters=lamp, position=at,
                               yaw_rad=math.pi)  # fmt: skip
                elif planted:
                    yield Prop(asset="tree", name=f"tree/{name}/{tag}", parameters=tree, position=at, yaw_rad=turn)
        yield from self._shrubs(seed)
        sign = (self._entry_x + _CROSS_M + 0.8, -y - 3.0, _KERB_M)
        yield Prop(asset="traffic_sign", name="traffic_sign/parking", parameters={"kind": "parking"}, position=sign,
                   yaw_rad=-0.5 * math.pi)  # fmt: skip
        if self.shop:
            width, depth = min(2.0 * round(0.9 * x), 110.0), 24.0
            shop = {"kind": "supermarket", "width_m": width, "depth_m": depth, "height_m": 6.5, "color": "white",
                    "variant": int(rng.integers(10_000))}  # fmt: skip
            yield Prop(asset="building", name="building/shop", parameters=shop,
                       position=(0.0, y + 5.5 + 0.5 * depth, _KERB_M), yaw_rad=-0.5 * math.pi)  # fmt: skip
            yield Prop(asset="bike_rack", name="bike_rack/shop", parameters={"count": 6},
                       position=(-0.3 * width, y + 4.4, _KERB_M), yaw_rad=-0.5 * math.pi)  # fmt: skip

    def _shrubs(self, seed: int) -> Iterator[Prop]:
        """Low bushes on the islands, to both sides of what stands in their middles."""
        rng = stream(seed, "world", "shrubs")
        for name, row in self._rows():
            for tag, end in (("south", -self._half), ("north", self._half)):
                for k, aside in enumerate((-1.35, 1.35)):
                    x, y = row.x + 0.5 * row.axis[0] + aside, end - math.copysign(1.0, end)
                    bush = {"variant": int(rng.integers(5)), "height_m": (0.6, 0.8)[int(rng.integers(2))]}
                    if rng.random() < self.trees and self.angle_deg >= 90.0:
                        yield Prop(asset="bush", name=f"bush/{name}/{tag}/{k}", parameters=bush,
                                   position=(x, y, _KERB_M + 0.01), yaw_rad=float(rng.uniform(-3.0, 3.0)))  # fmt: skip


def _shelter(ground: Ground, row: BayRow, k: int) -> None:
    """A roof on four posts over a bay, with rails that keep trolleys."""
    ring = row.outlines()[k]
    low, high = ring.min(0), ring.max(0)
    c = 0.5 * (low + high)
    size = high - low
    for sx in (-1.0, 1.0):
        for sy in (-1.0, 1.0):
            ground.box(
                (c[0] + sx * (0.5 * size[0] - 0.4), c[1] + sy * (0.5 * size[1] - 0.15), 1.15), (0.07, 0.07, 2.3), _STEEL
            )
    ground.box((c[0], c[1], 2.34), (size[0] - 0.5, size[1] - 0.05, 0.06), _CANOPY, bottom=True)
    for sy in (-1.0, 1.0):
        for z in (0.35, 0.8):
            ground.box(
                (c[0], c[1] + sy * (0.5 * size[1] - 0.15), z), (size[0] - 0.9, 0.045, 0.045), _STEEL, bottom=True
            )
