"""An e-scooter weaves before the ego."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen import registry
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._solve import Problem, Values, solve
from simgen.edge_cases._vehicles import joined, road_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "e_scooter_weaving")
@dataclass(frozen=True, kw_only=True)
class EScooterWeaving(EdgeCase):
    """Somebody on an e-scooter rides before the ego in its lane and weaves from side to side.

    Asked: ``time_headway_s`` from the ego to it when it has swung to the left for the second time, and
    ``lateral_offset_m`` from the lane's middle at two turning points, left and right. Free: how far ahead it starts.
    The offset goes by quintics from one side to the other. German e-scooters go at up to
    20 km/h (eKFV). Units: s, m, m/s.
    """

    tests: ClassVar[str] = "distance to a rider whose next swing cannot be foreseen"

    variant: int = param(0, ge=0, le=9999, doc="which rider")
    time_headway_s: float = param(1.8, ge=0.4, le=6.0, doc="from the ego's nose to it at the second swing to the left")
    speed_m_s: float = param(5.0, ge=1.0, le=7.0, doc="riding speed")
    swing_m: float = param(0.7, ge=0.2, le=1.5, doc="how far it swings to either side")
    period_s: float = param(2.4, ge=1.2, le=6.0, doc="from one swing to the left to the next")
    lateral_m: float = param(-0.3, ge=-2.0, le=2.0, doc="middle of the weaving, left of the lane's")
    tolerance_s: float = param(0.2, gt=0.0, doc="largest deviation of the headway")
    name: str = param("", doc="name of the new actor; default: e_scooter, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the scooter in it.

        Raises:
            UserError: there is no ego on a road, or no start from which it comes out as asked.
        """
        road = road_of(scene, stage, self.plugin_name)
        name = self.name or free_name("e_scooter", scene)
        scooter = registry.get("asset", "e_scooter")()
        rider = registry.get("asset", "e_scooter_rider")(variant=self.variant)
        count = int(scene.clock.duration_s / (0.5 * self.period_s)) + 2
        times = tuple(round(k * 0.5 * self.period_s, 4) for k in range(count))
        # it starts on the right
        swings = tuple(0.0 if k % 2 == 0 else 2.0 * self.swing_m for k in range(count))
        weaves = road.drives(times, (self.speed_m_s,) * count, swings)

        def build(values: Values) -> Scene:
            start = road.pose(road.ahead(scooter, values["ahead_m"]), self.lateral_m - self.swing_m)
            ridden = joined(scene, name, scooter, behaviour=weaves, **start)
            return ridden.add(
                name=f"{name}/rider", asset=rider, position=(0.0, 0.0, 0.0), parent=name, group=f"{name}/rider"
            )

        at_s = 1.5 * self.period_s
        problem = Problem(
            case=self.plugin_name,
            free={"ahead_m": (1.5, 60.0)},
            build=build,
            ask=lambda values: self._asked(name, at_s),
            way_out="lengthen clock.duration_s, or ask for another time_headway_s",
        )
        return solve(problem, stage)

    def _asked(self, name: str, at_s: float) -> tuple[Constraint, ...]:
        """Headway and left swing at one instant, the right swing half a period before."""
        headway = Constraint(
            kind="time_headway_s", subject="ego", other=name, asked=self.time_headway_s, tolerance=self.tolerance_s,
            time_s=at_s,
        )  # fmt: skip
        left, right = (
            Constraint(
                kind="lateral_offset_m", subject=name, asked=self.lateral_m + side * self.swing_m, tolerance=0.2,
                time_s=at_s - before_s,
            )
            for side, before_s in ((1.0, 0.0), (-1.0, 0.5 * self.period_s))
        )  # fmt: skip
        return headway, left, right
