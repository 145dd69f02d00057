"""From a hit to a surface: the point, its normals, its material, its labels."""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.aim import row_of
from simgen.kernels.inner import inner
from simgen.kernels.pose import Pose, Vector, body_pose, cross, normalise, rotate, rotate_inverse
from simgen.kernels.texture import FOLIAGE, look
from simgen.kernels.texture_image import wear
from simgen.kernels.wave import (
    ALBEDO,
    BODY,
    CLASS,
    COAT,
    COAT_GLOSS,
    COATING,
    COATING_ROUGHNESS,
    COLOR,
    DEPTH,
    EMISSION,
    FACE,
    FIRST_SURFACE,
    FIRST_TRIANGLE,
    FIRST_VERTEX,
    GLOSS,
    GLOW,
    HAS_LAMP,
    LABEL,
    LENGTH,
    LIT,
    LOCAL,
    METAL,
    METALLIC,
    NORMAL,
    OFF,
    PANE,
    PAST,
    RAY_BEFORE,
    RAY_HIDES,
    RAY_NEAR,
    RAY_ORIGIN,
    RAY_WAY,
    RAY_WHEN,
    RETRO,
    ROUGHNESS,
    SHEETING,
    SKINS,
    SUN,
    TEXTURE,
    TEXTURE_SCALE,
    TRANSMISSION,
    TURN,
    VIEW,
    WHEN,
    Bodies,
    Layers,
    Lighting,
    Optics,
    Shapes,
    Wave,
)
from simgen.records.base import F4
from simgen.records.stage import NO_HIT

_NOTHING = np.uint32(NO_HIT)


@inner
def follow(given: F4, first: int, wave: Wave) -> None:
    """Rays that are given instead of aimed, rows as in :data:`~simgen.kernels.wave.RAY_ORIGIN`."""
    for i in range(wave.time.shape[0]):
        at = first + i
        for axis in range(3):
            wave.origin[i, axis] = given[at, RAY_ORIGIN + axis]
            wave.direction[i, axis] = given[at, RAY_WAY + axis]
        wave.time[i] = given[at, RAY_WHEN]
        wave.near[i] = given[at, RAY_NEAR]
        wave.far[i] = np.inf


@inner
def pose_of(bodies: Bodies, body: int, time: float) -> Pose:
    """Pose of a body; resting ones skip the interpolation."""
    if bodies.moving[body]:
        return body_pose(bodies.position, bodies.quaternion, body, time)
    p, q = bodies.position, bodies.quaternion
    return (
        float(p[0, body, 0]),
        float(p[0, body, 1]),
        float(p[0, body, 2]),
        float(q[0, body, 0]),
        float(q[0, body, 1]),
        float(q[0, body, 2]),
        float(q[0, body, 3]),
    )


@inner
def _blend(table: F4, a: int, b: int, c: int, p: float, q: float) -> Vector:
    """Rows of a table weighted with barycentric coordinates."""
    o = 1.0 - p - q
    return (
        o * table[a, 0] + p * table[b, 0] + q * table[c, 0],
        o * table[a, 1] + p * table[b, 1] + q * table[c, 1],
        o * table[a, 2] + p * table[b, 2] + q * table[c, 2],
    )


@inner
def _flat_normal(v: F4, a: int, b: int, c: int) -> Vector:
    """Unit normal of a triangle."""
    ax, ay, az = float(v[a, 0]), float(v[a, 1]), float(v[a, 2])
    x, y, z = cross(v[b, 0] - ax, v[b, 1] - ay, v[b, 2] - az, v[c, 0] - ax, v[c, 1] - ay, v[c, 2] - az)
    return normalise(x, y, z)


@inner
def _shading_normal(
    nx: float, ny: float, nz: float, gx: float, gy: float, gz: float, ex: float, ey: float, ez: float
) -> Vector:
    """The interpolated normal on the flat normal's side, bent where it looks away from the camera (ray along e)."""
    nx, ny, nz = normalise(nx, ny, nz)
    facing = nx * gx + ny * gy + nz * gz
    if facing < 0.0:
        nx, ny, nz = -nx, -ny, -nz
    elif not facing > 0.0:
        nx, ny, nz = gx, gy, gz
    away = nx * ex + ny * ey + nz * ez + 0.01
    if away > 0.0:
        return normalise(nx - away * ex, ny - away * ey, nz - away * ez)
    return nx, ny, nz


@inner
def _relief(
    nx: float,
    ny: float,
    nz: float,
    bx: float,
    by: float,
    bz: float,
    gx: float,
    gy: float,
    gz: float,
    ex: float,
    ey: float,
    ez: float,
) -> Vector:
    """A shading normal tilted by a relief's slope (Blinn 1978), of which the part along it is no tilt."""
    if bx == 0.0 and by == 0.0 and bz == 0.0:
        return nx, ny, nz
    along = bx * nx + by * ny + bz * nz
    return _shading_normal(nx - bx + along * nx, ny - by + along * ny, nz - bz + along * nz, gx, gy, gz, ex, ey, ez)


@inner
def _lift(
    v: F4, n: F4, a: int, b: int, c: int, p: float, q: float, x: float, y: float, z: float, side: float
) -> Vector:
    """From a triangle's point to the curved surface that its normals describe.

    Sun rays start there, or coarse meshes would show their triangles at the edge of their own shadow (Hanika, Ray
    Tracing Gems II, ch. 4).
    """
    lx, ly, lz = 0.0, 0.0, 0.0
    for k in range(3):
        i = a if k == 0 else (b if k == 1 else c)
        weight = 1.0 - p - q if k == 0 else (p if k == 1 else q)
        low = side * ((x - v[i, 0]) * n[i, 0] + (y - v[i, 1]) * n[i, 1] + (z - v[i, 2]) * n[i, 2])
        # without a branch: on flat surfaces the sign is one of rounding, which no processor foretells
        scale = -weight * min(low, 0.0) * side
        lx, ly, lz = lx + scale * n[i, 0], ly + scale * n[i, 1], lz + scale * n[i, 2]
    return lx, ly, lz


@inner
def _miss(light: Lighting, wave: Wave, i: int, out: Layers, at: int) -> None:
    """Labels of a ray that met nothing, or of a place where the lens sees nothing."""
    for k in range(4):
        out.surface[at, k] = 0.0
    out.surface[at, DEPTH] = np.inf
    out.instance[at] = 0
    # below the horizon lies ground beyond the world's edge, which has no class
    seen = wave.state[i, LENGTH] > 0.0
    out.semantic[at] = light.sky_class if seen and wave.direction[i, 2] >= 0.0 else 0
    out.key[at] = 0 if seen else 2
    wave.far[i] = 0.0


@inner
def resolve(
    shapes: Shapes,
    bodies: Bodies,
    optics: Optics,
    light: Lighting,
    places: F4,
    given: F4,
    first: int,
    wave: Wave,
    out: Layers,
) -> None:
    """Surface and labels of every hit; the wave's rays become those to the sun. ``given`` has rows if they were given.

    Long, because everything hangs on three vertices and a pose that are fetched once.
    """
    vertices, normals, triangles, state = shapes.vertices, shapes.normals, shapes.triangles, wave.state
    sx, sy, sz = light.values[SUN, 0], light.values[SUN, 1], light.values[SUN, 2]
    for i in range(wave.time.shape[0]):
        at = first + i
        dx, dy, dz = float(wave.direction[i, 0]), float(wave.direction[i, 1]), float(wave.direction[i, 2])
        length = math.sqrt(dx * dx + dy * dy + dz * dz)
        if length > 0.0:
            dx, dy, dz = dx / length, dy / length, dz / length
        state[i, VIEW], state[i, VIEW + 1], state[i, VIEW + 2], state[i, LENGTH] = dx, dy, dz, length
        state[i, LIT] = 0.0
        state[i, WHEN] = wave.time[i]
        wave.near[i] = 0.0
        if wave.instance[i] == _NOTHING:
            _miss(light, wave, i, out, at)
            continue
        instance = int(wave.instance[i])
        triangle = shapes.instances[instance, FIRST_TRIANGLE] + int(wave.triangle[i])
        base = shapes.instances[instance, FIRST_VERTEX]
        a, b, c = (
            base + int(triangles[triangle, 0]),
            base + int(triangles[triangle, 1]),
            base + int(triangles[triangle, 2]),
        )
        p, q = float(wave.barycentric[i, 0]), float(wave.barycentric[i, 1])
        # the point from its triangle: more precise than along the ray
        x, y, z = _blend(vertices, a, b, c, p, q)
        gx, gy, gz = _flat_normal(vertices, a, b, c)
        body = shapes.instances[instance, BODY]
        px, py, pz, qw, qx, qy, qz = pose_of(bodies, body, float(wave.time[i]))
        # most of what is seen is the world, which is not turned
        turned = qx != 0.0 or qy != 0.0 or qz != 0.0
        ex, ey, ez = dx, dy, dz
        if turned:
            ex, ey, ez = rotate_inverse(qw, qx, qy, qz, dx, dy, dz)
        toward, side = gx * ex + gy * ey + gz * ez, 1.0
        if toward > 0.0:
            side, gx, gy, gz = -1.0, -gx, -gy, -gz
        surface = shapes.instances[instance, FIRST_SURFACE] + int(shapes.triangle_surface[triangle])
        texture = int(shapes.surfaces[surface, TEXTURE])
        nx, ny, nz = _blend(normals, a, b, c, p, q)
        if texture == FOLIAGE and nx * gx + ny * gy + nz * gz < 0.0:
            # leaves let light through: a spray is lit as its crown is, whichever side it shows
            gx, gy, gz = -gx, -gy, -gz
        nx, ny, nz = _shading_normal(nx, ny, nz, gx, gy, gz, ex, ey, ez)
        lx, ly, lz = _lift(vertices, normals, a, b, c, p, q, x, y, z, side)
        depth = float(wave.distance[i])
        before = float(given[at, RAY_BEFORE]) if given.shape[0] > 0 else 0.0
        # a pixel covers an ellipse: the circle of the same area
        footprint = (depth * length + before) / (optics.fx * math.sqrt(max(abs(toward), 0.05)))
        red, green, blue, rough, zone, glow, bx, by, bz = look(
            texture,
            float(shapes.surfaces[surface, TEXTURE_SCALE]),
            x,
            y,
            z,
            gx,
            gy,
            gz,
            footprint,
        )
        state[i, ALBEDO] = min(max(shapes.surfaces[surface, COLOR] * red, 0.0), 1.0)
        state[i, ALBEDO + 1] = min(max(shapes.surfaces[surface, COLOR + 1] * green, 0.0), 1.0)
        state[i, ALBEDO + 2] = min(max(shapes.surfaces[surface, COLOR + 2] * blue, 0.0), 1.0)
        state[i, GLOSS] = shapes.surfaces[surface, ROUGHNESS] if rough < 0.0 else rough
        state[i, METAL] = shapes.surfaces[surface, METALLIC]
        state[i, COAT], state[i, COAT_GLOSS] = (
            shapes.surfaces[surface, COATING],
            shapes.surfaces[surface, COATING_ROUGHNESS],
        )
        state[i, RETRO], state[i, PANE] = shapes.surfaces[surface, SHEETING], shapes.surfaces[surface, TRANSMISSION]
        state[i, LOCAL], state[i, LOCAL + 1], state[i, LOCAL + 2] = x, y, z
        # a step off the surface: above the rounding of positions, below what the eye sees
        step = 2e-4 + 3e-6 * depth
        if state[i, PANE] > 0.0:
            state[i, PAST] = 2.0 * (step + abs(lx * gx + ly * gy + lz * gz)) / max(abs(toward), 0.02)
        ox, oy, oz = x + lx + step * gx, y + ly + step * gy, z + lz + step * gz
        # light sees the relief, labels do not
        fx, fy, fz = _relief(nx, ny, nz, bx, by, bz, gx, gy, gz, ex, ey, ez)
        if turned:
            ox, oy, oz = rotate(qw, qx, qy, qz, ox, oy, oz)
            fx, fy, fz = rotate(qw, qx, qy, qz, fx, fy, fz)
            nx, ny, nz = rotate(qw, qx, qy, qz, nx, ny, nz)
        ox, oy, oz = ox + px, oy + py, oz + pz
        state[i, FACE], state[i, FACE + 1], state[i, FACE + 2] = fx, fy, fz
        state[i, OFF], state[i, OFF + 1], state[i, OFF + 2] = ox, oy, oz
        wave.origin[i, 0], wave.origin[i, 1], wave.origin[i, 2] = ox, oy, oz
        wave.direction[i, 0], wave.direction[i, 1], wave.direction[i, 2] = sx, sy, sz
        wave.far[i] = np.inf if fx * sx + fy * sy + fz * sz > 0.0 else 0.0
        row = row_of(optics, float(places[at, 1]))
        dark = given.shape[0] > 0 and given[at, RAY_HIDES] > 0.0 and shapes.surfaces[surface, HAS_LAMP] > 0.0
        for axis in range(3):
            state[i, GLOW + axis] = 0.0 if dark else glow * shapes.surfaces[surface, EMISSION + axis]
            k = TURN + axis
            r = optics.rows
            out.surface[at, NORMAL + axis] = r[row, k] * nx + r[row, k + 3] * ny + r[row, k + 6] * nz
        if shapes.uv.shape[0] > 0 and shapes.surfaces[surface, SKINS] > 0.0:
            wear(shapes, surface, a, b, c, p, q, footprint, state, i)
        out.surface[at, DEPTH] = depth
        out.instance[at] = shapes.instances[instance, LABEL]
        out.semantic[at] = int(shapes.surfaces[surface, CLASS])
        out.key[at] = np.uint32((instance * 2654435761 + surface * 40503 + zone * 977 + 1) & 0x7FFFFFFF) << np.uint32(1)
