"""The light that single drops, flakes and stones send to a camera: from all around, from the sun, from lamps."""

from __future__ import annotations

import math
from typing import NamedTuple

from simgen.kernels.beams import beam
from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.lamp_arrival import NEAREST
from simgen.kernels.lens import PINHOLE, image_of, ray_of
from simgen.kernels.pose import normalise
from simgen.kernels.sky import look_up
from simgen.kernels.wave import EYE, LAMP_CD, LAMP_PLACE, LAMP_RADIUS, LAMP_REACH, TURN
from simgen.records.base import F4, F8

Color = tuple[float, float, float]


class Around(NamedTuple):
    """What a drop can see: the picture in large pixels, the sky where the picture ends; and the camera's pose."""

    width: int
    height: int
    model: int
    lens: F8
    #: pose at the frame's time, columns as in ``Optics.rows``
    pose: F8
    coarse: F4
    sky: F4


@inner
def into_camera(pose: F8, x: float, y: float, z: float) -> Color:
    """A direction of the world in the camera's frame."""
    t = TURN
    return (
        pose[t] * x + pose[t + 3] * y + pose[t + 6] * z,
        pose[t + 1] * x + pose[t + 4] * y + pose[t + 7] * z,
        pose[t + 2] * x + pose[t + 5] * y + pose[t + 8] * z,
    )


@inner
def into_world(pose: F8, x: float, y: float, z: float) -> Color:
    """A direction of the camera's frame in the world."""
    t = TURN
    return (
        pose[t] * x + pose[t + 1] * y + pose[t + 2] * z,
        pose[t + 3] * x + pose[t + 4] * y + pose[t + 5] * z,
        pose[t + 6] * x + pose[t + 7] * y + pose[t + 8] * z,
    )


@inner
def _of_picture(coarse: F4, u: float, v: float) -> Color:
    """Bilinear value of the coarse picture at a place in 0..1."""
    rows, columns = coarse.shape[0], coarse.shape[1]
    x, y = min(max(u * columns - 0.5, 0.0), columns - 1.0), min(max(v * rows - 0.5, 0.0), rows - 1.0)
    i, j = int(y), int(x)
    s, t = y - i, x - j
    k, m = min(i + 1, rows - 1), min(j + 1, columns - 1)
    a, b, c, d = (1.0 - s) * (1.0 - t), (1.0 - s) * t, s * (1.0 - t), s * t
    return (
        a * coarse[i, j, 0] + b * coarse[i, m, 0] + c * coarse[k, j, 0] + d * coarse[k, m, 0],
        a * coarse[i, j, 1] + b * coarse[i, m, 1] + c * coarse[k, j, 1] + d * coarse[k, m, 1],
        a * coarse[i, j, 2] + b * coarse[i, m, 2] + c * coarse[k, j, 2] + d * coarse[k, m, 2],
    )


@inner
def seen_from(around: Around, x: float, y: float, z: float) -> Color:
    """Luminance in a direction of the camera's frame: the picture where it shows it, else sky or ground."""
    u, v, good = image_of(around.model, around.lens, x, y, z)
    if good and 0.0 <= u < around.width and 0.0 <= v < around.height:
        return _of_picture(around.coarse, u / around.width, v / around.height)
    a, b, c = into_world(around.pose, x, y, z)
    return look_up(around.sky, 0, a, b, c)


@inner
def axes_of(x: float, y: float, z: float) -> tuple[float, float, float, float, float, float]:
    """Two unit vectors at right angles to a unit direction of the camera's frame: to the right, then down."""
    ax, ay, az = normalise(z, 0.0, -x) if abs(y) < 0.99 else normalise(0.0, 0.0, 1.0)
    along = ax * x + ay * y + az * z
    ax, ay, az = normalise(ax - along * x, ay - along * y, az - along * z)
    return ax, ay, az, y * az - z * ay, z * ax - x * az, x * ay - y * ax


@kernel
def light_up(first: int, last: int, around: Around, samples: F8, table: F4) -> None:
    """What a drop and a flake seen in each direction of a grid over the image send on of what surrounds them.

    ``samples`` (K, 5): directions with z forward, and their weights for clear and for white ones; ``table``
    (R, C, 2, 3), rows first..last.
    """
    rows, columns = table.shape[0] - 1, table.shape[1] - 1
    for i in range(first, last):
        for j in range(columns + 1):
            u, v = around.width * j / columns, around.height * i / rows
            # half a pixel inside: the last row's lower edge may not be seen any more
            x, y, z = ray_of(
                around.model,
                around.lens,
                min(max(u, 0.5), around.width - 0.5),
                min(max(v, 0.5), around.height - 0.5),
            )
            if x == 0.0 and y == 0.0 and z == 0.0:
                z = 1.0
            x, y, z = normalise(x, y, z)
            ax, ay, az, bx, by, bz = axes_of(x, y, z)
            for k in range(2):
                for c in range(3):
                    table[i, j, k, c] = 0.0
            for k in range(samples.shape[0]):
                p, q, r = samples[k, 0], samples[k, 1], samples[k, 2]
                red, green, blue = seen_from(
                    around, p * ax + q * bx + r * x, p * ay + q * by + r * y, p * az + q * bz + r * z
                )
                for n in range(2):
                    table[i, j, n, 0] += samples[k, 3 + n] * red
                    table[i, j, n, 1] += samples[k, 3 + n] * green
                    table[i, j, n, 2] += samples[k, 3 + n] * blue


@inner
def of_table(table: F4, look: int, u: float, v: float) -> Color:
    """Bilinear value for a place in the image, each in 0..1; places outside take the border's."""
    rows, columns = table.shape[0] - 1, table.shape[1] - 1
    x, y = min(max(u, 0.0), 1.0) * columns, min(max(v, 0.0), 1.0) * rows
    i, j = min(int(y), rows - 1), min(int(x), columns - 1)
    s, t = y - i, x - j
    k, m, n = i + 1, j + 1, look
    a, b, c, d = (1.0 - s) * (1.0 - t), (1.0 - s) * t, s * (1.0 - t), s * t
    return (
        a * table[i, j, n, 0] + b * table[i, m, n, 0] + c * table[k, j, n, 0] + d * table[k, m, n, 0],
        a * table[i, j, n, 1] + b * table[i, m, n, 1] + c * table[k, j, n, 1] + d * table[k, m, n, 1],
        a * table[i, j, n, 2] + b * table[i, m, n, 2] + c * table[k, j, n, 2] + d * table[k, m, n, 2],
    )


@inner
def phase(phases: F8, clear: float, white: float, cosine: float) -> float:
    """What a mixture of clear and white scatters by an angle, 1/sr: linear between values at even cosines."""
    last = phases.shape[1] - 1
    at = min(max(0.5 * (cosine + 1.0), 0.0), 1.0) * last
    i = min(int(at), last - 1)
    t = at - i
    return float(
        clear * (phases[0, i] + t * (phases[0, i + 1] - phases[0, i]))
        + white * (phases[1, i] + t * (phases[1, i + 1] - phases[1, i]))
    )


@inner
def of_lamps(
    lamps: F4, phases: F8, rest: F8, clear: float, white: float, eye: F8, x: float, y: float, z: float
) -> Color:
    """Luminance of a drop by lamps: illuminance times the phase function; nothing hides a lamp.

    ``rest``: extinction of the air between, 1/m.
    """
    ox, oy, oz = normalise(eye[EYE] - x, eye[EYE + 1] - y, eye[EYE + 2] - z)
    red, green, blue = 0.0, 0.0, 0.0
    for row in range(lamps.shape[0]):
        dx, dy, dz = x - lamps[row, LAMP_PLACE], y - lamps[row, LAMP_PLACE + 1], z - lamps[row, LAMP_PLACE + 2]
        far2 = float(dx * dx + dy * dy + dz * dz)
        if far2 > lamps[row, LAMP_REACH] * lamps[row, LAMP_REACH]:
            continue
        d = math.sqrt(far2)
        if d < 1e-6:
            continue
        dx, dy, dz = dx / d, dy / d, dz / d
        near = max(d, max(float(lamps[row, LAMP_RADIUS]), NEAREST))
        share = beam(lamps, row, dx, dy, dz)
        if share == 0.0:
            continue
        share *= phase(phases, clear, white, dx * ox + dy * oy + dz * oz) / (near * near)
        red += share * lamps[row, LAMP_CD] * math.exp(-rest[0] * d)
        green += share * lamps[row, LAMP_CD + 1] * math.exp(-rest[1] * d)
        blue += share * lamps[row, LAMP_CD + 2] * math.exp(-rest[2] * d)
    return red, green, blue


@inner
def fresnel(cos_in: float, cos_out: float, index: float) -> float:
    """Share of unpolarised light that a boundary mirrors, from air into ``index``."""
    across = (cos_in - index * cos_out) / (cos_in + index * cos_out)
    along = (index * cos_in - cos_out) / (index * cos_in + cos_out)
    return 0.5 * (across * across + along * along)


@inner
def through_drop(around: Around, index: float, x: float, y: float, z: float, p: float, q: float, mean: Color) -> Color:
    """What is seen through a drop in a direction (camera's frame), at a place p, q of its disc (radius 1).

    A ray straight through is bent twice, by ``2 (asin b - asin(b / n))`` in all, towards the drop's axis and across it:
    upside down. What the front mirrors comes from around; what goes round inside is taken from the ``mean``.
    """
    b = min(math.sqrt(p * p + q * q), 0.9999)
    ax, ay, az, bx, by, bz = axes_of(x, y, z)
    c, s = (p / b, q / b) if b > 1e-9 else (1.0, 0.0)
    ux, uy, uz = c * ax + s * bx, c * ay + s * by, c * az + s * bz
    into, out = math.asin(b), math.asin(b / index)
    mirrored = fresnel(math.cos(into), math.cos(out), index)
    passed = (1.0 - mirrored) * (1.0 - mirrored)
    turn, back = 2.0 * (into - out), math.pi - 2.0 * into
    f, g = math.cos(turn), -math.sin(turn)
    r0, g0, b0 = seen_from(around, f * x + g * ux, f * y + g * uy, f * z + g * uz)
    f, g = math.cos(back), math.sin(back)
    r1, g1, b1 = seen_from(around, f * x + g * ux, f * y + g * uy, f * z + g * uz)
    left = 1.0 - passed - mirrored
    return (
        passed * r0 + mirrored * r1 + left * mean[0],
        passed * g0 + mirrored * g1 + left * mean[1],
        passed * b0 + mirrored * b1 + left * mean[2],
    )


__all__ = [
    "PINHOLE",
    "Around",
    "axes_of",
    "into_camera",
    "into_world",
    "light_up",
    "of_lamps",
    "of_table",
    "phase",
    "seen_from",
    "through_drop",
]
