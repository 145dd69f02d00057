"""What a scene's rays meet: the static world merged, every mesh once, everything laid end to end for ray casting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from simgen import registry
from simgen.assets.base import Asset
from simgen.geometry import F8, compose, quat_from_yaw, quat_rotate, transform
from simgen.records.base import F4
from simgen.records.layout import Prop, WorldLayout
from simgen.records.lights import Lamp, LampTable
from simgen.records.mesh import Mesh, Surface, SurfaceTable
from simgen.records.model import Model, Vector3
from simgen.records.stage import Stage
from simgen.scene import Scene
from simgen.shapes.repaint import relamped, repainted


@dataclass(frozen=True, kw_only=True)
class Glow:
    """A row of the stage's surfaces that shines only in a state of what it belongs to."""

    row: int
    #: row of the entity; -1 = the world and its untracked props
    owner: int
    state: str
    #: luminance while it shines, cd/m2, linear RGB
    emission: tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Lamps:
    """Every lamp of a scene, as it shines when it does."""

    table: LampTable
    #: entity row of each lamp; -1 = the world
    owner: tuple[int, ...]
    #: when each shines, as in :class:`~simgen.records.lights.Lamp`
    state: tuple[str, ...]
    #: surfaces that shine with them
    glows: tuple[Glow, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Scenery:
    """Everything that is seen of a scene, put together when it is first asked for: physics alone needs none of it."""

    scene: Scene
    layout: WorldLayout
    #: one per entity, in the order of the scene's entities; equal assets share one object
    models: Sequence[Model]

    @property
    def stage(self) -> Stage:
        """Meshes and surfaces, without lamps and with all surfaces that shine at times dark."""
        return self._made[0]

    @property
    def lamps(self) -> Lamps:
        """Every lamp and every surface that shines at times."""
        return self._made[1]

    @cached_property
    def _made(self) -> tuple[Stage, Lamps]:
        pool, scene = _Pool(), self.scene
        ground, plain = _static_world(self.layout)
        lamps = relamped(_static_lamps(self.layout), scene.appearance, scene.seed, "world")
        pool.add_world(ground, _seen(plain, scene, "world"), list(lamps))
        first = 1
        for row, (entity, model) in enumerate(zip(scene.entities, self.models, strict=True)):
            base = pool.surfaces_of(model, owner=row, seen=_seen(model.surfaces, scene, entity.name))
            pool.add_lamps(
                relamped(model.lamps, scene.appearance, scene.seed, entity.name), owner=row, first_body=first
            )
            for body, link in enumerate(model.links, first):
                if link.mesh is not None and len(link.mesh.triangles):
                    pool.add_instance(link.mesh, body=body, label=entity.instance, base=base)
            first += len(model.links)
        return pool.stage(self.layout), pool.lamps()


@lru_cache(maxsize=512)
def model_of(asset: Asset) -> Model:
    """The built model of an asset; equal configurations share it."""
    return asset.build()


def _seen(surfaces: tuple[Surface, ...], scene: Scene, name: str) -> tuple[Surface, ...]:
    """The surfaces of a thing as the scene shows them: the same object where nothing changes."""
    return surfaces if scene.appearance.unchanged else repainted(surfaces, scene.appearance, scene.seed, name)


def rest_pose(model: Model, index: int) -> tuple[F8, F8]:
    """Pose of a link in the root frame with every joint at zero."""
    link = model.links[index]
    position, quaternion = np.array(link.position), np.array(link.quaternion)
    while link.parent >= 0:
        link = model.links[link.parent]
        position, quaternion = compose(link.position, link.quaternion, position, quaternion)
    return position, quaternion


def rest_mesh(model: Model) -> Mesh:
    """All links of a model merged at rest, in the root frame.

    Raises:
        ValueError: the model has no mesh at all.
    """
    parts = [_moved(link.mesh, *rest_pose(model, k)) for k, link in enumerate(model.links) if link.mesh is not None]
    return _merged(parts)


def world_mesh(layout: WorldLayout) -> Mesh:
    """Ground, walls and untracked props as one mesh."""
    return _static_world(layout)[0]


def _static_world(layout: WorldLayout) -> tuple[Mesh, tuple[Surface, ...]]:
    """Ground, walls and untracked props as one mesh; the props' surfaces follow the world's."""
    meshes, surfaces = [layout.mesh], list(layout.surfaces)
    bases: dict[int, int] = {}
    for prop in layout.props:
        if prop.tracked:
            continue
        model = model_of(prop_asset(prop))
        if id(model) not in bases:
            bases[id(model)] = len(surfaces)
            surfaces += model.surfaces
        mesh = _moved(rest_mesh(model), np.array(prop.position), quat_from_yaw(prop.yaw_rad))
        meshes.append(mesh.replace(surface=mesh.surface + np.uint16(bases[id(model)])))
    return _merged(meshes), tuple(surfaces)


def _static_lamps(layout: WorldLayout) -> list[Lamp]:
    """The lamps of the world and of untracked props, in world coordinates."""
    lamps = list(layout.lamps)
    for prop in layout.props:
        if not prop.tracked:
            model, place = model_of(prop_asset(prop)), (np.array(prop.position), quat_from_yaw(prop.yaw_rad))
            lamps += [moved_lamp(lamp, *compose(*place, *rest_pose(model, lamp.link))) for lamp in model.lamps]
    return lamps


def moved_lamp(lamp: Lamp, position: F8, quaternion: F8) -> Lamp:
    """A lamp in the frame that its own is posed in."""

    def turned(v: Vector3) -> Vector3:
        x, y, z = (float(c) for c in quat_rotate(quaternion, v))
        return x, y, z

    x, y, z = (float(c) for c in transform(position, quaternion, np.array(lamp.position)))
    return replace(
        lamp,
        position=(x, y, z),
        axis=turned(lamp.axis),
        up=turned(lamp.up),
        half_u=turned(lamp.half_u),
        half_v=turned(lamp.half_v),
        link=0,
    )


def prop_asset(prop: Prop) -> Asset:
    """The asset that a prop names."""
    asset = registry.get("asset", prop.asset)(**prop.parameters)
    assert isinstance(asset, Asset)
    return asset


def _moved(mesh: Mesh, position: F8, quaternion: F8) -> Mesh:
    return mesh.replace(
        vertices=np.ascontiguousarray(transform(position, quaternion, mesh.vertices), np.float32),
        normals=np.ascontiguousarray(quat_rotate(quaternion, mesh.normals), np.float32),
    )


def _merged(meshes: list[Mesh]) -> Mesh:
    starts = np.cumsum([0, *(len(m.vertices) for m in meshes[:-1])])
    return Mesh(
        uv=_joined_uv(meshes),
        vertices=np.concatenate([m.vertices for m in meshes]),
        normals=np.concatenate([m.normals for m in meshes]),
        triangles=np.concatenate([m.triangles + np.uint32(s) for m, s in zip(meshes, starts, strict=True)]),
        surface=np.concatenate([m.surface for m in meshes]),
    )


def _joined_uv(meshes: list[Mesh]) -> F4 | None:
    """Texture coordinates of all meshes, zero where one has none; None where none has any."""
    if all(m.uv is None for m in meshes):
        return None
    return np.concatenate([np.zeros((len(m.vertices), 2), np.float32) if m.uv is None else m.uv for m in meshes])


class _Pool:
    """Collects meshes, instances and surface rows, each mesh and each shared list once."""

    def __init__(self) -> None:
        self.meshes: list[Mesh] = []
        self.surfaces: list[Surface] = []
        self.rows: list[tuple[int, int, int, int]] = []
        self._lamps: list[tuple[Lamp, int, int]] = []
        self._glows: list[Glow] = []
        self._mesh_of: dict[int, int] = {}
        self._base_of: dict[int, int] = {}

    def add_world(self, mesh: Mesh, surfaces: tuple[Surface, ...], lamps: list[Lamp]) -> None:
        self._add_surfaces(surfaces, owner=-1)
        self.add_instance(mesh, body=0, label=0, base=0)
        self._lamps += ((lamp, 0, -1) for lamp in lamps)

    def add_lamps(self, lamps: tuple[Lamp, ...], *, owner: int, first_body: int) -> None:
        """Lamps of an entity whose links are bodies from ``first_body`` on."""
        self._lamps += ((lamp, first_body + lamp.link, owner) for lamp in lamps)

    def surfaces_of(self, model: Model, *, owner: int, seen: tuple[Surface, ...]) -> int:
        """First row of a model's surfaces; an entity with some of its own, or that shine at times, has own rows.

        ``seen``: the surfaces as this entity shows them.
        """
        own = seen is not model.surfaces or any(s.lamp for s in model.surfaces)
        if own or id(model) not in self._base_of:
            # every part of an object has the object's class, whatever its asset's parts are when it is scenery
            rows = tuple(replace(s, class_name=model.class_name) for s in seen)
            self._base_of[id(model)] = self._add_surfaces(rows, owner=owner)
        return self._base_of[id(model)]

    def _add_surfaces(self, surfaces: tuple[Surface, ...], *, owner: int) -> int:
        """Enter surfaces, those that shine only at times dark; the first one's row."""
        base = len(self.surfaces)
        for k, s in enumerate(surfaces):
            if s.lamp:
                self._glows.append(Glow(row=base + k, owner=owner, state=s.lamp, emission=s.emission))
            self.surfaces.append(replace(s, emission=(0.0, 0.0, 0.0)) if s.lamp else s)
        return base

    def lamps(self) -> Lamps:
        """Every lamp and every surface that shines at times."""
        lamps, bodies, owners = zip(*self._lamps, strict=True) if self._lamps else ((), (), ())
        return Lamps(
            table=LampTable.of(lamps, bodies),
            owner=tuple(owners),
            state=tuple(lamp.state for lamp in lamps),
            glows=tuple(self._glows),
        )

    def add_instance(self, mesh: Mesh, *, body: int, label: int, base: int) -> None:
        if id(mesh) not in self._mesh_of:
            self._mesh_of[id(mesh)] = len(self.meshes)
            self.meshes.append(mesh)
        self.rows.append((self._mesh_of[id(mesh)], body, label, base))

    def stage(self, layout: WorldLayout) -> Stage:
        columns = np.array(self.rows, np.uint32)
        return Stage(
            vertices=np.concatenate([m.vertices for m in self.meshes]),
            normals=np.concatenate([m.normals for m in self.meshes]),
            triangles=np.concatenate([m.triangles for m in self.meshes]),
            triangle_surface=np.concatenate([m.surface for m in self.meshes]),
            vertex_start=np.cumsum([0, *(len(m.vertices) for m in self.meshes)]).astype(np.int64),
            triangle_start=np.cumsum([0, *(len(m.triangles) for m in self.meshes)]).astype(np.int64),
            instance_mesh=np.ascontiguousarray(columns[:, 0]),
            instance_body=np.ascontiguousarray(columns[:, 1]),
            instance_label=np.ascontiguousarray(columns[:, 2]),
            surface_base=np.ascontiguousarray(columns[:, 3]),
            uv=_joined_uv(self.meshes),
            surfaces=SurfaceTable.of(self.surfaces),
            indoor=layout.indoor,
            openings=LampTable.of(layout.openings, [0] * len(layout.openings)),
            rooms=layout.rooms,
        )


__all__ = [
    "Glow",
    "Lamps",
    "Scenery",
    "model_of",
    "moved_lamp",
    "prop_asset",
    "rest_mesh",
    "rest_pose",
    "world_mesh",
]
