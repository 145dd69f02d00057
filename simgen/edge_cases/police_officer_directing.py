"""A police officer directs the traffic on a junction, against the lights."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from simgen import registry
from simgen.edge_cases._crossing import seen
from simgen.edge_cases._kerbside import Kerbside
from simgen.edge_cases._roadside import free_name, lane_of, refuse_overlap
from simgen.edge_cases._solve import Among, Problem, Values, solve
from simgen.edge_cases._way import ego_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.geometry import quat_from_yaw
from simgen.placement.route import route_from
from simgen.records.base import F8
from simgen.records.constraints import Constraint
from simgen.records.layout import WorldLayout
from simgen.registry import param, register
from simgen.scene import Entity, Scene

#: a junction farther from the ego is not the one before it, m
_BEFORE_M: Final = 90.0


@register("edge_case", "police_officer_directing")
@dataclass(frozen=True, kw_only=True)
class PoliceOfficerDirecting(EdgeCase):
    """An officer in uniform and vest stands on the junction before the ego, arms out, whatever the lights say.

    ``stop``: the officer faces the ego, one arm out across its way and the other raised. ``go``: side-on to it, so that
    the arms are in line with its way. Officers' signs come before lights and signs (Vienna Convention on Road Traffic,
    article 6; the signs are those of its paragraph 3 and of the German StVO, section 36). Asked: ``distance_m`` from
    the ego at time 0, that the camera sees the officer, and, if ``light`` is given, ``green_share`` of the ego's light.
    Free: where on the middle of the junction the officer stands. Units: m.
    """

    tests: ClassVar[str] = "obedience to an officer's arms where the lights say something else"

    variant: int = param(0, ge=0, doc="which officer")
    sign: str = param("stop", doc="what it means to the ego", choices=("stop", "go"))
    light: str = param(
        "green", doc="what the ego's light shows all the while; any = whatever", choices=("green", "red", "any")
    )
    vest: bool = param(True, doc="a reflective vest over the uniform")
    distance_m: float = param(60.0, ge=5.0, le=90.0, doc="from the ego at time 0, at most")
    visible_fraction: float = param(0.6, ge=0.0, le=1.0, doc="least that is seen of the officer at time 0")
    name: str = param("", doc="name of the new actor; default: officer, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the officer in it.

        Raises:
            UserError: no junction lies before the ego, or its light shows something else.
        """
        ego = ego_of(scene, self.plugin_name)
        middle = self._junction(scene, ego, stage.layout)
        name, kerbs = self.name or free_name("officer", scene), Kerbside.of(scene, stage.layout)
        asset = registry.get("asset", "pedestrian")(
            variant=self.variant, role="police_officer", pose="direct_traffic", vest=self.vest
        )

        def build(values: Values) -> Scene:
            x, y = float(middle[0]) + values["east_m"], float(middle[1]) + values["north_m"]
            towards = math.atan2(ego.position[1] - y, ego.position[0] - x)
            yaw = towards if self.sign == "stop" else towards + 0.5 * math.pi
            w, qx, qy, qz = quat_from_yaw(yaw).tolist()
            place = (x, y, kerbs.height(x, y))
            changed = scene.add(name=name, asset=asset, group=name, position=place, quaternion=(w, qx, qy, qz))
            refuse_overlap(changed, name)
            return changed

        steps = (0.0, 0.5, -0.5, 1.0, -1.0)
        problem = Problem(
            case=self.plugin_name,
            free={"east_m": Among(steps), "north_m": Among(steps)},
            build=build,
            ask=lambda values: self._asked(scene, name),
            way_out="shift the lights (timing.offset_s of the world), or say light: any; or start the ego nearer to the"
            " junction, in view of it",
        )
        return solve(problem, stage)

    def _asked(self, scene: Scene, name: str) -> tuple[Constraint, ...]:
        near = Constraint(
            kind="distance_m", subject="ego", other=name, asked=self.distance_m, tolerance=2.0, relation="at_most",
            time_s=0.0,
        )  # fmt: skip
        view = seen(scene, name, 0.0, self.visible_fraction)
        if self.light == "any":
            return near, view
        share = 1.0 if self.light == "green" else 0.0
        return near, view, Constraint(kind="green_share", subject="ego", asked=share, tolerance=0.05)

    def _junction(self, scene: Scene, ego: Entity, layout: WorldLayout) -> F8:
        """The middle of the junction before the ego, (2,).

        Raises:
            UserError: there is none.
        """
        lane = lane_of(ego, layout, self.plugin_name)
        route = route_from(layout.map, lane.name)
        begin, _ = route.line.closest(ego.position)
        for stretch in route.stretches:
            if stretch.start_m > begin and len(self._connectors(layout, stretch.lane.name)) > 2:
                if stretch.start_m - begin > _BEFORE_M:
                    break
                points = [layout.map.lane(n).centerline[:, :2] for n in self._connectors(layout, stretch.lane.name)]
                low, high = np.concatenate(points).min(0), np.concatenate(points).max(0)
                return np.asarray(0.5 * (low + high))
        raise UserError(
            f"{self.plugin_name}: no junction lies within {_BEFORE_M:g} m before the ego: choose a world with junctions"
            " (intersection, city_block), and place the ego on an approach"
        )

    @staticmethod
    def _connectors(layout: WorldLayout, name: str) -> tuple[str, ...]:
        """The lanes of the junction that a lane belongs to."""
        junction = layout.map.lane(name).junction
        return tuple(lane.name for lane in layout.map.lanes if junction and lane.junction == junction)
