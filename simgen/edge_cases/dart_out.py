"""Somebody runs into the ego's way from behind a parked vehicle."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

from simgen import registry
from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.edge_cases._hiding import Hiding, Runner, hiding_place, park_for
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._solve import accepted
from simgen.edge_cases._way import Way, ego_of, forecast_ego, group_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.geometry import quat_from_yaw
from simgen.placement.ground import GroundHeight
from simgen.records.constraints import Constraint
from simgen.records.layout import WorldLayout
from simgen.registry import param, register
from simgen.rng import stream
from simgen.scene import Entity, Scene

#: how far past the ego's path it runs on, m
_RUN_ON_M = 2.5
#: corrections of the start for the ego's own reaction
_CORRECTIONS = 2


@register("edge_case", "dart_out")
@dataclass(frozen=True, kw_only=True)
class DartOut(EdgeCase):
    """A person waits before a parked vehicle, hidden by it from the approaching ego, and runs across its path.

    The start is timed so that at the instant when the runner enters the width that the ego sweeps, the ego's nose is
    ``time_to_collision_s`` (at its speed of that instant) from the runner: ``s_nose(t) + v(t) TTC = s_runner``, with
    ``s_nose`` and ``v`` from a forecast of all behaviours, the ego's reaction to the runner included. If no vehicle of
    the group stands where that can happen, one of them is parked anew beside the ego's way. The time, and how much of
    the runner could be seen when it set off, are measured in the finished trajectory. Units: s, m, m/s. The event is
    the running child from behind an obstruction of Euro NCAP's test protocol for vulnerable road users (CPNCO-50).
    """

    actor: str = param("child", doc="asset that runs", reference="asset")
    from_behind: str = param(doc="parked vehicle, or the group of which one is chosen", reference="entity")
    time_to_collision_s: float = param(1.5, gt=0.0, le=10.0, doc="time left to the ego when the runner enters its path")
    speed_m_s: float = param(3.0, gt=0.0, le=10.0, doc="running speed")
    tolerance_s: float = param(0.2, gt=0.0, doc="deviation of the time to collision that still counts as achieved")
    gap_m: float = param(0.3, ge=0.0, doc="between the vehicle's end and the runner")
    visible_fraction: float = param(0.25, ge=0.0, le=1.0, doc="most that may be seen of the runner when it sets off")
    name: str = param("", doc="name of the new actor; default: dart_out, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the runner in it.

        Raises:
            UserError: there is no ego, no such vehicle, or none of them can hide a runner in time; says why.
        """
        layout = stage.layout
        ego_of(scene, "dart_out")
        vehicles = group_of(scene, self.from_behind, "dart_out")
        asset = registry.get("asset", self.actor)()
        ego = forecast_ego(scene, layout)
        scene, hiding = self._hide(scene, layout, vehicles, ego, asset, stage.seed)
        name = self.name or free_name("dart_out", scene)
        started = self._with_runner(scene, layout, ego, hiding, asset, name)
        for _ in range(_CORRECTIONS):
            hiding = self._corrected(hiding, forecast_ego(started, layout), asset)
            started = self._with_runner(scene, layout, ego, hiding, asset, name)
        return accepted(started, "dart_out", self._constraints(name, hiding))

    def _hide(
        self, scene: Scene, layout: WorldLayout, vehicles: tuple[Entity, ...], ego: Way, asset: Asset, seed: int
    ) -> tuple[Scene, Hiding]:
        """One of the hiding places there are, drawn; or a vehicle moved to make one."""
        runner = Runner(
            model=model_of(asset),
            speed_m_s=self.speed_m_s,
            gap_m=self.gap_m,
            time_to_collision_s=self.time_to_collision_s,
        )
        path = ego.path()
        found = {v.name: hiding_place(scene, v, ego, path, runner) for v in vehicles}
        places = [place for place in found.values() if isinstance(place, Hiding)]
        if places:
            return scene, places[int(stream(seed, "dart_out", "vehicle").integers(len(places)))]
        parked = park_for(scene, layout, vehicles, ego, runner, seed)
        if parked is not None:
            return parked
        reasons = [f"{name} {why}" for name, why in found.items()]
        shown = "; ".join(reasons[:4]) + (f"; and {len(reasons) - 4} more" if len(reasons) > 4 else "")
        raise UserError(
            f"dart_out: no {self.from_behind!r} can hide the runner: {shown}; and there is no free kerb beside the"
            f" ego's way that it passes at least {self.time_to_collision_s:g} s after its start. Lengthen"
            " clock.duration_s, start the ego farther back, or ask for a shorter time_to_collision_s"
        )

    def _corrected(self, hiding: Hiding, ego: Way, asset: Asset) -> Hiding:
        """A later (or earlier) start, by what the ego's own reaction to the runner changed."""
        enters = hiding.start_s + hiding.run_s
        left = ego.time_to(hiding.s - model_of(asset).size[1] / 2.0, enters)
        if not math.isfinite(left) or abs(left - self.time_to_collision_s) > self.time_to_collision_s:
            return hiding  # it stops for something else: no shift of the start will mend that
        return dataclasses.replace(hiding, start_s=max(0.0, hiding.start_s + left - self.time_to_collision_s))

    def _with_runner(
        self, scene: Scene, layout: WorldLayout, ego: Way, hiding: Hiding, asset: Asset, name: str
    ) -> Scene:
        path = ego.path()
        x, y, _ = path.at(hiding.s, hiding.lateral).tolist()
        heading = float(path.heading(hiding.s)) - math.copysign(math.pi / 2.0, hiding.lateral)
        w, qx, qy, qz = quat_from_yaw(heading).tolist()
        reach = abs(hiding.lateral) + ego.width_m / 2.0 + _RUN_ON_M
        dash = registry.get("behaviour", "dash")
        return scene.add(
            name=name,
            asset=asset,
            position=(x, y, GroundHeight(layout.map).at(x, y)),
            quaternion=(w, qx, qy, qz),
            behaviour=dash(speed_m_s=self.speed_m_s, start_s=hiding.start_s, distance_m=reach),
            group=name,
        )

    def _constraints(self, name: str, hiding: Hiding) -> tuple[Constraint, Constraint]:
        return (
            Constraint(
                kind="time_to_collision_s",
                subject="ego",
                other=name,
                asked=self.time_to_collision_s,
                tolerance=self.tolerance_s,
            ),
            Constraint(
                kind="visible_fraction",
                subject=name,
                other="ego",
                asked=0.0,
                tolerance=self.visible_fraction,
                time_s=hiding.start_s,
            ),
        )
