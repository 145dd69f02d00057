"""What rays meet: how much of the laser's light a surface sends straight back, and where the rest goes on to."""

from __future__ import annotations

from typing import Any

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.lidar_tables import (
    ALPHA2,
    DIFFUSE,
    GLOSS,
    MIRROR,
    MOST_RAYS,
    POROUS,
    RETRO,
    ROUGH_A,
    ROUGH_B,
    THROUGH,
    Found,
    Place,
    Pulses,
    Surfaces,
    Wide,
)
from simgen.kernels.noise import uniform
from simgen.kernels.pose import normalise, rotate, rotate_inverse, slerp
from simgen.kernels.trace_wide import cast_wide
from simgen.records.base import F4
from simgen.records.frames import POINT_GHOST, POINT_THROUGH
from simgen.records.stage import NO_HIT

#: power that a surface which turned all light straight back would send, in powers of a white wall hit straight on.
#: Sheeting of class RA2 has 250 cd/(lx m2), 785 times a white wall's 1/pi (EN 12899): a share of about 0.8
RETRO_GAIN = 1000.0
#: less than this share is glass beads in paint, which work at any angle; sheeting falls with the fourth power of the
#: cosine (to 56 % at 30 and 34 % at 40 degrees)
_SHEETING = 0.01
#: a mirror hit straight on sends back no more than this: the receiver's lens is as wide as the beam
GLINT_LIMIT = 400.0
#: a path with less than this share of the power left is given up
FAINTEST = 2e-3
#: reflectance of glass at normal incidence, one face
_GLASS = 0.04
#: ``following`` of a pulse whose ray passes between leaves
GAP = -2
#: lanes of those draws, by layer
_LEAF_LANE = 200
#: a ray that goes on starts this far behind what it has met, m
_STEP = 1e-3


@kernel
def cast(intersect16: int, intersect8: int, scene: int, rays: Wide, found: Found) -> None:
    """The first hit of each ray of a tile, by packets."""
    cast_wide(
        intersect16,
        intersect8,
        scene,
        rays.origin,
        rays.direction,
        rays.time,
        rays.near,
        rays.far,
        found.distance,
        found.instance,
        found.triangle,
        found.barycentric,
    )


@inner
def orientation(quaternion: F4, body: int, ray_time: float) -> tuple[float, float, float, float]:
    """World from body at a ray time, as in ``pose.body_pose``, without its array views."""
    segments = quaternion.shape[0] - 1
    scaled = min(max(float(np.float32(ray_time) * np.float32(segments)), 0.0), float(segments))
    k = min(int(scaled), max(segments - 1, 0))
    m = min(k + 1, segments)
    return slerp(
        float(quaternion[k, body, 0]),
        float(quaternion[k, body, 1]),
        float(quaternion[k, body, 2]),
        float(quaternion[k, body, 3]),
        float(quaternion[m, body, 0]),
        float(quaternion[m, body, 1]),
        float(quaternion[m, body, 2]),
        float(quaternion[m, body, 3]),
        scaled - k,
    )


@inner
def normal_of(normals: F4, a: int, b: int, c: int, v: float, w: float) -> tuple[float, float, float]:
    """The unit shading normal between three vertices."""
    u = 1.0 - v - w
    return normalise(
        u * normals[a, 0] + v * normals[b, 0] + w * normals[c, 0],
        u * normals[a, 1] + v * normals[b, 1] + w * normals[c, 1],
        u * normals[a, 2] + v * normals[b, 2] + w * normals[c, 2],
    )


@inner
def schlick(base: float, cosine: float) -> float:
    """Fresnel reflectance at an angle (Schlick 1994)."""
    x = 1.0 - cosine
    return base + (1.0 - base) * x * x * x * x * x


@inner
def response(finish: F4, surface: np.int64 | int, cosine: float) -> float:
    """Power straight back, in powers of a white wall hit straight on: diffuse, glossy and retro-reflective.

    The diffuse part is that of a surface of V-shaped cavities seen from where it is lit (Oren and Nayar 1994, their
    qualitative model): ``rho (A cos + B sin^2)``. A smooth one (A = 1, B = 0) is Lambert's; asphalt and grass fall much
    less towards grazing angles.
    The glossy part is ``pi f cos`` of a GGX surface seen from where it is lit (Walter et al. 2007):
    ``F alpha^2 / (4 cos ((alpha^2 - 1) cos^2 + 1)^2)``.
    """
    retro = finish[surface, RETRO]
    flat = finish[surface, ROUGH_A] * cosine + finish[surface, ROUGH_B] * (1.0 - cosine * cosine)
    back = finish[surface, DIFFUSE] * flat
    if retro > 0.0:
        back += RETRO_GAIN * retro * (cosine * cosine * cosine * cosine if retro > _SHEETING else 1.0)
    gloss = finish[surface, GLOSS]
    if gloss > 0.0 and cosine > 0.05:
        alpha2 = finish[surface, ALPHA2]
        lobe = cosine * cosine * (alpha2 - 1.0) + 1.0
        back += min(gloss * alpha2 / (4.0 * cosine * lobe * lobe), GLINT_LIMIT)
    return float(back)


@inner
def passed(finish: F4, surface: np.int64 | int, cosine: float) -> float:
    """Share of the power that goes on from a surface, there and back: positive through it, negative by reflection."""
    through, mirror = float(finish[surface, THROUGH]), float(finish[surface, MIRROR])
    if through > 0.0:
        one = schlick(_GLASS, cosine)
        # both faces of a pane
        thrown = 2.0 * one / (1.0 + one)
        kept = through * (1.0 - thrown) / (1.0 - 2.0 * _GLASS / (1.0 + _GLASS))
        return kept * kept if kept >= thrown else -thrown * thrown
    return -mirror * mirror


@inner
def _between_leaves(porous: float, place: Place, ray: int, layer: int) -> bool:
    """Whether a ray finds a gap: a draw of its own for every ray and surface."""
    beam = ray // place.per_beam
    column, laser = place.column + beam % place.columns, beam // place.columns
    counter = (column * place.lasers + laser) * MOST_RAYS + ray % place.per_beam
    return uniform(place.key, counter, _LEAF_LANE + layer) < porous


@kernel
def meet(world: Surfaces, place: Place, layer: int, first: int, rays: Wide, found: Found, pulses: Pulses) -> int:
    """What each ray of a tile has hit; how many of them go on. Rows of ``pulses`` count from ``first``.

    Rays of one beam that hit one triangle share its cosine: they differ by a milliradian.
    """
    per_beam = place.per_beam if layer == 0 else 1
    distances, instances, triangles, weights = found.distance, found.instance, found.triangle, found.barycentric
    direction, when, before, gain, flag, ray = (
        rays.direction,
        rays.time,
        rays.before,
        rays.gain,
        rays.flag,
        rays.ray,
    )
    to_range, to_response, to_cosine = pulses.range, pulses.response, pulses.cosine
    to_surface, to_instance, to_flag, following = pulses.surface, pulses.instance, pulses.flag, pulses.following
    plane = pulses.plane
    triangle_surface, triangle_start, bases = world.triangle_surface, world.triangle_start, world.surface_base
    meshes, bodies, quaternion, finish = world.instance_mesh, world.instance_body, world.quaternion, world.finish
    normals, corners, vertex_start, flat = world.normals, world.triangles, world.vertex_start, world.flat
    more, shown, goes = 0, 0.0, False
    # what is known of the triangle that was met last: most rays meet the one that the ray before has met
    known_instance, known_triangle = np.uint32(NO_HIT), np.uint32(0)
    body: Any = np.uint32(0)
    at, surface, smooth, clear, porous = np.int64(0), np.int64(0), False, False, 0.0
    nx, ny, nz = 0.0, 0.0, 0.0
    for row in range(instances.shape[0]):
        instance, to = instances[row], first + row
        following[to], to_instance[to], to_flag[to], plane[to] = -1, instance, flag[row], 0
        if instance == NO_HIT:
            to_range[to] = np.inf
            continue
        triangle = triangles[row]
        to_range[to] = before[row] + distances[row]
        known = instance == known_instance and triangle == known_triangle
        if per_beam > 1 and known and row % per_beam > 0 and instances[row - 1] != NO_HIT:
            to_cosine[to], to_surface[to], plane[to] = to_cosine[to - 1], to_surface[to - 1], 1
        else:
            if not known:
                known_instance, known_triangle, body = instance, triangle, bodies[instance]
                at = triangle_start[meshes[instance]] + np.int64(triangle)
                surface = np.int64(bases[instance]) + np.int64(triangle_surface[at])
                nx, ny, nz, smooth = 1.0 * flat[at, 0], 1.0 * flat[at, 1], 1.0 * flat[at, 2], flat[at, 3] == 0.0
                clear = finish[surface, THROUGH] > 0.0 or finish[surface, MIRROR] > 0.0
                porous = 1.0 * finish[surface, POROUS]
            if smooth:
                base = vertex_start[meshes[instance]]
                nx, ny, nz = normal_of(
                    normals,
                    base + np.int64(corners[at, 0]),
                    base + np.int64(corners[at, 1]),
                    base + np.int64(corners[at, 2]),
                    float(weights[row, 0]),
                    float(weights[row, 1]),
                )
            dx, dy, dz = float(direction[row, 0]), float(direction[row, 1]), float(direction[row, 2])
            if body != 0:
                qw, qx, qy, qz = orientation(quaternion, body, when[row])
                dx, dy, dz = rotate_inverse(qw, qx, qy, qz, dx, dy, dz)
            cosine = min(abs(nx * dx + ny * dy + nz * dz), 1.0)
            to_cosine[to], to_surface[to] = cosine, np.int32(surface)
            shown = gain[row] * response(finish, surface, cosine)
            goes = clear and abs(passed(finish, surface, cosine)) * gain[row] > FAINTEST
        if porous > 0.0 and _between_leaves(porous, place, ray[row], layer):
            to_response[to], following[to] = 0.0, GAP
            more += 1
            continue
        # of one beam and one triangle: what was found for the ray before holds
        to_response[to] = shown
        more += 1 if goes else 0
    return more


@inner
def send_on(
    world: Surfaces, rays: Wide, found: Found, row: int, share: float, level: bool, beyond: Wide, to: int
) -> None:
    """The ray that goes on from a hit with a share of the power, to row ``to`` of ``beyond``.

    A positive share goes through, a negative one is mirrored: by the surface, or by a ``level`` one.
    """
    origin, direction, far = rays.origin, rays.direction, rays.far
    to_origin, to_direction = beyond.origin, beyond.direction
    instance = found.instance[row]
    distance = float(found.distance[row])
    dx, dy, dz = float(direction[row, 0]), float(direction[row, 1]), float(direction[row, 2])
    beyond.time[to], beyond.gain[to] = rays.time[row], rays.gain[row] * abs(share)
    if share > 0.0:
        # the same ray, from behind the pane on
        for axis in range(3):
            to_origin[to, axis] = origin[row, axis]
        beyond.before[to], beyond.flag[to] = rays.before[row], rays.flag[row] | POINT_THROUGH
        beyond.near[to], beyond.far[to] = distance + _STEP, far[row]
    else:
        nx, ny, nz = 0.0, 0.0, 1.0
        if not level:
            mesh = world.instance_mesh[instance]
            corner, base = world.triangle_start[mesh] + np.int64(found.triangle[row]), world.vertex_start[mesh]
            nx, ny, nz = normal_of(
                world.normals,
                base + np.int64(world.triangles[corner, 0]),
                base + np.int64(world.triangles[corner, 1]),
                base + np.int64(world.triangles[corner, 2]),
                float(found.barycentric[row, 0]),
                float(found.barycentric[row, 1]),
            )
            if world.instance_body[instance] != 0:
                qw, qx, qy, qz = orientation(world.quaternion, world.instance_body[instance], rays.time[row])
                nx, ny, nz = rotate(qw, qx, qy, qz, nx, ny, nz)
        along = 2.0 * (nx * dx + ny * dy + nz * dz)
        for axis in range(3):
            to_origin[to, axis] = origin[row, axis] + distance * direction[row, axis]
        dx, dy, dz = dx - along * nx, dy - along * ny, dz - along * nz
        beyond.before[to], beyond.flag[to] = rays.before[row] + distance, rays.flag[row] | POINT_GHOST
        beyond.near[to], beyond.far[to] = _STEP, far[row] - distance
    to_direction[to, 0], to_direction[to, 1], to_direction[to, 2] = dx, dy, dz
    beyond.ray[to] = rays.ray[row]


@kernel
def go_on(world: Surfaces, rays: Wide, found: Found, first: int, pulses: Pulses, beyond: Wide, fresh: int) -> int:
    """The rays that go on behind panes and from mirrors, end to end; ``fresh`` is the row of their first pulse.

    Row ``k`` of ``beyond`` follows the pulse whose ``following`` becomes ``fresh + k``.
    """
    count = 0
    for row in range(found.instance.shape[0]):
        instance, at = found.instance[row], first + row
        if instance == NO_HIT:
            continue
        share = 1.0
        if pulses.following[at] != GAP:
            share = passed(world.finish, pulses.surface[at], float(pulses.cosine[at]))
        if abs(share) * rays.gain[row] <= FAINTEST:
            continue
        send_on(world, rays, found, row, share, False, beyond, count)
        pulses.following[at] = fresh + count
        count += 1
    return count


__all__ = ["cast", "go_on", "meet", "passed", "response", "schlick"]
