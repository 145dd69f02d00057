"""Somebody crosses the ego's way at a red light."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from simgen import registry
from simgen.assembly import model_of
from simgen.edge_cases._roadside import free_name, spot
from simgen.edge_cases._solve import Problem, RejectedError, Values, solve
from simgen.edge_cases._vehicles import Road, front_m, joined, made, road_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.placement.route import Route, route_from
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene

#: a way that comes nearer than this to the ego's crosses it, m
_CROSSES_M: Final = 1.0


@register("edge_case", "red_light_runner")
@dataclass(frozen=True, kw_only=True)
class RedLightRunner(EdgeCase):
    """A vehicle on another arm of a junction does not stop at its red light and crosses the ego's way.

    Asked: ``time_to_collision_s``, the ego's nose to it over the ego's speed when it enters the width that the ego
    sweeps, and ``into_red_s``: its light had been red that long, at least, when it passed its stop line. Free: the arm,
    and how far from the stop line it starts. 1 000 people a year die so in the US (IIHS). Units: s, m/s.
    """

    tests: ClassVar[str] = "not trusting the own green light where somebody comes across"

    asset: str = param("sedan", doc="asset of the one that runs the light", reference="asset")
    speed_m_s: float = param(14.0, ge=3.0, le=35.0, doc="how fast it crosses")
    time_to_collision_s: float = param(1.5, ge=0.2, le=6.0, doc="time left to the ego when it enters its path")
    red_for_s: float = param(0.0, ge=0.0, le=30.0, doc="how long its light has been red at least as it passes")
    tolerance_s: float = param(0.2, gt=0.0, doc="largest deviation of the time to collision")
    name: str = param("", doc="name of the new actor; default: red_light_runner, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the runner in it.

        Raises:
            UserError: there is no ego on a road, no lights that guard lanes across it, or none of them is red in time.
        """
        road = road_of(scene, stage, "red_light_runner")
        name = self.name or free_name("red_light_runner", scene)
        asset = made(self.asset, stage, "red_light_runner")
        ways = tuple(_crossing(road))
        if not ways:
            raise UserError(
                "red_light_runner: no lane with a traffic light crosses the ego's way; use a world with lights (such"
                " as intersection), and let the ego drive over the junction within clock.duration_s"
            )

        def build(values: Values) -> Scene:
            route = ways[min(int(values["way"] * len(ways)), len(ways) - 1)]
            s = route.stops()[0][0] - values["away_m"] - front_m(model_of(asset))
            if s < 0.0:
                raise RejectedError("its lane begins later")
            script = registry.get("behaviour", "script")
            behaviour = script(speeds_m_s=(self.speed_m_s,), lane=route.stretches[0].lane.name)
            return joined(scene, name, asset, behaviour=behaviour, **spot(stage.layout, route.line, s))

        problem = Problem(
            case="red_light_runner",
            free={"way": (0.0, 1.0), "away_m": (0.5, 100.0)},
            build=build,
            ask=lambda values: self._asked(name),
            tries=64,
            way_out="shift the lights (world timing.offset_s) so that the ego has green, or start it nearer",
        )
        return solve(problem, stage)

    def _asked(self, name: str) -> tuple[Constraint, Constraint]:
        left = Constraint(
            kind="time_to_collision_s",
            subject="ego",
            other=name,
            asked=self.time_to_collision_s,
            tolerance=self.tolerance_s,
        )
        red = Constraint(kind="into_red_s", subject=name, asked=self.red_for_s, tolerance=0.05, relation="at_least")
        return left, red


def _crossing(road: Road) -> Iterator[Route]:
    """Routes straight on from lights on other arms that cross where the ego really goes."""
    path = road.way.path()
    for lane in road.layout.map.lanes:
        if lane.kind != "driving" or not lane.signal or lane.name == road.lane.name:
            continue
        route = route_from(road.layout.map, lane.name)
        at, lateral = path.closest(route.line.resample(0.5).points)
        hit = np.flatnonzero((np.abs(lateral) < _CROSSES_M) & (at > 1.0) & (at < path.length - 1.0))
        if len(hit) == 0:
            continue
        s = 0.5 * float(hit[0])
        turn = float(route.line.heading(s)) - float(path.heading(at[hit[0]]))
        if abs(np.sin(turn)) > 0.5:
            yield route
