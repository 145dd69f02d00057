"""One road, straight or in a wide bend: a street, a country road or a motorway."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from simgen.errors import UserError
from simgen.polyline import Polyline, arc, polygon_area
from simgen.records.base import F8
from simgen.records.layout import Prop, WorldLayout
from simgen.records.roads import Area, Kerb, Lane, RoadMap
from simgen.registry import param, register
from simgen.worlds._road_mesh import GRASS_WIDTH_M, Section, road_mesh, road_shapes
from simgen.worlds._street import Buildings, Lamps, Row, Trees, houses, kerbside, trees
from simgen.worlds.base import World

#: mesh and paint go on beyond the lanes' ends
_BEYOND_M = 100.0
_LANE_STEP_M = 2.0


@register("world", "straight_road")
@dataclass(frozen=True, kw_only=True)
class StraightRoad(World):
    """A road through the origin, eastbound there; right-hand traffic.

    Lanes are named by their direction of travel and counted from the right edge: ``east/1``, ``east/2`` ... and, on a
    two-way road, ``west/1`` ...; shoulders are ``east/shoulder``. A street has kerbs (``east``, ``west``), parking
    lanes (areas ``parking/east``) and sidewalks (``sidewalk/east``: beside the eastbound lanes); a motorway
    (``highway: true``) has shoulders, a median and guard rails instead. The drivable area is called ``road``.

    Units are metres. Motorway proportions follow the German guidelines RAA 2008 (section RQ 31: lanes 3.75 m,
    shoulder 3 m, median 4 m; lines 0.15 m, dashes 6 m in 18 m).
    """

    lanes: int = param(2, ge=1, le=6, doc="lanes in each direction")
    two_way: bool = param(True, doc="traffic in both directions")
    highway: bool = param(False, doc="shoulders, median and guard rails instead of parking lanes and sidewalks")
    length_m: float = param(400.0, ge=40.0, le=2000.0, doc="length of the lanes")
    lane_width_m: float = param(3.5, ge=2.5, le=5.0, doc="width of a lane")
    radius_m: float = param(0.0, doc="radius of the bend, positive = to the left; 0 = straight")
    parking_m: float = param(2.3, ge=0.0, le=4.0, doc="width of the parking lanes of a street; 0 = none")
    sidewalk_width_m: float = param(3.0, ge=0.0, le=12.0, doc="width of the sidewalks of a street; 0 = country road")
    shoulder_m: float = param(3.0, ge=0.0, le=5.0, doc="width of a motorway's shoulders")
    median_m: float = param(4.0, ge=0.0, le=20.0, doc="width of a motorway's median")
    kerb_height_m: float = param(0.12, ge=0.02, le=0.3, doc="height of the sidewalks over the road")
    speed_limit_m_s: float = param(13.9, gt=0.0, doc="speed limit")
    buildings: Buildings = param(Buildings(density=0.4), doc="houses along a street with sidewalks")
    trees: Trees = param(Trees(), doc="trees along the road")
    lamps: Lamps = param(Lamps(), doc="lamps on the sidewalks of a street")

    def __post_init__(self) -> None:
        least = 1.5 * (GRASS_WIDTH_M + 40.0)
        if self.radius_m and abs(self.radius_m) < least:
            raise UserError(f"straight_road: radius_m {self.radius_m:g} is too tight; give 0 or at least {least:.0f}")
        if self.radius_m and self.length_m + 2.0 * _BEYOND_M > math.pi * abs(self.radius_m):
            raise UserError("straight_road: the bend would turn by more than half a circle; shorten length_m")

    def _section(self) -> Section:
        street = not self.highway
        sidewalk = self.sidewalk_width_m if street else 0.0
        return Section(
            lanes=self.lanes,
            lane=self.lane_width_m,
            two_way=self.two_way,
            median=self.median_m if self.highway else 0.0,
            parking=self.parking_m if sidewalk else 0.0,
            shoulder=self.shoulder_m if self.highway else (0.0 if sidewalk else 0.5),
            sidewalk=sidewalk,
            kerb=self.kerb_height_m,
            rails=self.highway,
        )

    def _line(self, length: float, step: float) -> Polyline:
        """The reference line: centred on the origin, heading east there."""
        half = 0.5 * length
        if not self.radius_m:
            return Polyline([(-half, 0.0), (half, 0.0)]).resample(step)
        r = self.radius_m
        angle, count = half / abs(r), math.ceil(length / step)
        base = -0.5 * math.pi if r > 0.0 else 0.5 * math.pi
        turn = angle if r > 0.0 else -angle
        return Polyline(arc((0.0, r), abs(r), base - turn, base + turn, count))

    def build(self, seed: int) -> WorldLayout:
        """Mesh, map and props; houses and trees draw from streams of the seed."""
        section = self._section()
        mesh_line = self._line(self.length_m + 2.0 * _BEYOND_M, 10.0)
        ground = road_mesh(mesh_line, section)
        lane_line = self._line(self.length_m, _LANE_STEP_M)
        return WorldLayout(
            mesh=ground.mesh(),
            surfaces=ground.surfaces,
            shapes=road_shapes(mesh_line, section),
            map=_road_map(lane_line, mesh_line, section, self.speed_limit_m_s),
            props=tuple(self._props(lane_line, section, seed)),
        )

    def _props(self, line: Polyline, s: Section, seed: int) -> Iterator[Prop]:
        outer = {"east": s.right - s.beside, "west": s.left + s.beside}
        for name, lateral in outer.items():
            edge = line.offset(lateral) if name == "east" else line.offset(lateral).reversed()
            if not s.sidewalk:
                row = Row(name=name, line=edge, start_m=2.0, end_m=edge.length, right_m=6.0, z=0.0)
                yield from trees(row, self.trees, seed)
                continue
            if s.sidewalk >= 2.5:
                row = Row(name=name, line=edge, start_m=0.0, end_m=edge.length, right_m=0.75, z=s.kerb)
                yield from kerbside(row, self.trees, self.lamps, seed, walk_m=s.sidewalk)
            row = Row(name=name, line=edge, start_m=0.0, end_m=edge.length, right_m=s.sidewalk, z=s.kerb)
            yield from houses(row, self.buildings, seed)


def _road_map(line: Polyline, ground: Polyline, s: Section, limit: float) -> RoadMap:
    ways = {"east": line, "west": line.reversed()} if s.two_way else {"east": line}
    lanes = [lane for name, way in ways.items() for lane in _lanes(name, way, s, limit)]
    both = {"east": line, "west": line.reversed()}
    areas = [Area(name="road", kind="drivable", polygon=_between(line, s.left + s.beside, s.right - s.beside, 0.0))]
    kerbs: list[Kerb] = []
    for name, way in both.items():
        # seen along its own direction, every side lies to the right
        inner = s.right if name == "east" else -s.left
        outer = inner - s.beside
        if s.parking:
            areas.append(Area(name=f"parking/{name}", kind="parking", polygon=_between(way, inner, outer, 0.0)))
        if s.sidewalk:
            kerbs.append(Kerb(name=name, line=way.offset(outer).points))
            areas.append(_side_area("sidewalk", name, way, outer, s))
            lanes += _paths(name, way, outer, s)
        areas.append(_side_area("terrain", name, _facing(ground, name), outer - s.sidewalk, s))
    return RoadMap(lanes=tuple(lanes), kerbs=tuple(kerbs), areas=tuple(areas))


def _facing(line: Polyline, name: str) -> Polyline:
    return line if name == "east" else line.reversed()


def _lanes(name: str, way: Polyline, s: Section, limit: float) -> Iterator[Lane]:
    make = partial(Lane, speed_limit_m_s=limit)
    for k in range(1, s.lanes + 1):
        yield make(
            name=f"{name}/{k}",
            centerline=way.offset(s.lane_center(k)).points,
            width_m=s.lane,
            left=f"{name}/{k + 1}" if k < s.lanes else "",
            right=f"{name}/{k - 1}" if k > 1 else "",
        )
    if s.rails and s.shoulder:
        middle = way.offset(s.right - 0.5 * s.shoulder).points
        yield make(name=f"{name}/shoulder", kind="shoulder", centerline=middle, width_m=s.shoulder)


def _paths(name: str, way: Polyline, outer: float, s: Section) -> Iterator[Lane]:
    """Walking paths one each way, keeping right."""
    near, far = way.offset(outer - 0.52 * s.sidewalk), way.offset(outer - 0.80 * s.sidewalk)
    make = partial(Lane, kind="sidewalk", width_m=0.25 * s.sidewalk, speed_limit_m_s=1.5)
    for number, line in ((1, far), (2, near.reversed())):
        yield make(name=f"sidewalk/{name}/{number}", centerline=line.points + np.array([0.0, 0.0, s.kerb]))


def _side_area(kind: str, name: str, way: Polyline, edge: float, s: Section) -> Area:
    z = s.kerb if s.sidewalk else 0.0
    if kind == "sidewalk":
        return Area(name=f"sidewalk/{name}", kind="sidewalk", polygon=_between(way, edge, edge - s.sidewalk, z))
    return Area(name=f"terrain/{name}", kind="region", polygon=_between(way, edge, edge - GRASS_WIDTH_M, z))


def _between(line: Polyline, left: float, right: float, z: float) -> F8:
    """The outline between two parallels, counter-clockwise."""
    outline = np.concatenate([line.at(line.s, right), line.at(line.s, left)[::-1]])
    outline[:, 2] = z
    return outline if polygon_area(outline) > 0.0 else outline[::-1].copy()
