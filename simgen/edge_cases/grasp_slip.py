"""Something slips off the tray that a robot's hand holds askew."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from simgen import registry
from simgen.assembly import model_of, rest_pose
from simgen.assets.base import Asset
from simgen.edge_cases._bench import carrier_of
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._snapshot import hastened
from simgen.edge_cases._solve import Problem, Values, solve
from simgen.edge_cases._way import group_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.geometry import compose, quat_from_axis_angle, quat_from_yaw, quat_multiply, transform
from simgen.records.base import F8
from simgen.records.constraints import Constraint
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.rng import stream
from simgen.scene import Entity, Scene

#: the tray: length, width, thickness
_TRAY_M = (0.36, 0.26, 0.008)
_KINDS = {"box": (0.09, 0.07, 0.06), "can": (0.066, 0.066, 0.115)}


@register("edge_case", "grasp_slip")
@dataclass(frozen=True, kw_only=True)
class GraspSlip(EdgeCase):
    """A robot's hand holds a tray askew; what lies on it slides down, over the edge and to the floor.

    With a tilt ``a`` and the friction ``mu`` it gains ``g (sin a - mu cos a)``; from ``mu = tan a`` on it would stay.
    Asked: ``falls_s``. Free: where on the tray it starts, and how slippery the tray is: ``mu`` from 0.2 to 0.95 of
    ``tan a``, as oil or dust make it. Physics does the rest. Units: deg, s.
    """

    tests: ClassVar[str] = "noticing that a held thing slips away, and where it falls"

    robot: str = param("arm", doc="an arm that holds its pose: a name")
    link: str = param("", doc="the link that holds the tray; empty = the last")
    kind: str = param("box", doc="what slides: a carton, or a tin on its foot", choices=tuple(_KINDS))
    tilt_deg: float = param(20.0, ge=8.0, le=28.0, doc="of the tray")
    falls_s: float = param(0.7, ge=0.2, le=10.0, doc="when it is 0.1 m lower than at the start")
    tolerance_s: float = param(0.1, gt=0.0, doc="largest deviation of that")
    name: str = param("", doc="name of what slips; default: grasp_slip, numbered; the tray is called NAME/tray")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with tray and thing.

        Raises:
            UserError: there is no such robot or link, the clip is too short, or the tray is.
        """
        if self.falls_s + 2.0 * self.tolerance_s > scene.clock.duration_s:
            raise UserError("grasp_slip: falls_s is past the clip's end: lengthen clock.duration_s")
        robot = group_of(scene, self.robot, "grasp_slip")[0]
        name = self.name or free_name("grasp_slip", scene)
        center, turn = self._tray(scene, robot)
        aside = float(stream(stage.seed, "grasp_slip", "place").uniform(-0.05, 0.05))

        def build(values: Values) -> Scene:
            foot = np.array([values["at_m"], aside, _TRAY_M[2] + 1e-3])
            # Bullet multiplies the friction of both
            friction = math.sqrt(values["grip"] * math.tan(math.radians(self.tilt_deg)))
            held = scene.add(
                name=f"{name}/tray", asset=_tray(friction), physics="static", group=name, **_pose(center, turn)
            )
            placed = _pose(transform(center, turn, foot), turn)
            return held.add(name=name, asset=self._thing(stage, friction), physics="dynamic", group=name, **placed)

        asked = Constraint(kind="falls_s", subject=name, asked=self.falls_s, tolerance=self.tolerance_s)
        problem = Problem(
            case="grasp_slip",
            free={"grip": (0.2, 0.95), "at_m": (-0.13, 0.08)},
            build=build,
            ask=lambda values: (asked,),
            physical=True,
            tries=12,
            way_out="tilt the tray more for an earlier fall, less for a later one",
        )
        until_s = min(self.falls_s + 1.0, scene.clock.duration_s)
        return solve(problem, hastened(stage, (float(center[0]), float(center[1])), until_s, 1.5))

    def _tray(self, scene: Scene, robot: Entity) -> tuple[F8, F8]:
        """Where the tray's underside's middle is and how it is turned: down and away from the robot."""
        base = carrier_of(scene, robot.name)
        model = model_of(robot.asset)
        hand, _ = compose(*base, *rest_pose(model, self._index(model)))
        out = hand[:2] - base[0][:2]
        yaw = math.atan2(float(out[1]), float(out[0])) if float(np.hypot(*out)) > 0.05 else 0.0
        tilt = quat_from_axis_angle((0.0, 1.0, 0.0), math.radians(self.tilt_deg))
        turn = quat_multiply(quat_from_yaw(yaw), tilt)
        # gripped at its upper end
        middle = hand + transform(np.zeros(3), turn, np.array([0.5 * _TRAY_M[0] - 0.015, 0.0, 0.0]))
        return np.asarray(middle, np.float64), np.asarray(turn, np.float64)

    def _index(self, model: Model) -> int:
        names = [link.name for link in model.links]
        if self.link and self.link not in names:
            raise UserError(f"grasp_slip: {self.robot!r} has no link {self.link!r}, only {', '.join(names)}")
        # fingers come last and say nothing of a hand's place that the hand does not
        return names.index(self.link) if self.link else len(names) - 1

    def _thing(self, stage: Stage, friction: float) -> Any:
        draw = stream(stage.seed, "grasp_slip", "thing")
        size, color = _KINDS[self.kind], tuple(draw.uniform(0.05, 0.6, 3).tolist())
        if self.kind == "box":
            return registry.get("asset", "box")(
                size_m=size, class_name="container", color=color, mass_kg=0.25, friction=friction
            )
        return registry.get("asset", "cylinder")(
            radius_m=0.5 * size[0], height_m=size[2], class_name="container", color=color, metallic=0.7,
            roughness=0.35, mass_kg=0.4, friction=friction,
        )  # fmt: skip


def _tray(friction: float) -> Asset:
    steel: Asset = registry.get("asset", "box")(
        size_m=_TRAY_M, class_name="object", color=(0.45, 0.46, 0.48), roughness=0.45, metallic=0.6, friction=friction
    )
    return steel


def _pose(position: F8, quaternion: F8) -> dict[str, Any]:
    x, y, z = (float(c) for c in position)
    w, a, b, c = (float(q) for q in quaternion)
    return {"position": (x, y, z), "quaternion": (w, a, b, c)}
