"""A thermal camera's rays: where they go, how warm what they meet is, what it sends and what it mirrors.

The engine is asked in between: :func:`aim`, cast, :func:`meet`, cast to the sun, :func:`warm`, cast along the mirrored
directions, :func:`send`.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.pose import body_pose, cross, normalise, rotate, rotate_inverse, to_world
from simgen.kernels.thermal_heat import (
    AIR_RADIANCE,
    EXTINCTION,
    FIXED,
    MIRROR,
    SKY_MEAN,
    SUN,
    SUN_W,
    Matter,
    black_body,
    emissivity,
    from_sky,
    temperature,
)
from simgen.kernels.wave import BODY, CLASS, FIRST_SURFACE, FIRST_TRIANGLE, FIRST_VERTEX, LABEL, Bodies, Shapes
from simgen.records.base import F4, F8, I4, U2, U4
from simgen.records.stage import NO_HIT

_NOTHING = np.uint32(NO_HIT)
#: a mirrored share below this is not looked up
_FAINT: Final = 0.004
#: columns of ``Ground.state``: normal, point in the body's frame, a point just off the surface
_NORMAL, _LOCAL, _OFF = 0, 3, 6
STATE_COLUMNS: Final = 9


class Rays(NamedTuple):
    """The rays under way, as the engine takes them, and what they met."""

    origin: F4
    direction: F4
    time: F4
    near: F4
    far: F4


class Ground(NamedTuple):
    """What each ray of the camera met."""

    #: row of the surfaces, -1 = nothing; of the stage's instances
    surface: I4
    instance: U4
    direction: F4
    distance: F4
    state: F4
    kelvin: F4
    emissivity: F4


@kernel
def aim(first: int, last: int, width: int, lens: F8, pose: F8, time: float, shift: F8, rays: Rays) -> None:
    """Rays through pixels, all shifted by (2,) from their corners; along the axis a direction's length is 1.

    ``lens``: fx, fy, cx, cy, near. ``pose``: (12,) place less the motion's origin, then world from camera by rows.
    """
    for i in range(first, last):
        x = (i % width + shift[0] - lens[2]) / lens[0]
        y = (i // width + shift[1] - lens[3]) / lens[1]
        for axis in range(3):
            k = 3 + 3 * axis
            rays.origin[i, axis] = pose[axis]
            rays.direction[i, axis] = pose[k] * x + pose[k + 1] * y + pose[k + 2]
        rays.time[i], rays.near[i], rays.far[i] = time, lens[4], np.inf


@inner
def _hit(
    shapes: Shapes,
    bodies: Bodies,
    instance: int,
    triangle: int,
    p: float,
    q: float,
    time: float,
    dx: float,
    dy: float,
    dz: float,
) -> tuple[int, float, float, float, float, float, float, float, float, float]:
    """Row of the surface, normal against the ray and point in the world, point in the body's frame."""
    row = shapes.instances[instance, FIRST_TRIANGLE] + triangle
    base = shapes.instances[instance, FIRST_VERTEX]
    v, n = shapes.vertices, shapes.normals
    a, b, c = (
        base + int(shapes.triangles[row, 0]),
        base + int(shapes.triangles[row, 1]),
        base + int(shapes.triangles[row, 2]),
    )
    o = 1.0 - p - q
    x = o * v[a, 0] + p * v[b, 0] + q * v[c, 0]
    y = o * v[a, 1] + p * v[b, 1] + q * v[c, 1]
    z = o * v[a, 2] + p * v[b, 2] + q * v[c, 2]
    gx, gy, gz = cross(
        float(v[b, 0] - v[a, 0]),
        float(v[b, 1] - v[a, 1]),
        float(v[b, 2] - v[a, 2]),
        float(v[c, 0] - v[a, 0]),
        float(v[c, 1] - v[a, 1]),
        float(v[c, 2] - v[a, 2]),
    )
    gx, gy, gz = normalise(gx, gy, gz)
    px, py, pz, qw, qx, qy, qz = body_pose(bodies.position, bodies.quaternion, shapes.instances[instance, BODY], time)
    ex, ey, ez = rotate_inverse(qw, qx, qy, qz, dx, dy, dz)
    if gx * ex + gy * ey + gz * ez > 0.0:
        gx, gy, gz = -gx, -gy, -gz
    sx = o * n[a, 0] + p * n[b, 0] + q * n[c, 0]
    sy = o * n[a, 1] + p * n[b, 1] + q * n[c, 1]
    sz = o * n[a, 2] + p * n[b, 2] + q * n[c, 2]
    sx, sy, sz = normalise(sx, sy, sz)
    facing = sx * gx + sy * gy + sz * gz
    if facing < 0.0:
        sx, sy, sz = -sx, -sy, -sz
    # at the rim of a curved body the smooth normal may look away from the camera
    if not abs(facing) > 0.0 or sx * ex + sy * ey + sz * ez > -0.01:
        sx, sy, sz = gx, gy, gz
    nx, ny, nz = rotate(qw, qx, qy, qz, sx, sy, sz)
    step = 2e-3
    wx, wy, wz = to_world(px, py, pz, qw, qx, qy, qz, x + step * gx, y + step * gy, z + step * gz)
    surface = shapes.instances[instance, FIRST_SURFACE] + int(shapes.triangle_surface[row])
    return surface, nx, ny, nz, x, y, z, wx, wy, wz


@kernel
def meet(
    first: int,
    last: int,
    shapes: Shapes,
    bodies: Bodies,
    matter: Matter,
    rays: Rays,
    distance: F4,
    instance: U4,
    triangle: U4,
    barycentric: F4,
    ground: Ground,
) -> None:
    """The hits are in: surfaces and normals; the rays become those to the sun, where its light would count."""
    world = matter.world
    for i in range(first, last):
        dx, dy, dz = float(rays.direction[i, 0]), float(rays.direction[i, 1]), float(rays.direction[i, 2])
        length = math.sqrt(dx * dx + dy * dy + dz * dz)
        dx, dy, dz = dx / length, dy / length, dz / length
        ground.direction[i, 0], ground.direction[i, 1], ground.direction[i, 2] = dx, dy, dz
        ground.distance[i], ground.instance[i], ground.surface[i] = distance[i] * length, instance[i], -1
        rays.near[i], rays.far[i] = 0.0, 0.0
        if instance[i] == _NOTHING:
            continue
        p, q, when = float(barycentric[i, 0]), float(barycentric[i, 1]), float(rays.time[i])
        surface, nx, ny, nz, x, y, z, wx, wy, wz = _hit(
            shapes, bodies, int(instance[i]), int(triangle[i]), p, q, when, dx, dy, dz
        )
        ground.surface[i] = surface
        state = ground.state
        state[i, _NORMAL], state[i, _NORMAL + 1], state[i, _NORMAL + 2] = nx, ny, nz
        state[i, _LOCAL], state[i, _LOCAL + 1], state[i, _LOCAL + 2] = x, y, z
        state[i, _OFF], state[i, _OFF + 1], state[i, _OFF + 2] = wx, wy, wz
        rays.origin[i, 0], rays.origin[i, 1], rays.origin[i, 2] = wx, wy, wz
        for axis in range(3):
            rays.direction[i, axis] = world[SUN + axis]
        lit = nx * world[SUN] + ny * world[SUN + 1] + nz * world[SUN + 2] > 0.0 and world[SUN_W] > 1.0
        if lit and math.isnan(matter.surfaces[surface, FIXED]):
            rays.far[i] = np.inf


@kernel
def warm(
    first: int,
    last: int,
    shapes: Shapes,
    bodies: Bodies,
    matter: Matter,
    rays: Rays,
    sun_instance: U4,
    ground: Ground,
    mirror: bool,
) -> None:
    """The sun rays are back: temperatures and emissivities; the rays become the mirrored ones.

    What moves casts no cold shadow: the ground under it has had no time to cool.
    """
    for i in range(first, last):
        active, rays.far[i] = rays.far[i] > 0.0, 0.0
        surface = int(ground.surface[i])
        dx, dy, dz = float(ground.direction[i, 0]), float(ground.direction[i, 1]), float(ground.direction[i, 2])
        if surface < 0:
            ground.kelvin[i], ground.emissivity[i] = 0.0, 1.0
            continue
        lit = 0.0
        if active:
            shade = sun_instance[i]
            passing = shade != _NOTHING and bodies.moving[shapes.instances[int(shade), BODY]]
            lit = 1.0 if shade == _NOTHING or passing else 0.0
        state, instance = ground.state, int(ground.instance[i])
        nx, ny, nz = float(state[i, _NORMAL]), float(state[i, _NORMAL + 1]), float(state[i, _NORMAL + 2])
        x, y, z = float(state[i, _LOCAL]), float(state[i, _LOCAL + 1]), float(state[i, _LOCAL + 2])
        ground.kelvin[i] = temperature(matter, surface, instance, lit, nx, ny, nz, x, y, z)
        toward = -(nx * dx + ny * dy + nz * dz)
        e = emissivity(matter, surface, toward)
        ground.emissivity[i] = e
        if mirror and (1.0 - e) * matter.surfaces[surface, MIRROR] > _FAINT:
            rays.direction[i, 0] = dx + 2.0 * toward * nx
            rays.direction[i, 1] = dy + 2.0 * toward * ny
            rays.direction[i, 2] = dz + 2.0 * toward * nz
            rays.far[i] = np.inf


@inner
def _mirrored(
    shapes: Shapes,
    bodies: Bodies,
    matter: Matter,
    rays: Rays,
    i: int,
    distance: F4,
    instance: U4,
    triangle: U4,
    barycentric: F4,
) -> float:
    """Radiance along a mirrored ray; what it meets counts as sunlit where it faces the sun, and mirrors the air."""
    dx, dy, dz = float(rays.direction[i, 0]), float(rays.direction[i, 1]), float(rays.direction[i, 2])
    if instance[i] == _NOTHING:
        return from_sky(matter, dz)
    p, q, when = float(barycentric[i, 0]), float(barycentric[i, 1]), float(rays.time[i])
    surface, nx, ny, nz, x, y, z, _, _, _ = _hit(
        shapes, bodies, int(instance[i]), int(triangle[i]), p, q, when, dx, dy, dz
    )
    e = emissivity(matter, surface, -(nx * dx + ny * dy + nz * dz))
    kelvin = temperature(matter, surface, int(instance[i]), 1.0, nx, ny, nz, x, y, z)
    air = matter.world[AIR_RADIANCE]
    through = math.exp(-matter.world[EXTINCTION] * float(distance[i]))
    return float((e * black_body(matter, kelvin) + (1.0 - e) * air) * through + air * (1.0 - through))


@kernel
def send(
    first: int,
    last: int,
    shapes: Shapes,
    bodies: Bodies,
    matter: Matter,
    rays: Rays,
    distance: F4,
    instance: U4,
    triangle: U4,
    barycentric: F4,
    ground: Ground,
    weight: float,
    total: F8,
) -> None:
    """The mirrored rays are back: ``L = t (e B(T) + (1 - e) L_mirrored) + (1 - t) B(T_air)``, added to ``total``."""
    world = matter.world
    air = world[AIR_RADIANCE]
    for i in range(first, last):
        surface = int(ground.surface[i])
        if surface < 0:
            total[i] += weight * from_sky(matter, float(ground.direction[i, 2]))
            continue
        e, mirror = float(ground.emissivity[i]), matter.surfaces[surface, MIRROR]
        view = 0.5 * (1.0 + float(ground.state[i, _NORMAL + 2]))
        around = view * world[SKY_MEAN] + (1.0 - view) * air
        if rays.far[i] > 0.0:
            seen = _mirrored(shapes, bodies, matter, rays, i, distance, instance, triangle, barycentric)
            around = mirror * seen + (1.0 - mirror) * around
        value = e * black_body(matter, float(ground.kelvin[i])) + (1.0 - e) * around
        through = math.exp(-world[EXTINCTION] * float(ground.distance[i]))
        total[i] += weight * (value * through + air * (1.0 - through))


@kernel
def label(
    first: int,
    last: int,
    shapes: Shapes,
    ground: Ground,
    turn: F8,
    sky_class: int,
    depth: F4,
    semantic: U2,
    instance: U4,
) -> None:
    """Depth, class and instance of every pixel; ``turn`` (3,) is the optical axis."""
    for i in range(first, last):
        surface = int(ground.surface[i])
        if surface < 0:
            depth[i], instance[i] = np.inf, 0
            semantic[i] = sky_class if ground.direction[i, 2] >= 0.0 else 0
            continue
        along = ground.direction[i, 0] * turn[0] + ground.direction[i, 1] * turn[1] + ground.direction[i, 2] * turn[2]
        depth[i] = ground.distance[i] * along
        semantic[i] = int(shapes.surfaces[surface, CLASS])
        instance[i] = shapes.instances[int(ground.instance[i]), LABEL]
