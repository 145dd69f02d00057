"""A lorry drifts out of its lane into the ego's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._solve import Problem, Values, solve
from simgen.edge_cases._standing import blocks
from simgen.edge_cases._vehicles import Side, joined, made, road_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "swerving_lorry")
@dataclass(frozen=True, kw_only=True)
class SwervingLorry(EdgeCase):
    """A lorry of the next lane drifts over the line into the ego's lane, without indicating, and is jerked back.

    As a driver does who falls asleep for a second or two. Asked: ``time_to_collision_s``, the ego's nose to the lorry's
    tail over the ego's speed when it enters the width that the ego sweeps, and which share of the ego's lane it takes
    when it is farthest over (``lane_blocked_fraction``). Free: where it starts, how far it drifts. Units: s, m, m/s.
    """

    tests: ClassVar[str] = "anticipating a heavy vehicle that leaves its lane without a sign"

    asset: str = param("truck", doc="asset of the lorry", reference="asset")
    side: Side = param("", doc="the lane that it drives in; empty = one that is there")
    time_to_collision_s: float = param(1.2, ge=0.1, le=6.0, doc="time gap to it when it enters the ego's path")
    blocked_fraction: float = param(0.4, ge=0.15, le=1.0, doc="share of the ego's lane that it takes at most")
    slower_m_s: float = param(3.0, ge=-10.0, le=20.0, doc="how much slower than the ego it is")
    start_s: float = param(0.5, ge=0.0, doc="when it begins to drift")
    drift_s: float = param(1.8, ge=0.8, le=6.0, doc="how long it drifts; it is back in two thirds of that time")
    tolerance_s: float = param(0.15, gt=0.0, doc="largest deviation of the time")
    name: str = param("", doc="name of the new actor; default: lorry, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the lorry in it.

        Raises:
            UserError: there is no ego, no lane beside its own, or no start from which the gap comes out as asked.
        """
        road = road_of(scene, stage, "swerving_lorry")
        _, aside = road.beside(self.side)
        name = self.name or free_name("lorry", scene)
        asset = made(self.asset, stage, "swerving_lorry", indicators="off")
        speed = max(road.speed_m_s - self.slower_m_s, 1.0)
        farthest_s = self.start_s + self.drift_s
        times = (self.start_s, farthest_s, farthest_s + 0.3, farthest_s + 0.3 + self.drift_s / 1.5)

        def build(values: Values) -> Scene:
            over = -values["share"] * aside
            behaviour = road.drives(times, (speed,) * 4, (0.0, over, over, 0.0))
            placed = road.pose(road.ahead(asset, values["ahead_m"]), aside)
            return joined(scene, name, asset, behaviour=behaviour, **placed)

        gap = Constraint(
            kind="time_to_collision_s",
            subject="ego",
            other=name,
            asked=self.time_to_collision_s,
            tolerance=self.tolerance_s,
        )
        share = blocks(name, self.blocked_fraction, "about", 0.1, farthest_s + 0.15)
        problem = Problem(
            case="swerving_lorry",
            free={"ahead_m": (0.0, 2.0 * self.time_to_collision_s * road.speed_m_s + 20.0), "share": (0.1, 1.0)},
            build=build,
            ask=lambda values: (gap, share),
            way_out="let the ego drive on (heeds_others: false), or ask for another time_to_collision_s",
        )
        return solve(problem, stage)
