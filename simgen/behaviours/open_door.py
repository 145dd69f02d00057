"""Stand, and open the door."""

from __future__ import annotations

from dataclasses import dataclass, replace

from simgen.behaviours._idm import quintic
from simgen.behaviours.base import Behaviour
from simgen.records.actors import ActorState, Driver, Situation
from simgen.records.roads import RoadMap
from simgen.registry import param, register


@register("behaviour", "open_door")
@dataclass(frozen=True, kw_only=True)
class OpenDoor(Behaviour):
    """Stand still; from ``start_s`` on swing the moving door open, by ``10 u^3 - 15 u^4 + 6 u^5`` over ``opens_s`` (s).

    For cars with a ``moving_door``, and for what else has joints that open.
    """

    start_s: float = param(0.0, ge=0.0, doc="when it begins to open")
    opens_s: float = param(1.0, gt=0.0, le=30.0, doc="how long it takes")
    share: float = param(1.0, gt=0.0, le=1.0, doc="how far it opens, of its widest")

    def start(self, name: str, state: ActorState, road_map: RoadMap, wheelbase_m: float, seed: int) -> Driver:
        """A driver that reads the door off the clock."""
        return _Driver(self)


class _Driver:
    """Everything but the door stays as it is."""

    def __init__(self, config: OpenDoor) -> None:
        self._config = config

    def step(self, state: ActorState, situation: Situation) -> ActorState:
        """The state one step later."""
        since = situation.time_s + situation.dt_s - self._config.start_s
        share = self._config.share * quintic(since / self._config.opens_s)[0]
        return replace(state, speed_m_s=0.0, door_share=share)
