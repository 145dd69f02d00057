"""What weather leaves at the hits of any rays, for sensors that ask the engine themselves."""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.cover import exposure, lies
from simgen.kernels.cover_tables import Cover
from simgen.kernels.jit import kernel
from simgen.kernels.pose import normalise, rotate
from simgen.kernels.surface import pose_of
from simgen.kernels.wave import BODY, FIRST_SURFACE, FIRST_TRIANGLE, FIRST_VERTEX, Bodies, Shapes
from simgen.records.base import F4, U4
from simgen.records.stage import NO_HIT

_NOTHING = np.uint32(NO_HIT)


@kernel
def lie(
    first: int,
    last: int,
    cover: Cover,
    shapes: Shapes,
    bodies: Bodies,
    origin: F4,
    direction: F4,
    time: F4,
    distance: F4,
    instance: U4,
    triangle: U4,
    barycentric: F4,
    spread: float,
    out: F4,
) -> None:
    """Shares under film, standing water, snow and ice, (N, 4), of hits first..last; 0 where nothing was hit.

    ``spread``: how wide a ray is, m for each m; what is hit faces the ray.
    """
    n = shapes.normals
    for i in range(first, last):
        for k in range(4):
            out[i, k] = 0.0
        if instance[i] == _NOTHING:
            continue
        row = int(instance[i])
        t = shapes.instances[row, FIRST_TRIANGLE] + int(triangle[i])
        base = shapes.instances[row, FIRST_VERTEX]
        a, b, c = (
            base + int(shapes.triangles[t, 0]),
            base + int(shapes.triangles[t, 1]),
            base + int(shapes.triangles[t, 2]),
        )
        p, q = float(barycentric[i, 0]), float(barycentric[i, 1])
        o = 1.0 - p - q
        nx, ny, nz = normalise(
            o * n[a, 0] + p * n[b, 0] + q * n[c, 0],
            o * n[a, 1] + p * n[b, 1] + q * n[c, 1],
            o * n[a, 2] + p * n[b, 2] + q * n[c, 2],
        )
        body = shapes.instances[row, BODY]
        pose = pose_of(bodies, body, float(time[i]))
        nx, ny, nz = rotate(pose[3], pose[4], pose[5], pose[6], nx, ny, nz)
        dx, dy, dz = float(direction[i, 0]), float(direction[i, 1]), float(direction[i, 2])
        toward = nx * dx + ny * dy + nz * dz
        if toward > 0.0:
            nx, ny, nz = -nx, -ny, -nz
        far = float(distance[i])
        x, y, z = origin[i, 0] + far * dx, origin[i, 1] + far * dy, origin[i, 2] + far * dz
        exposed = exposure(cover, body == 0, a, b, c, p, q, x, y, z, nx, ny, nz)
        length = math.sqrt(dx * dx + dy * dy + dz * dz)
        size = spread * far * length / math.sqrt(max(abs(toward) / length, 0.05))
        surface = int(shapes.instances[row, FIRST_SURFACE] + int(shapes.triangle_surface[t]))
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = lies(cover, surface, body == 0, x, y, z, nx, ny, nz, exposed, size)
