"""Somebody comes towards the ego in its own lane."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import ClassVar

from simgen.assembly import model_of
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._solve import Problem, Values, solve
from simgen.edge_cases._vehicles import front_m, joined, made, road_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "wrong_way_driver")
@dataclass(frozen=True, kw_only=True)
class WrongWayDriver(EdgeCase):
    """A vehicle drives against the traffic in the ego's lane, head on.

    Asked: ``time_to_contact_s`` of the two, and their ``closing_speed_m_s``, at ``at_s``. From then on it may swerve,
    so that a longer sequence shows them pass. Free: where it starts. Wrong-way crashes on motorways happen mostly at
    night (NTSB SIR-12/01). Units: s, m, m/s.
    """

    tests: ClassVar[str] = "early detection of an oncoming vehicle where nobody may come from"

    asset: str = param("sedan", doc="asset of the wrong-way driver", reference="asset")
    speed_m_s: float = param(25.0, ge=3.0, le=60.0, doc="how fast it comes")
    at_s: float = param(2.0, ge=0.0, doc="when the time to contact is as asked")
    time_to_contact_s: float = param(2.0, ge=0.5, le=10.0, doc="time left then, at the speeds of both")
    swerves_m: float = param(0.0, ge=-8.0, le=8.0, doc="how far it swerves from then on, to its right (positive)")
    swerve_s: float = param(1.5, ge=0.5, le=5.0, doc="how long that takes")
    tolerance_s: float = param(0.2, gt=0.0, doc="largest deviation of the time")
    name: str = param("", doc="name of the new actor; default: wrong_way, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the wrong-way driver in it.

        Raises:
            UserError: there is no ego on a road, or the road is too short.
        """
        road = road_of(scene, stage, "wrong_way_driver")
        name = self.name or free_name("wrong_way", scene)
        asset = made(self.asset, stage, "wrong_way_driver")
        apart = (road.speed_m_s + self.speed_m_s) * (self.time_to_contact_s + self.at_s)

        def build(values: Values) -> Scene:
            times, speeds = (self.at_s, self.at_s + self.swerve_s), (self.speed_m_s, self.speed_m_s)
            behaviour = road.drives(times, speeds, (0.0, -self.swerves_m), against=True)
            # it faces the ego: its origin is behind its nose
            s = road.nose + values["ahead_m"] + front_m(model_of(asset))
            return joined(scene, name, asset, behaviour=behaviour, **road.pose(s, road.lateral, pi))

        problem = Problem(
            case="wrong_way_driver",
            free={"ahead_m": (0.4 * apart, 1.1 * apart)},
            build=build,
            ask=lambda values: self._asked(name, road.speed_m_s),
            way_out="make the world longer (length_m), start the ego farther back, or ask for less at_s or speed_m_s",
        )
        return solve(problem, stage)

    def _asked(self, name: str, ego_m_s: float) -> tuple[Constraint, Constraint]:
        return (
            Constraint(
                kind="time_to_contact_s",
                subject="ego",
                other=name,
                asked=self.time_to_contact_s,
                tolerance=self.tolerance_s,
                time_s=self.at_s,
            ),
            # the ego may brake for it
            Constraint(
                kind="closing_speed_m_s",
                subject="ego",
                other=name,
                asked=0.9 * self.speed_m_s,
                tolerance=0.1,
                relation="at_least",
                time_s=self.at_s,
            ),
        )
