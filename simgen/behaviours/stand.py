"""Stay where you are."""

from __future__ import annotations

from dataclasses import dataclass, replace

from simgen.behaviours.base import Behaviour
from simgen.records.actors import ActorState, Driver, Situation
from simgen.records.roads import RoadMap
from simgen.registry import register


@register("behaviour", "stand")
@dataclass(frozen=True, kw_only=True)
class Stand(Behaviour):
    """Stand still: position and heading stay as they were placed."""

    def start(self, name: str, state: ActorState, road_map: RoadMap, wheelbase_m: float, seed: int) -> Driver:
        """A driver that returns its state."""
        return _Standing()


class _Standing:
    """Never moves, whatever speed it was given at first."""

    def step(self, state: ActorState, situation: Situation) -> ActorState:
        """The same pose, at rest."""
        return state if state.speed_m_s == 0.0 else replace(state, speed_m_s=0.0)
