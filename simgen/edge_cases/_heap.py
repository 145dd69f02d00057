"""Heaps: things are poured onto a place, come to rest in physics, and start the clip as they lie."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Final

from simgen.assembly import model_of
from simgen.assets.base import Asset
from simgen.edge_cases._bench import carrier_of
from simgen.edge_cases._snapshot import end_poses, hastened, moved_to
from simgen.edge_cases.base import Stage
from simgen.geometry import F8, normalized
from simgen.placement.footprint import Footprint, Occupancy, model_footprint, solid_footprints
from simgen.records.model import Quaternion, Vector3
from simgen.records.roads import Area
from simgen.rng import Stream
from simgen.scene import Scene

#: what lies this long lies still
REST_S: Final = 1.4
_ROOM_M: Final = 0.004
#: pours of what falls off
_ROUNDS: Final = 3
#: lower than that under the support, and it has fallen off
_OFF_M: Final = 0.15


def heaped(
    scene: Scene, stage: Stage, area: Area, middle: tuple[float, float], reach_m: float, things: dict[str, Asset],
    group: str, rng: Stream,
) -> Scene | None:  # fmt: skip
    """The scene with things poured about a point of a support, at rest.

    What has fallen off is dropped again, onto the others; None if that does not help.

    Args:
        scene: without them; what else moves in it does not while they fall.
        stage: of the case.
        area: the support.
        middle: x and y over which they are let go.
        reach_m: how far from there.
        things: assets by name.
        group: of all.
        rng: where from and how turned.
    """
    names = tuple(things)
    for name, asset in things.items():
        scene = scene.add(name=name, asset=asset, physics="dynamic", group=group, position=(0.0, 0.0, 0.0))
    top, falling, quick = float(area.polygon[0, 2]), names, hastened(stage, middle, REST_S)
    for _ in range(_ROUNDS):
        scene = moved_to(scene, _above(scene, falling, middle, reach_m, top, rng))
        poses = end_poses(quick.simulate(_resting(scene, names)), names)
        scene = moved_to(scene, poses)
        falling = tuple(name for name, (position, _) in poses.items() if position[2] < top - _OFF_M)
        if not falling:
            return scene
    return None


def _above(
    scene: Scene, names: Sequence[str], middle: tuple[float, float], reach_m: float, top_m: float, rng: Stream
) -> dict[str, tuple[Vector3, Quaternion]]:
    """Poses in the air over the point, in layers, free of each other and of everything else."""
    taken = Occupancy(_standing(scene, names), 0.5)
    found: dict[str, tuple[Vector3, Quaternion]] = {}
    for name in names:
        model = model_of(scene.entity(name).asset)
        for attempt in range(10_000):
            angle, share = rng.uniform(0.0, 2.0 * math.pi), math.sqrt(float(rng.random()))
            quaternion = _any_turn(rng)
            flat = model_footprint(model, (0.0, 0.0, 0.0), quaternion)
            # the longer nothing is free, the higher
            z = top_m + 0.02 - flat.z_min + 0.03 * (attempt // 8)
            x, y = middle[0] + reach_m * share * math.cos(angle), middle[1] + reach_m * share * math.sin(angle)
            footprint = model_footprint(model, (x - flat.x, y - flat.y, z), quaternion, name)
            if not taken.blockers(footprint.grown(_ROOM_M)):
                break
        taken.add(footprint)
        found[name] = ((x - flat.x, y - flat.y, z), quaternion)
    return found


def _standing(scene: Scene, apart: Sequence[str]) -> list[Footprint]:
    found: list[Footprint] = []
    for entity in scene.entities:
        if entity.name not in apart:
            position, quaternion = carrier_of(scene, entity.name)
            found += solid_footprints(model_of(entity.asset), _tuple3(position), _tuple4(quaternion), entity.name)
    return found


def _resting(scene: Scene, names: Sequence[str]) -> Scene:
    """The scene while they fall: everything else stands still."""
    entities = tuple(
        e if e.name in names else dataclasses.replace(e, physics="static", behaviour=None) for e in scene.entities
    )
    return scene.replace(entities=entities)


def _any_turn(rng: Stream) -> Quaternion:
    """Uniform over all turns: four normals, made one long."""
    return _tuple4(normalized(rng.normal(size=4)))


def _tuple3(values: F8) -> Vector3:
    return (float(values[0]), float(values[1]), float(values[2]))


def _tuple4(values: F8) -> Quaternion:
    return (float(values[0]), float(values[1]), float(values[2]), float(values[3]))
