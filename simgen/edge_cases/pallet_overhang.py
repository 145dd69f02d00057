"""Planks or pipes stick out over a robot's way, above the plane that its scanner sees."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from simgen import registry
from simgen.assembly import model_of
from simgen.edge_cases._forecast import forecast
from simgen.edge_cases._roadside import free_name, refuse_overlap
from simgen.edge_cases._sight import camera_of
from simgen.edge_cases._solve import Among, Problem, Values, solve
from simgen.edge_cases._way import Way, group_of, way_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.geometry import quat_from_yaw
from simgen.polyline import Polyline
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.rng import stream
from simgen.scene import Scene
from simgen.sensors.lidar import Lidar

#: height of an empty EUR pallet (EN 13698-1)
_PALLET_M = 0.144


@register("edge_case", "pallet_overhang")
@dataclass(frozen=True, kw_only=True)
class PalletOverhang(EdgeCase):
    """A long bundle lies across a stack of empty pallets beside a robot's way and sticks out over it.

    Asked: ``time_to_collision_s``, the robot's nose to the bundle over its speed, at the start; and, where a lidar is
    named, that it never gets a point on it (``points``): a plane at ankle height passes below. Free: where along the
    way, and on which side. Units: s, m.
    """

    tests: ClassVar[str] = "noticing a load that sticks out above the plane of a safety scanner"

    robot: str = param("ego", doc="whose way it is: a name")
    kind: Literal["planks", "pipes"] = param("planks", doc="what sticks out")
    time_to_collision_s: float = param(2.5, ge=0.5, le=20.0, doc="time gap to it at the start")
    tolerance_s: float = param(0.15, gt=0.0, doc="largest deviation of that")
    pallets: int = param(5, ge=1, le=12, doc="pallets in the stack: 0.144 m of height each")
    over_m: float = param(0.2, ge=0.0, le=2.0, doc="how far it reaches past the middle of the robot's way")
    lidar: str = param("", doc="a lidar that must not see it; empty = none is asked", reference="sensor")
    variant: int = param(0, ge=0, le=9999, doc="which bundle")
    name: str = param("", doc="name of the bundle; default: pallet_overhang, numbered; pallets are NAME/pallet0 ...")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the stack and the bundle in it.

        Raises:
            UserError: there is no such robot or lidar, it stands still, or there is no room beside its way.
        """

        robot = group_of(scene, self.robot, "pallet_overhang")[0]
        if self.lidar:
            camera_of(scene, self.lidar, "pallet_overhang", (Lidar,))
        way = way_of(forecast(scene, stage.layout), robot.name)
        path, name = way.path(), self.name or free_name("pallet_overhang", scene)
        load = registry.get("asset", "long_load")(kind=self.kind, variant=self.variant)
        speed = float(way.speed_m_s[0])
        skew = float(stream(stage.seed, "pallet_overhang").uniform(-0.15, 0.15))

        def build(values: Values) -> Scene:
            ahead = 0.5 * way.length_m + speed * self.time_to_collision_s + values["further_m"]
            return self._stacked(scene, name, load, path, way, ahead, values["side"], skew)

        problem = Problem(
            case="pallet_overhang", free={"further_m": (0.1, 0.9), "side": Among((1.0, -1.0))}, build=build,
            ask=lambda values: self._asked(robot.name, name), tries=24,
            way_out="clear the floor beside the way, or ask for another time_to_collision_s",
        )  # fmt: skip
        return solve(problem, stage)

    def _stacked(
        self, scene: Scene, name: str, load: Any, path: Polyline, way: Way, ahead: float, side: float, skew: float
    ) -> Scene:
        """Pallets, the bundle on top, and its end over the way."""
        length = model_of(load).size[0]
        from_middle = side * (0.5 * length - self.over_m)
        line = _prolonged(path)
        heading = float(line.heading(ahead)) + 0.5 * math.pi + skew
        w, x, y, z = quat_from_yaw(heading).tolist()
        turned = {"quaternion": (w, x, y, z), "physics": "static", "group": name}
        px, py, _ = line.at(ahead, side * max(0.5 * way.width_m + 0.65, 0.5 * length - self.over_m + 0.15)).tolist()
        pallet = registry.get("asset", "load_carrier")(kind="pallet", variant=self.variant)
        for k in range(self.pallets):
            scene = scene.add(name=f"{name}/pallet{k}", asset=pallet, position=(px, py, k * _PALLET_M), **turned)
        refuse_overlap(scene.replace(entities=_without(scene, name)), f"{name}/pallet0", 0.0)
        bx, by, _ = line.at(ahead, from_middle).tolist()
        return scene.add(name=name, asset=load, position=(bx, by, self.pallets * _PALLET_M + 1e-3), **turned)

    def _asked(self, robot: str, name: str) -> tuple[Constraint, ...]:
        near = Constraint(
            kind="time_to_collision_s", subject=robot, other=name, asked=self.time_to_collision_s,
            tolerance=self.tolerance_s,
        )  # fmt: skip
        if not self.lidar:
            return (near,)
        unseen = Constraint(kind="points", subject=name, other=self.lidar, asked=0.0, tolerance=0.5, relation="at_most")
        return (near, unseen)


def _without(scene: Scene, name: str) -> tuple[Any, ...]:
    """The entities but the stack's upper pallets, which touch the lowest."""
    return tuple(e for e in scene.entities if e.group != name or e.name == f"{name}/pallet0")


def _prolonged(path: Polyline) -> Polyline:
    """A way with ten metres straight on at its end."""
    end, angle = path.at(path.length), float(path.heading(path.length))
    further = np.array(end) + 10.0 * np.array([math.cos(angle), math.sin(angle), 0.0])
    return Polyline(np.concatenate([path.points, further[None]]))
