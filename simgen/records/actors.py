"""What behaviours see and say, step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from simgen.records.model import Quaternion, Vector3
from simgen.records.roads import RoadMap


@dataclass(frozen=True, kw_only=True)
class ActorState:
    """A kinematic actor at one step: root pose, and what its joints need."""

    position: Vector3
    quaternion: Quaternion
    speed_m_s: float = 0.0
    #: travelled so far; wheels and gaits follow it
    distance_m: float = 0.0
    steer_rad: float = 0.0
    #: how far the joints of kind ``door`` stand open, 0..1
    door_share: float = 0.0
    exists: bool = True
    #: which way its indicators say it will go: 1 = left, -1 = right, 0 = straight on; None = its driver does not say
    indicator: int | None = None


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What an actor may know when it decides: the map, the clock, and everyone as of the step before."""

    map: RoadMap
    time_s: float
    dt_s: float
    actors: Mapping[str, ActorState]
    #: length, width, height by actor name
    sizes: Mapping[str, Vector3]
    #: the box's centre in the root frame by actor name, where known
    centers: Mapping[str, Vector3] = field(default_factory=dict)
    #: what the drivers of one run keep together, by topic: the same mapping at every step
    shared: dict[str, Any] = field(default_factory=dict)


class JointDriver(Protocol):
    """A behaviour at work on a robot's joints."""

    def targets(self, time_s: float) -> Sequence[float]:
        """Where each hinge (rad) and slide (m) should be at an instant, in the order of the robot's links."""
        ...


class Driver(Protocol):
    """A behaviour at work on one actor: called once a physics step, in order."""

    def step(self, state: ActorState, situation: Situation) -> ActorState:
        """The state one step later; must depend only on its arguments and its own past."""
        ...
