"""Drive along a lane and the lanes that follow it, as traffic does."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from simgen.behaviours._pose import pitched_quaternion, quaternion_yaw, wrapped
from simgen.behaviours._track import Track
from simgen.behaviours._traffic import Obstacle, front_and_half_width, nearest_obstacle
from simgen.behaviours.base import Behaviour
from simgen.errors import UserError
from simgen.placement.route import Route, nearest_lane, route_from
from simgen.polyline import Polyline
from simgen.records.actors import ActorState, Driver, Situation
from simgen.records.roads import RoadMap
from simgen.registry import param, register

#: how often a driver looks round
_LOOK_S = 0.1
#: how long it takes to come down to the speed that a bend allows, and how far ahead that is read
_BEND_S = 0.3
_MAX_STEER_RAD = 0.6
_STEER_RAD_S = 1.2
_MAX_BRAKE_M_S2 = 8.0
#: nobody finds onto a lane from farther away
_FARTHEST_M = 20.0


@register("behaviour", "follow_lane")
@dataclass(frozen=True, kw_only=True)
class FollowLane(Behaviour):
    """Follow a lane at a wished speed, behind others, and stop at red lights.

    Along the lane: the intelligent driver model, ``a = a0 (1 - (v/v0)^4 - (s*/s)^2)`` with
    ``s* = s0 + v T + v dv / (2 sqrt(a0 b))`` (Treiber, Hennecke, Helbing 2000, Phys. Rev. E 62, 1805), slowed down in
    bends to a lateral acceleration. Across it: a kinematic bicycle, steered by rear-wheel feedback (Paden et al. 2016,
    IEEE Trans. Intelligent Vehicles 1(1), section V-A). Units: m, s.
    """

    speed_m_s: float = param(10.0, gt=0.0, le=100.0, doc="wished speed")
    start_speed_m_s: float | None = param(None, ge=0.0, doc="speed at the start; default: the wished speed")
    lane: str = param("", doc="lane to start on; empty = the nearest", reference="lane")
    turn: Literal["straight", "left", "right"] = param("straight", doc="where to go at junctions, if the lane may")
    lateral_m: float = param(0.0, doc="keeps this far to the left of the lane's centre")
    headway_s: float = param(1.2, gt=0.0, doc="time gap to the one ahead (T)")
    standstill_m: float = param(2.0, gt=0.0, doc="gap at rest (s0)")
    acceleration_m_s2: float = param(2.0, gt=0.0, doc="acceleration from rest (a0)")
    deceleration_m_s2: float = param(3.0, gt=0.0, doc="comfortable braking (b)")
    lateral_acceleration_m_s2: float = param(2.5, gt=0.0, doc="most that is accepted in bends")
    heeds_signals: bool = param(True, doc="stops at red lights")
    heeds_others: bool = param(True, doc="slows down for whoever is in the way")
    at_end: Literal["vanish", "stop", "go_on"] = param(
        "vanish", doc="where the lanes end: vanish (the ego stops instead), stop, or go straight on"
    )

    def start(self, name: str, state: ActorState, road_map: RoadMap, wheelbase_m: float, seed: int) -> Driver:
        """A driver on the route that begins with the lane.

        Raises:
            UserError: the world has no such lane, no lanes at all, or none near.
        """
        x, y, _ = state.position
        lane = self.lane
        if not lane:
            near = nearest_lane(road_map, x, y, quaternion_yaw(state.quaternion), ("driving", "bike"))
            if near is None:
                raise UserError(f"follow_lane: this world has no lanes for {name!r} to follow; use waypoints")
            line = Polyline(near.centerline)
            away = math.dist((x, y), line.at(line.closest((x, y))[0])[:2].tolist())
            if away > _FARTHEST_M:
                raise UserError(
                    f"follow_lane: {name!r} starts {away:.0f} m from the nearest lane, {near.name!r}; place it on a "
                    "lane, or use waypoints"
                )
            lane = near.name
        return _Driver(self, name, state, route_from(road_map, lane, self.turn), wheelbase_m)


class _Driver:
    """Keeps its place on the route and its speed; looks round every tenth of a second."""

    def __init__(self, config: FollowLane, name: str, state: ActorState, route: Route, wheelbase_m: float) -> None:
        self._config, self._name, self._wheelbase = config, name, wheelbase_m or 1.0
        self._track = Track(route.line)
        self._s, _ = self._track.closest(state.position[0], state.position[1])
        self._stops = route.stops() if config.heeds_signals else ()
        self._end = config.at_end if config.at_end != "vanish" or name != "ego" else "stop"
        self._limits = _bend_speeds(self._track, config)
        self._speed = config.speed_m_s if config.start_speed_m_s is None else config.start_speed_m_s
        self._steer = math.atan(self._wheelbase * self._track.bearing(self._s)[1])
        self._reach = (0.0, 0.0)
        self._ahead: Obstacle | None = None
        self._next_look_s, self._steps = 0.0, 0

    def step(self, state: ActorState, situation: Situation) -> ActorState:
        """One step of the speed, then of the bicycle."""
        if not state.exists or (self._end == "vanish" and self._s >= self._track.length):
            return replace(state, speed_m_s=0.0, exists=False)
        self._steps += 1
        if self._steps <= 2 or situation.time_s >= self._next_look_s - 1e-9:
            self._look(state, situation)
        if self._steps <= 2:
            self._begin()
        dt, before = situation.dt_s, self._speed
        self._speed = max(before + self._acceleration() * dt, 0.0)
        way = 0.5 * (before + self._speed) * dt
        if self._ahead is not None:
            closer = way - self._ahead.speed_m_s * dt
            self._ahead = Obstacle(gap_m=self._ahead.gap_m - closer, speed_m_s=self._ahead.speed_m_s)
        return self._move(state, way, dt)

    def _look(self, state: ActorState, situation: Situation) -> None:
        """Find the nearest thing to stop for or to follow."""
        self._next_look_s = situation.time_s + _LOOK_S
        self._reach = front_and_half_width(self._name, situation, self._wheelbase)
        v, config = self._speed, self._config
        look = 15.0 + v * config.headway_s + v * v / (2.0 * config.deceleration_m_s2)
        candidates = [self._stop_ahead(situation)]
        # before the first step nobody moves yet: how fast the others go shows after it
        if config.heeds_others and self._steps > 1:
            seen = nearest_obstacle(self._name, state, situation, self._track, self._s, self._reach, look)
            candidates.append(seen)
        found = [c for c in candidates if c is not None]
        self._ahead = min(found, key=lambda c: c.gap_m) if found else None

    def _stop_ahead(self, situation: Situation) -> Obstacle | None:
        """The next stop line that is red (or yellow, with room to brake), or the end of the road."""
        front = self._s + self._reach[0]
        states = {signal.name: signal.obeyed(situation.time_s) for signal in situation.map.signals}
        for at, signal in self._stops:
            gap = at - front
            if gap < -1.0:
                continue
            shown = states.get(signal, "off")
            braking = self._speed**2 / (2.0 * max(gap, 0.01))
            if shown in ("red", "red_yellow") or (shown == "yellow" and braking < self._config.deceleration_m_s2):
                # a light that turned red too late to stop for has been passed
                if braking > _MAX_BRAKE_M_S2:
                    continue
                # the model stops ``standstill_m`` short; half a metre before the line is enough
                return Obstacle(gap_m=gap + self._config.standstill_m - 0.5, speed_m_s=0.0)
        if self._end == "stop":
            return Obstacle(gap_m=self._track.length - front + self._config.standstill_m, speed_m_s=0.0)
        return None

    def _begin(self) -> None:
        """Start no faster than what the way ahead allows; asked on the first two steps."""
        self._speed = min(self._speed, self._config.speed_m_s, self._limits[self._track.index(self._s)])
        if self._ahead is not None:
            free = max(self._ahead.gap_m - self._config.standstill_m, 0.0)
            other = max(self._ahead.speed_m_s, 0.0)
            self._speed = min(self._speed, math.sqrt(other * other + 2.0 * self._config.deceleration_m_s2 * free))

    def _acceleration(self) -> float:
        """The intelligent driver model, and no faster than the bends allow."""
        config, v = self._config, self._speed
        a, b = config.acceleration_m_s2, config.deceleration_m_s2
        free = 1.0 - (v / config.speed_m_s) ** 4
        close = 0.0
        if self._ahead is not None:
            wished = config.standstill_m
            wished += max(0.0, v * config.headway_s + v * (v - self._ahead.speed_m_s) / (2.0 * math.sqrt(a * b)))
            close = (wished / max(self._ahead.gap_m, 0.1)) ** 2
        bend = (self._limits[self._track.index(self._s + _BEND_S * v)] - v) / _BEND_S
        return max(min(a * (free - close), bend), -_MAX_BRAKE_M_S2)

    def _move(self, state: ActorState, way: float, dt: float) -> ActorState:
        """The bicycle's next pose, by the midpoint rule."""
        x, y, _ = state.position
        yaw = quaternion_yaw(state.quaternion)
        wanted = math.atan(self._wheelbase * self._wished_curvature(x, y, yaw))
        wanted = min(max(wanted, -_MAX_STEER_RAD), _MAX_STEER_RAD)
        self._steer += min(max(wanted - self._steer, -_STEER_RAD_S * dt), _STEER_RAD_S * dt)
        turn = way * math.tan(self._steer) / self._wheelbase
        x, y = x + way * math.cos(yaw + 0.5 * turn), y + way * math.sin(yaw + 0.5 * turn)
        self._s, _ = self._track.project(x, y, self._s)
        return ActorState(
            position=(x, y, self._track.at(self._s)[2]),
            quaternion=pitched_quaternion(yaw + turn, self._pitch()),
            speed_m_s=self._speed,
            distance_m=state.distance_m + way,
            steer_rad=self._steer,
        )

    def _pitch(self) -> float:
        """Of the line from axle to axle on a sloping road."""
        rear, front = self._track.at(self._s)[2], self._track.at(self._s + self._wheelbase)[2]
        return -math.atan2(front - rear, self._wheelbase)

    def _wished_curvature(self, x: float, y: float, yaw: float) -> float:
        """Rear-wheel feedback: the track's curvature, and a damped return to it over a length that grows with speed."""
        self._s, lateral = self._track.project(x, y, self._s)
        heading, curvature = self._track.bearing(self._s)
        error, lean = lateral - self._config.lateral_m, wrapped(yaw - heading)
        scale = 1.0 / max(3.0, 0.6 * self._speed)
        along = curvature * math.cos(lean) / max(1.0 - curvature * lateral, 0.2)
        sinc = math.sin(lean) / lean if abs(lean) > 1e-6 else 1.0
        return along - 2.0 * scale * lean - scale * scale * error * sinc


def _bend_speeds(track: Track, config: FollowLane) -> list[float]:
    """The speed allowed at each piece: by the lateral acceleration there, and by braking for what comes after."""
    limits = [math.sqrt(config.lateral_acceleration_m_s2 / max(abs(c), 1e-6)) for c in track.curvature]
    for k in range(len(limits) - 2, -1, -1):
        step = track.s[k + 1] - track.s[k]
        limits[k] = min(limits[k], math.sqrt(limits[k + 1] ** 2 + 2.0 * 0.7 * config.deceleration_m_s2 * step))
    return limits
