"""Something comes along on a running belt and is at the robot at an asked instant."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from simgen import registry
from simgen.assembly import model_of
from simgen.edge_cases._belt import belt_of
from simgen.edge_cases._roadside import free_name, refuse_overlap
from simgen.edge_cases._solve import Problem, Values, solve
from simgen.edge_cases._way import group_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.rng import stream
from simgen.scene import Scene


@register("edge_case", "moving_conveyor")
@dataclass(frozen=True, kw_only=True)
class MovingConveyor(EdgeCase):
    """A carton or part lies on a running belt; it passes the robot beside the belt at an asked instant.

    It slips until friction has brought it to the belt's speed, as in physics. Asked: ``passes_s``, when the middles of
    the two boxes are nearest. Free: where it starts. Units: s, m.
    """

    tests: ClassVar[str] = "picking from a running belt at the right instant"

    belt: str = param("", doc="name of the conveyor; empty = the scene's first")
    robot: str = param("arm", doc="who waits beside it: a name")
    kind: str = param("carton", doc="what comes along", choices=("carton", "gear", "drill", "wrench", "cable_coil"))
    passes_s: float = param(1.5, ge=0.1, le=60.0, doc="when it is nearest to the robot")
    tolerance_s: float = param(0.08, gt=0.0, doc="largest deviation of that")
    name: str = param("", doc="its name; default: moving_conveyor, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the thing on the belt.

        Raises:
            UserError: there is no belt that runs, no such robot, or the belt is too short before the robot.
        """
        belt = belt_of(scene, self.belt, "moving_conveyor")
        robot = group_of(scene, self.robot, "moving_conveyor")[0]
        name = self.name or free_name("moving_conveyor", scene)
        draw = stream(stage.seed, "moving_conveyor")
        family = "load_carrier" if self.kind == "carton" else "hand_tool"
        asset = registry.get("asset", family)(kind=self.kind, variant=int(draw.integers(10_000)))
        if max(model_of(asset).size[:2]) > belt.width_m - 0.05:
            asset = registry.get("asset", "resized")(of=asset, factor=0.6)
        yaw, share = float(draw.uniform(-math.pi, math.pi)), float(draw.uniform(-1.0, 1.0))
        at_robot = belt.along(robot.position)

        def build(values: Values) -> Scene:
            start = at_robot - belt.speed_m_s * self.passes_s + values["ahead_m"]
            placed = belt.spot(model_of(asset), start, share, yaw)
            changed = scene.add(name=name, asset=asset, physics="dynamic", group=name, **placed)
            refuse_overlap(changed, name, 0.01, on=belt.entity.name)
            return changed

        asked = Constraint(
            kind="passes_s", subject=name, other=robot.name, asked=self.passes_s, tolerance=self.tolerance_s
        )
        problem = Problem(
            case="moving_conveyor", free={"ahead_m": (-0.03, 0.05)}, build=build, ask=lambda values: (asked,),
            physical=True, tries=6, way_out="lengthen the clip, ask for an earlier passes_s, or slow the belt down",
        )  # fmt: skip
        return solve(problem, stage)
