"""How dangerous a sequence was, and what its sensors had of it: what ``metrics/`` holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from simgen.records.base import F4, F8, I8, U4, Record, array
from simgen.records.evidence import Health


@dataclass(frozen=True, kw_only=True, eq=False)
class Encounters(Record):
    """The ego and every other actor that it neither carries nor tows: tick by tick, and over the sequence.

    ``nan`` while one of the two is not there. Velocities are those of the bodies' origins.
    """

    time_ns: I8 = array("K", "i8", unit="ns", doc="ticks: physics steps, 50 ms apart as nearly as these allow")
    instance: U4 = array("M", "u4", doc="instance id of the other actor")
    distance: F4 = array("K M", "f4", unit="m", doc="shortest, from box to box; 0 where they overlap")
    time_to_collision: F4 = array(
        "K M", "f4", unit="s", doc="until the boxes meet if both go on as they do, without turning; inf = never"
    )
    time_headway: F4 = array(
        "K M", "f4", unit="s", doc="nose to tail along the ego's path over its speed; inf = not ahead in the path"
    )
    closing_speed: F4 = array("K M", "f4", unit="m/s", doc="at which the distance shrinks; negative = it grows")
    required_deceleration: F4 = array(
        "K M", "f4", unit="m/s2", doc="v^2 / (2 d) along the axis on which the boxes will meet; 0 = they will not"
    )
    post_encroachment: F4 = array(
        "M", "f4", unit="s", doc="smallest time from one leaving a place to the other reaching it; inf = no such place"
    )
    minimum_distance: F4 = array("M", "f4", unit="m", doc="smallest distance at any physics step")


@dataclass(frozen=True, kw_only=True, eq=False)
class Collisions(Record):
    """Contact episodes of two actors, by start: touches less than 0.1 s apart are one."""

    actor_a: U4 = array("C", "u4", doc="instance id of the first")
    actor_b: U4 = array("C", "u4", doc="instance id of the second")
    start_ns: I8 = array("C", "i8", unit="ns", doc="first touch")
    duration: F8 = array("C", "f8", unit="s", doc="from the first touch to the end of the last")
    impulse: F8 = array("C", "f8", unit="N s", doc="integral of the normal force; nan = both kinematic, no force known")
    closing_speed: F4 = array("C", "f4", unit="m/s", doc="largest along the normal, of the points that touch")
    position: F4 = array("C 3", "f4", unit="m", doc="first contact point on the first, world frame")


@dataclass(frozen=True, kw_only=True, eq=False)
class Views(Record):
    """What a sensor has of the hazards, the actors that constraints name, frame by frame; 0 where it has no box."""

    time_ns: I8 = array("N", "i8", unit="ns", doc="true instant of every frame")
    instance: U4 = array("H", "u4", doc="instance id of the hazard")
    visible_fraction: F4 | None = array("N H", "f4", doc="as in the boxes of a camera", optional=True)
    pixels: U4 | None = array("N H", "u4", unit="px", doc="visible pixels", optional=True)
    points: U4 | None = array("N H", "u4", doc="points labelled with the instance", optional=True)


@dataclass(frozen=True, kw_only=True, eq=False)
class Measures:
    """Everything that is measured of a sequence, besides its constraints."""

    #: None without an ego
    encounters: Encounters | None = None
    collisions: Collisions
    #: by sensor; empty if no constraint names an actor
    hazards: Mapping[str, Views] = field(default_factory=dict)
    #: by sensor
    sensors: Mapping[str, Health] = field(default_factory=dict)


__all__ = ["Collisions", "Encounters", "Health", "Measures", "Views"]
