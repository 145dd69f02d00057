"""Small worlds and bodies that physics and labelling tests put together."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from simgen import physics
from simgen.assembly import Assembly, assemble
from simgen.assets.base import Asset
from simgen.behaviours.base import Behaviour
from simgen.geometry import quat_from_yaw
from simgen.light.base import Light
from simgen.records.actors import ActorState, Driver, Situation
from simgen.records.layout import WorldLayout
from simgen.records.lights import LightField
from simgen.records.mesh import Mesh, Surface
from simgen.records.model import Link, Model, Shape
from simgen.records.roads import RoadMap, Signal
from simgen.records.trajectory import Trajectory
from simgen.scene import Clock, Entity, Scene
from simgen.worlds.base import World

Vector3 = tuple[float, float, float]


def simulate(assembly: Assembly) -> Trajectory:
    """The trajectory from time 0 on; the lead-in has tests of its own."""
    return physics.simulate(assembly).from_zero()


_CUBE = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])
_QUADS = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]


def box_mesh(size: Vector3, center: Vector3 = (0.0, 0.0, 0.0)) -> Mesh:
    """A closed box, front faces outwards."""
    vertices = (_CUBE * size + center).astype(np.float32)
    triangles = np.array([t for a, b, c, d in _QUADS for t in ((a, b, c), (a, c, d))], np.uint32)
    outward = vertices - np.array(center, np.float32)
    normals = (outward / np.linalg.norm(outward, axis=1, keepdims=True)).astype(np.float32)
    return Mesh(vertices=vertices, normals=normals, triangles=triangles, surface=np.zeros(12, np.uint16))


def sphere_mesh(radius: float, rings: int = 48) -> Mesh:
    """A sphere of latitudes and longitudes."""
    polar, turn = np.meshgrid(np.linspace(0, np.pi, rings), np.linspace(0, 2 * np.pi, 2 * rings), indexing="ij")
    unit = np.stack([np.sin(polar) * np.cos(turn), np.sin(polar) * np.sin(turn), np.cos(polar)], -1).reshape(-1, 3)
    index = np.arange(len(unit)).reshape(rings, 2 * rings)
    a, b, c, d = index[:-1, :-1].ravel(), index[1:, :-1].ravel(), index[1:, 1:].ravel(), index[:-1, 1:].ravel()
    triangles = np.concatenate([np.stack([a, b, c], -1), np.stack([a, c, d], -1)]).astype(np.uint32)
    return Mesh(
        vertices=(radius * unit).astype(np.float32),
        normals=unit.astype(np.float32),
        triangles=triangles,
        surface=np.zeros(len(triangles), np.uint16),
    )


def model(links: tuple[Link, ...], size: Vector3, center: Vector3, class_name: str = "car", **more: Any) -> Model:
    return Model(
        name="thing",
        class_name=class_name,
        links=links,
        surfaces=(Surface(class_name=class_name),),
        size=size,
        box_center=center,
        **more,
    )


def box(size: Vector3 = (1.0, 1.0, 1.0), *, shape: bool = True, **more: Any) -> Model:
    """A box that stands on its origin."""
    center = (0.0, 0.0, size[2] / 2)
    shapes = (Shape(kind="box", size=size, center=center),) if shape else ()
    return model((Link(name="body", mesh=box_mesh(size, center), shapes=shapes),), size, center, **more)


def ball(radius: float = 0.1, **more: Any) -> Model:
    """A sphere about its origin."""
    link = Link(name="ball", mesh=sphere_mesh(radius), shapes=(Shape(kind="sphere", size=(radius, 0, 0)),))
    return model((link,), (2 * radius,) * 3, (0.0, 0.0, 0.0), **more)


@dataclass(frozen=True, kw_only=True)
class Given(Asset):
    """An asset that is already built."""

    made: Model

    def build(self) -> Model:
        return self.made


@dataclass(frozen=True, kw_only=True)
class Yard(World):
    """Flat ground, or whatever shapes are given."""

    friction: float = 1.0
    shapes: tuple[Shape, ...] = (Shape(kind="box", size=(200.0, 200.0, 1.0), center=(0.0, 0.0, -0.5)),)
    ground: Mesh | None = None
    signals: tuple[Signal, ...] = ()

    def build(self, seed: int) -> WorldLayout:
        return WorldLayout(
            mesh=self.ground or box_mesh((200.0, 200.0, 1.0), (0.0, 0.0, -0.5)),
            surfaces=(Surface(class_name="road"),),
            shapes=self.shapes,
            map=RoadMap(signals=self.signals),
            friction=self.friction,
        )


@dataclass(frozen=True, kw_only=True)
class Dark(Light):
    """No light at all: physics needs none."""

    def field(self) -> LightField:
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Straight(Behaviour):
    """Constant speed and turning rate; a pure function of the distance travelled."""

    speed_m_s: float = 1.0
    rate_rad_s: float = 0.0
    steer_rad: float = 0.0

    def start(self, name: str, state: ActorState, road_map: RoadMap, wheelbase_m: float, seed: int) -> Driver:
        return _Straight(self)


class _Straight:
    def __init__(self, plan: Straight) -> None:
        self.plan = plan
        self.heading = 0.0

    def step(self, state: ActorState, situation: Situation) -> ActorState:
        q = quat_from_yaw(self.heading) if self.plan.rate_rad_s else np.array(state.quaternion)
        yaw = math.atan2(2 * q[0] * q[3], 1 - 2 * q[3] ** 2)
        ds = self.plan.speed_m_s * situation.dt_s
        self.heading += self.plan.rate_rad_s * situation.dt_s
        turned = quat_from_yaw(self.heading) if self.plan.rate_rad_s else q
        x, y, z = state.position
        return dataclasses.replace(
            state,
            position=(x + ds * math.cos(yaw), y + ds * math.sin(yaw), z),
            quaternion=tuple(float(c) for c in turned),
            speed_m_s=self.plan.speed_m_s,
            distance_m=state.distance_m + ds,
            steer_rad=self.plan.steer_rad,
        )


def entity(name: str, made: Model, position: Vector3 = (0.0, 0.0, 0.0), **more: Any) -> dict[str, Any]:
    return {"name": name, "asset": Given(made=made), "position": position, **more}


def scene(*entities: dict[str, Any], duration_s: float = 1.0, physics_hz: int = 240, **more: Any) -> Scene:
    world = more.pop("world", Yard())
    return Scene(
        name="yard",
        seed=1,
        clock=Clock(duration_s=duration_s, physics_hz=physics_hz),
        world=world,
        light=Dark(),
        entities=tuple(Entity(instance=k, **fields) for k, fields in enumerate(entities, start=1)),
        **more,
    )


def yard(*entities: dict[str, Any], **more: Any) -> Assembly:
    """A scene of these entities, assembled."""
    return assemble(scene(*entities, **more))
