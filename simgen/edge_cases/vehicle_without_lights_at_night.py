"""A vehicle without any light is on the road at night."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._solve import Problem, Values, solve
from simgen.edge_cases._vehicles import joined, made, road_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene

#: it is dark when sun, moon and sky give level ground less than this, lx: street lamps are on by then
_DARK_LX: Final = 10.0


@register("edge_case", "vehicle_without_lights_at_night")
@dataclass(frozen=True, kw_only=True)
class VehicleWithoutLightsAtNight(EdgeCase):
    """A slow vehicle without head and tail lamps is ahead of the ego in the dark.

    Asked: ``time_to_contact_s`` with it at ``at_s``, and how many ``pixels`` of it a camera that looks ahead shows then
    at least, if ``camera`` names one: it is there, it only cannot be told from the night. Free: where it starts. Nights
    only: sun, moon and sky give level ground less than 10 lx. Units: s, m/s.
    """

    tests: ClassVar[str] = "finding a vehicle by its reflectors and by ranging alone, without lamps"

    asset: str = param("sedan", doc="asset of the dark vehicle", reference="asset")
    speed_m_s: float = param(6.0, ge=0.0, le=40.0, doc="how fast it goes; 0 = it stands")
    at_s: float = param(2.0, ge=0.0, doc="when the time to contact is as asked")
    time_to_contact_s: float = param(3.0, ge=0.5, le=15.0, doc="time left then, at the speeds of both")
    tolerance_s: float = param(0.3, gt=0.0, doc="largest deviation of the time")
    camera: str = param("", doc="a camera that has it in view", reference="sensor")
    name: str = param("", doc="name of the new actor; default: unlit, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the dark vehicle in it.

        Raises:
            UserError: it is too bright, there is no ego on a road, or the ego is not faster.
        """
        lux = scene.light.field().horizontal_lux
        if lux > _DARK_LX:
            raise UserError(
                f"vehicle_without_lights_at_night: it is not dark ({lux:.3g} lx); choose another light.time, such as"
                " 22:30 in winter"
            )
        road = road_of(scene, stage, "vehicle_without_lights_at_night")
        name = self.name or free_name("unlit", scene)
        asset = made(self.asset, stage, "unlit", lights="off", indicators="off")
        closing = road.speed_m_s - self.speed_m_s
        if closing < 0.5:
            raise UserError("vehicle_without_lights_at_night: the ego is not faster than it; ask for less speed_m_s")

        def build(values: Values) -> Scene:
            behaviour = road.drives((0.0,), (self.speed_m_s,)) if self.speed_m_s > 0.0 else None
            placed = road.pose(road.ahead(asset, values["ahead_m"]), road.lateral)
            return joined(scene, name, asset, behaviour=behaviour, **placed)

        gap = closing * (self.time_to_contact_s + self.at_s)
        problem = Problem(
            case="vehicle_without_lights_at_night",
            free={"ahead_m": (0.3 * gap, 2.0 * gap + 10.0)},
            build=build,
            ask=lambda values: self._asked(name),
            way_out="make the world longer, start the ego farther back, or ask for less time_to_contact_s or at_s",
        )
        return solve(problem, stage)

    def _asked(self, name: str) -> tuple[Constraint, ...]:
        contact = Constraint(
            kind="time_to_contact_s",
            subject="ego",
            other=name,
            asked=self.time_to_contact_s,
            tolerance=self.tolerance_s,
            time_s=self.at_s,
        )
        if not self.camera:
            return (contact,)
        seen = Constraint(
            kind="pixels",
            subject=name,
            other=self.camera,
            asked=20.0,
            tolerance=0.0,
            relation="at_least",
            time_s=self.at_s,
        )
        return contact, seen
