"""What an OpenSCENARIO file says, as plain records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Position:
    """A place: its kind (``WorldPosition`` ...), and the numbers and names that its attributes give."""

    kind: str
    values: Mapping[str, Any]
    where: str


@dataclass(frozen=True, kw_only=True)
class Action:
    """Something an entity does: its kind (``SpeedAction`` ...) and what it says."""

    kind: str
    values: Mapping[str, Any]
    where: str


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One condition of a trigger."""

    name: str
    kind: str
    values: Mapping[str, Any]
    delay_s: float
    edge: str
    #: whose state is asked, and whether one of them is enough
    entities: tuple[str, ...] = ()
    any_of: bool = True


#: groups of conditions: one group must hold, and in it every condition
Trigger = tuple[tuple[Condition, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Event:
    """Actions that a trigger starts."""

    name: str
    path: str
    priority: str
    actions: tuple[Action, ...]
    start: Trigger | None
    most: int


@dataclass(frozen=True, kw_only=True)
class Group:
    """A manoeuvre group: who acts, and the events of each of its manoeuvres."""

    name: str
    path: str
    actors: tuple[str, ...]
    maneuvers: tuple[tuple[str, tuple[Event, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class Act:
    """An act of a story."""

    name: str
    path: str
    groups: tuple[Group, ...]
    start: Trigger | None
    stop: Trigger | None


@dataclass(frozen=True, kw_only=True)
class ScriptEntity:
    """A scenario object: ``car``, ``van``, ``truck``, ``bus``, ``bicycle``, ``motorbike``, ``pedestrian``, ``misc``."""

    name: str
    category: str
    length_m: float
    where: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Script:
    """A whole file."""

    file: str
    road_file: str
    entities: tuple[ScriptEntity, ...]
    #: what each entity does before anything else, in order
    init: tuple[tuple[str, Action], ...]
    acts: tuple[Act, ...]
    stop: Trigger | None
