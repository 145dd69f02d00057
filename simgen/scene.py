"""The certain scene: everything is decided, nothing is drawn any more. The waist of the hourglass."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal, Self

from simgen.assets.base import Asset
from simgen.behaviours.base import Behaviour
from simgen.light.base import Light
from simgen.records.appearance import Appearance
from simgen.records.constraints import Constraint, Solution
from simgen.records.model import Quaternion, Vector3
from simgen.registry import param
from simgen.sensors.base import Sensor
from simgen.units import seconds_to_ns
from simgen.weather.base import WeatherEffect
from simgen.worlds.base import World


@dataclass(frozen=True, kw_only=True)
class Clock:
    """How long, and at which rates."""

    duration_s: float = param(1.0, gt=0.0, le=3600.0, doc="length of a sequence")
    rate_hz: float = param(10.0, gt=0.0, le=1000.0, doc="frames a second of sensors without a rate of their own")
    physics_hz: int = param(240, ge=60, le=5000, doc="physics steps a second, whatever the sensors ask")

    @property
    def duration_ns(self) -> int:
        """Length of the sequence in nanoseconds."""
        return seconds_to_ns(self.duration_s)


@dataclass(frozen=True, kw_only=True)
class Entity:
    """A thing with an instance id, placed."""

    name: str
    #: id in every label, from 1, stable over the sequence
    instance: int
    asset: Asset
    #: pose of the model's root frame (world; or the parent's root frame if there is a parent)
    position: Vector3
    quaternion: Quaternion = (1.0, 0.0, 0.0, 0.0)
    #: kinematic = follows its behaviour; dynamic = falls, slides, collides; static = never moves
    physics: Literal["kinematic", "dynamic", "static"] = "kinematic"
    behaviour: Behaviour | None = None
    #: rides on this entity (a rider on a bicycle): its pose is in the parent's root frame
    parent: str | None = None
    #: is a trailer that this entity tows; its pose is in the world, its asset has a kingpin
    towed_by: str | None = None
    #: the lane it was placed on, if any
    lane: str = ""
    #: the objects entry it came from: entities ``parked/0``, ``parked/1`` have the group ``parked``
    group: str = ""
    #: initial velocity of a dynamic body, world frame
    velocity_m_s: Vector3 = (0.0, 0.0, 0.0)
    appear_s: float = 0.0
    vanish_s: float = float("inf")
    #: the signal that a traffic light shows
    signal: str = ""

    @property
    def leader(self) -> str | None:
        """What carries or tows it, if anything does."""
        return self.parent if self.parent is not None else self.towed_by


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Everything that a sequence is made of. Writes itself as a scene file in which nothing is random."""

    name: str
    seed: int
    clock: Clock
    world: World
    light: Light
    weather: tuple[WeatherEffect, ...] = ()
    #: in the order of their instance ids; the ego, if any, is called "ego"
    entities: tuple[Entity, ...] = ()
    sensors: tuple[Sensor, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    #: how the placements of edge cases were found
    solutions: tuple[Solution, ...] = ()
    #: names of the edge cases that were applied
    tags: tuple[str, ...] = ()
    #: how far looks depart from what assets, world and light say
    appearance: Appearance = Appearance()
    #: every draw of the scenario: dotted path -> value
    draws: tuple[tuple[str, Any], ...] = ()
    #: which split the sequence belongs to
    split: str = "train"
    #: importance weight: how much more often such a scene is in what is meant than among what was drawn
    weight: float = 1.0
    #: latitude, longitude (deg) and altitude (m) of the world's origin
    origin: Vector3 = (0.0, 0.0, 0.0)

    def replace(self, **changes: Any) -> Self:
        """A copy with some parts changed."""
        return dataclasses.replace(self, **changes)

    def entity(self, name: str) -> Entity:
        """The entity of that name.

        Raises:
            KeyError: there is none.
        """
        for entity in self.entities:
            if entity.name == name:
                return entity
        raise KeyError(name)

    def group(self, name: str) -> tuple[Entity, ...]:
        """Every entity that has this name or came from the objects entry of this name."""
        return tuple(e for e in self.entities if name in (e.name, e.group))

    def add(self, **fields: Any) -> Self:
        """A copy with one more entity, which gets the next free instance id; fields as of :class:`Entity`."""
        following = 1 + max((e.instance for e in self.entities), default=0)
        return self.replace(entities=(*self.entities, Entity(instance=following, **fields)))
