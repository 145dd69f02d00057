"""Somebody runs into the ego's way from behind a parked vehicle."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen import registry
from simgen.assembly import model_of
from simgen.edge_cases._forecast import Beside, Forecast, ego_of, forecast_ego, group_of
from simgen.edge_cases.base import EdgeCase
from simgen.errors import UserError
from simgen.geometry import quat_from_yaw
from simgen.placement.ground import GroundHeight
from simgen.polyline import Polyline
from simgen.records.constraints import Constraint
from simgen.records.layout import WorldLayout
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.rng import stream
from simgen.scene import Entity, Scene

#: room that a runner needs around its box, m
_ROOM_M = 0.1
#: how far past the ego's path it runs on, m
_RUN_ON_M = 2.5


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """A start that works: which vehicle hides it, where along and beside the path, and when it runs."""

    vehicle: str
    s: float
    lateral: float
    start_s: float


@register("edge_case", "dart_out")
@dataclass(frozen=True, kw_only=True)
class DartOut(EdgeCase):
    """A person waits before a parked vehicle, hidden by it from the approaching ego, and runs across its path.

    The start is timed so that at the instant when the runner enters the width that the ego sweeps, the ego's nose is
    ``time_to_collision_s`` (at its speed of that instant) from the runner: ``s_nose(t) + v(t) TTC = s_runner``, with
    ``s_nose`` and ``v`` from a forecast of all behaviours. Both that time and how much of the runner could be seen
    when it set off are measured in the finished trajectory. Units: s, m, m/s. The event is the "pedestrian crossing
    behind an obstruction" of Euro NCAP's test protocol for vulnerable road users (CPNCO, running child, 50 %).
    """

    actor: str = param("child", doc="asset that runs", reference="asset")
    from_behind: str = param(doc="parked vehicle, or the group of which one is chosen", reference="entity")
    time_to_collision_s: float = param(1.5, gt=0.0, le=10.0, doc="time left to the ego when the runner enters its path")
    speed_m_s: float = param(3.0, gt=0.0, le=10.0, doc="running speed")
    tolerance_s: float = param(0.2, gt=0.0, doc="deviation of the time to collision that still counts as achieved")
    gap_m: float = param(0.3, ge=0.0, doc="between the vehicle's end and the runner")
    visible_fraction: float = param(0.25, ge=0.0, le=1.0, doc="most that may be seen of the runner when it sets off")
    name: str = param("", doc="name of the new actor; default: dart_out, numbered if there are more")

    def apply(self, scene: Scene, layout: WorldLayout, seed: int) -> Scene:
        """The scene with the runner in it.

        Raises:
            UserError: there is no ego, no such vehicle, or none of them can hide a runner in time; says why.
        """
        ego_of(scene, "dart_out")
        vehicles = group_of(scene, self.from_behind, "dart_out")
        asset = registry.get("asset", self.actor)()
        model = model_of(asset)
        ego = forecast_ego(scene, layout)
        plan = self._choose(scene, vehicles, ego, model, seed)
        name = self.name or _free_name("dart_out", scene)
        path = ego.path()
        x, y, _ = path.at(plan.s, plan.lateral).tolist()
        heading = float(path.heading(plan.s)) - math.copysign(math.pi / 2.0, plan.lateral)
        reach = abs(plan.lateral) + ego.width_m / 2.0 + _RUN_ON_M
        w, qx, qy, qz = quat_from_yaw(heading).tolist()
        dash = registry.get("behaviour", "dash")
        scene = scene.add(
            name=name,
            asset=asset,
            position=(x, y, GroundHeight(layout.map).at(x, y)),
            quaternion=(w, qx, qy, qz),
            behaviour=dash(speed_m_s=self.speed_m_s, start_s=plan.start_s, distance_m=reach),
            group=name,
        )
        return scene.replace(
            constraints=(*scene.constraints, *self._constraints(name, plan)), tags=(*scene.tags, "dart_out")
        )

    def _constraints(self, name: str, plan: _Plan) -> tuple[Constraint, Constraint]:
        return (
            Constraint(
                kind="time_to_collision_s",
                subject="ego",
                other=name,
                asked=self.time_to_collision_s,
                tolerance=self.tolerance_s,
                source="dart_out",
            ),
            Constraint(
                kind="visible_fraction",
                subject=name,
                other="ego",
                asked=0.0,
                tolerance=self.visible_fraction,
                time_s=plan.start_s,
                source="dart_out",
            ),
        )

    def _choose(self, scene: Scene, vehicles: tuple[Entity, ...], ego: Forecast, model: Model, seed: int) -> _Plan:
        """One of the vehicles that work, drawn."""
        path = ego.path()
        plans: list[_Plan] = []
        reasons: list[str] = []
        for vehicle in vehicles:
            found = self._plan(scene, vehicle, ego, path, model)
            if isinstance(found, str):
                reasons.append(f"{vehicle.name} {found}")
            else:
                plans.append(found)
        if not plans:
            shown = "; ".join(reasons[:4]) + (f"; and {len(reasons) - 4} more" if len(reasons) > 4 else "")
            raise UserError(
                f"dart_out: no {self.from_behind!r} can hide the runner: {shown}. Lengthen clock.duration_s, park"
                " more vehicles along the ego's way with larger gaps, or ask for another time_to_collision_s"
            )
        return plans[int(stream(seed, "dart_out", "vehicle").integers(len(plans)))]

    def _plan(self, scene: Scene, vehicle: Entity, ego: Forecast, path: Polyline, model: Model) -> _Plan | str:
        """A start behind one vehicle, or why there is none."""
        if vehicle.name == "ego" or vehicle.behaviour is not None:
            return "is not parked"
        box = Beside.of(path, vehicle, model_of(vehicle.asset))
        half_length, half_width = model.size[0] / 2.0, model.size[1] / 2.0
        if abs(box.lateral) - box.across < ego.width_m / 2.0:
            return "stands in the ego's way"
        s = box.s + box.along + self.gap_m + half_width
        # in line with the vehicle's far side, so that the ego cannot look past it before it is near
        lateral = abs(box.lateral) + max(box.across - half_length, 0.0)
        run = lateral - half_length - ego.width_m / 2.0
        if run <= 0.0:
            return "stands too near to the ego's way"
        when = _arrival(ego, path, s - half_width, self.time_to_collision_s)
        if when is None:
            return "is not passed in time"
        start = when - run / self.speed_m_s
        if start < 0.0:
            return "is passed too soon"
        sign = math.copysign(1.0, box.lateral)
        blocker = _in_the_way(scene, vehicle, path, s, sign, lateral + half_length, half_width)
        return (
            f"has {blocker} before it"
            if blocker
            else _Plan(vehicle=vehicle.name, s=s, lateral=sign * lateral, start_s=start)
        )


def _arrival(ego: Forecast, path: Polyline, target_s: float, time_to_collision_s: float) -> float | None:
    """When the ego's nose is that time, at its speed of the instant, from a place on its path; None if never."""
    s, _ = path.closest(ego.center)
    ahead = s + ego.length_m / 2.0 + ego.speed_m_s * time_to_collision_s - target_s
    past = np.flatnonzero((ahead[1:] >= 0.0) & (ahead[:-1] < 0.0))
    if len(past) == 0:
        return None
    k = int(past[0])
    share = float(ahead[k] / (ahead[k] - ahead[k + 1]))
    return float(ego.time_s[k] + share * (ego.time_s[k + 1] - ego.time_s[k]))


def _in_the_way(
    scene: Scene, vehicle: Entity, path: Polyline, s: float, sign: float, outer: float, half_width: float
) -> str | None:
    """The name of what stands on the strip from the start to the ego's path, if anything does."""
    for entity in scene.entities:
        if entity.name in ("ego", vehicle.name) or entity.parent is not None or entity.behaviour is not None:
            continue
        box = Beside.of(path, entity, model_of(entity.asset))
        beside = sign * box.lateral + box.across > 0.0 and sign * box.lateral - box.across < outer + _ROOM_M
        if beside and abs(box.s - s) < box.along + half_width + _ROOM_M:
            return entity.name
    return None


def _free_name(word: str, scene: Scene) -> str:
    taken = {e.name for e in scene.entities}
    return word if word not in taken else next(f"{word}_{k}" for k in range(2, 10_000) if f"{word}_{k}" not in taken)
