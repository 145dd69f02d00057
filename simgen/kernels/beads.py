"""Drops on a pane close to a lens, drawn: each is a little lens of its own, which shows the scene upside down.

A drop is a cap of a sphere of water. The ray of a pixel goes through the pane into the water and leaves it through the
cap by Snell's law; what it then looks at is taken from the picture, as finely as a pixel of the drop can tell.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.runoff import Pane, wiped_at
from simgen.records.base import F4, F8, I8

#: refractive index of water
WATER = 1.333
#: columns of what is drawn: middle x, y and radius in cells, stretch, direction of the stretch, and the outline's
#: waves of two and three periods: share of the radius and phase
AT_X, AT_Y, ROUND, STRETCH, TURN, WAVE_2, PHASE_2, WAVE_3, PHASE_3, SHAPE_COLUMNS = range(10)
#: how much farther than its radius a drop reaches at most
_MOST = 1.6


class Sight(NamedTuple):
    """How cells look at the scene, and the scene as a pyramid of pictures."""

    #: unit direction of every cell's ray, (h, w, 3), z forward; whether the pane is a dome about the lens
    rays: F4
    dome: bool
    #: pixels from the principal point by angle from the axis in steps of ``angle_step`` rad, (N,)
    radius: F8
    angle_step: float
    #: principal point and pixels a cell; pixels a radian in the middle
    cx: float
    cy: float
    cell: float
    focal: float
    #: rows of every picture of the pyramid: first texel, height, width, (L, 3)
    level: I8
    #: all of them end to end, (T, 3)
    texel: F4


@inner
def _outline(shape: F8, k: int, dx: float, dy: float) -> float:
    """How far out a place is, as a share of the way to the drop's outline; its stretch points along its turn."""
    c, s = math.cos(shape[k, TURN]), math.sin(shape[k, TURN])
    along, across = c * dx + s * dy, c * dy - s * dx
    # the tail is long, the front round
    along = along / shape[k, STRETCH] if along < 0.0 else along
    angle = math.atan2(across, along)
    wave = 1.0 + shape[k, WAVE_2] * math.cos(2.0 * angle + shape[k, PHASE_2])
    wave += shape[k, WAVE_3] * math.cos(3.0 * angle + shape[k, PHASE_3])
    return float(math.sqrt(along * along + across * across) / (shape[k, ROUND] * wave))


@inner
def bent(dx: float, dy: float, dz: float, nx: float, ny: float, nz: float) -> tuple[float, float, float]:
    """A ray in water (unit) through a surface of unit normal n into air; one that is thrown back grazes the surface."""
    cosine = dx * nx + dy * ny + dz * nz
    rest = 1.0 - WATER * WATER * (1.0 - cosine * cosine)
    root = math.sqrt(rest) if rest > 0.0 else 0.0
    push = WATER * cosine - root
    x, y, z = WATER * dx - push * nx, WATER * dy - push * ny, WATER * dz - push * nz
    size = math.sqrt(x * x + y * y + z * z)
    return x / size, y / size, z / size


@inner
def _seen(rx: float, ry: float, rz: float, tilt: float, ox: float, oy: float, dome: bool) -> tuple[float, float, float]:
    """Where the ray r looks through a surface that leans by ``sin = tilt`` towards (ox, oy) on the pane."""
    level = math.sqrt(1.0 - tilt * tilt)
    if not dome:
        wx, wy = rx / WATER, ry / WATER
        return bent(wx, wy, math.sqrt(1.0 - wx * wx - wy * wy), tilt * ox, tilt * oy, level)
    # the pane is at right angles to the ray: its axes are the picture's, turned with the ray
    x, y, z = bent(0.0, 0.0, 1.0, tilt * ox, tilt * oy, level)
    a = 1.0 / max(1.0 + rz, 1e-6)
    return (
        x * (1.0 - rx * rx * a) - y * rx * ry * a + z * rx,
        y * (1.0 - ry * ry * a) - x * rx * ry * a + z * ry,
        z * rz - x * rx - y * ry,
    )


@inner
def _pixel(x: float, y: float, z: float, sight: Sight) -> tuple[float, float]:
    """Where the lens puts a direction, px; beyond what its table knows it goes on at its end."""
    flat = math.sqrt(x * x + y * y)
    if flat < 1e-9:
        return sight.cx, sight.cy
    place = math.atan2(flat, z) / sight.angle_step
    low = min(int(place), sight.radius.shape[0] - 2)
    part = min(place - low, 1.0)
    out = sight.radius[low] + part * (sight.radius[low + 1] - sight.radius[low])
    return sight.cx + out * x / flat, sight.cy + out * y / flat


@inner
def _taken(sight: Sight, at: int, u: float, v: float, c: int) -> float:
    """A picture of the pyramid between its texels: mirrored at its sides, and going on above and below."""
    start, height, width = sight.level[at, 0], sight.level[at, 1], sight.level[at, 2]
    # of the full picture's height and width
    u *= width / sight.level[0, 2]
    v *= height / sight.level[0, 1]
    turn = 2.0 * width
    u -= math.floor(u / turn) * turn
    u = turn - u if u > width else u
    u, v = min(max(u - 0.5, 0.0), width - 1.0), min(max(v - 0.5, 0.0), height - 1.0)
    x0, y0 = int(u), int(v)
    x1, y1, p, q = min(x0 + 1, width - 1), min(y0 + 1, height - 1), u - int(u), v - int(v)
    t = sight.texel
    above = t[start + y0 * width + x0, c] * (1.0 - p) + t[start + y0 * width + x1, c] * p
    below = t[start + y1 * width + x0, c] * (1.0 - p) + t[start + y1 * width + x1, c] * p
    return float(above * (1.0 - q) + below * q)


@kernel
def cover(first: int, last: int, shape: F8, out: F4) -> None:
    """Rows first..last of the share of every cell that drops cover, (h, w)."""
    width = out.shape[1]
    for k in range(shape.shape[0]):
        x, y, radius = shape[k, AT_X], shape[k, AT_Y], shape[k, ROUND]
        reach = _MOST * radius * max(shape[k, STRETCH], 1.0) + 1.5
        # what is smaller than a cell covers it by its area
        small = min(math.pi * radius * radius, 1.0) if radius < 1.0 else 1.0
        for row in range(max(first, int(y - reach)), min(last, int(y + reach) + 1)):
            for column in range(max(0, int(x - reach)), min(width, int(x + reach) + 1)):
                dx, dy = column + 0.5 - x, row + 0.5 - y
                if radius < 1.0:
                    share = max(1.0 - abs(dx), 0.0) * max(1.0 - abs(dy), 0.0) * small
                else:
                    share = min(max((1.0 - _outline(shape, k, dx, dy)) * radius + 0.5, 0.0), 1.0)
                if share > 0.0:
                    out[row, column] += (1.0 - out[row, column]) * share


@kernel
def draw(first: int, last: int, shape: F8, steep: float, sight: Sight, out: F4, taken: F4) -> None:
    """Rows first..last of the light that comes through drops, (h, w, 3), times what they cover.

    ``steep``: sine of the slope at a drop's rim; ``taken`` (h, w): room, zeros.
    """
    width = taken.shape[1]
    levels = sight.level.shape[0]
    for k in range(shape.shape[0]):
        x, y, radius = shape[k, AT_X], shape[k, AT_Y], shape[k, ROUND]
        reach = _MOST * radius * max(shape[k, STRETCH], 1.0) + 1.5
        small = min(math.pi * radius * radius, 1.0) if radius < 1.0 else 1.0
        for row in range(max(first, int(y - reach)), min(last, int(y + reach) + 1)):
            for column in range(max(0, int(x - reach)), min(width, int(x + reach) + 1)):
                dx, dy = column + 0.5 - x, row + 0.5 - y
                out_by = _outline(shape, k, dx, dy)
                if radius < 1.0:
                    share = max(1.0 - abs(dx), 0.0) * max(1.0 - abs(dy), 0.0) * small
                else:
                    share = min(max((1.0 - out_by) * radius + 0.5, 0.0), 1.0)
                if share <= 0.0:
                    continue
                far = math.sqrt(dx * dx + dy * dy) + 1e-9
                tilt = min(out_by, 1.0) * steep
                ray = sight.rays[row, column]
                px, py, pz = _seen(float(ray[0]), float(ray[1]), float(ray[2]), tilt, dx / far, dy / far, sight.dome)
                u, v = _pixel(px, py, pz, sight)
                # pixels of the scene that a cell of the drop takes in, across and along
                sine = min(WATER * tilt, 0.98)
                bend = WATER / math.sqrt(1.0 - sine * sine) - 1.0 / math.sqrt(1.0 - tilt * tilt)
                span = max(sight.focal * (WATER - 1.0) * steep / max(radius, 1.0), sight.cell)
                span *= math.sqrt(max(bend / (WATER - 1.0), 1.0))
                level = min(max(math.log2(span), 0.0), levels - 1.0)
                low = int(level)
                high, part = min(low + 1, levels - 1), level - low
                over = (1.0 - taken[row, column]) * share
                taken[row, column] += over
                for c in range(3):
                    light = _taken(sight, low, u, v, c) * (1.0 - part) + _taken(sight, high, u, v, c) * part
                    out[row, column, c] += over * light


@kernel
def blade(first: int, last: int, pane: Pane, angle: float, half: float, scale: float, offset: F8, out: F4) -> None:
    """Rows first..last of the share of every cell that the wiper's blade hides, (h, w).

    ``angle``: where the blade is, rad; ``half``: half its width, m; a cell is ``scale`` m wide, and the pane's origin
    at the cell ``offset`` (2,).
    """
    for row in range(first, last):
        for column in range(out.shape[1]):
            dx = (column + 0.5 - offset[0]) * scale - pane.pivot_x
            dy = (row + 0.5 - offset[1]) * scale - pane.pivot_y
            # distance from the line through the pivot
            off = abs(dx * math.cos(angle) + dy * math.sin(angle))
            out[row, column] = min(max((half - off) / scale + 0.5, 0.0), 1.0)


@kernel
def film(
    first: int, last: int, pane: Pane, time: float, most: float, lasts: float, scale: float, offset: F8, out: F4
) -> None:
    """Rows first..last of the share that the blade's film smears: ``most``, and less by e every ``lasts`` s."""
    for row in range(first, last):
        for column in range(out.shape[1]):
            x, y = (column + 0.5 - offset[0]) * scale, (row + 0.5 - offset[1]) * scale
            out[row, column] = np.float32(most * math.exp((wiped_at(x, y, pane, time) - time) / lasts))
