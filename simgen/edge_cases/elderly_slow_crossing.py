"""Somebody old is still on the crosswalk when the light turns green."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Final

from simgen import registry
from simgen.assembly import model_of
from simgen.edge_cases._crossing import facing, seen
from simgen.edge_cases._crosswalks import crosswalks_on
from simgen.edge_cases._kerbside import Kerbside
from simgen.edge_cases._roadside import free_name, refuse_overlap, route_of
from simgen.edge_cases._solve import Among, Problem, RejectedError, Values, solve
from simgen.edge_cases._way import ego_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.metrics._signals import signal_ahead
from simgen.records.constraints import Constraint
from simgen.records.layout import WorldLayout
from simgen.registry import param, register
from simgen.scene import Entity, Scene

#: how finely a light is watched, s
_STEP_S: Final = 0.05
#: a crosswalk farther from the ego is not the one before it, m
_BEFORE_M: Final = 40.0


@register("edge_case", "elderly_slow_crossing")
@dataclass(frozen=True, kw_only=True)
class ElderlySlowCrossing(EdgeCase):
    """Somebody old, with a stick or without, is still before the ego on the crosswalk when its light turns green.

    Asked: ``turns_green_s`` of the ego's light, ``aside_m`` of the person against the ego at that instant, and that the
    camera sees them. Free: where across the crosswalk they walk, and from which side. Lights reckon with 1.0 to
    1.2 m/s (RiLSA 2015); of people over 65 most walk slower than 1.2 m/s, many at 0.6 to 0.9 m/s (Asher et al. 2012,
    Age and Ageing 41, 690). Units: s, m, m/s.
    """

    tests: ClassVar[str] = "waiting at green for somebody who has not yet cleared the crosswalk"

    variant: int = param(0, ge=0, doc="which person")
    carries: str = param("stick", doc="what they lean on", choices=("stick", "crutches", "none"))
    speed_m_s: float = param(0.7, ge=0.2, le=1.4, doc="walking speed")
    aside_m: float = param(0.0, ge=-3.0, le=3.0, doc="to the left of the ego's middle when the light turns green")
    side: str = param("", doc="where they come from; empty = drawn", choices=("", "left", "right"))
    tolerance_m: float = param(0.4, gt=0.0, doc="largest deviation of that place")
    name: str = param("", doc="name of the new actor; default: elderly, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with somebody on the crosswalk.

        Raises:
            UserError: the ego is before no light, it does not turn green in the clip, or there is no crosswalk.
        """
        ego, layout = ego_of(scene, self.plugin_name), stage.layout
        green_s = self._turns_green(scene, ego, layout)
        route, kerbs = route_of(ego, layout, self.plugin_name), Kerbside.of(scene, layout)
        begin, off = (float(v) for v in route.closest(ego.position))
        walks = [w for w in crosswalks_on(layout, route) if begin < w.s < begin + _BEFORE_M]
        if not walks:
            raise UserError(f"{self.plugin_name}: no crosswalk lies before the ego: start it before one with a light")
        name = self.name or free_name("elderly", scene)
        asset = registry.get("asset", "pedestrian")(variant=self.variant, age="elderly", carries=self.carries)
        model, walk = model_of(asset), walks[0]
        half = max(walk.lane.width_m - 0.6, 0.1)

        def build(values: Values) -> Scene:
            side, s = values["side"], walk.s + half * values["along"]
            # as far back from its place at green as it walks until then, or from the kerb
            there = off + self.aside_m
            lateral = side * there + self.speed_m_s * green_s
            edge = kerbs.edge_m(route, s, side)
            if edge is None:
                raise RejectedError("the crosswalk has no kerb")
            start = min(lateral, edge + 0.3)
            wait_s = green_s - (start - side * there) / self.speed_m_s
            dash = registry.get("behaviour", "dash")(speed_m_s=self.speed_m_s, start_s=max(wait_s, 0.0))
            pose = facing(kerbs, route, model, s, side, start)
            changed = scene.add(name=name, asset=asset, behaviour=dash, group=name, **pose)
            refuse_overlap(changed, name)
            return changed

        sides = {"left": (1.0,), "right": (-1.0,), "": (-1.0, 1.0)}[self.side]
        problem = Problem(
            case=self.plugin_name,
            free={"along": Among((0.0, -0.5, 0.5, -0.9, 0.9)), "side": Among(sides)},
            build=build,
            ask=lambda values: self._asked(scene, name, green_s),
            way_out="start the ego at the stop line, so that it stands when its light turns green",
        )
        return solve(problem, stage)

    def _turns_green(self, scene: Scene, ego: Entity, layout: WorldLayout) -> float:
        """When the ego's light turns green.

        Raises:
            UserError: it has none, or it does not.
        """
        signal = signal_ahead(layout.map, ego.position[:2])
        states = {s.name: s for s in layout.map.signals}
        if signal not in states:
            raise UserError(
                f"{self.plugin_name} needs the ego on a lane that ends at a light: choose a world with signals"
                " (intersection, city_block), and place it on an approach"
            )
        count = math.ceil(scene.clock.duration_s / _STEP_S)
        shown = [states[signal].state(k * _STEP_S) == "green" for k in range(count)]
        turns = [k * _STEP_S for k in range(1, count) if shown[k] and not shown[k - 1]]
        if not turns or turns[0] > scene.clock.duration_s - 0.5:
            raise UserError(
                f"{self.plugin_name}: the ego's light does not turn green within the clip: shift the lights"
                " (timing.offset_s of the world), or lengthen clock.duration_s"
            )
        return turns[0]

    def _asked(self, scene: Scene, name: str, green_s: float) -> tuple[Constraint, ...]:
        turns = Constraint(kind="turns_green_s", subject="ego", asked=green_s, tolerance=0.1)
        place = Constraint(
            kind="aside_m", subject=name, other="ego", asked=self.aside_m, tolerance=self.tolerance_m, time_s=green_s
        )
        return (turns, place, seen(scene, name, green_s, 0.6))
