"""Somebody follows the ego far too closely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen import registry
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._solve import Problem, Values, solve
from simgen.edge_cases._vehicles import joined, made, road_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "tailgater")
@dataclass(frozen=True, kw_only=True)
class Tailgater(EdgeCase):
    """A vehicle drives up behind the ego and stays there with a headway of a fraction of a second.

    It follows by the intelligent driver model with that headway, so it brakes when the ego does. Asked:
    ``time_headway_s`` of it behind the ego at ``at_s``. Free: where it starts, and how close it wants to drive. Below
    0.5 s it is an offence that costs the licence in Germany (BKatV, annex: three tenths of half the speed in metres
    are 0.54 s). Units: s.
    """

    tests: ClassVar[str] = "whether the rear is watched, and braking stays gentle with somebody close behind"

    asset: str = param("suv", doc="asset of the tailgater", reference="asset")
    headway_s: float = param(0.4, ge=0.15, le=2.0, doc="its time headway behind the ego")
    at_s: float = param(2.5, ge=0.1, doc="when the headway is as asked")
    tolerance_s: float = param(0.08, gt=0.0, doc="largest deviation of the headway")
    flashes: bool = param(True, doc="drives with its main beam on")
    name: str = param("", doc="name of the new actor; default: tailgater, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the tailgater in it.

        Raises:
            UserError: there is no ego that drives on a road, or no room behind it.
        """
        road = road_of(scene, stage, "tailgater")
        name = self.name or free_name("tailgater", scene)
        asset = made(self.asset, stage, "tailgater", lights="high" if self.flashes else None)
        speed, gap = road.speed_m_s, self.headway_s * road.speed_m_s
        follow = registry.get("behaviour", "follow_lane")

        def build(values: Values) -> Scene:
            behaviour = follow(
                speed_m_s=1.3 * speed,
                start_speed_m_s=speed + values["faster_m_s"],
                lane=road.first,
                headway_s=0.6 * self.headway_s,
                standstill_m=0.8,
                acceleration_m_s2=3.0,
                lateral_m=road.lateral,
                heeds_signals=False,
            )
            placed = road.pose(road.behind(asset, values["behind_m"]), road.lateral)
            return joined(scene, name, asset, behaviour=behaviour, **placed)

        asked = Constraint(
            kind="time_headway_s",
            subject=name,
            other="ego",
            asked=self.headway_s,
            tolerance=self.tolerance_s,
            time_s=self.at_s,
        )
        problem = Problem(
            case="tailgater",
            free={"behind_m": (0.8 * gap, 2.5 * gap + 10.0), "faster_m_s": (0.0, 6.0)},
            build=build,
            ask=lambda values: (asked,),
            way_out="start the ego farther down its lane (at_m), or ask for another headway_s or a later at_s",
        )
        return solve(problem, stage)
