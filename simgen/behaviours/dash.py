"""Wait, then run straight."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simgen.behaviours._pose import Feet, quaternion_yaw, yaw_quaternion
from simgen.behaviours.base import Behaviour
from simgen.errors import UserError
from simgen.placement.ground import GroundHeight
from simgen.records.actors import ActorState, Driver, Situation
from simgen.records.roads import RoadMap
from simgen.registry import param, register


@register("behaviour", "dash")
@dataclass(frozen=True, kw_only=True)
class Dash(Behaviour):
    """Stand until a time, then run straight at one speed: ``s(t) = v (t - start_s)``, up to a distance (m, s, deg).

    Heeds nobody: made for those who run out from behind a parked car.
    """

    speed_m_s: float = param(3.0, gt=0.0, le=15.0, doc="running speed")
    start_s: float = param(0.0, ge=0.0, doc="when it starts to run")
    toward_m: tuple[float, ...] = param((), doc="the point [x, y] it runs towards; empty = see direction_deg")
    direction_deg: float | None = param(None, doc="heading from east, counter-clockwise; default: the way it faces")
    distance_m: float = param(0.0, ge=0.0, doc="how far it runs; 0 = as far as the point, or without end")

    def __post_init__(self) -> None:
        if self.toward_m and len(self.toward_m) not in (2, 3):
            raise UserError(f"dash: toward_m needs the two numbers [x, y], not {len(self.toward_m)}")
        if self.toward_m and self.direction_deg is not None:
            raise UserError("dash: give toward_m or direction_deg, not both")

    def start(self, name: str, state: ActorState, road_map: RoadMap, wheelbase_m: float, seed: int) -> Driver:
        """A driver that runs from the first state's position."""
        return _Driver(self, state, GroundHeight(road_map))


class _Driver:
    """Computes the place from the time run, so that nothing accumulates; only the height follows the ground."""

    def __init__(self, config: Dash, state: ActorState, ground: GroundHeight) -> None:
        self._config, self._first = config, state
        x, y, z = state.position
        self._yaw, reach = _aim(config, x, y, quaternion_yaw(state.quaternion))
        self._end = config.distance_m or reach
        self._feet = Feet(ground, x, y, z)

    def step(self, state: ActorState, situation: Situation) -> ActorState:
        """The pose at the end of the step."""
        run = max(situation.time_s + situation.dt_s - self._config.start_s, 0.0)
        way = min(self._config.speed_m_s * run, self._end)
        x0, y0, _ = self._first.position
        x, y = x0 + way * math.cos(self._yaw), y0 + way * math.sin(self._yaw)
        return ActorState(
            position=(x, y, self._feet.height(x, y, state.position[2], situation.dt_s)),
            quaternion=yaw_quaternion(self._yaw),
            speed_m_s=self._config.speed_m_s if run > 0.0 and way < self._end else 0.0,
            distance_m=self._first.distance_m + way,
            exists=state.exists,
        )


def _aim(config: Dash, x: float, y: float, facing: float) -> tuple[float, float]:
    """Heading, and how far it is to the target."""
    if config.toward_m:
        dx, dy = config.toward_m[0] - x, config.toward_m[1] - y
        reach = math.hypot(dx, dy)
        return (math.atan2(dy, dx), reach) if reach > 1e-9 else (facing, 0.0)
    return (facing if config.direction_deg is None else math.radians(config.direction_deg)), math.inf
