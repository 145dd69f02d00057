"""A vehicle from the next lane moves into the gap before the ego."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._solve import Problem, Values, solve
from simgen.edge_cases._vehicles import joined, made, road_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.records.constraints import Constraint
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
        road = road_of(scene, stage, "cut_in")
        _, aside = road.beside(self.side)
        name = self.name or free_name("cut_in", scene)
        asset = made(self.asset, stage, "cut_in")
        speed = max(road.speed_m_s - self.slower_m_s, 0.5)

        def build(values: Values) -> Scene:
            times = (values["start_s"], values["start_s"] + self.change_s)
            behaviour = road.drives(times, (speed, speed), (0.0, road.lateral - aside))
            placed = road.pose(road.ahead(asset, values["ahead_m"]), aside)
            return joined(scene, name, asset, behaviour=behaviour, **placed)

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
            free={"ahead_m": (-3.0, 60.0), "start_s": (0.1, latest)},
            build=build,
            ask=lambda values: (asked,),
            way_out="lengthen clock.duration_s, start the ego farther back, or ask for another time_to_collision_s",
        )
        return solve(problem, stage)
