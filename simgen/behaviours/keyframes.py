"""Poses at given times."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate, pairwise

from simgen.behaviours._pose import quaternion_yaw, wrapped, yaw_quaternion
from simgen.behaviours.base import Behaviour
from simgen.errors import UserError
from simgen.records.actors import ActorState, Driver, Situation
from simgen.records.model import Vector3
from simgen.records.roads import RoadMap
from simgen.registry import param, register


@register("behaviour", "keyframes")
@dataclass(frozen=True, kw_only=True)
class Keyframes(Behaviour):
    """Be at given places at given times (s, m, deg): linear in between, headings the short way round.

    Without headings, the actor faces the way it goes. Before the first and after the last time it rests there.
    """

    times_s: tuple[float, ...] = param(doc="when, rising")
    positions_m: tuple[Vector3, ...] = param(doc="where the root frame is, world coordinates")
    yaw_deg: tuple[float, ...] = param((), doc="heading from east, counter-clockwise; empty = the way it goes")

    def __post_init__(self) -> None:
        count = len(self.times_s)
        if count < 1 or len(self.positions_m) != count:
            raise UserError(
                f"keyframes: needs as many positions_m ({len(self.positions_m)}) as times_s ({count}), at least one"
            )
        if self.yaw_deg and len(self.yaw_deg) != count:
            raise UserError(f"keyframes: needs as many yaw_deg ({len(self.yaw_deg)}) as times_s ({count}), or none")
        if any(b <= a for a, b in pairwise(self.times_s)):
            raise UserError("keyframes: times_s must rise; sort them and remove repeated ones")

    def start(self, name: str, state: ActorState, road_map: RoadMap, wheelbase_m: float, seed: int) -> Driver:
        """A driver that reads the pose off the clock."""
        return _Driver(self, state)


class _Driver:
    """Looks up the two keyframes around an instant."""

    def __init__(self, config: Keyframes, state: ActorState) -> None:
        self._times, self._points = config.times_s, config.positions_m
        steps = [math.dist(a[:2], b[:2]) for a, b in pairwise(self._points)]
        self._travelled = list(accumulate(steps, initial=0.0))
        first = quaternion_yaw(state.quaternion)
        self._yaws = [math.radians(a) for a in config.yaw_deg] or None
        self._faces = _facings(self._points, steps, first)

    def step(self, state: ActorState, situation: Situation) -> ActorState:
        """The pose at the end of the step."""
        t, times = situation.time_s + situation.dt_s, self._times
        k = min(max(bisect_right(times, t) - 1, 0), max(len(times) - 2, 0))
        following = min(k + 1, len(times) - 1)
        span = times[following] - times[k]
        w = min(max((t - times[k]) / span, 0.0), 1.0) if span > 0.0 else 0.0
        (ax, ay, az), (bx, by, bz) = self._points[k], self._points[following]
        way = self._travelled[following] - self._travelled[k]
        moving = times[0] < t < times[-1]
        return ActorState(
            position=(ax + w * (bx - ax), ay + w * (by - ay), az + w * (bz - az)),
            quaternion=yaw_quaternion(self._yaw(k, following, w)),
            speed_m_s=way / span if moving and span > 0.0 else 0.0,
            distance_m=self._travelled[k] + w * way,
            exists=state.exists,
        )

    def _yaw(self, k: int, following: int, w: float) -> float:
        if self._yaws is None:
            return self._faces[k]
        return self._yaws[k] + w * wrapped(self._yaws[following] - self._yaws[k])


def _facings(points: tuple[Vector3, ...], steps: list[float], first: float) -> list[float]:
    """The way it goes on each piece; where it rests, as before."""
    faces, last = [], first
    for (a, b), step in zip(pairwise(points), steps, strict=True):
        last = math.atan2(b[1] - a[1], b[0] - a[0]) if step > 1e-9 else last
        faces.append(last)
    return faces or [first]
