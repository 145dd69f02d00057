"""Where everything is at one instant, without running a whole clip."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from simgen.assembly import model_of
from simgen.edge_cases._sight import Seen, seen
from simgen.edge_cases.base import Stage
from simgen.records.model import Quaternion, Vector3
from simgen.records.trajectory import Trajectory
from simgen.scene import Entity, Scene
from simgen.sensors.base import Sensor

_INSTANT_S: Final = 0.05


def at_rest(scene: Scene) -> Scene:
    """The scene with everything that is in it standing still."""
    entities = tuple(dataclasses.replace(e, physics="static", behaviour=None) for e in scene.entities)
    return scene.replace(entities=entities, clock=dataclasses.replace(scene.clock, duration_s=_INSTANT_S))


def hastened(stage: Stage, middle: tuple[float, float], until_s: float, reach_m: float = 2.5) -> Stage:
    """The stage with a simulation that is quick: only until an instant, and only what is near a point.

    For what falls and rolls, where walls, racks and people far off change nothing.
    """

    def simulate(scene: Scene) -> Trajectory:
        near = tuple(e for e in scene.entities if _near(scene, e, middle, reach_m))
        return stage.simulate(
            scene.replace(entities=near, sensors=(), clock=dataclasses.replace(scene.clock, duration_s=until_s))
        )

    return dataclasses.replace(stage, simulate=simulate)


def _near(scene: Scene, entity: Entity, middle: tuple[float, float], reach_m: float) -> bool:
    """Whether an entity, or what carries or tows it, starts near a point."""
    while entity.leader is not None:
        entity = scene.entity(entity.leader)
    size = model_of(entity.asset).size
    return math.dist(entity.position[:2], middle) < reach_m + 0.5 * math.hypot(size[0], size[1])


def seen_at_rest(scene: Scene, stage: Stage, camera: Sensor, names: Sequence[str]) -> dict[str, Seen]:
    """What a camera sees of entities while everything stands where the scene puts it."""
    still = at_rest(scene)
    return seen(still, stage.simulate(still), camera, names, 0.0)


def end_poses(trajectory: Trajectory, names: Sequence[str]) -> dict[str, tuple[Vector3, Quaternion]]:
    """Root poses of entities at the last step."""
    found: dict[str, tuple[Vector3, Quaternion]] = {}
    for name in names:
        body = trajectory.body_names.index(name)
        x, y, z = trajectory.position[-1, body].tolist()
        w, qx, qy, qz = np.asarray(trajectory.quaternion[-1, body]).tolist()
        found[name] = ((x, y, z), (w, qx, qy, qz))
    return found


def moved_to(scene: Scene, poses: dict[str, tuple[Vector3, Quaternion]]) -> Scene:
    """The scene with some entities elsewhere."""
    entities = tuple(
        dataclasses.replace(e, position=poses[e.name][0], quaternion=poses[e.name][1]) if e.name in poses else e
        for e in scene.entities
    )
    return scene.replace(entities=entities)
