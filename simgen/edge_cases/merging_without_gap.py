"""Somebody merges where there is no gap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.assembly import model_of
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._solve import Problem, Values, solve
from simgen.edge_cases._vehicles import Side, joined, made, road_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "merging_without_gap")
@dataclass(frozen=True, kw_only=True)
class MergingWithoutGap(EdgeCase):
    """The ego follows a leader, and a vehicle of the next lane pushes in between, into a gap hardly longer than itself.

    Asked: ``time_to_collision_s``, the ego's nose to the tail of the one who merges over the ego's speed when it enters
    the width that the ego sweeps, and the ``distance_m`` from its nose to the leader at that time. Free: where both
    start. Units: s, m.
    """

    tests: ClassVar[str] = "yielding in time to somebody who merges because the lane ends, gap or not"

    asset: str = param("van", doc="asset of the one who merges", reference="asset")
    leader: str = param("sedan", doc="asset of the leader", reference="asset")
    side: Side = param("right", doc="the lane it comes from; empty = one that is there")
    time_to_collision_s: float = param(0.5, ge=0.05, le=3.0, doc="time gap behind it at its entry")
    room_m: float = param(4.0, ge=1.0, le=30.0, doc="from its nose to the leader's tail")
    start_s: float = param(0.8, ge=0.0, doc="when it moves over")
    change_s: float = param(2.5, ge=1.0, le=8.0, doc="how long its change of lane takes")
    tolerance_s: float = param(0.12, gt=0.0, doc="largest deviation of the time")
    tolerance_m: float = param(1.0, gt=0.0, doc="largest deviation of the room")
    name: str = param("", doc="name of the one who merges; default: merging, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with both in it.

        Raises:
            UserError: there is no ego, no lane on that side, or no start from which the gaps come out as asked.
        """
        road = road_of(scene, stage, "merging_without_gap")
        _, aside = road.beside(self.side)
        name, front = self.name or free_name("merging", scene), free_name("leader", scene)
        asset, ahead = made(self.asset, stage, "merging"), made(self.leader, stage, "merged before")
        speed, length = road.speed_m_s, model_of(asset).size[0]

        def build(values: Values) -> Scene:
            gap = values["gap_m"]
            before = road.pose(road.ahead(ahead, gap + length + values["room_m"]), road.lateral)
            changed = joined(scene, front, ahead, behaviour=road.drives((0.0,), (speed,)), **before)
            times, over = (self.start_s, self.start_s + self.change_s), (0.0, road.lateral - aside)
            beside = road.pose(road.ahead(asset, gap), aside)
            return joined(changed, name, asset, behaviour=road.drives(times, (speed, speed), over), **beside)

        wished = self.time_to_collision_s * speed
        problem = Problem(
            case="merging_without_gap",
            free={"gap_m": (0.2, wished + 8.0), "room_m": (0.5 * self.room_m, 1.5 * self.room_m + 1.0)},
            build=build,
            ask=lambda values: self._asked(name, front),
            way_out="lengthen clock.duration_s, start the ego elsewhere, or ask for another time_to_collision_s",
        )
        return solve(problem, stage)

    def _asked(self, name: str, leader: str) -> tuple[Constraint, Constraint]:
        left = Constraint(
            kind="time_to_collision_s",
            subject="ego",
            other=name,
            asked=self.time_to_collision_s,
            tolerance=self.tolerance_s,
        )
        room = Constraint(
            kind="distance_m",
            subject=name,
            other=leader,
            asked=self.room_m,
            tolerance=self.tolerance_m,
            time_s=self.start_s + self.change_s,
        )
        return left, room
