"""Pull over to the side and stop there."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from simgen.behaviours._pose import pitched_quaternion, quaternion_yaw
from simgen.behaviours._track import Track
from simgen.behaviours._traffic import front_and_half_width, nearest_obstacle
from simgen.behaviours.base import Behaviour
from simgen.errors import UserError
from simgen.placement.route import nearest_lane, route_from
from simgen.records.actors import ActorState, Driver, Situation
from simgen.records.roads import RoadMap
from simgen.registry import param, register

#: free length kept to whatever stands ahead, m
_STANDOFF_M = 1.0
_STEP_M = 0.05


@register("behaviour", "park")
@dataclass(frozen=True, kw_only=True)
class Park(Behaviour):
    """Drive along the lane, move over sideways, and stop so many metres further on: forward parking at a kerb.

    The rear axle moves over by the quintic ``y = y0 + (y1 - y0)(10 u^3 - 15 u^4 + 6 u^5)`` over ``shift_m``, whose ends
    have neither slope nor curvature, and the vehicle points along it, so its wheels do not slip. It brakes evenly:
    ``v^2 = 2 b (s1 - s)`` along the lane; for who is in its way it stops sooner. It indicates as it moves over.
    """

    speed_m_s: float = param(8.0, gt=0.0, le=40.0, doc="until it brakes")
    distance_m: float = param(30.0, gt=0.0, le=2000.0, doc="along the lane to where it stands")
    lateral_m: float = param(-2.9, ge=-20.0, le=20.0, doc="of its middle there, to the left of the lane's centre")
    shift_m: float = param(16.0, ge=6.0, le=200.0, doc="length over which it moves over")
    deceleration_m_s2: float = param(1.8, gt=0.1, le=6.0, doc="how it brakes")

    def __post_init__(self) -> None:
        if self.shift_m > self.distance_m:
            raise UserError(
                f"park: shift_m {self.shift_m:g} is longer than the way there, distance_m {self.distance_m:g}"
            )

    def start(self, name: str, state: ActorState, road_map: RoadMap, wheelbase_m: float, seed: int) -> Driver:
        """A driver that starts where the actor stands.

        Raises:
            UserError: the world has no lanes, or they end before the place.
        """
        x, y, _ = state.position
        lane = nearest_lane(road_map, x, y, quaternion_yaw(state.quaternion), ("driving", "bike"))
        if lane is None:
            raise UserError(f"park: this world has no lanes for {name!r} to follow")
        track = Track(route_from(road_map, lane.name).line)
        begin, lateral = track.closest(x, y)
        if begin + self.distance_m > track.length:
            raise UserError(f"park: {name!r} would stand beyond the end of {lane.name!r}; make distance_m smaller")
        return _Driver(self, name, track, begin, lateral, wheelbase_m or 1.0)


class _Driver:
    """Knows its place by the way it has gone along the lane."""

    def __init__(self, config: Park, name: str, track: Track, begin: float, lateral: float, wheelbase_m: float) -> None:
        self._config, self._name, self._track, self._wheelbase = config, name, track, wheelbase_m
        self._s, self._end, self._from = begin, begin + config.distance_m, lateral
        self._speed, self._started = config.speed_m_s, False

    def step(self, state: ActorState, situation: Situation) -> ActorState:
        """The pose at the end of the step."""
        before = min(self._speed, self._allowed(state, situation))
        reach = max(self._end - self._s, 0.0)
        way = min(before * situation.dt_s, reach)
        self._s += way
        left = max(self._end - self._s, 0.0)
        self._speed = 0.0 if left < 1e-3 else before
        x, y, z = self._track.at(self._s, self._lateral(self._s))
        rise = self._track.at(self._s + self._wheelbase)[2] - z
        moved = math.dist((x, y), state.position[:2])
        return replace(
            state,
            position=(x, y, z),
            quaternion=pitched_quaternion(self._yaw(self._s), -math.atan2(rise, self._wheelbase)),
            speed_m_s=self._speed,
            distance_m=state.distance_m + moved,
            steer_rad=math.atan(self._wheelbase * self._curvature(self._s)),
            indicator=self._indicator(),
        )

    def _allowed(self, state: ActorState, situation: Situation) -> float:
        """The most that brakes in time: for the place, and for who is in the way."""
        b = self._config.deceleration_m_s2
        most = min(self._config.speed_m_s, math.sqrt(2.0 * b * max(self._end - self._s, 0.0)))
        reach = front_and_half_width(self._name, situation, self._wheelbase)
        look = 10.0 + self._speed**2 / (2.0 * b)
        seen = nearest_obstacle(self._name, state, situation, self._track, self._s, reach, look)
        if seen is not None:
            other = max(seen.speed_m_s, 0.0)
            most = min(most, math.sqrt(other**2 + 2.0 * b * max(seen.gap_m - _STANDOFF_M, 0.0)))
        return min(most, self._speed + b * situation.dt_s) if self._started else self._begun(most)

    def _begun(self, most: float) -> float:
        self._started = True
        return most

    def _lateral(self, s: float) -> float:
        u = min(max(1.0 - (self._end - s) / self._config.shift_m, 0.0), 1.0)
        return self._from + (self._config.lateral_m - self._from) * u**3 * (10.0 - 15.0 * u + 6.0 * u * u)

    def _yaw(self, s: float) -> float:
        """Along the path of the rear axle."""
        heading, bend = self._track.bearing(s)
        ahead, behind = self._lateral(s + _STEP_M), self._lateral(s - _STEP_M)
        return heading + math.atan2((ahead - behind) / (2.0 * _STEP_M), 1.0 - bend * self._lateral(s))

    def _curvature(self, s: float) -> float:
        turn = math.remainder(self._yaw(s + _STEP_M) - self._yaw(s - _STEP_M), 2.0 * math.pi)
        return turn / (2.0 * _STEP_M)

    def _indicator(self) -> int:
        """To the side it moves to, from a shift's length before it begins until it stands."""
        if self._end - self._s > 2.0 * self._config.shift_m or self._speed <= 0.0:
            return 0
        return 1 if self._config.lateral_m > self._from else -1
