"""Go straight ahead at one speed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simgen.behaviours._pose import quaternion_yaw
from simgen.behaviours.base import Behaviour
from simgen.records.actors import ActorState, Driver, Situation
from simgen.records.roads import RoadMap
from simgen.registry import param, register


@register("behaviour", "drive_straight")
@dataclass(frozen=True, kw_only=True)
class DriveStraight(Behaviour):
    """Constant velocity along the heading: ``x(t) = x0 + v (t - start_s)``; heeds nothing and nobody (m, s)."""

    speed_m_s: float = param(10.0, doc="speed; negative = backwards")
    start_s: float = param(0.0, ge=0.0, doc="stands still until then")

    def start(self, name: str, state: ActorState, road_map: RoadMap, wheelbase_m: float, seed: int) -> Driver:
        """A driver that keeps the heading of the first state."""
        return _Driver(self, state)


class _Driver:
    """Computes every pose from the first one, so that nothing accumulates."""

    def __init__(self, config: DriveStraight, state: ActorState) -> None:
        self._config = config
        self._first = state
        yaw = quaternion_yaw(state.quaternion)
        self._direction = (math.cos(yaw), math.sin(yaw))

    def step(self, state: ActorState, situation: Situation) -> ActorState:
        """The pose at the end of the step."""
        first, v = self._first, self._config.speed_m_s
        going = max(situation.time_s + situation.dt_s - self._config.start_s, 0.0)
        way, (c, s) = v * going, self._direction
        x, y, z = first.position
        return ActorState(
            position=(x + way * c, y + way * s, z),
            quaternion=first.quaternion,
            speed_m_s=v if going > 0.0 else 0.0,
            distance_m=first.distance_m + way,
            exists=state.exists,
        )
