"""From point to point at one speed."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate, pairwise

from simgen.behaviours._pose import Feet, quaternion_yaw, turned, yaw_quaternion
from simgen.behaviours.base import Behaviour
from simgen.errors import UserError
from simgen.placement.ground import GroundHeight
from simgen.records.actors import ActorState, Driver, Situation
from simgen.records.roads import RoadMap
from simgen.registry import param, register


@register("behaviour", "waypoints")
@dataclass(frozen=True, kw_only=True)
class Waypoints(Behaviour):
    """Go from the place of the start through points at one speed: ``s(t) = v (t - start_s)`` along them (m, s).

    The body turns into each new direction at ``turn_deg_s``; height follows the ground.
    """

    positions_m: tuple[tuple[float, ...], ...] = param(doc="points [x, y] (a z is ignored: the ground decides)")
    speed_m_s: float = param(1.4, gt=0.0, doc="speed")
    start_s: float = param(0.0, ge=0.0, doc="stands still until then")
    loop: bool = param(False, doc="from the last point back to the first, and on")
    turn_deg_s: float = param(180.0, gt=0.0, doc="how fast it turns into a new direction")

    def __post_init__(self) -> None:
        if not self.positions_m or any(len(p) not in (2, 3) for p in self.positions_m):
            raise UserError("waypoints: positions_m needs at least one point [x, y]")

    def start(self, name: str, state: ActorState, road_map: RoadMap, wheelbase_m: float, seed: int) -> Driver:
        """A driver that starts from the first state's position."""
        return _Driver(self, state, GroundHeight(road_map))


class _Driver:
    """Reads the place off the distance travelled."""

    def __init__(self, config: Waypoints, state: ActorState, ground: GroundHeight) -> None:
        self._config = config
        x, y, z = state.position
        given = [(float(p[0]), float(p[1])) for p in config.positions_m]
        points = [(x, y), *given]
        self._loop_from = math.dist(points[0], points[1])
        if config.loop and len(given) > 1:
            points.append(given[0])
        self._points = [points[0], *(b for a, b in pairwise(points) if math.dist(a, b) > 1e-9)]
        self._s = list(accumulate((math.dist(a, b) for a, b in pairwise(self._points)), initial=0.0))
        self._yaw = quaternion_yaw(state.quaternion)
        self._first_m = state.distance_m
        self._feet = Feet(ground, x, y, z)

    def step(self, state: ActorState, situation: Situation) -> ActorState:
        """The pose at the end of the step."""
        run = max(situation.time_s + situation.dt_s - self._config.start_s, 0.0)
        travelled = self._config.speed_m_s * run
        way, going = self._along(travelled)
        x, y, heading = self._place(way)
        if heading is not None and run > 0.0:
            self._yaw = turned(self._yaw, heading, math.radians(self._config.turn_deg_s) * situation.dt_s)
        return ActorState(
            position=(x, y, self._feet.height(x, y, state.position[2], situation.dt_s)),
            quaternion=yaw_quaternion(self._yaw),
            speed_m_s=self._config.speed_m_s if going and run > 0.0 else 0.0,
            distance_m=self._first_m + (travelled if going else way),
            exists=state.exists,
        )

    def _along(self, travelled: float) -> tuple[float, bool]:
        """Distance along the points, and whether it still moves."""
        end = self._s[-1]
        if travelled < end:
            return travelled, True
        circle = end - self._loop_from
        if self._config.loop and circle > 1e-9:
            return self._loop_from + math.fmod(travelled - self._loop_from, circle), True
        return end, False

    def _place(self, way: float) -> tuple[float, float, float | None]:
        """Point and heading at a distance; no heading if there is only one point."""
        if len(self._points) < 2:
            return (*self._points[0], None)
        k = min(bisect_right(self._s, way) - 1, len(self._points) - 2)
        (ax, ay), (bx, by) = self._points[k], self._points[k + 1]
        w = (way - self._s[k]) / (self._s[k + 1] - self._s[k])
        return ax + w * (bx - ax), ay + w * (by - ay), math.atan2(by - ay, bx - ax)
