"""The contract of a behaviour: configuration in, a :class:`~simgen.records.actors.Driver` out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from simgen.records.actors import ActorState, Driver, JointDriver
from simgen.records.model import Joint
from simgen.records.roads import RoadMap


@dataclass(frozen=True, kw_only=True)
class Behaviour(ABC):
    """What an actor does."""

    plugin_kind: ClassVar[str] = "behaviour"
    plugin_name: ClassVar[str]
    #: it moves the joints of a robot that stays where it is, not the robot
    moves_joints: ClassVar[bool] = False

    def start_joints(self, name: str, joints: tuple[Joint, ...], seed: int) -> JointDriver:
        """What tells the motors of a robot's hinges and slides, in the order of its links, where to go.

        Raises:
            NotImplementedError: the behaviour moves no joints.
        """
        raise NotImplementedError(f"{self.plugin_name} moves no joints")

    @abstractmethod
    def start(self, name: str, state: ActorState, road_map: RoadMap, wheelbase_m: float, seed: int) -> Driver:
        """A driver for the actor ``name`` that starts in ``state``; its draws come from streams of ``seed``."""
