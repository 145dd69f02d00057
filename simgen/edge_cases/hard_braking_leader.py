"""The vehicle ahead brakes hard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._solve import Problem, Values, solve
from simgen.edge_cases._vehicles import joined, made, road_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "hard_braking_leader")
@dataclass(frozen=True, kw_only=True)
class HardBrakingLeader(EdgeCase):
    """The ego follows a vehicle closely, and that one brakes to a stop.

    Asked: ``time_headway_s`` of the ego behind it when it begins to brake, and its ``deceleration_m_s2``. Free: where
    it starts. Full braking reaches 8 to 10 m/s2 on a dry road, 4 to 6 on a wet one (UN R13-H asks 6.43 of new cars).
    Euro NCAP's CCRb brakes with 2 and 6 m/s2 at 12 and 40 m. Units: s, m/s2.
    """

    tests: ClassVar[str] = "braking in time behind a leader that brakes hard at a short headway"

    asset: str = param("sedan", doc="asset of the leader", reference="asset")
    headway_s: float = param(1.0, ge=0.2, le=4.0, doc="time headway of the ego as it begins to brake")
    deceleration_m_s2: float = param(7.0, ge=1.0, le=10.0, doc="how hard it brakes")
    start_s: float = param(1.5, ge=0.1, doc="when it begins to brake")
    tolerance_s: float = param(0.1, gt=0.0, doc="largest deviation of the headway")
    name: str = param("", doc="name of the new actor; default: leader, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the leader in it.

        Raises:
            UserError: there is no ego on a road, or no start from which the headway comes out as asked.
        """
        road = road_of(scene, stage, "hard_braking_leader")
        name = self.name or free_name("leader", scene)
        asset, speed = made(self.asset, stage, "leader"), road.speed_m_s
        stopped_s = self.start_s + max(speed, 1.0) / self.deceleration_m_s2

        def build(values: Values) -> Scene:
            behaviour = road.drives((self.start_s, stopped_s), (speed, 0.0))
            placed = road.pose(road.ahead(asset, values["ahead_m"]), road.lateral)
            return joined(scene, name, asset, behaviour=behaviour, **placed)

        headway = Constraint(
            kind="time_headway_s",
            subject="ego",
            other=name,
            asked=self.headway_s,
            tolerance=self.tolerance_s,
            time_s=self.start_s,
        )
        braking = Constraint(
            kind="deceleration_m_s2",
            subject=name,
            asked=self.deceleration_m_s2,
            tolerance=0.1 * self.deceleration_m_s2,
            time_s=self.start_s,
            until_s=min(stopped_s, scene.clock.duration_s),
        )
        problem = Problem(
            case="hard_braking_leader",
            free={"ahead_m": (0.5, 2.0 * self.headway_s * speed + 10.0)},
            build=build,
            ask=lambda values: (headway, braking),
            way_out="start the ego farther back, or ask for another headway_s",
        )
        return solve(problem, stage)
