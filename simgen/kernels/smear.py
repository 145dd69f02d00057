"""What an exposure smears: how far each pixel's surface moves in the image while the shutter is open, how wide it is
out of focus, which pixels that reaches, and the samples of those.

Loaded only for cameras with a shutter time or a focus. Displacements follow the camera's path and the pose of the body
that carries an object (its root); what the object's other parts move beside it counts as a radius about the points that
such a part can reach.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.aim import on_path, row_of, time_of
from simgen.kernels.image import _visible
from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.lens import BROWN_CONRADY, PINHOLE, image_of, ray_of
from simgen.kernels.noise import philox
from simgen.kernels.pose import Vector, to_body, to_world
from simgen.kernels.surface import pose_of
from simgen.kernels.wave import (
    DEPTH,
    DIRECT,
    EYE,
    PLACE_RAY,
    PLACE_SHARE,
    PLACE_START,
    RAY_TIME,
    TURN,
    Bodies,
    Optics,
)
from simgen.records.base import F4, F8, I8, U1, U4

#: side of the blocks of pixels in which the reach of a smear is noted
BLOCK = 4
#: lengths and radii, px, below which the anti-aliasing of edges is enough
SHORT = 0.7
NARROW = 0.35
#: lengths or diameters, px, from which a smear needs more samples
LEVELS = (0.0, 2.5, 7.0)
#: mark of pixels that smear with all about them: what passes over them is in the picture already, no ray is needed
TOGETHER = len(LEVELS) + 1
#: neighbours whose displacements differ by no more, px, move together: none uncovers anything of the other
_APART = 0.5
#: most places that the mean along a smear takes
_TAPS = 64
_UNIT = 1.0 / 4294967296.0


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


@inner
def _level(size: float) -> int:
    """How far a smear goes, by its length or diameter in px: index into ``LEVELS``."""
    return 0 if size < LEVELS[1] else (1 if size < LEVELS[2] else 2)


@inner
def _together(smear: F4, a: int, b: int) -> bool:
    """Whether two neighbours move alike and stay sharp."""
    du, dv = smear[a, 0] - smear[b, 0], smear[a, 1] - smear[b, 1]
    return bool(du * du + dv * dv <= _APART * _APART and max(smear[a, 2], smear[b, 2]) < NARROW)


@inner
def _mark(blocks: U1, level: int, u: float, v: float, radius: float) -> None:
    """Note the blocks about a place."""
    height, width = blocks.shape[1], blocks.shape[2]
    left, right = int((u - radius) / BLOCK), int((u + radius) / BLOCK)
    top, bottom = int((v - radius) / BLOCK), int((v + radius) / BLOCK)
    for y in range(max(top, 0), min(bottom, height - 1) + 1):
        for x in range(max(left, 0), min(right, width - 1) + 1):
            blocks[level, y, x] = 1


@kernel
def spread(first: int, last: int, width: int, height: int, light: F4, smear: F4, blocks: U1) -> None:
    """Note the blocks that the smear of a visible edge or texture in rows first..last reaches, by its level, (4, ., .).

    The last level is that of texture whose neighbourhood moves as one. Blocks are only ever set, so it does not matter
    which thread comes first.
    """
    for y in range(first, last):
        for x in range(width):
            a = y * width + x
            for k in range(2):
                ox, oy = x + 1 - k, y + k
                if ox >= width or oy >= height:
                    continue
                b = oy * width + ox
                together = _together(smear, a, b)
                for c in range(2):
                    i = a if c == 0 else b
                    du, dv, radius = float(smear[i, 0]), float(smear[i, 1]), float(smear[i, 2])
                    length = math.sqrt(du * du + dv * dv)
                    if length < SHORT and radius < NARROW:
                        continue
                    if not _visible(light, a, b):
                        break
                    # what is smeared round a panorama's seam has no place to go
                    length = min(length, float(width))
                    level = TOGETHER - 1 if together else _level(max(length, 2.0 * radius))
                    steps = int(length / BLOCK) + 1
                    for step in range(steps + 1):
                        share = step / steps - 0.5
                        _mark(blocks, level, x + 0.5 + share * du, y + 0.5 + share * dv, radius + 1.5)


@kernel
def pick(first: int, last: int, width: int, blocks: U1, mark: U1) -> None:
    """Highest level + 1 of what reaches each pixel of rows first..last, 0 = nothing; ``TOGETHER`` if that is all."""
    for y in range(first, last):
        for x in range(width):
            found = TOGETHER if blocks[TOGETHER - 1, y // BLOCK, x // BLOCK] != 0 else 0
            for level in range(TOGETHER - 1):
                if blocks[level, y // BLOCK, x // BLOCK] != 0:
                    found = level + 1
            mark[y * width + x] = found


@kernel
def gather(
    first: int, last: int, width: int, height: int, light: F4, smear: F4, white: float, pixels: I8, shown: F4, plain: F4
) -> None:
    """Means (N, 3) of the picture along the smear of pixels first..last, cut at white before and not.

    At each instant such a pixel sees the point that the picture, taken at mid-exposure, has a part of the smear away.
    """
    for k in range(first, last):
        pixel = int(pixels[k])
        x, y = pixel % width, pixel // width
        du, dv = float(smear[pixel, 0]), float(smear[pixel, 1])
        taps, kept = min(int(math.sqrt(du * du + dv * dv)) + 2, _TAPS), 0
        for c in range(3):
            shown[k, c], plain[k, c] = 0.0, 0.0
        for tap in range(taps):
            share = (tap + 0.5) / taps - 0.5
            u, v = x + share * du, y + share * dv
            if u < 0.0 or v < 0.0 or u > width - 1 or v > height - 1:
                continue
            kept += 1
            i, j = min(int(u), max(width - 2, 0)), min(int(v), max(height - 2, 0))
            s, t = u - i, v - j
            for corner in range(4):
                p, q = corner & 1, corner >> 1
                weight = (s if p else 1.0 - s) * (t if q else 1.0 - t)
                at = min(j + q, height - 1) * width + min(i + p, width - 1)
                for c in range(3):
                    value = float(light[at, DIRECT + c])
                    plain[k, c] += weight * value
                    shown[k, c] += weight * min(value, white)
        for c in range(3):
            plain[k, c] /= max(kept, 1)
            shown[k, c] /= max(kept, 1)


@inner
def open_aperture(optics: Optics, places: F4, at: int, radius: float, focus: float, a: float, b: float) -> None:
    """Move a sample's ray to a place on the aperture, so that it still meets the others in the focus.

    The focus is a plane for rectilinear lenses and a sphere for the others, whose pupil turns towards the ray.
    """
    x, y, z = float(places[at, PLACE_RAY]), float(places[at, PLACE_RAY + 1]), float(places[at, PLACE_RAY + 2])
    flat = optics.model in (PINHOLE, BROWN_CONRADY)
    r, angle = radius * math.sqrt(a), 2.0 * math.pi * b
    p, q = r * math.cos(angle), r * math.sin(angle)
    sx, sy, sz, scale = p, q, 0.0, focus / z if flat else focus
    if not flat:
        # orthonormal basis about the ray: Duff et al., JCGT 6(1), 2017
        sign = 1.0 if z >= 0.0 else -1.0
        e = -1.0 / (sign + z)
        f = x * y * e
        sx = p * (1.0 + sign * x * x * e) + q * f
        sy, sz = p * sign * f + q * (sign + y * y * e), -p * sign * x - q * y
    dx, dy, dz = scale * x - sx, scale * y - sy, scale * z - sz
    size = 1.0 / dz if optics.model == PINHOLE else 1.0 / math.sqrt(dx * dx + dy * dy + dz * dz)
    places[at, PLACE_RAY], places[at, PLACE_RAY + 1], places[at, PLACE_RAY + 2] = dx * size, dy * size, dz * size
    places[at, PLACE_START], places[at, PLACE_START + 1], places[at, PLACE_START + 2] = sx, sy, sz


@kernel
def fill_samples(
    first: int,
    last: int,
    pattern: F8,
    shifted: bool,
    optics: Optics,
    aperture: float,
    focus: float,
    key: int,
    pixels: I8,
    places: F4,
) -> None:
    """Places (N per pixel, 9) of the samples of pixels first..last: over the pixel, the aperture and the exposure.

    ``pattern`` holds shares of time, column, row, area and angle of the aperture, one row a sample. With ``shifted``
    every pixel shifts time and aperture by shares of its own: what is smeared far would show steps otherwise, what is
    smeared little would get grain.
    """
    count = pattern.shape[0]
    for k in range(first, last):
        pixel = int(pixels[k])
        column, row = pixel % optics.width, pixel // optics.width
        when, where, around = 0.0, 0.0, 0.0
        if shifted:
            a, b, c, _ = philox(key, pixel, 0)
            when, where, around = (a * _UNIT - 0.5) / count, b * _UNIT, c * _UNIT
        for s in range(count):
            at = k * count + s
            u, v = column + pattern[s, 1], row + pattern[s, 2]
            x, y, z = ray_of(optics.model, optics.lens, u, v)
            places[at, 0], places[at, 1] = u, v
            places[at, PLACE_RAY], places[at, PLACE_RAY + 1], places[at, PLACE_RAY + 2] = x, y, z
            for axis in range(3):
                places[at, PLACE_START + axis] = 0.0
            places[at, PLACE_SHARE] = pattern[s, 0] + when - 0.5
            if aperture > 0.0 and not (x == 0.0 and y == 0.0 and z == 0.0):
                p, q = pattern[s, 3] + where, pattern[s, 4] + around
                open_aperture(optics, places, at, 0.5 * aperture, focus, p - math.floor(p), q - math.floor(q))


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
