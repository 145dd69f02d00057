"""Small stages, motions and rays for the tests of the ray engines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simgen.geometry import normalized, quat_from_axis_angle, quat_multiply
from simgen.records.base import F4, U4, empty_table
from simgen.records.mesh import SurfaceTable
from simgen.records.rays import Rays
from simgen.records.stage import Motion, Stage
from simgen.rng import stream

Shape = tuple[F4, U4]


def triangle_shape(z: float = 0.0) -> Shape:
    """One triangle (0,0,z) (4,0,z) (0,4,z)."""
    return np.array([[0, 0, z], [4, 0, z], [0, 4, z]], np.float32), np.array([[0, 1, 2]], np.uint32)


def box_shape(x: float, y: float, z: float) -> Shape:
    """A box around the origin, by its sizes; 12 triangles."""
    corners = np.array([[i, j, k] for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)], np.float32)
    quads = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    faces = [t for a, b, c, d in quads for t in ((a, b, c), (a, c, d))]
    return corners * np.array([x, y, z], np.float32) / 2, np.array(faces, np.uint32)


def blob_shape(seed: int, radius: float, rings: int = 6, sides: int = 9) -> Shape:
    """A bumpy closed sphere, about ``2 * rings * sides`` triangles."""
    draws = stream(seed, "blob")
    polar = np.linspace(0.0, np.pi, rings + 1)[1:-1]
    around = np.arange(sides) * 2 * np.pi / sides
    p, a = (grid.ravel() for grid in np.meshgrid(polar, around, indexing="ij"))
    unit = np.stack([np.sin(p) * np.cos(a), np.sin(p) * np.sin(a), np.cos(p)], -1)
    unit = np.concatenate([unit, [[0, 0, 1], [0, 0, -1]]])
    points = unit * radius * draws.uniform(0.6, 1.0, (len(unit), 1))
    top, bottom = len(unit) - 2, len(unit) - 1
    faces = []
    for k in range(sides):
        n = (k + 1) % sides
        faces += [(top, k, n), (bottom, (rings - 2) * sides + n, (rings - 2) * sides + k)]
        for ring in range(rings - 2):
            low, high = ring * sides, (ring + 1) * sides
            faces += [(low + k, high + k, high + n), (low + k, high + n, low + n)]
    return points.astype(np.float32), np.array(faces, np.uint32)


def hills_shape(cells: int, size: float) -> Shape:
    """Rolling ground of ``2 * cells**2`` triangles."""
    line = np.linspace(-size / 2, size / 2, cells + 1)
    x, y = np.meshgrid(line, line, indexing="ij")
    z = 0.02 * size * np.sin(9.0 * x / size) * np.cos(7.0 * y / size)
    start = (np.arange(cells)[:, None] * (cells + 1) + np.arange(cells)).ravel()
    right, up = start + cells + 1, start + 1
    faces = np.concatenate([np.stack([start, right, up], -1), np.stack([up, right, right + 1], -1)])
    return np.stack([x, y, z], -1).reshape(-1, 3).astype(np.float32), faces.astype(np.uint32)


def make_stage(shapes: Sequence[Shape], instances: Sequence[tuple[int, int]]) -> Stage:
    """A stage of shapes, and instances as (mesh, body)."""
    vertices = np.concatenate([np.zeros((0, 3), np.float32), *(shape[0] for shape in shapes)])
    triangles = np.concatenate([np.zeros((0, 3), np.uint32), *(shape[1] for shape in shapes)])
    pairs = np.array(instances, np.uint32).reshape(-1, 2)
    return Stage(
        vertices=vertices,
        normals=np.zeros_like(vertices),
        triangles=triangles,
        triangle_surface=np.zeros(len(triangles), np.uint16),
        vertex_start=np.cumsum([0, *(len(shape[0]) for shape in shapes)]),
        triangle_start=np.cumsum([0, *(len(shape[1]) for shape in shapes)]),
        instance_mesh=pairs[:, 0].copy(),
        instance_body=pairs[:, 1].copy(),
        instance_label=pairs[:, 1].copy(),
        surface_base=np.zeros(len(pairs), np.uint32),
        surfaces=empty_table(SurfaceTable),
    )


def rest(bodies: int, position: Sequence[tuple[float, float, float]] = ()) -> Motion:
    """An instant; bodies at the origin unless positions of the first ones are given."""
    place = np.zeros((1, bodies, 3), np.float32)
    place[0, : len(position)] = np.array(position, np.float32).reshape(-1, 3)
    turn = np.zeros((1, bodies, 4), np.float32)
    turn[..., 0] = 1.0
    return Motion(
        start_ns=0,
        end_ns=0,
        origin=np.zeros(3),
        position=place,
        quaternion=turn,
        exists=np.ones(bodies, np.bool_),
        moving=np.zeros(bodies, np.bool_),
    )


def random_motion(seed: int, bodies: int, steps: int, spread: float = 10.0, turn_rad: float = 0.4) -> Motion:
    """Bodies that fly and turn by up to ``turn_rad`` per step; body 0 rests and the last one rests too."""
    draws = stream(seed, "motion")
    moving = np.ones(bodies, np.bool_)
    moving[[0, -1]] = False
    position = np.broadcast_to(draws.uniform(-spread, spread, (bodies, 3)), (steps, bodies, 3)).copy()
    turns = quat_from_axis_angle(draws.normal(size=(bodies, 3)), draws.uniform(-3, 3, bodies))
    quaternion = np.broadcast_to(turns, (steps, bodies, 4)).copy()
    for step in range(1, steps):
        position[step] = position[step - 1] + moving[:, None] * draws.normal(0, 0.5, (bodies, 3))
        angle = moving * draws.uniform(-turn_rad, turn_rad, bodies)
        by = quat_from_axis_angle(draws.normal(size=(bodies, 3)), angle)
        quaternion[step] = normalized(quat_multiply(by, quaternion[step - 1]))
    return Motion(
        start_ns=0,
        end_ns=1_000_000 * (steps - 1),
        origin=np.zeros(3),
        position=position.astype(np.float32),
        quaternion=quaternion.astype(np.float32),
        exists=np.ones(bodies, np.bool_),
        moving=moving,
    )


def random_rays(seed: int, count: int, spread: float = 14.0) -> Rays:
    """Rays from around the scene towards its middle, at random times, some short, late or inactive."""
    draws = stream(seed, "rays")
    origin = normalized(draws.normal(size=(count, 3))) * 2 * spread
    aim = draws.uniform(-spread, spread, (count, 3)) * 0.7
    near = np.where(draws.uniform(size=count) < 0.2, draws.uniform(0, 2 * spread, count), 0.0)
    far = np.where(draws.uniform(size=count) < 0.2, draws.uniform(0, 3 * spread, count), np.inf)
    return Rays(
        origin=origin.astype(np.float32),
        direction=normalized(aim - origin).astype(np.float32),
        time=draws.uniform(0, 1, count).astype(np.float32),
        near=near.astype(np.float32),
        far=far.astype(np.float32),
    )


def rays_from(origin: object, direction: object, time: object = 0.0, near: object = 0.0, far: object = np.inf) -> Rays:
    """Rays from anything that broadcasts."""
    o = np.atleast_2d(np.asarray(origin, np.float32))
    d = np.atleast_2d(np.asarray(direction, np.float32))
    count = max(len(o), len(d), np.size(time), np.size(near), np.size(far))
    spread = [np.broadcast_to(np.asarray(v, np.float32), (count,)).copy() for v in (time, near, far)]
    return Rays(
        origin=np.broadcast_to(o, (count, 3)).copy(),
        direction=np.broadcast_to(d, (count, 3)).copy(),
        time=spread[0],
        near=spread[1],
        far=spread[2],
    )
