"""Something rolls along a table and over its edge."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal

import numpy as np

from simgen import registry
from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.edge_cases._bench import Bench
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._sight import camera_of
from simgen.edge_cases._snapshot import hastened
from simgen.edge_cases._solve import Problem, RejectedError, Values, solve
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.geometry import quat_from_yaw, quat_multiply
from simgen.placement.footprint import Footprint
from simgen.records.base import F8
from simgen.records.constraints import Constraint
from simgen.records.model import Model, Quaternion
from simgen.registry import param, register
from simgen.rng import stream
from simgen.scene import Scene
from simgen.sensors._depth_camera import DepthCamera
from simgen.sensors.camera import Camera

_SPOTS: Final = 60
#: a cylinder on its side, its axis along y
_ON_ITS_SIDE = (math.sqrt(0.5), math.sqrt(0.5), 0.0, 0.0)


@register("edge_case", "rolling_object_off_table")
@dataclass(frozen=True, kw_only=True)
class RollingObjectOffTable(EdgeCase):
    """A ball or a tin on its side is pushed, rolls to the nearest edge of a support and falls, at an asked instant.

    It starts sliding and rolls after a moment, with 5/7 (ball) or 2/3 (cylinder) of its speed; physics does the rest.
    Asked: ``falls_s``. Free: where it starts and how fast. Units: s, m/s.
    """

    tests: ClassVar[str] = "tracking and catching of something that rolls away and falls"

    sensor: str = param("", doc="the camera that must see the start; empty = the scene's first", reference="sensor")
    on: str = param("", doc="the support; empty = the one that the camera looks at")
    kind: Literal["ball", "tin"] = param("ball", doc="what rolls")
    falls_s: float = param(1.5, ge=0.3, le=20.0, doc="when it has fallen 0.1 m")
    tolerance_s: float = param(0.1, gt=0.0, doc="largest deviation of that")
    radius_m: float = param(0.035, ge=0.015, le=0.15, doc="of the ball or tin")
    name: str = param("", doc="its name; default: rolling_object, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the thing on its way.

        Raises:
            UserError: there is no camera, no support, no room, or the clip is too short.
        """
        case = "rolling_object_off_table"
        if self.falls_s + 2.0 * self.tolerance_s > scene.clock.duration_s:
            raise UserError(f"{case}: falls_s {self.falls_s:g} is past the clip's end: lengthen clock.duration_s")
        camera = camera_of(scene, self.sensor, case, (Camera, DepthCamera))
        name, asset = self.name or free_name("rolling_object", scene), self._asset(stage)
        bench = Bench.of(scene, stage.layout, camera, self.on, stream(stage.seed, case), case)
        tilt: Quaternion = _ON_ITS_SIDE if self.kind == "tin" else (1.0, 0.0, 0.0, 0.0)
        start, gap, way = self._start(bench, model_of(asset), tilt)
        middle = start["position"][:2]

        def build(values: Values) -> Scene:
            speed = values["pace"] * (1.5 if self.kind == "tin" else 1.4) * gap / self.falls_s
            if speed > 3.0:
                raise RejectedError("it would have to be thrown")
            turn = quat_multiply(quat_from_yaw(math.atan2(way[1], way[0])), np.array(tilt))
            w, x, y, z = (float(c) for c in turn)
            placed = {"position": start["position"], "quaternion": (w, x, y, z)}
            velocity = (float(speed * way[0]), float(speed * way[1]), 0.0)
            return scene.add(name=name, asset=asset, physics="dynamic", velocity_m_s=velocity, group=name, **placed)

        asked = Constraint(kind="falls_s", subject=name, asked=self.falls_s, tolerance=self.tolerance_s)
        problem = Problem(
            case=case, free={"pace": (0.4, 2.2)}, build=build, ask=lambda values: (asked,), physical=True, tries=8,
            way_out="clear the way to the edge, or ask for another falls_s",
        )  # fmt: skip
        return solve(problem, hastened(stage, middle, self._until(scene)))

    def _start(self, bench: Bench, model: Model, tilt: Quaternion) -> tuple[dict[str, Any], float, F8]:
        """A spot from which nothing bars the way to the nearest edge, how far that is, and the way there.

        Raises:
            UserError: there is none.
        """
        for _ in range(_SPOTS):
            start = bench.spot(model, room_m=0.03, tilt=tilt, yaw_rad=0.0)
            x, y = start["position"][:2]
            gap, way = _to_edge(bench.area.polygon[:, :2], np.array([x, y]))
            free, wide = max(model.size[:2]), 0.6 * max(model.size)
            middle = np.array([x, y]) + 0.5 * (gap + free) * way
            strip = Footprint(
                x=float(middle[0]), y=float(middle[1]), half_length=max(0.5 * (gap - free), 0.01), half_width=wide,
                yaw=math.atan2(way[1], way[0]), z_min=bench.top_m + 2e-3, z_max=bench.top_m + model.size[2],
            )  # fmt: skip
            if not bench.taken.blockers(strip):
                return start, gap, way
            bench.taken = bench.fresh()
        raise UserError("rolling_object_off_table: something bars every way to the edge: clear the support")

    def _until(self, scene: Scene) -> float:
        return min(self.falls_s + 1.0, scene.clock.duration_s)

    def _asset(self, stage: Stage) -> Asset:
        draw = stream(stage.seed, "rolling_object_off_table", "thing")
        hue = draw.uniform(0.02, 0.7, 3).tolist()
        if self.kind == "ball":
            made: Asset = registry.get("asset", "sphere")(
                radius_m=self.radius_m, class_name="ball", color=tuple(hue), mass_kg=2000.0 * self.radius_m**3,
                friction=0.6, restitution=0.5, roughness=0.4,
            )  # fmt: skip
            return made
        tin: Asset = registry.get("asset", "cylinder")(
            radius_m=self.radius_m, height_m=2.8 * self.radius_m, class_name="container", color=(0.55, 0.56, 0.57),
            metallic=0.9, roughness=0.35, mass_kg=9000.0 * self.radius_m**3, friction=0.6,
        )  # fmt: skip
        return tin


def _to_edge(polygon: F8, point: F8) -> tuple[float, F8]:
    """How far the nearest edge of a convex outline is, and the way there."""
    ends = np.roll(polygon, -1, axis=0)
    along = ends - polygon
    along = along / np.sqrt((along * along).sum(-1, keepdims=True))
    outward = np.stack([along[:, 1], -along[:, 0]], -1)
    if float(((polygon.mean(0) - polygon[0]) * outward[0]).sum()) > 0.0:
        outward = -outward
    gaps = ((polygon - point) * outward).sum(-1)
    k = int(np.argmin(gaps))
    return float(gaps[k]), np.asarray(outward[k], np.float64)
