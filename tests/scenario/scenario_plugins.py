"""Plugins of the tests' own, so that what the language does never depends on what the built-in ones look like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from simgen import registry
from simgen.assets.base import Asset
from simgen.behaviours.base import Behaviour
from simgen.behaviours.stand import Stand
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.geometry import F8, IDENTITY_QUATERNION
from simgen.light.base import Light
from simgen.records.actors import ActorState, Driver
from simgen.records.constraints import Constraint
from simgen.records.frames import Frame
from simgen.records.layout import Prop, WorldLayout
from simgen.records.lights import LightField
from simgen.records.mesh import Mesh, Surface
from simgen.records.model import Link, Model, Shape
from simgen.records.roads import Lane, RoadMap
from simgen.records.surroundings import Shot
from simgen.registry import param
from simgen.scene import Scene
from simgen.sensors.base import Sensor
from simgen.weather.base import WeatherEffect
from simgen.worlds.base import World


@dataclass(frozen=True, kw_only=True)
class Crate(Asset):
    """A box with a lid."""

    size_m: tuple[float, float, float] = param((1.0, 1.0, 1.0), gt=0.0, le=20.0, doc="edges")
    color: str | tuple[float, float, float] = param("red", doc="name or reflectances")
    open: bool = param(False, doc="whether the lid is open")
    grade: Literal["", "a", "b"] = param("", doc="quality")

    def build(self) -> Model:
        x, y, z = self.size_m
        shape = Shape(kind="box", size=self.size_m, center=(0.0, 0.0, z / 2))
        links = (Link(name="body", shapes=(shape,)), Link(name="lid", parent=0))
        return Model(
            name="crate", class_name="car", links=links, surfaces=(), size=(x, y, z), box_center=(0.0, 0.0, z / 2)
        )


@dataclass(frozen=True, kw_only=True)
class Pallet(Asset):
    """Carries crates."""

    def build(self) -> Model:
        return Model(
            name="pallet",
            class_name="car",
            links=(Link(name="body"),),
            surfaces=(),
            size=(1.2, 0.8, 0.14),
            box_center=(0.0, 0.0, 0.07),
        )


@dataclass(frozen=True, kw_only=True)
class Flags:
    """A nested declaration."""

    height_m: float = param(3.0, gt=0.0, le=30.0, doc="of the poles")
    count: int = param(0, ge=0, le=100, doc="how many")


@dataclass(frozen=True, kw_only=True)
class Yard(World):
    """A floor with two lanes and one tracked crate."""

    size_m: float = param(400.0, ge=10.0, le=1000.0, doc="edge")
    flags: Flags = param(Flags(), doc="poles along the edge")

    def build(self, seed: int) -> WorldLayout:
        half = 0.5 * self.size_m
        vertices = np.array([[-half, -half, 0], [half, -half, 0], [half, half, 0], [-half, half, 0]], np.float32)
        line = np.linspace([-half, 0.0, 0.0], [half, 0.0, 0.0], 9)
        return WorldLayout(
            mesh=Mesh(
                vertices=vertices,
                normals=np.tile(np.array([0, 0, 1], np.float32), (4, 1)),
                triangles=np.array([[0, 1, 2], [0, 2, 3]], np.uint32),
                surface=np.zeros(2, np.uint16),
            ),
            surfaces=(Surface(class_name="road"),),
            shapes=(),
            map=RoadMap(
                lanes=(
                    Lane(name="east/1", centerline=line),
                    Lane(name="east/2", centerline=line + np.array([0.0, 4.0, 0.0])),
                )
            ),
            props=(Prop(asset="crate", name="anvil", position=(0.0, 50.0, 0.0), tracked=True),),
        )


@dataclass(frozen=True, kw_only=True)
class Mist(WeatherEffect):
    """What one cannot see through."""

    visibility_m: float = param(200.0, ge=1.0, le=1e5, doc="how far one sees")
    layers: int = param(1, ge=1, le=9, doc="how many")
    profile: tuple[float, ...] = param((1.0,), ge=0.0, doc="by layer")


@dataclass(frozen=True, kw_only=True)
class Lamp(Light):
    """A sun that obeys."""

    time: str = param("noon", doc="when")
    elevation_deg: float = param(45.0, ge=-90.0, le=90.0, doc="over the horizon")
    latitude_deg: float = param(48.0, ge=-90.0, le=90.0, doc="where")
    longitude_deg: float = param(11.0, ge=-180.0, le=180.0, doc="where")

    def field(self) -> LightField:
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Roll(Behaviour):
    """Goes along."""

    speed_m_s: float = param(5.0, ge=0.0, le=50.0, doc="how fast")
    target: str = param("", doc="whom to follow", reference="entity")

    def start(self, name: str, state: ActorState, road_map: RoadMap, wheelbase_m: float, seed: int) -> Driver:
        return Stand().start(name, state, road_map, wheelbase_m, seed)


@dataclass(frozen=True, kw_only=True)
class Eye(Sensor):
    """Sees."""

    width: int = param(64, ge=1, le=8192, doc="pixels across")
    hfov_deg: float = param(90.0, gt=0.0, lt=180.0, doc="horizontal field of view")
    model: str = param("pinhole", choices=("pinhole", "fisheye"), doc="lens")

    def __post_init__(self) -> None:
        unknown = set(self.outputs) - {"depth", "normal"}
        if unknown:
            raise ValueError(f"an eye has no output {min(unknown)!r}; outputs are depth, normal")

    def extent_ns(self) -> tuple[int, int]:
        return 0, 0

    @property
    def body_from_sensor(self) -> F8:
        return IDENTITY_QUATERNION

    def capture(self, shot: Shot) -> Frame:
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Drop(EdgeCase):
    """Something falls in front of somebody."""

    actor: str = param("brick", doc="what falls")
    before: str = param("ego", doc="in front of whom", reference="entity")
    height_m: float = param(3.0, gt=0.0, le=50.0, doc="from where")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        if not scene.group(self.before):
            raise UserError(f"drop needs somebody called {self.before!r}")
        asset = registry.get("asset", "crate")()
        scene = scene.add(name=self.actor, asset=asset, position=(1.0 * (stage.seed % 7), 0.0, self.height_m))
        asked = Constraint(kind="frames_dropped", subject=self.actor, asked=self.height_m, tolerance=0.1)
        return scene.replace(constraints=(*scene.constraints, asked), tags=(*scene.tags, "drop"))


PLUGINS = {
    ("asset", "crate"): Crate,
    ("asset", "pallet"): Pallet,
    ("world", "yard"): Yard,
    ("weather", "mist"): Mist,
    ("light", "lamp"): Lamp,
    ("behaviour", "roll"): Roll,
    ("sensor", "eye"): Eye,
    ("edge_case", "drop"): Drop,
}


SCENE = """\
simgen: 1
name: test
clock: {duration_s: 2.0, rate_hz: 10}
world: {type: yard, flags: {count: {integer: [1, 5]}}}
light: {type: lamp, elevation_deg: {uniform: [10, 60]}}
weather:
  - {type: mist, visibility_m: {log_uniform: [80, 2000]}}
ego: {asset: crate, lane: east/1, at_m: 20, behaviour: {type: roll, speed_m_s: 8}}
objects:
  - name: parked
    asset: {choice: [crate, pallet]}
    count: {integer: [4, 10]}
    place: {on: lane, gap_m: {uniform: [0.5, 3]}}
  - {asset: pallet, place: {at_m: [5, 30]}, rider: {asset: crate, position_m: [0, 0, 0.14]}}
edge_cases:
  - {type: drop, before: parked, height_m: {uniform: [1.0, 2.5]}}
sensors:
  - {name: front, type: eye, width: 640, hfov_deg: 80, mount: {on: ego, position_m: [1.6, 0, 1.4]}}
  - {name: lid, type: eye, mount: {on: ego/lid}, outputs: [depth]}
"""
