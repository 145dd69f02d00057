"""A cyclist is beside the ego, out of its view, as it turns across the cyclist's way."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from simgen import registry
from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.edge_cases._crossing import watcher_of
from simgen.edge_cases._forecast import forecast
from simgen.edge_cases._roadside import free_name, lane_of, refuse_overlap, route_of, spot
from simgen.edge_cases._solve import Problem, RejectedError, Values, solve
from simgen.edge_cases._way import Way, ego_of, way_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.geometry import yaw_of
from simgen.metrics import row_of
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene

#: the ego turns from when it has left its first heading by this, rad
_TURNS_RAD: Final = math.radians(4.0)
#: how hard the cyclist brakes, m/s2 (hard for a bicycle), and how long after the turn begins, s
_BRAKES_M_S2, _REACTS_S = 5.0, 0.1
_PAINTS: Final = ("red", "dark_green", "blue", "black", "white", "silver")


@register("edge_case", "cyclist_in_blind_spot")
@dataclass(frozen=True, kw_only=True)
class CyclistInBlindSpot(EdgeCase):
    """A cyclist rides straight on beside the ego, where its driver and front camera do not look, as it turns off.

    Asked at the instant when the ego begins to turn (its heading has changed by 4 deg): ``ahead_m`` and ``aside_m`` of
    the bicycle against the ego, and that the front camera has hardly a pixel of it. Free: where it starts. The cyclist
    keeps beside the ego's path to the junction and brakes as soon as the turn shows. Cyclists straight on and
    lorries that turn right are the case of UN Regulation 151 (blind spot information systems). Units: m, m/s.
    """

    tests: ClassVar[str] = "shoulder check and side sensors before a turn across a cyclist's way"

    variant: int = param(0, ge=0, doc="which bicycle and rider")
    ahead_m: float = param(-1.0, ge=-12.0, le=3.0, doc="of the ego's middle as the turn begins; negative = behind")
    gap_m: float = param(0.7, ge=0.2, le=3.0, doc="between the ego's side and the bicycle, as the road is straight")
    speed_m_s: float = param(4.5, ge=1.0, le=10.0, doc="riding speed")
    brakes: bool = param(True, doc="the cyclist brakes for the ego; otherwise rides on")
    tolerance_m: float = param(0.6, gt=0.0, doc="largest deviation of the place")
    name: str = param("", doc="name of the new actor; default: cyclist, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the cyclist in it.

        Raises:
            UserError: there is no ego, it does not turn, or the cyclist has no room beside it.
        """
        ego = ego_of(scene, self.plugin_name)
        trajectory = forecast(scene, stage.layout)
        way = way_of(trajectory, "ego")
        yaw = np.unwrap(yaw_of(trajectory.quaternion[:, int(trajectory.actor_body[row_of(trajectory, "ego")])]))
        turned = np.flatnonzero(np.abs(yaw - yaw[0]) > _TURNS_RAD)
        if not len(turned):
            raise UserError(
                f"{self.plugin_name}: the ego does not turn within the clip: let it turn (behaviour: {{type:"
                " follow_lane, turn: right}}), start it nearer to a junction, or lengthen clock.duration_s"
            )
        turn_s, side = float(way.time_s[turned[0]]), math.copysign(1.0, float(yaw[-1] - yaw[0]))
        name = self.name or free_name("cyclist", scene)
        bicycle = registry.get("asset", "bicycle")(color=_PAINTS[self.variant % len(_PAINTS)])
        route = route_of(ego, stage.layout, self.plugin_name)
        lane = lane_of(ego, stage.layout, self.plugin_name).name
        half = model_of(bicycle).size[1] / 2.0
        begin, off = (float(v) for v in route.closest(way.center[0]))
        lateral = off + side * (way.width_m / 2.0 + self.gap_m + half)
        at_turn = begin + float(np.interp(turn_s, way.time_s, way.s)) - model_of(bicycle).box_center[0]

        def build(values: Values) -> Scene:
            start = at_turn + self.ahead_m + values["shift_m"] - self.speed_m_s * turn_s
            if start < 0.5:
                raise RejectedError("the road begins too late for the cyclist")
            changed = scene.add(
                name=name, asset=bicycle, behaviour=self._rides(turn_s, lane), group=name,
                **spot(stage.layout, route, start, lateral),
            )  # fmt: skip
            refuse_overlap(changed, name)
            return changed.add(
                name=f"{name}/rider", asset=self._rider(), position=(0.0, 0.0, 0.0), parent=name, group=f"{name}/rider"
            )

        problem = Problem(
            case=self.plugin_name,
            free={"shift_m": (-0.8, 0.8)},
            build=build,
            ask=lambda values: self._asked(scene, name, turn_s, side, way, half),
            way_out="start the ego farther from the junction, or let the cyclist ride more slowly",
        )
        return solve(problem, stage)

    def _rider(self) -> Asset:
        rider: Asset = registry.get("asset", "cyclist_rider")(variant=self.variant)
        return rider

    def _rides(self, turn_s: float, lane: str) -> object:
        """Evenly, and to a stop after the turn has begun."""
        reacts = turn_s + _REACTS_S
        times, speeds = (0.0, reacts, reacts + self.speed_m_s / _BRAKES_M_S2), (self.speed_m_s, self.speed_m_s, 0.0)
        script = registry.get("behaviour", "script")
        return script(times_s=times, speeds_m_s=speeds if self.brakes else (self.speed_m_s,) * 3, lane=lane)

    def _asked(
        self, scene: Scene, name: str, turn_s: float, side: float, way: Way, half: float
    ) -> tuple[Constraint, ...]:
        """Where it is, and that the camera does not see it."""
        beside = side * (way.width_m / 2.0 + self.gap_m + half)
        # the ego has turned a little by then, and so has what is ahead and aside of it
        aside = beside * math.cos(_TURNS_RAD) - self.ahead_m * side * math.sin(_TURNS_RAD)
        along, across = (
            Constraint(kind=kind, subject=name, other="ego", asked=asked, tolerance=self.tolerance_m, time_s=turn_s)
            for kind, asked in (("ahead_m", self.ahead_m), ("aside_m", aside))
        )
        camera = watcher_of(scene)
        if camera == "ego":
            return along, across
        unseen = Constraint(
            kind="pixels", subject=name, other=camera, asked=0.0, tolerance=50.0, relation="at_most", time_s=turn_s
        )
        return along, across, unseen
