"""A forklift comes out of an aisle, across a robot's way."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from simgen import registry
from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.edge_cases._ground_way import refuse_crossing, refuse_outside
from simgen.edge_cases._roadside import free_name, refuse_overlap
from simgen.edge_cases._solve import Among, Problem, RejectedError, Values, solve
from simgen.edge_cases._way import Way, ego_of, forecast_ego
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.geometry import quat_from_yaw
from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene

#: how far it comes, and how far it goes on past the ego's way, m
_FROM_M, _BEYOND_M = 5.5, 2.6


@register("edge_case", "forklift_from_aisle")
@dataclass(frozen=True, kw_only=True)
class ForkliftFromAisle(EdgeCase):
    """A forklift drives straight across the way of the ego, out of a gap between racks, so late that it must brake.

    Asked: ``time_to_collision_s``, the ego's nose to the forklift over its speed, when the forks enter the width that
    the ego sweeps. Free: where along the way and from which side, as racks and walls leave room, and when it starts.
    FEM 4.005 counts on 1 to 2 m/s at blind corners. Units: s, m/s.
    """

    tests: ClassVar[str] = "braking for a vehicle that comes out of a blind aisle"

    asset: str = param("forklift", doc="asset of the vehicle", reference="asset")
    time_to_collision_s: float = param(1.5, ge=0.2, le=10.0, doc="time gap to it when it enters the way")
    tolerance_s: float = param(0.15, gt=0.0, doc="largest deviation of that")
    speed_m_s: float = param(1.8, ge=0.3, le=6.0, doc="how fast it drives")
    variant: int = param(0, ge=0, le=9999, doc="which forklift")
    name: str = param("", doc="its name; default: forklift_from_aisle, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the vehicle in it.

        Raises:
            UserError: there is no ego, it stands, or no gap is free from which the vehicle comes in time.
        """
        ego_of(scene, "forklift_from_aisle")
        way = forecast_ego(scene, stage.layout)
        path, name = way.path(), self.name or free_name("forklift_from_aisle", scene)
        make: Any = registry.get("asset", self.asset)
        asset = make(variant=self.variant) if self.asset == "forklift" else make()

        def build(values: Values) -> Scene:
            return self._crossing(scene, stage, path, way, name, asset, values)

        asked = Constraint(
            kind="time_to_collision_s", subject="ego", other=name, asked=self.time_to_collision_s,
            tolerance=self.tolerance_s,
        )  # fmt: skip
        problem = Problem(
            case="forklift_from_aisle",
            free={"at_m": (0.0, path.length), "side": Among((1.0, -1.0)), "late_s": (-0.4, 0.4)},
            build=build, ask=lambda values: (asked,), tries=96,
            way_out="let the ego pass an aisle's mouth, lengthen the clip, or ask for another time_to_collision_s",
        )  # fmt: skip
        return solve(problem, stage)

    def _crossing(
        self, scene: Scene, stage: Stage, path: Polyline, way: Way, name: str, asset: Asset, values: Values
    ) -> Scene:
        model, at = model_of(asset), values["at_m"]
        half_wide = 0.5 * model.size[1]
        enters = way.when(at + 0.5 * way.length_m - half_wide, self.time_to_collision_s)
        if enters is None:
            raise RejectedError("the ego does not come there in time")
        start, end = self._ends(path, at, values["side"])
        # its nose is ahead of its root; it has to come to the ego's width
        nose = model.box_center[0] + 0.5 * model.size[0]
        run_s = (_FROM_M - nose - 0.5 * way.width_m) / self.speed_m_s
        begin = enters - run_s + values["late_s"]
        if begin < 0.0:
            start = start + (end - start) / math.dist(start, end) * (-begin * self.speed_m_s)
        refuse_outside(stage.layout, start)
        yaw = math.atan2(float(end[1] - start[1]), float(end[0] - start[0]))
        w, x, y, z = quat_from_yaw(yaw).tolist()
        behaviour = registry.get("behaviour", "waypoints")(
            positions_m=((float(end[0]), float(end[1])),), speed_m_s=self.speed_m_s, start_s=max(begin, 0.0)
        )
        placed = {"position": (float(start[0]), float(start[1]), 0.0), "quaternion": (w, x, y, z)}
        changed = scene.add(name=name, asset=asset, behaviour=behaviour, group=name, **placed)
        refuse_overlap(changed, name)
        refuse_crossing(changed, name, start, end, half_wide + 0.05)
        return changed

    def _ends(self, path: Polyline, at: float, side: float) -> tuple[F8, F8]:
        """From where to where its root goes."""
        return np.asarray(path.at(at, side * _FROM_M)[:2]), np.asarray(path.at(at, -side * _BEYOND_M)[:2])
