"""Works on a road: a lane closed behind a taper, yellow lines over white ones."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from simgen.errors import UserError
from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.layout import Prop, WorldLayout
from simgen.records.mesh import Surface
from simgen.records.roads import Area
from simgen.registry import param, register
from simgen.rng import stream
from simgen.roads import BuiltNetwork, LaneSection, Marking, Network, Road, Strip, Style, build_network, chain
from simgen.roads.look import YELLOW_PAINT
from simgen.shapes.ground_parts import rectangle
from simgen.worlds._town import beside
from simgen.worlds._verge import roadside_trees
from simgen.worlds.base import World

#: yellow lies on white
_YELLOW_M = 0.006
_EARTH = Surface(
    class_name="debris", base_color=(0.19, 0.13, 0.085), roughness=0.97, texture="gravel", lidar_reflectance=0.28
)
_PIT = Surface(
    class_name="terrain", base_color=(0.24, 0.21, 0.17), roughness=0.97, texture="gravel", lidar_reflectance=0.27
)


@register("world", "construction_zone")
@dataclass(frozen=True, kw_only=True)
class ConstructionZone(World):
    """A road of two lanes a direction whose right eastbound lane is closed for works.

    Lanes ``main/1`` (right, ends before the works) and ``main/2`` run east, ``main/back/1`` and ``/2`` west; over the
    works the eastbound lane is ``main/s2/1``, behind them ``main/s3/1`` and ``/2``. Cones, barriers, signs and yellow
    lines lead past the works; the white lines are still there and say otherwise. The works are the area ``works``.

    Units are metres. Distances follow the German guidelines for works on roads (RSA 21): cones and beacons 5 to 10 m
    apart, a taper of 1 in 20 at 50 km/h, yellow lines of 0.12 m.
    """

    length_m: float = param(360.0, ge=220.0, le=1500.0, doc="length of the road")
    works_m: float = param(70.0, ge=20.0, le=600.0, doc="length of the closed stretch behind the taper")
    taper_m: float = param(45.0, ge=15.0, le=150.0, doc="length of the taper")
    lane_width_m: float = param(3.5, ge=2.75, le=4.0, doc="width of a lane")
    cone_spacing_m: float = param(6.0, ge=2.0, le=20.0, doc="between cones")
    yellow: bool = param(True, doc="yellow lines that overrule the white ones")
    vehicles: bool = param(True, doc="a lorry stands in the works")
    tree_spacing_m: float = param(16.0, ge=0.0, le=200.0, doc="between trees along the road; 0 = none")
    speed_limit_m_s: float = param(13.9, gt=0.0, doc="speed limit")

    def __post_init__(self) -> None:
        if self.length_m < self.works_m + 2.0 * self.taper_m + 100.0:
            least = self.works_m + 2.0 * self.taper_m + 100.0
            raise UserError(f"construction_zone: the works do not fit; give a length_m of at least {least:.0f}")

    @property
    def _span(self) -> tuple[float, float]:
        """Where the works begin and end, from the road's start; the origin lies in their middle."""
        middle = 0.5 * self.length_m
        return middle - 0.5 * self.works_m, middle + 0.5 * self.works_m

    def build(self, seed: int) -> WorldLayout:
        """Mesh, map and props; heaps and trees draw from streams of the seed."""
        built = build_network(self.network(), Style(terrain="grass", fields=("crop", "field"), relief_m=4.0), seed)
        self._paint(built)
        self._heaps(built, seed)
        a, b = (s - 0.5 * self.length_m for s in self._span)
        w = self.lane_width_m
        works = Area(name="works", kind="region", polygon=rectangle(a, -2.0 * w, b, -w - 0.6, 0.0)[0])
        return WorldLayout(
            mesh=built.mesh,
            surfaces=built.surfaces,
            shapes=built.shapes,
            map=replace(built.map, areas=(*built.map.areas, works)),
            props=(*built.props, *self._props(built, seed)),
        )

    def network(self) -> Network:
        """The road alone."""
        w, (a, b) = self.lane_width_m, self._span
        broken, edge = Marking(kind="broken"), Marking(kind="solid")
        beside_lanes = (Strip(kind="shoulder", width_m=0.8), Strip(kind="verge", width_m=3.0))
        inner = Strip(kind="driving", width_m=w, marking=broken)
        outer = Strip(kind="driving", width_m=w, marking=edge)
        closed = Strip(kind="shoulder", width_m=w, marking=edge, material="asphalt")
        two, one = (inner, outer, *beside_lanes), (inner, closed, *beside_lanes)
        center = Marking(kind="double")
        sections = tuple(
            LaneSection(start_m=s, left=two, right=right, center=center)
            for s, right in ((0.0, two), (a - self.taper_m - 3.0, one), (b + 14.0, two))
        )
        line = chain((-0.5 * self.length_m, 0.0), 0.0, [(self.length_m, 0.0, 0.0)])
        return Network(roads=(Road(name="main", line=line, sections=sections, speed_limit_m_s=self.speed_limit_m_s),))

    def _path(self) -> Polyline:
        """The line of cones: from the road's edge over the taper to the lane line, along the works, and back."""
        (a, b), w, half = self._span, self.lane_width_m, 0.5 * self.length_m
        points = [(a - self.taper_m, -2.0 * w + 0.1), (a, -w - 0.35), (b, -w - 0.35), (b + 12.0, -2.0 * w + 0.1)]
        return Polyline(np.array([(s - half, y, 0.0) for s, y in points]))

    def _paint(self, built: BuiltNetwork) -> None:
        if not self.yellow:
            return
        path = self._path().offset(0.25)
        built.ground.quads(_line(path, 0.0, path.length), YELLOW_PAINT)
        (a, b), half = self._span, 0.5 * self.length_m
        ways = ((a - self.taper_m, -0.35), (a, 0.0), (b, 0.0), (b + 12.0, -0.35))
        left = Polyline(np.array([(s - half, y, 0.0) for s, y in ways]))
        built.ground.quads(_line(left.offset(0.3), 0.0, left.length), YELLOW_PAINT)

    def _heaps(self, built: BuiltNetwork, seed: int) -> None:
        """An opened strip of road, and heaps of what was in it."""
        (a, b), w, half = self._span, self.lane_width_m, 0.5 * self.length_m
        rng = stream(seed, "world", "heaps")
        x0, x1 = a - half + 0.35 * self.works_m, b - half - 4.0
        built.ground.quads(rectangle(x0, -2.0 * w + 0.2, x1, -w - 1.2, 0.008), _PIT)
        for k in range(max(int(self.works_m // 25.0), 1)):
            x = x0 + 6.0 + 14.0 * k + float(rng.uniform(-1.0, 1.0))
            if x < x1 - 3.0:
                _heap(built, (x, -1.5 * w - 0.5), float(rng.uniform(0.95, 1.2)), rng.uniform(0.85, 1.15, 14))

    def _props(self, built: BuiltNetwork, seed: int) -> Iterator[Prop]:
        path, w = self._path(), self.lane_width_m
        s = np.arange(0.0, path.length, self.cone_spacing_m)
        for k, at in enumerate(s):
            # along the taper every other one is a board with a lamp: pass on its left
            taper = float(path.at(float(at))[0]) < self._span[0] - 0.5 * self.length_m - 2.0
            if k % 2 == 0 and taper:
                board = {"kind": "lamp", "points_left": True}
                yield beside("road_works", f"road_works/lamp/{k}", path, float(at), 0.0, 0.0, board, math.pi)
            else:
                yield beside("traffic_cone", f"traffic_cone/{k}", path, float(at), 0.0, 0.0)
        (a, b), half = self._span, 0.5 * self.length_m
        for k, x in enumerate(np.arange(a - half + 0.35 * self.works_m + 2.0, b - half - 6.0, 3.75)):
            yield Prop(
                asset="road_works", name=f"road_works/fence/{k}", parameters={"kind": "fence"},
                position=(float(x), -w - 0.95, 0.0), yaw_rad=0.5 * math.pi,
            )  # fmt: skip
        for k, x in enumerate((a - half + 1.0, b - half - 1.0)):
            yield Prop(
                asset="barrier", name=f"barrier/{k}", parameters={"kind": "works", "length_m": w - 1.2},
                position=(x, -1.5 * w - 0.35, 0.0),
            )  # fmt: skip
        if self.vehicles and self.works_m > 34.0:
            yield Prop(asset="truck", name="truck/works", position=(a - half + 7.0, -1.5 * w - 0.45, 0.0))
        edge = next(side for side in built.sides if side.side == "right").edge
        signs = (("road_works", 110.0), ("speed_50", 80.0), ("narrow_right", 50.0), ("no_overtaking", 30.0))
        for kind, before in signs:
            at_s = a - self.taper_m - before
            if at_s > 2.0:
                yield beside("traffic_sign", f"traffic_sign/{kind}", edge, at_s, 1.0, 0.0, {"kind": kind}, math.pi)
        yield beside("traffic_sign", "traffic_sign/end", edge, b + 30.0, 1.0, 0.0, {"kind": "end_all"}, math.pi)
        yield Prop(
            asset="traffic_sign", name="traffic_sign/pass", parameters={"kind": "pass_left", "height_m": 1.3},
            position=(a - half - 1.0, -1.5 * w - 0.35, 0.0), yaw_rad=math.pi,
        )  # fmt: skip
        for side in built.sides:
            yield from roadside_trees(built, side, self.tree_spacing_m, 4.0, seed)


def _line(line: Polyline, start: float, end: float, wide: float = 0.12) -> F8:
    """Quads of an unbroken line."""
    s = np.linspace(start, end, max(int((end - start) / 3.0), 1) + 1)
    left, right = line.at(s, 0.5 * wide), line.at(s, -0.5 * wide)
    quads = np.stack([left[:-1], right[:-1], right[1:], left[1:]], 1)
    quads[..., 2] += _YELLOW_M
    return np.asarray(quads)


def _heap(built: BuiltNetwork, at: tuple[float, float], high: float, rough: F8) -> None:
    """A cone of loose earth at its angle of repose (35 degrees), uneven."""
    angle = 2.0 * np.pi * np.arange(len(rough)) / len(rough)
    radius = np.minimum(high / math.tan(math.radians(35.0)) * rough, 1.1)
    rings = []
    for share, z in ((1.0, 0.005), (0.55, 0.5 * high), (0.2, 0.9 * high)):
        r = share * radius
        rings.append(np.stack([at[0] + 1.4 * r * np.cos(angle), at[1] + r * np.sin(angle), np.full_like(r, z)], -1))
    closed = [np.concatenate([ring, ring[:1]]) for ring in rings]
    for low, top in pairwise(closed):
        built.ground.strip(top, low, _EARTH)
    built.ground.fan((at[0], at[1], high), rings[-1], _EARTH, closed=True)
