"""What a world plugin builds: ground and walls, a map, and the props that stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simgen.records.lights import Lamp
from simgen.records.mesh import Mesh, Surface
from simgen.records.model import Shape
from simgen.records.roads import RoadMap


@dataclass(frozen=True, kw_only=True)
class Prop:
    """A thing of the world, named by its asset so that worlds need not import assets.

    A tracked prop becomes an entity with an instance id (a traffic light, a table); the others are merged into the
    static world and keep only their class (trees, poles, houses).
    """

    asset: str
    name: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    position: tuple[float, float, float] = (0.0, 0.0, 0.0)
    yaw_rad: float = 0.0
    tracked: bool = False
    #: the signal that a traffic light shows
    signal: str = ""


@dataclass(frozen=True, kw_only=True)
class WorldLayout:
    """A built world. Coordinates are world ENU; the mesh is what is drawn, ``shapes`` what bodies collide with."""

    mesh: Mesh
    surfaces: tuple[Surface, ...]
    shapes: tuple[Shape, ...]
    map: RoadMap = RoadMap()
    props: tuple[Prop, ...] = ()
    #: lamps of the world itself (a tunnel's, a ceiling's); props bring their own
    lamps: tuple[Lamp, ...] = ()
    #: friction of the ground
    friction: float = 0.8
    #: a roof or walls keep the sky out
    indoor: bool = False
    #: where it comes in all the same, portals and windows: ``area`` lamps that face inwards, of luminance 1
    openings: tuple[Lamp, ...] = ()
    #: boxes (x, y, z from, x, y, z to) under a roof, which get daylight through openings and as direct sun alone
    rooms: tuple[tuple[float, float, float, float, float, float], ...] = ()
