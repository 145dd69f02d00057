"""A person walks into a robot's working area."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen import registry
from simgen.assembly import model_of
from simgen.edge_cases._ground_way import refuse_crossing, refuse_outside, refuse_props
from simgen.edge_cases._roadside import free_name, refuse_overlap
from simgen.edge_cases._solve import Problem, Values, solve
from simgen.edge_cases._way import group_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.geometry import quat_from_yaw
from simgen.placement.footprint import Footprint, model_footprint
from simgen.records.constraints import Constraint
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.rng import stream
from simgen.scene import Scene


@register("edge_case", "human_enters_cell")
@dataclass(frozen=True, kw_only=True)
class HumanEntersCell(EdgeCase):
    """A person in a warning vest walks straight up to a robot and stops at a distance from it, at an asked instant.

    Asked: ``distance_m`` of person and robot (box to box) then, and that the person was outside at the start. Free:
    the direction that the person comes from, and where exactly it stops. ISO 13855 counts on 1.6 m/s for people who
    walk up to a machine. Units: m, s, m/s.
    """

    tests: ClassVar[str] = "slowing down and stopping for a person who enters the working area"

    robot: str = param("arm", doc="whom the person walks up to: a name")
    distance_m: float = param(0.8, ge=0.1, le=10.0, doc="how near the person comes")
    at_s: float = param(2.0, ge=0.3, le=60.0, doc="when it has come so near")
    tolerance_m: float = param(0.1, gt=0.0, doc="largest deviation of the distance")
    speed_m_s: float = param(1.4, ge=0.3, le=3.0, doc="how fast it walks")
    variant: int = param(7, ge=0, doc="which person")
    name: str = param("", doc="the person's name; default: human_enters_cell, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the person in it.

        Raises:
            UserError: there is no such robot, no free way to it, or the clip is too short.
        """
        if self.at_s > scene.clock.duration_s:
            raise UserError("human_enters_cell: at_s is past the clip's end: lengthen clock.duration_s")
        robot = group_of(scene, self.robot, "human_enters_cell")[0]
        name = self.name or free_name("human_enters_cell", scene)
        asset = registry.get("asset", "pedestrian")(variant=self.variant, top="hi_vis")
        box = model_footprint(model_of(robot.asset), robot.position, robot.quaternion)
        middle, own = np.array([box.x, box.y]), model_of(asset)
        way_m = self.speed_m_s * self.at_s

        def build(values: Values) -> Scene:
            bearing = values["from_rad"]
            out = np.array([math.cos(bearing), math.sin(bearing)])
            end = middle + out * (_stop(box, own, bearing, self.distance_m) + values["out_m"])
            start = end + out * way_m
            w, x, y, z = quat_from_yaw(bearing + math.pi).tolist()
            behaviour = registry.get("behaviour", "waypoints")(
                positions_m=((float(end[0]), float(end[1])),), speed_m_s=self.speed_m_s
            )
            placed = {"position": (float(start[0]), float(start[1]), 0.0), "quaternion": (w, x, y, z)}
            changed = scene.add(name=name, asset=asset, behaviour=behaviour, group=name, **placed)
            refuse_outside(stage.layout, start)
            refuse_overlap(changed, name)
            refuse_crossing(changed, name, start, end, 0.28)
            refuse_props(stage.layout, start, end, 0.28)
            return changed

        # of the same walls and doors another seed tries other sides first
        turn = float(stream(stage.seed, "human_enters_cell").uniform(-math.pi, math.pi))
        problem = Problem(
            case="human_enters_cell", free={"from_rad": (turn, turn + 2.0 * math.pi), "out_m": (-0.05, 0.05)},
            build=build, ask=lambda values: self._asked(name, robot.name), tries=128,
            way_out="clear the floor around the robot, choose an earlier at_s, or a slower walk",
        )  # fmt: skip
        return solve(problem, stage)

    def _asked(self, person: str, robot: str) -> tuple[Constraint, ...]:
        outside_m = self.distance_m + 0.5 * self.speed_m_s * self.at_s
        return (
            Constraint(
                kind="distance_m", subject=person, other=robot, asked=self.distance_m, tolerance=self.tolerance_m,
                time_s=self.at_s,
            ),
            Constraint(
                kind="distance_m", subject=person, other=robot, asked=outside_m, tolerance=0.1, relation="at_least",
                time_s=0.0,
            ),
        )  # fmt: skip


def _stop(box: Footprint, person: Model, bearing: float, distance_m: float) -> float:
    """How far from a box's middle somebody stands who has come so near to it from a direction, facing it."""
    low, high = 0.0, box.radius + max(person.size[:2]) + distance_m
    for _ in range(24):
        way = 0.5 * (low + high)
        x, y = box.x + way * math.cos(bearing), box.y + way * math.sin(bearing)
        turn = quat_from_yaw(bearing + math.pi)
        own = model_footprint(person, (x, y, 0.0), (float(turn[0]), 0.0, 0.0, float(turn[3])))
        low, high = (way, high) if _gap(box, own) < distance_m else (low, way)
    return high


def _gap(box: Footprint, other: Footprint) -> float:
    """Shortest distance in the plane from a box to the outline of another."""
    share = np.linspace(0.0, 1.0, 9)[:, None, None]
    corners = other.corners()
    points = (corners + share * (np.roll(corners, -1, axis=0) - corners)).reshape(-1, 2) - (box.x, box.y)
    c, s = math.cos(box.yaw), math.sin(box.yaw)
    along = np.abs(c * points[:, 0] + s * points[:, 1]) - box.half_length
    across = np.abs(c * points[:, 1] - s * points[:, 0]) - box.half_width
    return float(np.hypot(np.maximum(along, 0.0), np.maximum(across, 0.0)).min())
