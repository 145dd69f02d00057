"""The trailer of an articulated lorry swings out into the ego's lane."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from simgen import registry
from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._solve import Problem, RejectedError, Values, solve
from simgen.edge_cases._vehicles import Road, Side, joined, made, rear_m, road_of
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.geometry import quat_from_yaw
from simgen.placement.coupling import coupling_of, kingpin_of
from simgen.records.base import F8
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene

#: keyframes a second: linear in between, so that the kingpin stays within a centimetre of its place
_RATE_HZ: Final = 20.0
#: air between the fifth wheel's plate and the kingpin's shape, so that their boxes do not touch, m
_LIFT_M: Final = 0.012
#: how far the tractor turns against its trailer's swing
_COUNTER: Final = 0.3


@dataclass(frozen=True, kw_only=True)
class _Swing:
    """The lorry's motion over time: distance along the lane, and both angles from the lane's direction."""

    time_s: F8
    way: F8
    tractor_rad: F8
    trailer_rad: F8


@register("edge_case", "jackknife")
@dataclass(frozen=True, kw_only=True)
class Jackknife(EdgeCase):
    """An articulated lorry in the next lane brakes hard; its trailer's wheels lock and it swings out before the ego.

    The kingpin stays on the fifth wheel while the trailer turns about it and the tractor a little the other way (the
    instability called trailer swing). Asked: ``time_to_collision_s``, the ego's nose to the trailer over the ego's
    speed, when the trailer enters the width that the ego sweeps. Free: where the lorry starts, and when it brakes.
    Tractor and trailer are two actors that move together, told by keyframes. Units: s, m/s, deg.
    """

    tests: ClassVar[str] = "a trailer that moves sideways and turns: boxes, tracks and braking"

    side: Side = param("", doc="the lane that it drives in; empty = one that is there")
    time_to_collision_s: float = param(1.5, ge=0.2, le=6.0, doc="time gap when the trailer enters the ego's path")
    swing_deg: float = param(35.0, ge=10.0, le=75.0, doc="largest angle of the trailer from the lane")
    swing_s: float = param(2.0, ge=0.8, le=6.0, doc="how long it takes to swing out")
    deceleration_m_s2: float = param(4.0, ge=1.0, le=8.0, doc="how hard the lorry brakes")
    body: str = param(
        "auto", doc="the semitrailer", choices=("auto", "curtain", "box", "tanker", "flatbed", "container")
    )
    tolerance_s: float = param(0.2, gt=0.0, doc="largest deviation of the time")
    name: str = param("", doc="name of the tractor; its trailer is called NAME_trailer; default: jackknife")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the lorry in it.

        Raises:
            UserError: there is no ego, no lane beside its own, or no start from which the time comes out as asked.
        """
        road = road_of(scene, stage, "jackknife")
        _, aside = road.beside(self.side)
        name = self.name or free_name("jackknife", scene)
        tractor = made("tractor_unit", stage, "jackknife")
        trailer = made("semitrailer", stage, "jackknife", body=self.body)
        span = scene.clock.duration_s

        def build(values: Values) -> Scene:
            swing = self._swing(road.speed_m_s, values["start_s"], span, math.copysign(1.0, aside))
            return _with_lorry(scene, road, name, (tractor, trailer), swing, values["ahead_m"], aside)

        asked = Constraint(
            kind="time_to_collision_s",
            subject="ego",
            other=f"{name}_trailer",
            asked=self.time_to_collision_s,
            tolerance=self.tolerance_s,
        )
        problem = Problem(
            case="jackknife",
            free={"ahead_m": (0.0, 60.0), "start_s": (0.1, max(span - 0.7 * self.swing_s, 0.2))},
            build=build,
            ask=lambda values: (asked,),
            way_out="lengthen clock.duration_s, start the ego elsewhere, or ask for another time_to_collision_s",
        )
        return solve(problem, stage)

    def _swing(self, speed: float, start_s: float, span_s: float, side: float) -> _Swing:
        """Braking at a constant rate to a stop; both angles by the smoothest step."""
        # a second more: physics goes on a little past the sequence
        t = np.arange(math.ceil((span_s + 1.0) * _RATE_HZ) + 1) / _RATE_HZ
        braked = np.clip(t - start_s, 0.0, speed / self.deceleration_m_s2)
        way = speed * np.minimum(t, start_s) + speed * braked - 0.5 * self.deceleration_m_s2 * braked**2
        u = np.clip((t - start_s) / self.swing_s, 0.0, 1.0)
        # its tail goes towards the ego: away from the side that it drives on
        angle = side * math.radians(self.swing_deg) * u**3 * (10.0 - 15.0 * u + 6.0 * u * u)
        return _Swing(time_s=t, way=way, tractor_rad=-_COUNTER * angle, trailer_rad=angle)


def _with_lorry(
    scene: Scene, road: Road, name: str, assets: tuple[Asset, Asset], swing: _Swing, ahead_m: float, aside: float
) -> Scene:
    """Tractor and trailer, the kingpin on the fifth wheel at every instant."""
    tower, trailer = (model_of(asset) for asset in assets)
    coupling, kingpin = coupling_of(tower), kingpin_of(tower, trailer)
    s = road.nose + ahead_m + rear_m(trailer) + kingpin[0] - coupling[0] + swing.way
    if s[-1] > road.line.length or s[0] < 0.0:
        raise RejectedError("the road ends before")
    ahead = road.line.heading(s)
    place, yaws = road.line.at(s, aside), (ahead + swing.tractor_rad, ahead + swing.trailer_rad)
    pin = place + coupling[0] * _along(yaws[0])
    back = pin - kingpin[0] * _along(yaws[1]) + [0.0, 0.0, _LIFT_M]
    scene = joined(scene, name, assets[0], **_told(swing, place, yaws[0]))
    # they touch where they couple, so only the tractor has to stand free
    return scene.add(name=f"{name}_trailer", asset=assets[1], group=name, **_told(swing, back, yaws[1]))


def _along(yaw: F8) -> F8:
    return np.stack([np.cos(yaw), np.sin(yaw), np.zeros_like(yaw)], -1)


def _told(swing: _Swing, place: F8, yaw: F8) -> dict[str, Any]:
    """Pose and keyframes of an actor."""
    keyframes = registry.get("behaviour", "keyframes")
    points = tuple((float(x), float(y), float(z)) for x, y, z in place.tolist())
    behaviour = keyframes(
        times_s=tuple(swing.time_s.tolist()), positions_m=points, yaw_deg=tuple(np.degrees(yaw).tolist())
    )
    w, x, y, z = quat_from_yaw(float(yaw[0])).tolist()
    return {"position": points[0], "quaternion": (w, x, y, z), "behaviour": behaviour}
