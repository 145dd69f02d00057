"""A scene, assembled: models built, the static world merged, everything laid end to end for ray casting.

Physics moves what is here, sensors look at it, labelling names it; so they agree on bodies, links and ids.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from simgen import registry
from simgen.assets.base import Asset
from simgen.geometry import F8, compose, quat_from_yaw, quat_rotate, transform
from simgen.records.base import U4
from simgen.records.layout import Prop, WorldLayout
from simgen.records.mesh import Mesh, Surface, SurfaceTable
from simgen.records.model import Model
from simgen.records.stage import Stage
from simgen.rng import child_seed
from simgen.scene import Scene
from simgen.weathering import weathered
from simgen.worlds.base import World


@dataclass(frozen=True, kw_only=True)
class Lamp:
    """A row of the stage's surfaces that shines while a signal shows a state."""

    row: int
    signal: str
    state: str
    color: tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Assembly:
    """Everything that is fixed for a sequence.

    Bodies are every link of every entity, in entity order, the root link first, links in the model's order.
    """

    scene: Scene
    layout: WorldLayout
    #: one per entity, in the order of the scene's entities; equal assets share one object
    models: tuple[Model, ...]
    stage: Stage
    lamps: tuple[Lamp, ...]
    #: entity row of each body, (E,)
    body_actor: U4
    #: root body of each entity, (M,)
    actor_body: U4
    #: "name" for roots, "name/link" for the others
    body_names: tuple[str, ...]

    def body(self, name: str) -> int:
        """The body of an entity (``ego``) or of its link (``arm/wrist``).

        Raises:
            KeyError: there is none.
        """
        if name not in self.body_names:
            raise KeyError(name)
        return self.body_names.index(name)

    def model(self, name: str) -> Model:
        """The model of an entity by name."""
        return next(m for e, m in zip(self.scene.entities, self.models, strict=True) if e.name == name)


@lru_cache(maxsize=512)
def model_of(asset: Asset) -> Model:
    """The built model of an asset; equal configurations share it."""
    return asset.build()


def layout_of(scene: Scene) -> WorldLayout:
    """The scene's world, built from its own stream."""
    return built_world(scene.world, scene.seed)


def built_world(world: World, seed: int) -> WorldLayout:
    """A world as a scene of that seed has it. The last few are kept: checking, drawing and assembling all need it."""
    try:
        return _kept_world(world, seed)
    except TypeError:  # a plugin whose parameters cannot be keys
        return world.build(child_seed(seed, "world"))


@lru_cache(maxsize=2)
def _kept_world(world: World, seed: int) -> WorldLayout:
    return world.build(child_seed(seed, "world"))


def assemble(scene: Scene) -> Assembly:
    """Build and lay out everything that a scene is made of.

    Raises:
        UserError: an asset cannot be built.
    """
    layout = layout_of(scene)
    models = tuple(model_of(entity.asset) for entity in scene.entities)
    pool = _Pool()
    pool.add_world(*_static_world(layout))
    lamps: list[Lamp] = []
    names: list[str] = []
    body_actor: list[int] = []
    for row, (entity, model) in enumerate(zip(scene.entities, models, strict=True)):
        base, own = pool.surfaces_of(model, shared=not entity.signal)
        if own:
            lamps += _lamps(model, base, entity.signal)
        for k, link in enumerate(model.links):
            names.append(entity.name if k == 0 else f"{entity.name}/{link.name}")
            body_actor.append(row)
            if link.mesh is not None and len(link.mesh.triangles):
                pool.add_instance(link.mesh, body=len(names), label=entity.instance, base=base)
    actors = np.array(body_actor, np.uint32)
    return Assembly(
        scene=scene,
        layout=layout,
        models=models,
        stage=pool.stage(max((w.surface().wetness for w in scene.weather), default=0.0)),
        lamps=tuple(lamps),
        body_actor=actors,
        actor_body=np.searchsorted(actors, np.arange(len(models))).astype(np.uint32),
        body_names=tuple(names),
    )


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


def _lamps(model: Model, base: int, signal: str) -> list[Lamp]:
    return [
        Lamp(row=base + k, signal=signal, state=surface.lamp, color=surface.base_color)
        for k, surface in enumerate(model.surfaces)
        if surface.lamp
    ]


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
        vertices=np.concatenate([m.vertices for m in meshes]),
        normals=np.concatenate([m.normals for m in meshes]),
        triangles=np.concatenate([m.triangles + np.uint32(s) for m, s in zip(meshes, starts, strict=True)]),
        surface=np.concatenate([m.surface for m in meshes]),
    )


class _Pool:
    """Collects meshes, instances and surface rows, each mesh and each shared list once."""

    def __init__(self) -> None:
        self.meshes: list[Mesh] = []
        self.surfaces: list[Surface] = []
        self.rows: list[tuple[int, int, int, int]] = []
        self._mesh_of: dict[int, int] = {}
        self._base_of: dict[int, int] = {}

    def add_world(self, mesh: Mesh, surfaces: tuple[Surface, ...]) -> None:
        self.surfaces += surfaces
        self.add_instance(mesh, body=0, label=0, base=0)

    def surfaces_of(self, model: Model, *, shared: bool) -> tuple[int, bool]:
        """First row of a model's surfaces, and whether the rows are this entity's own."""
        own = not shared and any(s.lamp for s in model.surfaces)
        if own or id(model) not in self._base_of:
            base = len(self.surfaces)
            # every part of an object has the object's class, whatever its asset's parts are when it is scenery
            self.surfaces += (replace(s, class_name=model.class_name) for s in model.surfaces)
            if own:
                return base, True
            self._base_of[id(model)] = base
        return self._base_of[id(model)], False

    def add_instance(self, mesh: Mesh, *, body: int, label: int, base: int) -> None:
        if id(mesh) not in self._mesh_of:
            self._mesh_of[id(mesh)] = len(self.meshes)
            self.meshes.append(mesh)
        self.rows.append((self._mesh_of[id(mesh)], body, label, base))

    def stage(self, wetness: float) -> Stage:
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
            surfaces=weathered(SurfaceTable.of(self.surfaces), wetness),
        )


__all__ = [
    "Assembly",
    "Lamp",
    "assemble",
    "built_world",
    "layout_of",
    "model_of",
    "prop_asset",
    "rest_mesh",
    "rest_pose",
]
