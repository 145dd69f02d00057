"""What each ray of a beam of sound brings back."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from simgen.kernels.jit import device, kernel
from simgen.kernels.pose import Vector, cross, normalise, rotate_inverse
from simgen.records.base import F4, F8, I8, U2, U4
from simgen.records.stage import NO_HIT

_NOTHING = np.uint32(NO_HIT)
#: columns of the surfaces' table: reflected share, share of that which is scattered evenly
REFLECTED = 0
EVEN = 1
#: a ray's footprint grows no more than this (its inverse) on surfaces that it grazes
_GRAZING = 0.2


class Scene(NamedTuple):
    """The stage as kernels take it, with the bodies' turns at the ping and the surfaces' table."""

    vertices: F4
    normals: F4
    triangles: U4
    triangle_surface: U2
    vertex_start: I8
    triangle_start: I8
    instance_mesh: U4
    instance_body: U4
    surface_base: U4
    turn: F4
    table: F8


@device
def _edge(table: F4, a: int, b: int) -> Vector:
    return (
        float(table[b, 0]) - float(table[a, 0]),
        float(table[b, 1]) - float(table[a, 1]),
        float(table[b, 2]) - float(table[a, 2]),
    )


@device
def _turning(
    ux: float, uy: float, uz: float, d: Vector, flat: Vector, reach: float, e: Vector, f: Vector, m: Vector, n: Vector
) -> Vector:
    """How much the normal turns (its change) where the ray moves by a unit angle along u.

    ``e`` and ``f`` are the triangle's edges from its first vertex, ``m`` and ``n`` the normal's changes along them.
    """
    toward = d[0] * flat[0] + d[1] * flat[1] + d[2] * flat[2]
    toward = math.copysign(max(abs(toward), _GRAZING), toward)
    slide = -reach * (ux * flat[0] + uy * flat[1] + uz * flat[2]) / toward
    x, y, z = reach * ux + slide * d[0], reach * uy + slide * d[1], reach * uz + slide * d[2]
    ee, ff = e[0] * e[0] + e[1] * e[1] + e[2] * e[2], f[0] * f[0] + f[1] * f[1] + f[2] * f[2]
    ef = e[0] * f[0] + e[1] * f[1] + e[2] * f[2]
    xe, xf = x * e[0] + y * e[1] + z * e[2], x * f[0] + y * f[1] + z * f[2]
    size = ee * ff - ef * ef
    if size <= 1e-30:
        return 0.0, 0.0, 0.0
    p, q = (xe * ff - xf * ef) / size, (xf * ee - xe * ef) / size
    return p * m[0] + q * n[0], p * m[1] + q * n[1], p * m[2] + q * n[2]


@device
def _lobe(
    d: Vector,
    up: Vector,
    normal: Vector,
    flat: Vector,
    reach: float,
    e: Vector,
    f: Vector,
    m: Vector,
    n: Vector,
    width2: float,
    spread2: float,
    stretch: float,
) -> float:
    """Density of the mirrored sound about the way back, 1/sr: a Gaussian of the angle between the two.

    Its covariance is the surface's own plus what the ray's footprint adds, ``J F J'`` with ``J = 1 + dn/d eps`` (ray
    differentials: Igehy 1999; F is wider than high by ``stretch``), so that the sum over rays does not depend on how
    many fall on a curved part.
    """
    x, y, z = cross(up[0], up[1], up[2], d[0], d[1], d[2])
    ux, uy, uz = normalise(x, y, z)
    vx, vy, vz = cross(d[0], d[1], d[2], ux, uy, uz)
    along, aside = normal[0] * ux + normal[1] * uy + normal[2] * uz, normal[0] * vx + normal[1] * vy + normal[2] * vz
    du = _turning(ux, uy, uz, d, flat, reach, e, f, m, n)
    dv = _turning(vx, vy, vz, d, flat, reach, e, f, m, n)
    a, b = 1.0 + du[0] * ux + du[1] * uy + du[2] * uz, dv[0] * ux + dv[1] * uy + dv[2] * uz
    c, g = du[0] * vx + du[1] * vy + du[2] * vz, 1.0 + dv[0] * vx + dv[1] * vy + dv[2] * vz
    wide, high = spread2 * stretch, spread2 / stretch
    xx, yy = width2 + wide * a * a + high * b * b, width2 + wide * c * c + high * g * g
    xy = wide * a * c + high * b * g
    size = xx * yy - xy * xy
    # twice the sine, not the angle: on a ball it is linear in where the ray falls, however wide the footprint is
    s, t = 2.0 * along, 2.0 * aside
    return math.exp(-0.5 * (s * s * yy - 2.0 * s * t * xy + t * t * xx) / size) / (2.0 * math.pi * math.sqrt(size))


@kernel
def weigh(
    scene: Scene,
    direction: F8,
    solid: F8,
    pressure: F8,
    up: F8,
    stretch: float,
    distance: F4,
    instance: U4,
    triangle: U4,
    barycentric: F4,
    absorption_db_m: float,
    width2: float,
    power: F8,
    surface: I8,
) -> None:
    """Power of every ray, ``dOmega D^4 A f cos(phi) / R^2 10^(-2 alpha R / 10)``, and its row of surfaces (-1 = none).

    ``direction`` and the sensor's ``up`` are in world axes; ``pressure`` is D, one way.
    """
    for i in range(len(distance)):
        power[i], surface[i] = 0.0, -1
        if instance[i] == _NOTHING:
            continue
        owner = int(instance[i])
        mesh = int(scene.instance_mesh[owner])
        face = scene.triangle_start[mesh] + int(triangle[i])
        base = scene.vertex_start[mesh]
        a, b = base + int(scene.triangles[face, 0]), base + int(scene.triangles[face, 1])
        c = base + int(scene.triangles[face, 2])
        surface[i] = int(scene.surface_base[owner]) + int(scene.triangle_surface[face])
        body = int(scene.instance_body[owner])
        qw, qx = float(scene.turn[body, 0]), float(scene.turn[body, 1])
        qy, qz = float(scene.turn[body, 2]), float(scene.turn[body, 3])
        d = rotate_inverse(qw, qx, qy, qz, direction[i, 0], direction[i, 1], direction[i, 2])
        above = rotate_inverse(qw, qx, qy, qz, up[0], up[1], up[2])
        e, f = _edge(scene.vertices, a, b), _edge(scene.vertices, a, c)
        m, n = _edge(scene.normals, a, b), _edge(scene.normals, a, c)
        p, q = float(barycentric[i, 0]), float(barycentric[i, 1])
        x, y, z = cross(e[0], e[1], e[2], f[0], f[1], f[2])
        flat = normalise(x, y, z)
        normal = normalise(
            scene.normals[a, 0] + p * m[0] + q * n[0],
            scene.normals[a, 1] + p * m[1] + q * n[1],
            scene.normals[a, 2] + p * m[2] + q * n[2],
        )
        cosine = -(normal[0] * d[0] + normal[1] * d[1] + normal[2] * d[2])
        if cosine < 0.0:
            cosine = -cosine
            normal = (-normal[0], -normal[1], -normal[2])
            m, n = (-m[0], -m[1], -m[2]), (-n[0], -n[1], -n[2])
        reach = float(distance[i])
        mirrored = _lobe(d, above, normal, flat, reach, e, f, m, n, width2, solid[i] / math.pi, stretch)
        even = scene.table[surface[i], EVEN]
        back = (1.0 - even) * mirrored + even * min(cosine, 1.0) / math.pi
        fade = 10.0 ** (-0.2 * absorption_db_m * reach) / (reach * reach)
        power[i] = solid[i] * pressure[i] ** 4 * scene.table[surface[i], REFLECTED] * back * fade
