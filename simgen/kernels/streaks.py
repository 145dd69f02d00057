"""Drops, flakes and stones in a picture: where each is while the shutter is open, and the light that it sends.

What it does to the pixels is in :mod:`simgen.kernels.streak_marks`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from simgen.kernels.drop_light import axes_of, into_camera, into_world, of_lamps, of_table, phase
from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.lens import PINHOLE, image_of
from simgen.kernels.pose import normalise
from simgen.kernels.sky import airlight
from simgen.kernels.wave import EYE, OPTICS_COLUMNS, SUN, SUN_LUX, Lighting
from simgen.records.base import F4, F8, U1, U2, U8, Bool

#: columns of streaks: where the shutter opens and closes on it, px; its distance in the lens's measure; diameter with
#: its blur, px; how opaque that makes it; its light on the way to the camera; the part of that which does not come from
#: what surrounds it; what the air lets through from it; its kind; a number of its own in 0..1
U0, V0, U1_, V1, DISTANCE, WIDE, OPAQUE, LIGHT, OWN, LEFT, KIND, OWN_NUMBER = 0, 1, 2, 3, 4, 5, 6, 7, 10, 13, 16, 17
STREAK_COLUMNS = 18
#: columns of kinds: how much of it is clear, how much is white; refractive index where it refracts pixel by pixel
CLEAR, WHITE, INDEX, KIND_COLUMNS = 0, 1, 2, 3


class Shutter(NamedTuple):
    """A camera's exposure: poses (P, OPTICS_COLUMNS) at times (P,), s from the frame's; all in s, m and px."""

    width: int
    height: int
    model: int
    lens: F8
    path: F8
    times: F8
    readout: float
    exposure: float
    #: nearer is not drawn
    nearest: float
    #: of the aperture, m; and the distance that is sharp
    aperture: float
    focus: float


class Air(NamedTuple):
    """Light and air: phase functions (2, N), surroundings as :func:`light_up` makes them, extinction by what is not
    drawn one by one (3,), 1/m."""

    light: Lighting
    phases: F8
    table: F4
    rest: F8


@inner
def _pose(shutter: Shutter, t: float, pose: F8) -> None:
    """The camera's pose at a time, linear between knots that lie a millisecond apart."""
    last = shutter.times.shape[0] - 1
    low, w = 0, 0.0
    if last > 0:
        step = (shutter.times[last] - shutter.times[0]) / last
        at = min(max((t - shutter.times[0]) / step, 0.0), float(last)) if step > 0.0 else 0.0
        low = min(int(at), last - 1)
        w = at - low
    high = min(low + 1, last)
    for k in range(OPTICS_COLUMNS):
        pose[k] = shutter.path[low, k] + w * (shutter.path[high, k] - shutter.path[low, k])


@inner
def _look(shutter: Shutter, pose: F8, t: float, position: F8, velocity: F8, i: int) -> tuple[float, float, float]:
    """A particle at a time in the camera's frame; ``pose`` is filled."""
    _pose(shutter, t, pose)
    return into_camera(
        pose,
        position[i, 0] + t * velocity[i, 0] - pose[EYE],
        position[i, 1] + t * velocity[i, 1] - pose[EYE + 1],
        position[i, 2] + t * velocity[i, 2] - pose[EYE + 2],
    )


@inner
def _scale(shutter: Shutter, x: float, y: float, z: float, u: float, v: float) -> float:
    """Pixels per metre at a place: the root of how much the lens magnifies an area there."""
    far = math.sqrt(x * x + y * y + z * z)
    ax, ay, az, bx, by, bz = axes_of(x / far, y / far, z / far)
    h = 1e-3 * far
    u1, v1, _ = image_of(shutter.model, shutter.lens, x + h * ax, y + h * ay, z + h * az)
    u2, v2, _ = image_of(shutter.model, shutter.lens, x + h * bx, y + h * by, z + h * bz)
    return math.sqrt(abs((u1 - u) * (v2 - v) - (u2 - u) * (v1 - v))) / h


@inner
def _in_room(rooms: F4, x: float, y: float, z: float) -> bool:
    for k in range(rooms.shape[0]):
        if rooms[k, 0] <= x <= rooms[k, 3] and rooms[k, 1] <= y <= rooms[k, 4] and rooms[k, 2] <= z <= rooms[k, 5]:
            return True
    return False


@kernel
def follow(
    first: int,
    last: int,
    shutter: Shutter,
    air: Air,
    kinds: F8,
    position: F8,
    velocity: F8,
    diameter: F8,
    kind: U1,
    key: U8,
    shaded: Bool,
    out: F4,
    level: U2,
) -> None:
    """Fill streaks (N, STREAK_COLUMNS) for particles first..last.

    ``level``: distance in small steps, nearer = less, the last = not to be seen. ``shaded`` has no rows where no sun
    shines. Long, because particles are left out as early as can be, and a place is found once for all that follows.
    """
    pose, light = np.empty(OPTICS_COLUMNS), air.light
    value, pixel = light.values, 0.5 * shutter.exposure
    for i in range(first, last):
        level[i] = np.uint16(65535)
        t = 0.0
        x, y, z = _look(shutter, pose, t, position, velocity, i)
        u, v, good = image_of(shutter.model, shutter.lens, x, y, z)
        if shutter.readout > 0.0:
            for _ in range(3):
                row = min(max(v, 0.0), float(shutter.height)) if good else 0.5 * shutter.height
                t = (row / shutter.height - 0.5) * shutter.readout
                x, y, z = _look(shutter, pose, t, position, velocity, i)
                u, v, good = image_of(shutter.model, shutter.lens, x, y, z)
        far = math.sqrt(x * x + y * y + z * z)
        if not good or far < shutter.nearest:
            continue
        u0, v0, u1, v1 = u, v, u, v
        if pixel > 0.0:
            x0, y0, z0 = _look(shutter, pose, t - pixel, position, velocity, i)
            u0, v0, opens = image_of(shutter.model, shutter.lens, x0, y0, z0)
            x1, y1, z1 = _look(shutter, pose, t + pixel, position, velocity, i)
            u1, v1, closes = image_of(shutter.model, shutter.lens, x1, y1, z1)
            if not (opens and closes) or abs(u1 - u0) > 0.5 * shutter.width:
                continue
        scale = _scale(shutter, x, y, z, u, v)
        true = scale * diameter[i]
        circle = shutter.aperture * scale * abs(far / shutter.focus - 1.0) if shutter.aperture > 0.0 else 0.0
        wide = math.sqrt(true * true + circle * circle)
        reach = 0.5 * wide + 1.0
        if max(u0, u1) < -reach or min(u0, u1) > shutter.width + reach:
            continue
        if max(v0, v1) < -reach or min(v0, v1) > shutter.height + reach:
            continue
        px = position[i, 0] + t * velocity[i, 0]
        py = position[i, 1] + t * velocity[i, 1]
        pz = position[i, 2] + t * velocity[i, 2]
        if light.rooms.shape[0] > 0 and _in_room(light.rooms, px, py, pz):
            continue
        clear, white = kinds[kind[i], CLEAR], kinds[kind[i], WHITE]
        _pose(shutter, t, pose)
        lr, lg, lb = of_lamps(light.lamps, air.phases, air.rest, clear, white, pose, px, py, pz)
        if shaded.shape[0] == 0 or not shaded[i]:
            ox, oy, oz = normalise(pose[EYE] - px, pose[EYE + 1] - py, pose[EYE + 2] - pz)
            cosine = -(ox * value[SUN, 0] + oy * value[SUN, 1] + oz * value[SUN, 2])
            share = phase(air.phases, clear, white, cosine)
            lr, lg, lb = lr + share * value[SUN_LUX, 0], lg + share * value[SUN_LUX, 1], lb + share * value[SUN_LUX, 2]
        p, q = u / shutter.width, v / shutter.height
        cr, cg, cb = of_table(air.table, 0, p, q)
        wr, wg, wb = of_table(air.table, 1, p, q)
        ar, ag, ab = 0.0, 0.0, 0.0
        if air.rest[0] + air.rest[1] + air.rest[2] > 0.0:
            dx, dy, dz = into_world(pose, x / far, y / far, z / far)
            ar, ag, ab = airlight(light, dx, dy, dz)
        out[i, U0], out[i, V0], out[i, U1_], out[i, V1] = u0, v0, u1, v1
        out[i, DISTANCE] = z if shutter.model == PINHOLE else far
        out[i, WIDE], out[i, OPAQUE] = wide, (true * true) / (wide * wide)
        for c in range(3):
            own = lr if c == 0 else (lg if c == 1 else lb)
            through_it = cr if c == 0 else (cg if c == 1 else cb)
            on_it = wr if c == 0 else (wg if c == 1 else wb)
            left = math.exp(-air.rest[c] * far)
            veil = (ar if c == 0 else (ag if c == 1 else ab)) * (1.0 - left)
            out[i, OWN + c] = left * (own + white * on_it) + veil
            out[i, LIGHT + c] = out[i, OWN + c] + left * clear * through_it
            out[i, LEFT + c] = left * clear
        out[i, KIND] = kind[i]
        out[i, OWN_NUMBER] = float(key[i] >> np.uint64(40)) / 16777216.0
        level[i] = np.uint16(min(max(4096.0 * math.log2(far) + 20000.0, 0.0), 65534.0))
