"""Walk along the sidewalk, or to a place."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simgen.behaviours._pose import Feet, quaternion_yaw, turned, wrapped, yaw_quaternion
from simgen.behaviours._track import Track
from simgen.behaviours.base import Behaviour
from simgen.errors import UserError
from simgen.placement.ground import GroundHeight
from simgen.placement.route import nearest_lane
from simgen.polyline import Polyline
from simgen.records.actors import ActorState, Driver, Situation
from simgen.records.roads import Lane, RoadMap
from simgen.registry import param, register
from simgen.rng import Stream, stream

_KINDS = ("sidewalk", "crosswalk")
_AHEAD_M = 1.0
_TURN_RAD_S = math.pi
#: how far from a path's middle a walker keeps to where it started
_MAX_ASIDE_M = 0.4
_LOOK_S = 0.1
_HALF_WIDTH_M = 0.3
#: how far to the right it goes to pass someone
_DODGE_M = 0.8


@register("behaviour", "walk")
@dataclass(frozen=True, kw_only=True)
class Walk(Behaviour):
    """Walk at one speed along the nearest sidewalk path; turn round at its end; step aside for others (m, s).

    From a crosswalk's end it goes on along the sidewalk. With ``to_m`` it walks straight to that point and stops.
    The default speed is that of pedestrians who are in no hurry (1.4 m/s; Bohannon 1997, Age and Ageing 26, 15).
    """

    speed_m_s: float = param(1.4, gt=0.0, le=5.0, doc="walking speed")
    start_s: float = param(0.0, ge=0.0, doc="stands still until then")
    to_m: tuple[float, ...] = param((), doc="the point [x, y] to walk to; empty = along the sidewalk")
    heeds_others: bool = param(True, doc="steps aside and waits for whoever is in the way")

    def __post_init__(self) -> None:
        if self.to_m and len(self.to_m) not in (2, 3):
            raise UserError(f"walk: to_m needs the two numbers [x, y], not {len(self.to_m)}")

    def start(self, name: str, state: ActorState, road_map: RoadMap, wheelbase_m: float, seed: int) -> Driver:
        """A driver on the nearest path that goes the way the walker faces.

        Raises:
            UserError: there is no path and no point to go to.
        """
        if not self.to_m and not any(lane.kind in _KINDS for lane in road_map.lanes):
            raise UserError(
                f"walk: this world has no sidewalks for {name!r} to walk on; give to_m: [x, y] or use waypoints"
            )
        return _Driver(self, name, state, road_map, stream(seed, "behaviour", "walk", name))


class _Driver:
    """Heads for a point a little ahead on its path."""

    def __init__(self, config: Walk, name: str, state: ActorState, road_map: RoadMap, rng: Stream) -> None:
        self._config, self._name, self._map, self._rng = config, name, road_map, rng
        x, y, z = state.position
        self._feet = Feet(GroundHeight(road_map), x, y, z)
        self._aside, self._dodge, self._blocked = 0.0, 0.0, False
        self._next_look_s = -math.inf
        if not config.to_m:
            self._enter(x, y, quaternion_yaw(state.quaternion), _KINDS)
            _, lateral = self._track.closest(x, y)
            self._aside = min(max(lateral, -_MAX_ASIDE_M), _MAX_ASIDE_M)

    def _enter(self, x: float, y: float, yaw: float | None, kinds: tuple[str, ...]) -> None:
        lane = nearest_lane(self._map, x, y, yaw, kinds)
        assert lane is not None
        self._lane: Lane = lane
        self._track = Track(Polyline(lane.centerline), 0.5)
        self._s, _ = self._track.closest(x, y)

    def step(self, state: ActorState, situation: Situation) -> ActorState:
        """Turn towards the point ahead, and take a step."""
        x, y, z = state.position
        yaw, dt = quaternion_yaw(state.quaternion), situation.dt_s
        if situation.time_s + dt <= self._config.start_s:
            return state if state.speed_m_s == 0.0 else self._at_rest(state)
        if self._config.heeds_others and situation.time_s >= self._next_look_s - 1e-9:
            self._next_look_s = situation.time_s + _LOOK_S
            self._look(x, y, yaw, situation)
        tx, ty = self._target(x, y)
        left = math.hypot(tx - x, ty - y)
        if self._config.to_m and left < 1e-6:
            return self._at_rest(state)
        way = 0.0 if self._blocked else self._config.speed_m_s * dt
        if self._config.to_m:
            way = min(way, left)
        # whoever is blocked still turns, and so gets past
        yaw = turned(yaw, math.atan2(ty - y, tx - x), _TURN_RAD_S * dt)
        if self._config.to_m and left < 0.5:
            yaw = math.atan2(ty - y, tx - x)
        x, y = x + way * math.cos(yaw), y + way * math.sin(yaw)
        return ActorState(
            position=(x, y, self._feet.height(x, y, z, dt)),
            quaternion=yaw_quaternion(yaw),
            speed_m_s=way / dt,
            distance_m=state.distance_m + way,
            exists=state.exists,
        )

    def _at_rest(self, state: ActorState) -> ActorState:
        return ActorState(
            position=state.position, quaternion=state.quaternion, distance_m=state.distance_m, exists=state.exists
        )

    def _target(self, x: float, y: float) -> tuple[float, float]:
        """The point to head for."""
        if self._config.to_m:
            return self._config.to_m[0], self._config.to_m[1]
        self._s, _ = self._track.project(x, y, self._s)
        if self._s >= self._track.length - 0.5:
            self._turn_round(x, y)
        tx, ty, _ = self._track.at(self._s + _AHEAD_M, self._aside + self._dodge)
        return tx, ty

    def _turn_round(self, x: float, y: float) -> None:
        """At the end of a sidewalk take the path back; at the end of a crosswalk go left or right on the sidewalk."""
        heading = self._track.bearing(self._track.length)[0]
        if self._lane.kind == "crosswalk" and any(lane.kind == "sidewalk" for lane in self._map.lanes):
            side = 0.5 * math.pi if self._rng.random() < 0.5 else -0.5 * math.pi
            self._enter(x, y, heading + side, ("sidewalk",))
        else:
            self._enter(x, y, heading + math.pi, (self._lane.kind,))

    def _look(self, x: float, y: float, yaw: float, situation: Situation) -> None:
        """Someone close ahead: step to the right; someone at arm's length: wait, unless they come the other way."""
        self._blocked, near = False, False
        c, s = math.cos(yaw), math.sin(yaw)
        for other, seen in situation.actors.items():
            dx, dy = seen.position[0] - x, seen.position[1] - y
            if other == self._name or not seen.exists or abs(dx) > 8.0 or abs(dy) > 8.0:
                continue
            size = situation.sizes.get(other, (0.6, 0.6, 1.8))
            turn = quaternion_yaw(seen.quaternion) - yaw
            half_x = 0.5 * (size[0] * abs(math.cos(turn)) + size[1] * abs(math.sin(turn)))
            half_y = 0.5 * (size[0] * abs(math.sin(turn)) + size[1] * abs(math.cos(turn)))
            ahead, aside = c * dx + s * dy, c * dy - s * dx
            if ahead <= 0.0 or abs(aside) > half_y + _HALF_WIDTH_M:
                continue
            free = ahead - half_x - 0.25
            oncoming = abs(wrapped(turn)) > 0.5 * math.pi and seen.speed_m_s > 0.1
            near = near or free < 3.0
            self._blocked = self._blocked or (free < 0.15 and not oncoming)
        self._dodge = max(self._dodge - 0.15, -_DODGE_M) if near else min(self._dodge + 0.05, 0.0)
