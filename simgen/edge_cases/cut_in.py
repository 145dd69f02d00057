"""A vehicle from the next lane moves into the gap before the ego."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from simgen import registry
from simgen.edge_cases._roadside import free_name, lane_of, refuse_overlap, route_of, spot
from simgen.edge_cases._solve import Problem, Values, solve
from simgen.edge_cases._way import Way, ego_of, forecast_ego
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.polyline import Polyline
from simgen.records.constraints import Constraint
from simgen.records.roads import Lane
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "cut_in")
@dataclass(frozen=True, kw_only=True)
class CutIn(EdgeCase):
    """A vehicle of the next lane changes into the ego's, so many seconds before its nose, slower than it or faster.

    Asked: ``time_to_collision_s``, the ego's nose to the intruder's tail over the ego's speed, when the intruder enters
    the width that the ego sweeps. Free: where the intruder starts, and when it moves over. Units: s, m, m/s.
    """

    tests: ClassVar[str] = "reaction to a vehicle that enters the lane closely ahead"

    asset: str = param("sedan", doc="asset of the intruder", reference="asset")
    side: Literal["left", "right", ""] = param("", doc="the lane it comes from; empty = one that is there")
    time_to_collision_s: float = param(1.0, ge=0.2, le=6.0, doc="time gap to it at its entry")
    slower_m_s: float = param(2.0, ge=-20.0, le=30.0, doc="how much slower than the ego it is")
    change_s: float = param(2.5, ge=1.0, le=8.0, doc="how long its change of lane takes")
    tolerance_s: float = param(0.15, gt=0.0, doc="largest deviation of the time")
    name: str = param("", doc="name of the new actor; default: cut_in, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the intruder in it.

        Raises:
            UserError: there is no ego, no lane beside its own, or no start from which the gap comes out as asked.
        """
        ego = ego_of(scene, "cut_in")
        lane = lane_of(ego, stage.layout, "cut_in")
        beside = self._beside(lane)
        route, way = route_of(ego, stage.layout, "cut_in"), forecast_ego(scene, stage.layout)
        way.path()  # tells an ego that stands
        name = self.name or free_name("cut_in", scene)
        lateral = 3.5 if beside == lane.left else -3.5

        def build(values: Values) -> Scene:
            return self._with_intruder(scene, stage, route, way, name, lateral, values)

        asked = Constraint(
            kind="time_to_collision_s",
            subject="ego",
            other=name,
            asked=self.time_to_collision_s,
            tolerance=self.tolerance_s,
        )
        latest = max(scene.clock.duration_s - self.change_s, 0.2)
        problem = Problem(
            case="cut_in",
            free={"ahead_m": (2.0, 60.0), "start_s": (0.1, latest)},
            build=build,
            ask=lambda values: (asked,),
            way_out="lengthen clock.duration_s, start the ego farther back, or ask for another time_to_collision_s",
        )
        return solve(problem, stage)

    def _beside(self, lane: Lane) -> str:
        """The name of the lane that it comes from.

        Raises:
            UserError: there is none on that side.
        """
        found = {"left": lane.left, "right": lane.right, "": lane.left or lane.right}[self.side]
        if not found:
            where = f"to the {self.side} of" if self.side else "beside"
            raise UserError(
                f"cut_in: there is no lane {where} {lane.name!r}: choose a world or a lane with a neighbour"
            )
        return found

    def _with_intruder(
        self, scene: Scene, stage: Stage, route: Polyline, way: Way, name: str, lateral: float, values: Values
    ) -> Scene:
        begin, _ = route.closest(way.center[0])
        speed = max(float(way.speed_m_s[1]) - self.slower_m_s, 0.5)
        start_s = values["start_s"]
        script = registry.get("behaviour", "script")
        behaviour = script(
            times_s=(start_s, start_s + self.change_s), speeds_m_s=(speed, speed), laterals_m=(0.0, -lateral)
        )
        placed = spot(stage.layout, route, float(begin) + values["ahead_m"], lateral)
        asset = registry.get("asset", self.asset)()
        changed = scene.add(name=name, asset=asset, behaviour=behaviour, group=name, **placed)
        refuse_overlap(changed, name)
        return changed
