"""A road on a bridge over a river valley."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from simgen.errors import UserError
from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.layout import Prop, WorldLayout
from simgen.records.model import Shape
from simgen.records.roads import Area, Kerb, Lane, RoadMap
from simgen.registry import param, register
from simgen.rng import stream
from simgen.worlds._bridge_mesh import Span, bridge_mesh
from simgen.worlds._street import Lamps
from simgen.worlds._town import beside
from simgen.worlds.base import World

_KERB_M = 0.14


@register("world", "bridge")
@dataclass(frozen=True, kw_only=True)
class Bridge(World):
    """A straight road along x over a valley with a river: a girder on piers, or a steel truss beside the road.

    Lanes ``east/1`` (next to the kerb) ..., ``west/1`` ...; sidewalks and kerbs ``east`` and ``west``; the drivable
    area is ``road``. Radars meet the truss, lidars shoot through it into the valley.

    Units are metres. Railings 1.1 m high, sidewalks 1.8 m (RASt 06), truss bays of 6 m.
    """

    kind: str = param("truss", doc="what carries the road", choices=("truss", "girder"))
    span_m: float = param(80.0, ge=30.0, le=400.0, doc="length of the bridge")
    depth_m: float = param(12.0, ge=5.0, le=60.0, doc="from the road to the river's bed")
    length_m: float = param(300.0, ge=120.0, le=1500.0, doc="length of the lanes")
    lanes: int = param(1, ge=1, le=3, doc="lanes in each direction")
    lane_width_m: float = param(3.5, ge=2.75, le=4.5, doc="width of a lane")
    sidewalk_width_m: float = param(1.8, ge=1.0, le=6.0, doc="width of the sidewalks")
    lamp_spacing_m: float = param(36.0, ge=0.0, le=200.0, doc="between lamps on the sidewalks; 0 = none")
    trees: int = param(60, ge=0, le=400, doc="trees and bushes in the valley")
    speed_limit_m_s: float = param(19.4, gt=0.0, doc="speed limit")

    def __post_init__(self) -> None:
        if self.length_m < self.span_m + 40.0:
            raise UserError(f"bridge: length_m must be at least {self.span_m + 40.0:g}, 40 m more than span_m")

    @property
    def _span(self) -> Span:
        half = self.lanes * self.lane_width_m + 0.4
        return Span(
            half=0.5 * self.span_m,
            depth=self.depth_m,
            carriage=half,
            edge=half + self.sidewalk_width_m + 0.4,
            reach=0.5 * self.length_m + 60.0,
            broad=240.0,
        )

    def build(self, seed: int) -> WorldLayout:
        """Mesh, map and props; trees draw from a stream of the seed."""
        ground = bridge_mesh(self._span, self.lanes, self.lane_width_m, self.kind)
        return WorldLayout(
            mesh=ground.mesh(),
            surfaces=ground.surfaces,
            shapes=(Shape(kind="mesh"),),
            map=self._map(),
            props=tuple(self._props(seed)),
        )

    def _ways(self) -> dict[str, Polyline]:
        half = 0.5 * self.length_m
        line = Polyline([(-half, 0.0), (half, 0.0)]).resample(4.0)
        return {"east": line, "west": line.reversed()}

    def _map(self) -> RoadMap:
        s, lanes, kerbs, areas = self._span, [], [], []
        half = 0.5 * self.length_m
        areas.append(Area(name="road", kind="drivable", polygon=_box(-half, -s.carriage, half, s.carriage, 0.0)))
        for name, way in self._ways().items():
            for k in range(1, self.lanes + 1):
                aside = (self.lanes - k + 0.5) * self.lane_width_m
                lanes.append(
                    Lane(
                        name=f"{name}/{k}",
                        centerline=way.offset(-aside).points,
                        width_m=self.lane_width_m,
                        speed_limit_m_s=self.speed_limit_m_s,
                        left=f"{name}/{k + 1}" if k < self.lanes else "",
                        right=f"{name}/{k - 1}" if k > 1 else "",
                    )
                )
            kerbs.append(Kerb(name=name, line=way.offset(-s.carriage).points))
            inner, outer = s.carriage + 0.15, s.edge - 0.35
            y = sorted((-inner, -outer)) if name == "east" else [inner, outer]
            areas.append(Area(name=f"sidewalk/{name}", kind="sidewalk", polygon=_box(-half, y[0], half, y[1], _KERB_M)))
            for number, share in ((1, 0.72), (2, 0.28)):
                path = way.offset(-(inner + share * (outer - inner))).points + np.array([0.0, 0.0, _KERB_M])
                lanes.append(
                    Lane(
                        name=f"sidewalk/{name}/{number}",
                        kind="sidewalk",
                        centerline=path if number == 1 else path[::-1].copy(),
                        width_m=0.4 * (outer - inner),
                        speed_limit_m_s=1.5,
                    )
                )
        return RoadMap(lanes=tuple(lanes), kerbs=tuple(kerbs), areas=tuple(areas))

    def _props(self, seed: int) -> Iterator[Prop]:
        s = self._span
        for name, way in self._ways().items():
            at = np.arange(10.0, way.length, self.lamp_spacing_m) if self.lamp_spacing_m else ()
            for k, d in enumerate(at):
                lamp = {"height_m": 7.0, "lit": Lamps().lit}
                yield beside(
                    "street_lamp", f"street_lamp/{name}/{k}", way, float(d), s.carriage + 0.3, _KERB_M, lamp,
                    0.5 * math.pi,
                )  # fmt: skip
        rng = stream(seed, "world", "trees")
        for k in range(self.trees):
            x = float(rng.uniform(-s.half - 60.0, s.half + 60.0))
            y = float(rng.uniform(s.edge + 9.0, 90.0)) * (1.0 if rng.random() < 0.5 else -1.0)
            turn, height, variant = float(rng.uniform(-3.1, 3.1)), float(rng.integers(5, 12)), int(rng.integers(8))
            bush = bool(rng.random() < 0.35)
            z = float(s.ground(np.array([x]), y)[0])
            if z < -self.depth_m + 1.9:
                continue
            what = {"variant": variant} if bush else {"variant": variant, "height_m": height}
            kind = "bush" if bush else "tree"
            yield Prop(asset=kind, name=f"{kind}/{k}", parameters=what, position=(x, y, z - 0.05), yaw_rad=turn)


def _box(x0: float, y0: float, x1: float, y1: float, z: float) -> F8:
    return np.array([[x0, y0, z], [x1, y0, z], [x1, y1, z], [x0, y1, z]])
