"""Walk about the town: along sidewalks, over crosswalks, among others."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from simgen.behaviours._board import TICK_S, Board, board_of
from simgen.behaviours._crowd import Crowd, Walker, crowd_of
from simgen.behaviours._paths import Path, Paths, paths_of
from simgen.behaviours._pose import quaternion_yaw, turned, yaw_quaternion
from simgen.behaviours._track import Track
from simgen.behaviours.base import Behaviour
from simgen.errors import UserError
from simgen.records.actors import ActorState, Driver, Situation
from simgen.records.roads import RoadMap
from simgen.registry import param, register
from simgen.rng import Stream, stream

#: how far ahead on its path it looks for its way, m
_AHEAD_M: Final = 1.2
#: how far beside a path's middle people walk
_MAX_ASIDE_M: Final = 0.35
_TURN_RAD_S: Final = math.pi
#: steps up or down a kerb, m/s
_CLIMB_M_S: Final = 1.2
#: waits this far from the carriageway
_BEHIND_KERB_M: Final = 0.6
#: what clears a crossing after green ends: yellow and all red, s
_CLEARANCE_S: Final = 4.0
#: cars that would have to brake harder are let go first, m/s2
_TRUST_M_S2: Final = 1.5


@register("behaviour", "stroll")
@dataclass(frozen=True, kw_only=True)
class Stroll(Behaviour):
    """Walk along sidewalks and over crosswalks, avoid others by the social force model, wait at red and for gaps.

    Force and figures: Helbing, Molnar 1995, Phys. Rev. E 51, 4282 (people walk at 1.34 m/s on average, with a standard
    deviation of 0.26). Units: m, s. Where a path passes a crosswalk it draws whether to cross; where paths end it turns
    round.
    """

    speed_m_s: float = param(1.34, gt=0.0, le=6.0, doc="wished speed; runners 2.5 to 4, people on the phone about 1")
    start_s: float = param(0.0, ge=0.0, doc="stands still until then")
    crosses: float = param(0.4, ge=0.0, le=1.0, doc="chance to take a crosswalk that it passes")
    heeds_signals: bool = param(True, doc="waits at red")

    def start(self, name: str, state: ActorState, road_map: RoadMap, wheelbase_m: float, seed: int) -> Driver:
        """A walker on the nearest path that goes the way it faces.

        Raises:
            UserError: the world has no paths.
        """
        paths = paths_of(road_map)
        x, y, _ = state.position
        found = paths.nearest(x, y, quaternion_yaw(state.quaternion))
        if found is None:
            raise UserError(f"stroll: this world has no sidewalks for {name!r} to walk on; use waypoints")
        return _Walking(self, name, state, paths, found, stream(seed, "behaviour", "stroll", name))


class _Walking:
    """Keeps a walker's way; the crowd moves it."""

    def __init__(
        self, config: Stroll, name: str, state: ActorState, paths: Paths, found: tuple[Path, float], rng: Stream
    ) -> None:
        self._config, self._paths, self._rng = config, paths, rng
        x, y, z = state.position
        self._walker = Walker(name=name, radius=0.3, x=x, y=y, pace=config.speed_m_s)
        self._path, self._s = found
        _, lateral = self._path.track.closest(x, y)
        self._aside = min(max(lateral, -_MAX_ASIDE_M), _MAX_ASIDE_M)
        self._mode: Literal["along", "to_kerb", "over"] = "over" if self._path.crosses else "along"
        self._over: Path | None = None
        self._passed = self._s
        self._above = z - paths.ground.at(x, y)
        self._yaw, self._target_yaw = quaternion_yaw(state.quaternion), quaternion_yaw(state.quaternion)
        self._z, self._climb = z, 0.0
        self._decided = -math.inf
        self._crowd: Crowd | None = None

    def step(self, state: ActorState, situation: Situation) -> ActorState:
        """One step; a decision before it every tenth of a second."""
        walker, dt = self._walker, situation.dt_s
        if self._crowd is None:
            self._crowd = crowd_of(situation)
            walker.radius = self._radius(situation)
            self._crowd.walkers[walker.name] = walker
            self._set_off(situation)
        if situation.time_s - self._decided > TICK_S - 1e-6:
            board = board_of(situation)
            board.refresh(situation)
            self._crowd.push(situation)
            self._decided = math.floor(situation.time_s / TICK_S + 1e-6) * TICK_S
            self._decide(board, situation)
        vx, vy, ax, ay = walker.vx, walker.vy, walker.ax, walker.ay
        dx, dy = vx * dt + 0.5 * ax * dt * dt, vy * dt + 0.5 * ay * dt * dt
        walker.x += dx
        walker.y += dy
        walker.vx, walker.vy = vx + ax * dt, vy + ay * dt
        self._yaw = turned(self._yaw, self._target_yaw, _TURN_RAD_S * dt)
        self._z += self._climb * dt
        way = math.hypot(dx, dy)
        return ActorState(
            position=(walker.x, walker.y, self._z),
            quaternion=yaw_quaternion(self._yaw),
            speed_m_s=way / dt,
            distance_m=state.distance_m + way,
            exists=state.exists,
        )

    def _radius(self, situation: Situation) -> float:
        size = situation.sizes.get(self._walker.name, (0.5, 0.6, 1.7))
        return 0.5 * min(max(size[0], size[1], 0.4), 0.8) + 0.05

    def _set_off(self, situation: Situation) -> None:
        """People who are already on their way when the sequence begins."""
        if self._config.start_s <= situation.time_s and self._mode == "along":
            yaw = self._path.track.bearing(self._s)[0]
            self._walker.vx = self._walker.wx = self._walker.pace * math.cos(yaw)
            self._walker.vy = self._walker.wy = self._walker.pace * math.sin(yaw)
            self._yaw = yaw

    # ------------------------------------------------------------------------------------------------ deciding

    def _decide(self, board: Board, situation: Situation) -> None:
        """Where to, how fast, facing where, and how high the ground is."""
        walker = self._walker
        tx, ty, pace = self._goal(board, situation)
        if situation.time_s < self._config.start_s:
            pace = 0.0
        dx, dy = tx - walker.x, ty - walker.y
        left = math.hypot(dx, dy)
        walker.wx, walker.wy = (pace * dx / left, pace * dy / left) if left > 1e-6 else (0.0, 0.0)
        if math.hypot(walker.vx, walker.vy) > 0.3:
            self._target_yaw = math.atan2(walker.vy, walker.vx)
        ahead = 0.5 * TICK_S
        wanted = self._paths.ground.at(walker.x + walker.vx * ahead, walker.y + walker.vy * ahead) + self._above
        self._climb = min(max((wanted - self._z) / TICK_S, -_CLIMB_M_S), _CLIMB_M_S)

    def _goal(self, board: Board, situation: Situation) -> tuple[float, float, float]:
        walker, pace = self._walker, self._config.speed_m_s
        if self._mode == "to_kerb":
            assert self._over is not None
            return self._to_kerb(self._over, board, situation)
        self._s, _ = self._path.track.project(walker.x, walker.y, self._s)
        if self._s > self._path.track.length - 0.3:
            self._go_on()
        elif self._mode == "along":
            over = self._crosswalk()
            if over is not None:
                self._mode, self._over = "to_kerb", over
                return self._to_kerb(over, board, situation)
        x, y, _ = self._path.track.at(min(self._s + _AHEAD_M, self._path.track.length + 1.0), self._aside)
        return x, y, pace

    def _crosswalk(self) -> Path | None:
        """A crosswalk that begins here, if it draws to take it."""
        for at, walk in self._path.branches:
            if self._passed < at <= self._s + 1.0:
                self._passed = at
                if self._rng.random() < self._config.crosses:
                    return walk
        return None

    def _go_on(self) -> None:
        """On to a path that begins here, or back."""
        options = self._path.nexts
        if not options:
            return
        path, s = options[int(self._rng.integers(len(options)))] if len(options) > 1 else options[0]
        self._path, self._s, self._passed = path, s, s + 2.0
        self._mode = "over" if path.crosses else "along"

    def _to_kerb(self, over: Path, board: Board, situation: Situation) -> tuple[float, float, float]:
        walker, track = self._walker, over.track
        x, y = self._waiting_place(track)
        left = math.hypot(x - walker.x, y - walker.y)
        if left < 1.5 and self._may_cross(over, board, situation):
            board.wants.discard(walker.name)
            self._path, self._s, self._mode, self._over = over, 0.0, "over", None
            return (*track.at(_AHEAD_M, self._aside)[:2], self._config.speed_m_s)
        if left < 1.2:
            if not (over.lane.signal and self._config.heeds_signals):
                board.wants.add(walker.name)
            # stands and looks across
            if left < 0.5:
                self._target_yaw = track.yaw[0]
        return x, y, self._config.speed_m_s * min(1.0, max(left - 0.15, 0.0))

    def _waiting_place(self, track: Track) -> tuple[float, float]:
        x, y, _ = track.at(-_BEHIND_KERB_M, self._aside)
        return x, y

    def _may_cross(self, over: Path, board: Board, situation: Situation) -> bool:
        need = over.track.length / self._config.speed_m_s
        if over.lane.signal and self._config.heeds_signals and over.lane.signal in board.signals:
            return self._green_long_enough(over, need, situation)
        return _gap_is_safe(over.walk, board, self._config.speed_m_s)

    def _green_long_enough(self, over: Path, need: float, situation: Situation) -> bool:
        signal = next(s for s in situation.map.signals if s.name == over.lane.signal)
        if signal.obeyed(situation.time_s) != "green":
            return False
        wait = min(max(need - _CLEARANCE_S, 0.0), 0.6 * signal.green_s)
        return signal.obeyed(situation.time_s + wait) == "green"


def _gap_is_safe(walk: int, board: Board, pace: float) -> bool:
    """Whether every car is past, far enough, or can stop gently."""
    for street in board.network.streets:
        for zebra in street.zebras:
            middle = next((at for row, at in zebra.paths if row == walk), None)
            if middle is None:
                continue
            need = (middle + 2.0) / pace + 1.0
            places = [(0.0, street), *((-b.length, b) for b in street.befores)]
            for x0, piece in places:
                for entry in board.entries[piece.row]:
                    rear, front = x0 + entry.rear, x0 + entry.front
                    if front - rear < 1.4 or entry.v < 0.3 or rear > zebra.end_m:
                        continue
                    gap = zebra.start_m - 1.0 - front
                    if gap < 0.3 or (gap / entry.v < need and entry.v**2 / (2.0 * gap) > _TRUST_M_S2):
                        return False
    return True
