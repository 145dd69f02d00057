"""What an exposure smears: how far each pixel's surface moves in the image while the shutter is open, how wide it is
out of focus. Which pixels that reaches is found in ``smear_reach``, the samples of those in ``smear_samples``.

Loaded only for cameras with a shutter time or a focus. Displacements follow the camera's path and the pose of the body
that carries an object (its root); what the object's other parts move beside it counts as a radius about the points that
such a part can reach.
"""

from __future__ import annotations

import numpy as np

from simgen.kernels.aim import on_path, row_of, time_of
from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.lens import image_of
from simgen.kernels.pose import Vector, to_body, to_world
from simgen.kernels.surface import pose_of
from simgen.kernels.wave import (
    DEPTH,
    EYE,
    PLACE_RAY,
    PLACE_START,
    RAY_TIME,
    TURN,
    Bodies,
    Optics,
)
from simgen.records.base import F4, F8, I8, U4


@inner
def _posed(path: F8, time: float, x: float, y: float, z: float, direction: bool) -> Vector:
    """A point of the world (or a direction) in the camera's frame at a ray time."""
    low, t = on_path(path, time)
    high, s = min(low + 1, path.shape[0] - 1), 1.0 - t
    if not direction:
        x -= s * path[low, EYE] + t * path[high, EYE]
        y -= s * path[low, EYE + 1] + t * path[high, EYE + 1]
        z -= s * path[low, EYE + 2] + t * path[high, EYE + 2]
    a, b, c = TURN, TURN + 3, TURN + 6
    return (
        (s * path[low, a] + t * path[high, a]) * x
        + (s * path[low, b] + t * path[high, b]) * y
        + (s * path[low, c] + t * path[high, c]) * z,
        (s * path[low, a + 1] + t * path[high, a + 1]) * x
        + (s * path[low, b + 1] + t * path[high, b + 1]) * y
        + (s * path[low, c + 1] + t * path[high, c + 1]) * z,
        (s * path[low, a + 2] + t * path[high, a + 2]) * x
        + (s * path[low, b + 2] + t * path[high, b + 2]) * y
        + (s * path[low, c + 2] + t * path[high, c + 2]) * z,
    )


@inner
def _carried(bodies: Bodies, body: int, before: float, after: float, x: float, y: float, z: float) -> Vector:
    """Where a point of the world, fixed to a body, is at another ray time."""
    if body <= 0 or not bodies.moving[body]:
        return x, y, z
    px, py, pz, qw, qx, qy, qz = pose_of(bodies, body, before)
    x, y, z = to_body(px, py, pz, qw, qx, qy, qz, x, y, z)
    px, py, pz, qw, qx, qy, qz = pose_of(bodies, body, after)
    return to_world(px, py, pz, qw, qx, qy, qz, x, y, z)


@inner
def _beside(bodies: Bodies, body: int, time: float, parts: F4, first: int, last: int, point: Vector) -> float:
    """How far, m, what may be seen at a point moves beside the body that carries the object."""
    if first == last:
        return 0.0
    px, py, pz, qw, qx, qy, qz = pose_of(bodies, body, time)
    x, y, z = to_body(px, py, pz, qw, qx, qy, qz, point[0], point[1], point[2])
    most = 0.0
    for k in range(first, last):
        dx, dy, dz = x - parts[k, 0], y - parts[k, 1], z - parts[k, 2]
        if dx * dx + dy * dy + dz * dz <= parts[k, 3] * parts[k, 3]:
            most = max(most, float(parts[k, 4]))
    return most


@inner
def _clamped(time: float) -> float:
    return min(max(time, 0.0), 1.0)


@kernel
def find_smear(
    first: int,
    last: int,
    optics: Optics,
    bodies: Bodies,
    roots: I8,
    part_start: I8,
    parts: F4,
    aperture: float,
    focus: float,
    centres: F4,
    surface: F4,
    instance: U4,
    smear: F4,
) -> None:
    """Displacement over the exposure and radius of blur (du, dv, radius) in px, for pixels first..last.

    ``roots`` is the body of every label (0 = at rest). Rows ``part_start[l]`` to ``part_start[l + 1]`` of ``parts`` are
    its parts that move beside it: place in the body's frame, how far from there they reach, and how far they move, m;
    ``aperture`` is the diameter of the aperture in m (0 = everything is sharp), ``focus`` the distance that is sharp.
    """
    rows, shutter = optics.rows, optics.exposure
    wide = centres.shape[1] > PLACE_RAY
    for i in range(first, last):
        v = float(centres[i, 1])
        rx, ry, rz = (centres[i, 0] - optics.cx) / optics.fx, (v - optics.cy) / optics.fy, 1.0
        if wide:
            rx, ry, rz = (
                float(centres[i, PLACE_RAY]),
                float(centres[i, PLACE_RAY + 1]),
                float(centres[i, PLACE_RAY + 2]),
            )
        smear[i, 0], smear[i, 1], smear[i, 2] = 0.0, 0.0, 0.0
        if rx == 0.0 and ry == 0.0 and rz == 0.0:
            continue
        row, distance, label = row_of(optics, v), float(surface[i, DEPTH]), int(instance[i])
        sky = not distance < np.inf
        reach = 1.0 if sky else distance
        if aperture > 0.0:
            away = 1.0 / focus if sky else abs(1.0 / distance - 1.0 / focus)
            smear[i, 2] = 0.5 * optics.fx * aperture * away
        if shutter <= 0.0:
            continue
        x, y, z = 0.0, 0.0, 0.0
        for axis in range(3):
            k = TURN + 3 * axis
            part = reach * (rows[row, k] * rx + rows[row, k + 1] * ry + rows[row, k + 2] * rz)
            part += 0.0 if sky else rows[row, EYE + axis]
            x, y, z = part if axis == 0 else x, part if axis == 1 else y, part if axis == 2 else z
        time = rows[row, RAY_TIME]
        body = 0 if sky or label >= roots.shape[0] else roots[label]
        begin, end = _clamped(time - 0.5 * shutter), _clamped(time + 0.5 * shutter)
        ax, ay, az = _carried(bodies, body, time, begin, x, y, z)
        ax, ay, az = _posed(optics.path, begin, ax, ay, az, sky)
        bx, by, bz = _carried(bodies, body, time, end, x, y, z)
        bx, by, bz = _posed(optics.path, end, bx, by, bz, sky)
        au, av, seen = image_of(optics.model, optics.lens, ax, ay, az)
        bu, bv, seen_too = image_of(optics.model, optics.lens, bx, by, bz)
        if seen and seen_too:
            smear[i, 0], smear[i, 1] = bu - au, bv - av
        if not sky and body > 0:
            first_part, last_part = part_start[label], part_start[label + 1]
            moved = _beside(bodies, body, time, parts, first_part, last_part, (x, y, z))
            smear[i, 2] += 0.5 * optics.fx * moved / reach


@kernel
def locate(
    first: int, last: int, optics: Optics, bodies: Bodies, roots: I8, places: F4, surface: F4, instance: U4, home: F4
) -> None:
    """Where in the image (N, 2), at its rows' own time, lies what each sample has met; inside the image.

    What needs a pixel's neighbours is looked up there.
    """
    path, k = optics.path, PLACE_RAY
    for i in range(first, last):
        home[i, 0], home[i, 1] = places[i, 0], places[i, 1]
        distance, label = float(surface[i, DEPTH]), int(instance[i])
        if not distance < np.inf:
            continue
        time = time_of(optics, places, i)
        middle = float(optics.rows[row_of(optics, float(places[i, 1])), RAY_TIME])
        low, t = on_path(path, time)
        high, s = min(low + 1, path.shape[0] - 1), 1.0 - t
        x, y, z = 0.0, 0.0, 0.0
        for axis in range(3):
            a, b = TURN + 3 * axis, PLACE_START
            part = s * path[low, EYE + axis] + t * path[high, EYE + axis]
            for c in range(3):
                turn = s * path[low, a + c] + t * path[high, a + c]
                part += turn * (places[i, b + c] + distance * places[i, k + c])
            x, y, z = part if axis == 0 else x, part if axis == 1 else y, part if axis == 2 else z
        body = 0 if label >= roots.shape[0] else roots[label]
        x, y, z = _carried(bodies, body, time, middle, x, y, z)
        x, y, z = _posed(path, middle, x, y, z, False)
        u, v, seen = image_of(optics.model, optics.lens, x, y, z)
        if seen and 0.0 <= u < optics.width and 0.0 <= v < optics.height:
            home[i, 0], home[i, 1] = u, v
