"""The contract of a behaviour: configuration in, a :class:`~simgen.records.actors.Driver` out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from simgen.records.actors import ActorState, Driver
from simgen.records.roads import RoadMap


@dataclass(frozen=True, kw_only=True)
class Behaviour(ABC):
    """What an actor does."""

    plugin_kind: ClassVar[str] = "behaviour"
    plugin_name: ClassVar[str]

    @abstractmethod
    def start(self, name: str, state: ActorState, road_map: RoadMap, wheelbase_m: float, seed: int) -> Driver:
        """A driver for the actor ``name`` that starts in ``state``; its draws come from streams of ``seed``."""
