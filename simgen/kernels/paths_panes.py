"""Rays to lights go through panes: what stands in their way is looked at; a pane dims them and lets them go on."""

from __future__ import annotations

import numpy as np

from simgen.kernels.brdf import pane
from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.paths_tables import Asking
from simgen.kernels.pose import cross, normalise, rotate_inverse
from simgen.kernels.surface import pose_of
from simgen.kernels.wave import (
    BODY,
    COLOR,
    FIRST_SURFACE,
    FIRST_TRIANGLE,
    FIRST_VERTEX,
    TRANSMISSION,
    Bodies,
    Shapes,
    Wave,
)
from simgen.records.base import F4, U4
from simgen.records.stage import NO_HIT

_NOTHING = np.uint32(NO_HIT)


@kernel
def look_again(count: int, asking: Asking, wave: Wave) -> int:
    """Rays that something is in the way of, to the wave, so that it can be told what; how many."""
    kept = 0
    for k in range(count):
        if asking.blocked[k]:
            for axis in range(3):
                wave.origin[kept, axis] = asking.origin[k, axis]
                wave.direction[kept, axis] = asking.direction[k, axis]
            wave.time[kept], wave.near[kept], wave.far[kept] = asking.time[k], asking.near[k], asking.far[k]
            wave.order[kept] = k
            kept += 1
    return kept


@inner
def _flat(vertices: F4, triangles: U4, base: int, t: int) -> tuple[float, float, float]:
    """Unit normal of a triangle in its body's frame."""
    a, b, c = base + int(triangles[t, 0]), base + int(triangles[t, 1]), base + int(triangles[t, 2])
    v = vertices
    ax, ay, az = float(v[a, 0]), float(v[a, 1]), float(v[a, 2])
    x, y, z = cross(v[b, 0] - ax, v[b, 1] - ay, v[b, 2] - az, v[c, 0] - ax, v[c, 1] - ay, v[c, 2] - az)
    return normalise(x, y, z)


@kernel
def dim(shapes: Shapes, bodies: Bodies, asking: Asking, wave: Wave) -> int:
    """The hits are in: panes dim their rays, which go on behind them; others have arrived or end. How many go on."""
    kept = 0
    for i in range(wave.time.shape[0]):
        k = wave.order[i]
        if wave.instance[i] == _NOTHING:
            asking.blocked[k] = False
            continue
        instance = int(wave.instance[i])
        t = shapes.instances[instance, FIRST_TRIANGLE] + int(wave.triangle[i])
        surface = shapes.instances[instance, FIRST_SURFACE] + int(shapes.triangle_surface[t])
        transmission = float(shapes.surfaces[surface, TRANSMISSION])
        if transmission <= 0.0:
            continue
        nx, ny, nz = _flat(shapes.vertices, shapes.triangles, shapes.instances[instance, FIRST_VERTEX], t)
        pose = pose_of(bodies, shapes.instances[instance, BODY], float(wave.time[i]))
        dx, dy, dz = float(wave.direction[i, 0]), float(wave.direction[i, 1]), float(wave.direction[i, 2])
        dx, dy, dz = rotate_inverse(pose[3], pose[4], pose[5], pose[6], dx, dy, dz)
        passed = pane(transmission, abs(nx * dx + ny * dy + nz * dz))[1]
        top = 1e-4
        for c in range(3):
            top = max(top, float(shapes.surfaces[surface, COLOR + c]))
        for c in range(3):
            asking.gain[k, c] *= passed * shapes.surfaces[surface, COLOR + c] / top
        near = wave.distance[i] + np.float32(2e-4) + np.float32(1e-6) * wave.distance[i]
        for axis in range(3):
            wave.origin[kept, axis], wave.direction[kept, axis] = wave.origin[i, axis], wave.direction[i, axis]
        wave.time[kept], wave.near[kept], wave.far[kept] = wave.time[i], near, wave.far[i]
        wave.order[kept] = k
        kept += 1
    return kept
