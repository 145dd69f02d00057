"""Where rain and snow arrive: the top of what stands still, and of each model what its own parts hide from the sky.

Made once for a sequence, and only if its weather changes surfaces. Things fall straight down; leaves let through what
falls on them; what moves shelters nothing but itself.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simgen.assembly import Assembly, rest_mesh, rest_pose
from simgen.engine.wearing import worn
from simgen.geometry import quat_rotate, transform
from simgen.raycast import open_engine
from simgen.records.base import F4, F8, Bool
from simgen.records.exposure import Exposure
from simgen.records.mesh import TEXTURES, Mesh, Surface, SurfaceTable
from simgen.records.model import Model
from simgen.records.rays import RayEngine, Rays, RayView
from simgen.records.stage import NO_HIT, Stage, alone
from simgen.records.trajectory import Trajectory
from simgen.records.window import motion_of

#: distance of the map's nodes, m; wider where there would be more than that many
CELL_M: Final = 0.25
MOST_NODES: Final = 2_000_000
#: how far from what moves there is a map, m
REACH_M: Final = 120.0
#: layers of leaves and moving things that a ray passes
_LAYERS: Final = 12
#: directions that look up from a vertex: straight, and some about it by that angle
_TILT: Final = 0.35
_AROUND: Final = 6
#: how far off a vertex they start, m
_OFF: Final = 0.03

#: of each model, kept as long as it is
_kept: dict[int, tuple[Model, tuple[F4, ...]]] = {}


def exposure_of(assembly: Assembly, trajectory: Trajectory, engine: RayEngine) -> Exposure:
    """What stands above each place of the world, and of each model."""
    x, y, cell, columns, rows = _grid(assembly.stage, trajectory)
    view = engine.place(motion_of(trajectory, 0, 0, np.zeros(3)))
    try:
        height = _heights(assembly.stage, view, _still(trajectory), x, y, cell, (rows, columns))
    finally:
        view.close()
    tracks = worn(assembly.layout.map, x, y, cell, height.shape)
    return Exposure(height=height, x_m=x, y_m=y, cell_m=cell, worn=tracks, vertex=_by_vertex(assembly))


def _grid(stage: Stage, trajectory: Trajectory) -> tuple[float, float, float, int, int]:
    """First node, spacing, columns and rows: what there is, near what moves."""
    points = stage.vertices[: stage.vertex_start[1]].astype(np.float64)[:, :2]
    low, high = points.min(0) - 1.0, points.max(0) + 1.0
    if trajectory.position.shape[1]:
        where = trajectory.position[..., :2].reshape(-1, 2)
        low, high = np.maximum(low, where.min(0) - REACH_M), np.minimum(high, where.max(0) + REACH_M)
    span = np.maximum(high - low, 1.0)
    cell = max(CELL_M, math.sqrt(float(span[0] * span[1]) / MOST_NODES))
    columns, rows = (int(s / cell) + 2 for s in span)
    return float(low[0]), float(low[1]), cell, columns, rows


def _still(trajectory: Trajectory) -> Bool:
    """By body of the stage: whether it is there, at one pose, all the time. The world is."""
    position, quaternion = trajectory.position, trajectory.quaternion
    moved = (np.ptp(position, axis=0) > 1e-3).any(-1) | (np.ptp(quaternion, axis=0) > 1e-3).any(-1)
    there = np.asarray(trajectory.exists.all(axis=0))[trajectory.body_actor]
    return np.concatenate([np.ones(1, np.bool_), there & ~moved])


def _heights(stage: Stage, view: RayView, still: Bool, x: float, y: float, cell: float, shape: tuple[int, int]) -> F4:
    """Heights of what stands still, by rays from above; they go on below leaves and what moves."""
    rows, columns = shape
    top = float(max(stage.vertices[:, 2].max(), view.motion.position[..., 2].max() + 30.0)) + 1.0
    v, u = np.divmod(np.arange(rows * columns), columns)
    origin = np.stack([x + cell * u, y + cell * v, np.full(len(u), top)], -1).astype(np.float32)
    height, near = np.full(len(u), -np.inf, np.float32), np.zeros(len(u), np.float32)
    left = np.arange(len(u))
    for _ in range(_LAYERS):
        hits = view.cast(_down(origin[left], near[left]))
        met = hits.instance != NO_HIT
        left, hits_left = left[met], (hits.instance[met], hits.triangle[met], hits.distance[met])
        if not len(left):
            break
        stops = _stops(stage, still, hits_left[0], hits_left[1])
        height[left[stops]] = top - hits_left[2][stops]
        near[left] = hits_left[2] + np.float32(1e-3)
        left = left[~stops]
    return height.reshape(shape)


def _down(origin: F4, near: F4) -> Rays:
    count = len(origin)
    return Rays(
        origin=np.ascontiguousarray(origin),
        direction=np.tile(np.array([0.0, 0.0, -1.0], np.float32), (count, 1)),
        time=np.zeros(count, np.float32),
        near=np.ascontiguousarray(near),
        far=np.full(count, np.inf, np.float32),
    )


def _stops(stage: Stage, still: Bool, instance: np.ndarray, triangle: np.ndarray) -> Bool:
    """Whether what was hit keeps rain off."""
    row = stage.triangle_start[stage.instance_mesh[instance]] + triangle
    surface = stage.surface_base[instance].astype(np.int64) + stage.triangle_surface[row]
    leaves = stage.surfaces.texture[surface] == TEXTURES.index("foliage")
    return np.asarray(still[stage.instance_body[instance]] & ~leaves)


def _by_vertex(assembly: Assembly) -> F4:
    """By vertex of the stage, how open it is within its model; the world's are all open."""
    stage = assembly.stage
    out = np.ones(len(stage.vertices), np.float32)
    # instances follow the world's in the order of entities and links
    instance = 1
    for model in assembly.models:
        for link, value in zip(model.links, model_exposure(model), strict=True):
            if link.mesh is not None and len(link.mesh.triangles):
                mesh = int(stage.instance_mesh[instance])
                out[stage.vertex_start[mesh] : stage.vertex_start[mesh + 1]] = value
                instance += 1
    return out


def model_exposure(model: Model) -> tuple[F4, ...]:
    """By link, how open each vertex of its mesh is to the sky while the model is at rest; kept for each model."""
    if id(model) not in _kept:
        while len(_kept) > 256:
            _kept.pop(next(iter(_kept)))
        _kept[id(model)] = model, _exposed(model)
    return _kept[id(model)][1]


def _exposed(model: Model) -> tuple[F4, ...]:
    if all(link.mesh is None or not len(link.mesh.triangles) for link in model.links):
        return tuple(np.zeros(0, np.float32) for _ in model.links)
    stage, motion = alone(rest_mesh(model), SurfaceTable.of([Surface(class_name="road")]))
    engine = open_engine(stage, 1)
    view = engine.place(motion)
    try:
        return tuple(
            np.zeros(0, np.float32) if link.mesh is None else _looked_up(view, link.mesh, *rest_pose(model, k))
            for k, link in enumerate(model.links)
        )
    finally:
        view.close()
        engine.close()


def _looked_up(view: RayView, mesh: Mesh, position: F8, quaternion: F8) -> F4:
    """Share of directions about straight up in which nothing of the model stands above each vertex."""
    points = transform(position, quaternion, mesh.vertices) + _OFF * quat_rotate(quaternion, mesh.normals)
    angles = 2.0 * math.pi * np.arange(_AROUND) / _AROUND
    tilted = np.stack([_TILT * np.cos(angles), _TILT * np.sin(angles), np.ones(_AROUND)], -1)
    ways, count = np.concatenate([[[0.0, 0.0, 1.0]], tilted]), len(points)
    blocked = view.occluded(
        Rays(
            origin=np.ascontiguousarray(np.repeat(points, len(ways), 0), np.float32),
            direction=np.ascontiguousarray(np.tile(ways, (count, 1)), np.float32),
            time=np.zeros(count * len(ways), np.float32),
            near=np.zeros(count * len(ways), np.float32),
            far=np.full(count * len(ways), np.inf, np.float32),
        )
    )
    share: F4 = (1.0 - blocked.reshape(count, len(ways)).mean(-1)).astype(np.float32)
    return share


__all__ = ["exposure_of", "model_exposure"]
