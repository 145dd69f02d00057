"""Move by a script: given speeds and sideways offsets at given times, whatever anybody else does."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import numpy as np

from simgen.behaviours._pose import pitched_quaternion, quaternion_yaw
from simgen.behaviours._track import Track
from simgen.behaviours.base import Behaviour
from simgen.errors import UserError
from simgen.placement.ground import GroundHeight
from simgen.placement.route import nearest_lane, route_from
from simgen.polyline import Polyline
from simgen.records.actors import ActorState, Driver, Situation
from simgen.records.roads import RoadMap
from simgen.registry import param, register

#: half the span of the differences that give heading and steering, s
_SPAN_S = 0.02


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """Distance and offset as functions of time."""

    times_s: tuple[float, ...]
    speeds: tuple[float, ...]
    ways: tuple[float, ...]
    laterals: tuple[float, ...]

    def piece(self, t: float) -> int:
        return max(bisect_right(self.times_s, t) - 1, 0)

    def speed(self, t: float) -> float:
        times, speeds, k = self.times_s, self.speeds, self.piece(t)
        if t <= times[0] or k + 1 >= len(times):
            return speeds[k]
        return speeds[k] + (speeds[k + 1] - speeds[k]) / (times[k + 1] - times[k]) * (t - times[k])

    def way(self, t: float) -> float:
        """Integral of the piecewise linear speed, exact."""
        k = self.piece(t)
        into = max(t - self.times_s[k], 0.0)
        return self.ways[k] + 0.5 * into * (self.speeds[k] + self.speed(t)) + min(t, self.times_s[0]) * self.speeds[0]

    def lateral(self, t: float) -> float:
        """Quintic from each time to the next: ends without slope and curvature."""
        k = self.piece(t)
        if k + 1 >= len(self.times_s):
            return self.laterals[-1]
        u = min(max((t - self.times_s[k]) / (self.times_s[k + 1] - self.times_s[k]), 0.0), 1.0)
        return self.laterals[k] + (self.laterals[k + 1] - self.laterals[k]) * u**3 * (10.0 - 15.0 * u + 6.0 * u * u)


@register("behaviour", "script")
@dataclass(frozen=True, kw_only=True)
class Script(Behaviour):
    """Move along a lane or through points with given speeds and offsets at given times; heeds nothing and nobody.

    Speed is linear in time between the times and constant before and after, so ``s(t)`` is exact; a negative one goes
    backwards. The offset to the left goes by the quintic ``10 u^3 - 15 u^4 + 6 u^5`` from each time to the next, on top
    of where the actor starts. Vehicles point along the path of their root. Units: s, m, m/s.
    """

    times_s: tuple[float, ...] = param((0.0,), doc="when, rising")
    speeds_m_s: tuple[float, ...] = param((10.0,), doc="speed at each time")
    laterals_m: tuple[float, ...] = param((), doc="to the left of where it starts, at each time; empty = none")
    lane: str = param("", doc="lane to follow; empty = the nearest", reference="lane")
    positions_m: tuple[tuple[float, ...], ...] = param((), doc="points [x, y] to pass through instead of a lane")
    against: bool = param(False, doc="goes against the lane's direction")

    def __post_init__(self) -> None:
        count = len(self.times_s)
        if count < 1 or len(self.speeds_m_s) != count or len(self.laterals_m) not in (0, count):
            raise UserError(
                f"script: needs as many speeds_m_s ({len(self.speeds_m_s)}) and laterals_m ({len(self.laterals_m)}, or"
                f" none) as times_s ({count})"
            )
        if any(b <= a for a, b in pairwise(self.times_s)):
            raise UserError("script: times_s must rise; sort them and remove repeated ones")
        if len(self.positions_m) == 1 or any(len(point) not in (2, 3) for point in self.positions_m):
            raise UserError("script: positions_m are at least two points [x, y]")

    def start(self, name: str, state: ActorState, road_map: RoadMap, wheelbase_m: float, seed: int) -> Driver:
        """A driver that starts where the actor stands.

        Raises:
            UserError: the world has no lanes, and no positions are given.
        """
        track, ground = Track(self._line(name, state, road_map)), None
        if self.positions_m:
            ground = GroundHeight(road_map)
        return _Driver(self, track, state, wheelbase_m, ground)

    def plan(self) -> _Plan:
        """The script as functions of time."""
        steps = zip(pairwise(self.times_s), pairwise(self.speeds_m_s), strict=True)
        ways = accumulate((0.5 * (t1 - t0) * (v0 + v1) for (t0, t1), (v0, v1) in steps), initial=0.0)
        laterals = self.laterals_m or (0.0,) * len(self.times_s)
        return _Plan(times_s=self.times_s, speeds=self.speeds_m_s, ways=tuple(ways), laterals=laterals)

    def _line(self, name: str, state: ActorState, road_map: RoadMap) -> Polyline:
        if self.positions_m:
            return Polyline(np.array([(*point[:2], 0.0) for point in self.positions_m]))
        x, y, _ = state.position
        lane = self.lane
        if not lane:
            yaw = quaternion_yaw(state.quaternion) + (math.pi if self.against else 0.0)
            near = nearest_lane(road_map, x, y, yaw, ("driving", "bike"))
            if near is None:
                raise UserError(f"script: this world has no lanes for {name!r} to follow; give positions_m")
            lane = near.name
        line = route_from(road_map, lane).line
        return Polyline(line.points[::-1].copy()) if self.against else line


class _Driver:
    """Reads the pose off the clock."""

    def __init__(
        self, config: Script, track: Track, state: ActorState, wheelbase_m: float, ground: GroundHeight | None
    ) -> None:
        self._plan, self._track, self._wheelbase, self._ground = config.plan(), track, wheelbase_m, ground
        self._begin, self._offset = track.closest(*state.position[:2])
        self._yaw = quaternion_yaw(state.quaternion)

    def step(self, state: ActorState, situation: Situation) -> ActorState:
        """The pose at the end of the step."""
        t = situation.time_s + situation.dt_s
        x, y, z = self._at(t)
        speed = self._plan.speed(t)
        before = self._yaw
        self._yaw = self._heading(t)
        turned, moved = math.remainder(self._yaw - before, 2.0 * math.pi), math.dist((x, y), state.position[:2])
        bend = turned / moved if moved > 1e-4 else 0.0
        ahead = self._track.at(self._begin + self._plan.way(t) + max(self._wheelbase, 0.5))[2]
        rise = 0.0 if self._ground is not None else ahead - z
        return replace(
            state,
            position=(x, y, z),
            quaternion=pitched_quaternion(self._yaw, -math.atan2(rise, max(self._wheelbase, 0.5))),
            speed_m_s=speed,
            distance_m=state.distance_m + math.copysign(moved, speed),
            steer_rad=math.atan(self._wheelbase * bend),
        )

    def _at(self, t: float) -> tuple[float, float, float]:
        x, y, z = self._track.at(self._begin + self._plan.way(t), self._offset + self._plan.lateral(t))
        return (x, y, z) if self._ground is None else (x, y, self._ground.at(x, y))

    def _heading(self, t: float) -> float:
        """Along the path of the root; where it hardly moves, as it was."""
        (x0, y0, _), (x1, y1, _) = self._at(t - _SPAN_S), self._at(t + _SPAN_S)
        if math.hypot(x1 - x0, y1 - y0) < 1e-3:
            return self._yaw
        yaw = math.atan2(y1 - y0, x1 - x0)
        return yaw + math.pi if self._plan.way(t + _SPAN_S) < self._plan.way(t - _SPAN_S) else yaw
