"""A scene, assembled: world and models built, bodies counted, and what is seen of them when that is asked for.

Physics moves what is here, sensors look at it, labelling names it; so they agree on bodies, links and ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from simgen.records.base import U4
from simgen.records.evidence import Eye
from simgen.records.layout import WorldLayout
from simgen.records.model import Model
from simgen.records.stage import Stage
from simgen.records.wind import Wind
from simgen.rng import child_seed
from simgen.scene import Entity, Scene
from simgen.scenery import Glow, Lamps, Scenery, model_of, moved_lamp, prop_asset, rest_mesh, rest_pose, world_mesh
from simgen.shapes.sway import swaying
from simgen.weather.base import together
from simgen.worlds.base import World


@dataclass(frozen=True, kw_only=True)
class Assembly:
    """Everything that is fixed for a sequence.

    Bodies are every link of every entity, in entity order, the root link first, links in the model's order.
    """

    scene: Scene
    layout: WorldLayout
    #: one per entity, in the order of the scene's entities; equal assets share one object
    models: tuple[Model, ...]
    scenery: Scenery
    #: entity row of each body, (E,)
    body_actor: U4
    #: root body of each entity, (M,)
    actor_body: U4
    #: "name" for roots, "name/link" for the others
    body_names: tuple[str, ...]

    @property
    def stage(self) -> Stage:
        """Meshes and surfaces, without lamps and with all surfaces that shine at times dark."""
        return self.scenery.stage

    @property
    def lamps(self) -> Lamps:
        """Every lamp and every surface that shines at times."""
        return self.scenery.lamps

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


def _model_in(scene: Scene, entity: Entity) -> Model:
    """The model as the scene needs it: plants that stand sway where there is wind."""
    model = model_of(entity.asset)
    stands = entity.behaviour is None and entity.leader is None and entity.physics != "dynamic"
    return swaying(model) if model.sway is not None and stands and wind_of(scene) is not None else model


def wind_of(scene: Scene) -> Wind | None:
    """The scene's wind, if it blows."""
    wind = together(scene.weather, seed=scene.seed).wind if scene.weather else None
    return wind if wind is not None and wind.speed_m_s > 0.0 else None


def eyes_of(scene: Scene) -> dict[str, Eye]:
    """Where the scene's sensors sit at time 0, those on paths apart."""
    found = {}
    for sensor in scene.sensors:
        if sensor.mount.path is None:
            position, _ = sensor.mount.pose(0, 1, scene.seed, sensor.name)
            x, y, z = position.tolist()
            found[sensor.name] = Eye(on=sensor.mount.on.split("/")[0], position=(x, y, z))
    return found


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
    models = tuple(_model_in(scene, entity) for entity in scene.entities)
    names: list[str] = []
    body_actor: list[int] = []
    for row, (entity, model) in enumerate(zip(scene.entities, models, strict=True)):
        names += [entity.name if k == 0 else f"{entity.name}/{link.name}" for k, link in enumerate(model.links)]
        body_actor += [row] * len(model.links)
    actors = np.array(body_actor, np.uint32)
    return Assembly(
        scene=scene,
        layout=layout,
        models=models,
        scenery=Scenery(scene=scene, layout=layout, models=models),
        body_actor=actors,
        actor_body=np.searchsorted(actors, np.arange(len(models))).astype(np.uint32),
        body_names=tuple(names),
    )


__all__ = [
    "Assembly",
    "Glow",
    "Lamps",
    "assemble",
    "built_world",
    "layout_of",
    "model_of",
    "moved_lamp",
    "prop_asset",
    "rest_mesh",
    "rest_pose",
    "wind_of",
    "world_mesh",
]
