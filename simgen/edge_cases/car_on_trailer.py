"""Cars ride on a lorry's trailer before the ego: vehicles that are cargo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from simgen.assembly import model_of
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._solve import Problem, Values, solve
from simgen.edge_cases._vehicles import empty_flatbed, joined, made, rear_m, road_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.geometry import quat_from_yaw
from simgen.placement.coupling import start_pose
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.rng import stream
from simgen.scene import Scene

#: the deck of a flatbed semitrailer: how high, from where to where along x, m
_DECK_M: Final = 1.33
_FROM_M, _TO_M = -4.2, 9.1
#: between cars on the deck, and to its ends
_GAP_M: Final = 0.25


@register("edge_case", "car_on_trailer")
@dataclass(frozen=True, kw_only=True)
class CarOnTrailer(EdgeCase):
    """A lorry before the ego carries cars on its flatbed, as transporters of damaged or new ones do.

    The cars are actors of their own that ride on the trailer: they move with it, and nobody drives them. Asked:
    ``time_headway_s`` of the ego behind the trailer at ``at_s``, that the rearmost car does not move against it
    (``closing_speed_m_s``) and stands on it (``distance_m``). Free: where the lorry starts. Units: s, m.
    """

    tests: ClassVar[str] = "telling vehicles that are cargo from traffic: no car drives 1.3 m over the road"

    cars: int = param(2, ge=1, le=3, doc="how many ride on it, as far as they fit")
    headway_s: float = param(1.2, ge=0.3, le=6.0, doc="time headway of the ego behind the trailer")
    at_s: float = param(1.0, ge=0.0, doc="when the headway is as asked")
    backwards: bool = param(False, doc="they stand with their fronts to the rear, towards the ego")
    tolerance_s: float = param(0.15, gt=0.0, doc="largest deviation of the headway")
    name: str = param("", doc="name of the tractor; default: transporter, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the lorry and its cars in it.

        Raises:
            UserError: there is no ego on a road, or no room for the lorry before it.
        """
        road = road_of(scene, stage, "car_on_trailer")
        name = self.name or free_name("transporter", scene)
        tractor = made("tractor_unit", stage, "car_on_trailer")
        trailer = empty_flatbed(stage, "car_on_trailer")
        speed, behind = road.speed_m_s, f"{name}/semitrailer"
        tower, towed = model_of(tractor), model_of(trailer)
        back, _ = start_pose(tower, towed, (0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0))

        def build(values: Values) -> Scene:
            s = road.nose + values["ahead_m"] + rear_m(towed) - back[0]
            placed = road.pose(s, road.lateral)
            changed = joined(scene, name, tractor, behaviour=road.drives((0.0,), (speed,)), **placed)
            position, quaternion = start_pose(tower, towed, placed["position"], placed["quaternion"])
            changed = changed.add(
                name=behind, asset=trailer, position=position, quaternion=quaternion, towed_by=name, group="semitrailer"
            )
            return self._loaded(changed, stage, behind)

        problem = Problem(
            case="car_on_trailer",
            free={"ahead_m": (0.6 * self.headway_s * speed, 1.4 * self.headway_s * speed + 2.0)},
            build=build,
            ask=lambda values: self._asked(behind),
            tries=8,
            way_out="start the ego farther back, or ask for another headway_s",
        )
        return solve(problem, stage)

    def _loaded(self, scene: Scene, stage: Stage, trailer: str) -> Scene:
        """Cars one before the other on the deck, the first at its end."""
        draw, x = stream(stage.seed, "car_on_trailer", "cars"), _FROM_M + _GAP_M
        for k in range(self.cars):
            kind = ("hatchback", "city_car", "sedan", "suv", "estate")[int(draw.integers(5))]
            asset = made(kind, stage, f"car on trailer {k}", occupants=0, lights="off", indicators="off")
            model = model_of(asset)
            if x + model.size[0] > _TO_M:
                break
            middle = x + 0.5 * model.size[0]
            sign = -1.0 if self.backwards else 1.0
            w, qx, qy, qz = quat_from_yaw(0.0 if sign > 0.0 else 3.141592653589793).tolist()
            scene = scene.add(
                name=f"{trailer}/car_{k}",
                asset=asset,
                position=(middle - sign * model.box_center[0], 0.0, _DECK_M),
                quaternion=(w, qx, qy, qz),
                parent=trailer,
                group="cars_on_trailer",
            )
            x += model.size[0] + _GAP_M
        return scene

    def _asked(self, trailer: str) -> tuple[Constraint, ...]:
        headway = Constraint(
            kind="time_headway_s",
            subject="ego",
            other=trailer,
            asked=self.headway_s,
            tolerance=self.tolerance_s,
            time_s=self.at_s,
        )
        car = f"{trailer}/car_0"
        still = Constraint(
            kind="closing_speed_m_s", subject=car, other=trailer, asked=0.0, tolerance=0.2, time_s=self.at_s
        )
        on = Constraint(kind="distance_m", subject=car, other=trailer, asked=0.0, tolerance=0.05, time_s=self.at_s)
        return headway, still, on
