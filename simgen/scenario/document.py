"""The top level of a scene file, as dataclasses: what may be said about a scene before anything is drawn."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from simgen.assets.base import Asset
from simgen.behaviours.base import Behaviour
from simgen.edge_cases.base import EdgeCase
from simgen.light.base import Light
from simgen.placement.place import Place
from simgen.records.model import Vector3
from simgen.registry import param
from simgen.scenario.openscenario import OpenScenario
from simgen.scenario.randomise import Randomise
from simgen.scenario.traffic import Traffic
from simgen.scene import Clock, Scene
from simgen.sensors.base import Sensor
from simgen.weather.base import WeatherEffect
from simgen.worlds.base import World

FORMAT_VERSION = 1


def fixed(default: Any = dataclasses.MISSING, *, doc: str) -> Any:
    """A key whose value is never random."""
    return field(default=default, metadata={"doc": doc, "fixed": True})


@dataclass(frozen=True, kw_only=True)
class Part:
    """Something that rides on an object: a rider on a bicycle, a load on a lorry."""

    asset: Asset = param(doc="what it is")
    name: str = param("", doc="its name; the object's name with the part's asset if absent")
    position_m: Vector3 = param((0.0, 0.0, 0.0), doc="of its root frame, in the root frame of what carries it")
    rotation_deg: Vector3 = param((0.0, 0.0, 0.0), doc="roll, pitch, yaw against what carries it")


@dataclass(frozen=True, kw_only=True)
class Trailer:
    """What an object tows: it starts straight behind and follows by its coupling, its axle never slipping sideways."""

    asset: Asset = param(doc="what it is: an asset with a kingpin, such as semitrailer, trailer or caravan")
    name: str = param("", doc="its name; the object's name with the trailer's asset if absent")


@dataclass(frozen=True, kw_only=True)
class Actor:
    """What the ego and the objects have in common."""

    asset: Asset = param(doc="what it is")
    behaviour: Behaviour | None = param(None, doc="what it does; without one it stays where it is")
    physics: Literal["kinematic", "dynamic", "static"] = param(
        "kinematic", doc="kinematic follows its behaviour; dynamic falls, slides and collides; static never moves"
    )
    velocity_m_s: Vector3 = param((0.0, 0.0, 0.0), doc="initial velocity of a dynamic body, world frame")
    appear_s: float = param(0.0, ge=0.0, doc="when it appears")
    vanish_s: float = param(float("inf"), ge=0.0, doc="when it vanishes")
    rider: Part | None = param(None, doc="who rides it: an asset, in the frame of what carries it")
    parts: tuple[Part, ...] = param((), doc="what else it carries")
    trailer: Trailer | None = param(None, doc="what it tows")

    def __post_init__(self) -> None:
        if self.trailer is not None and self.physics == "dynamic":
            raise ValueError("a dynamic body tows nothing; make it kinematic, or remove its trailer")
        if self.behaviour is not None and self.physics != "kinematic":
            raise ValueError(f"a body with physics {self.physics!r} follows no behaviour; remove one of the two")
        if self.velocity_m_s != (0.0, 0.0, 0.0) and self.physics != "dynamic":
            raise ValueError("velocity_m_s is for bodies with physics: dynamic")
        if self.vanish_s <= self.appear_s:
            raise ValueError("vanish_s must be after appear_s")

    @property
    def carried(self) -> tuple[Part, ...]:
        """The rider and the other parts."""
        return self.parts if self.rider is None else (self.rider, *self.parts)


@dataclass(frozen=True, kw_only=True)
class Ego(Actor):
    """The actor that carries the sensors; its name is ``ego`` and its instance id 1.

    ``lane`` and ``at_m`` are short for ``place: {on: lane, ...}``, ``speed_m_s`` for the behaviour ``follow_lane``.
    """

    lane: str | None = param(None, doc="the lane that it starts on", reference="lane")
    at_m: float | None = param(None, ge=0.0, doc="where on the lane; drawn if absent")
    speed_m_s: float | None = param(None, ge=0.0, le=120.0, doc="follows its lane at this speed; 0 = it stands")
    place: Place | None = param(None, doc="where it starts, instead of lane and at_m")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.place is not None and (self.lane is not None or self.at_m is not None):
            raise ValueError("place says where the ego starts; remove lane and at_m, or place")
        if self.place is None and self.lane is None:
            raise ValueError("the ego needs a lane or a place")
        if self.speed_m_s is not None and self.behaviour is not None:
            raise ValueError("speed_m_s is short for the behaviour follow_lane; give it to the behaviour instead")


@dataclass(frozen=True, kw_only=True)
class ObjectEntry(Actor):
    """One or more things of a kind. Every copy draws for itself."""

    name: str = param("", doc="its name, or the name of the group if there is a count")
    count: int | None = param(None, ge=0, le=5000, doc="how many; they are called name/0, name/1 ...")
    place: Place = param(doc="where it stands")


@dataclass(frozen=True, kw_only=True)
class RigUse:
    """A line of ``sensors`` that includes a rig: each of the rig's sensors is as if it were written here.

    Nothing but the values in ``set`` may be random, so that the sensors stay together.
    """

    rig: str = field(
        metadata={
            "doc": "name of a rig, or path of a rig file from this file's folder",
            "fixed": True,
            "reference": "rig",
        }
    )
    on: str = field(
        default="ego", metadata={"doc": "what carries it: entity, entity/link", "fixed": True, "reference": "entity"}
    )
    prefix: str = fixed("", doc="put before every name, to tell two rigs of a scene apart")
    offset_m: Vector3 = fixed((0.0, 0.0, 0.0), doc="moves all that the carrier carries, in its frame")
    changes: Mapping[str, Mapping[str, Any]] | None = field(
        default=None,
        metadata={"doc": "what is different, by sensor or by pattern (cam_*)", "fixed": True, "alias": "set"},
    )
    without: tuple[str, ...] = fixed((), doc="sensors that are left out, by name or by pattern")


@dataclass(frozen=True, kw_only=True)
class Document:
    """A scene file."""

    simgen: Literal[1] = fixed(doc="version of the scene format")
    name: str = param("", doc="the scene's name; the file's if absent")
    seed: int = field(
        default=0, metadata={"doc": "seed of the first sequence", "fixed": True, "ge": 0, "le": 2**63 - 1}
    )
    clock: Clock = field(default_factory=Clock, metadata={"doc": "length and rates"})
    world: World = param(doc="ground, map and buildings")
    light: Light | None = param(None, doc="sun and sky; sun_sky with its defaults if absent")
    weather: tuple[WeatherEffect, ...] = param((), doc="what is in the air; effects add")
    ego: Ego | None = param(None, doc="the actor that carries the sensors, if any")
    objects: tuple[ObjectEntry, ...] = field(
        default=(), metadata={"doc": "what else is there", "fixed": True, "fixed_items": True}
    )
    traffic: Traffic | None = param(None, doc="vehicles, cyclists and people who behave as such, by their numbers")
    openscenario: OpenScenario | None = param(None, doc="entities and storyboard of an OpenSCENARIO file")
    randomise: Randomise | None = param(None, doc="what varies by itself: looks, sizes, lights, cameras, distractors")
    edge_cases: tuple[EdgeCase, ...] = param((), doc="rare events that are made to happen, in this order")
    #: rigs are written out before the list is decoded
    sensors: tuple[Sensor, ...] = field(default=(), metadata={"doc": "what is recorded", "includes": RigUse})
    split: str | None = fixed(None, doc="the split that every sequence belongs to")
    splits: Mapping[str, float] | None = field(
        default=None,
        metadata={"doc": "share of sequences by split, for instance {train: 8, val: 2}", "fixed": True, "ge": 0.0},
    )
    pinned: Mapping[str, Any] | None = field(
        default=None,
        metadata={
            "doc": "values that stand in place of draws, by the path that draws are recorded under",
            "fixed": True,
        },
    )
    weight: float = field(
        default=1.0,
        metadata={
            "doc": "importance weight: how much more often such scenes are in what is meant than in what is drawn",
            "fixed": True,
            "gt": 0.0,
        },
    )
    origin: Vector3 | None = param(
        None, doc="latitude (deg), longitude (deg) and altitude (m) of the world's origin; the light's place if absent"
    )


@dataclass(frozen=True, kw_only=True)
class CertainDocument:
    """A scene file in which everything is decided: what a dataset stores of each sequence."""

    simgen: Literal[1] = fixed(doc="version of the scene format")
    certain: Scene = fixed(doc="the scene, with every entity placed")


__all__ = ["FORMAT_VERSION", "Actor", "CertainDocument", "Document", "Ego", "ObjectEntry", "Part", "RigUse", "Trailer"]
