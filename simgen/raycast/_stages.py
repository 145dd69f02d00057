"""What every engine asks of a stage and a motion before it takes them."""

from __future__ import annotations

import numpy as np

from simgen.errors import EngineError, UserError
from simgen.records.base import F4, F8, U4
from simgen.records.stage import Motion, Stage

#: the longest window of motion, in steps; one limit for all engines, so that they can stand in for each other
MAX_STEPS = 129


def mesh_of(stage: Stage, mesh: int) -> tuple[F4, U4]:
    """Vertices (V, 3) and triangles (T, 3) of a mesh, as views of the stage."""
    vertex, triangle = stage.vertex_start, stage.triangle_start
    return stage.vertices[vertex[mesh] : vertex[mesh + 1]], stage.triangles[triangle[mesh] : triangle[mesh + 1]]


def check_stage(stage: Stage) -> None:
    """Refuse what an engine would skip in silence or read out of bounds.

    Raises:
        UserError: a mesh without triangles, a coordinate that is no number, an index that names no vertex or mesh.
    """
    for mesh in range(stage.mesh_count):
        points, corners = mesh_of(stage, mesh)
        if len(corners) == 0:
            raise UserError(f"mesh {mesh} of the stage has no triangles; leave it out or give it a surface")
        if not np.isfinite(points).all():
            raise UserError(f"mesh {mesh} of the stage has vertices that are no numbers; repair the mesh")
        if (worst := int(corners.max())) >= len(points):
            raise UserError(f"mesh {mesh} of the stage has {len(points)} vertices, but a triangle names {worst}")
    if len(stage.instance_mesh) and (worst := int(stage.instance_mesh.max())) >= stage.mesh_count:
        raise UserError(f"the stage has {stage.mesh_count} meshes, but an instance names mesh {worst}")


def mesh_radii(stage: Stage) -> F8:
    """Distance of each mesh's farthest vertex from its own origin, (N,), m."""
    square = (stage.vertices.astype(np.float64) ** 2).sum(-1)
    return np.sqrt(np.maximum.reduceat(square, stage.vertex_start[:-1])) if stage.mesh_count else np.zeros(0)


def mesh_boxes(stage: Stage) -> F8:
    """Middle and half extents of each mesh in its own frame, (N, 6), m."""
    if not stage.mesh_count:
        return np.zeros((0, 6))
    vertices, starts = stage.vertices.astype(np.float64), stage.vertex_start[:-1]
    low, high = np.minimum.reduceat(vertices, starts), np.maximum.reduceat(vertices, starts)
    return np.concatenate([0.5 * (low + high), 0.5 * (high - low)], axis=1)


def check_motion(stage: Stage, motion: Motion) -> None:
    """Refuse a motion that does not fit the stage or that an engine would take in silence.

    Raises:
        EngineError: too few bodies, too many steps, a pose that is no number or a quaternion that is no rotation.
    """
    count, bodies = motion.position.shape[:2]
    needed = int(stage.instance_body.max(initial=0)) + 1
    if bodies < needed:
        raise EngineError(f"the motion has {bodies} bodies, but the stage needs {needed}")
    if not 1 <= count <= MAX_STEPS:
        raise EngineError(f"a window of motion has {count} steps; 1 to {MAX_STEPS} can be cast: shorten it")
    length = (motion.quaternion.astype(np.float64) ** 2).sum(-1)
    right = (np.isfinite(motion.position).all(-1) & (np.abs(length - 1.0) < 1e-3)).all(0)
    wrong = np.flatnonzero(motion.exists & ~right)
    if len(wrong):
        raise EngineError(f"body {wrong[0]} has a pose that is no number or a quaternion that is not unit")
