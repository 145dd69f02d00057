"""An emergency vehicle with flashing lights comes from behind."""

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


@register("edge_case", "emergency_vehicle_from_behind")
@dataclass(frozen=True, kw_only=True)
class EmergencyVehicleFromBehind(EdgeCase):
    """An ambulance, a police car or a fire engine on duty comes up behind the ego, beacons on, and passes it.

    Asked: ``distance_m`` from its nose to the ego's tail at ``at_s``, and by how much it is faster then
    (``closing_speed_m_s``). It moves over just before and passes on the left. Free: where it starts. Drivers must make
    way at once (Vienna Convention, art. 34). Units: s, m, m/s.
    """

    tests: ClassVar[str] = "recognition of flashing beacons in the rear view, and making way"

    asset: str = param("ambulance", doc="asset: ambulance, police_car or fire_engine", reference="asset")
    faster_m_s: float = param(8.0, ge=1.0, le=30.0, doc="how much faster than the ego it drives")
    at_s: float = param(2.0, ge=0.0, doc="when it is as near as asked")
    distance_m: float = param(15.0, ge=2.0, le=150.0, doc="from its nose to the ego's tail then")
    passes_m: float = param(3.5, ge=-8.0, le=8.0, doc="how far to the left it moves over to pass; 0 = it stays behind")
    tolerance_m: float = param(2.0, gt=0.0, doc="largest deviation of the distance")
    name: str = param("", doc="name of the new actor; default: emergency_vehicle, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the emergency vehicle in it.

        Raises:
            UserError: there is no ego on a road, or no road behind it.
        """
        road = road_of(scene, stage, "emergency_vehicle_from_behind", moves=False)
        name = self.name or free_name("emergency_vehicle", scene)
        asset = made(self.asset, stage, "emergency_vehicle", beacons="on")
        speed = road.speed_m_s + self.faster_m_s
        # alongside when the gap is used up; clear of the ego's corner by then
        passes_s = max(self.distance_m / self.faster_m_s, 1.0)

        def build(values: Values) -> Scene:
            if self.passes_m:
                behaviour = road.drives((self.at_s, self.at_s + passes_s), (speed, speed), (0.0, self.passes_m))
            else:
                behaviour = road.drives((self.at_s, self.at_s + 2.0 * passes_s), (speed, road.speed_m_s))
            placed = road.pose(road.behind(asset, values["behind_m"]), road.lateral)
            return joined(scene, name, asset, behaviour=behaviour, **placed)

        behind = self.distance_m + self.at_s * self.faster_m_s
        problem = Problem(
            case="emergency_vehicle_from_behind",
            free={"behind_m": (0.5 * behind, 1.5 * behind + 5.0)},
            build=build,
            ask=lambda values: self._asked(name),
            way_out="start the ego farther down its lane (at_m), or ask for less faster_m_s, at_s or distance_m",
        )
        return solve(problem, stage)

    def _asked(self, name: str) -> tuple[Constraint, Constraint]:
        near = Constraint(
            kind="distance_m",
            subject=name,
            other="ego",
            asked=self.distance_m,
            tolerance=self.tolerance_m,
            time_s=self.at_s,
        )
        closing = Constraint(
            kind="closing_speed_m_s",
            subject=name,
            other="ego",
            asked=self.faster_m_s,
            tolerance=0.3 * self.faster_m_s,
            time_s=self.at_s,
        )
        return near, closing
