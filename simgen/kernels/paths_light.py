"""Where light paths look for light: directions to the sun's disc, to the sky by its luminance, to points on lamps."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from simgen.kernels.beams import beam
from simgen.kernels.inner import inner
from simgen.kernels.pose import normalise
from simgen.kernels.sky import octahedral
from simgen.kernels.wave import LAMP_CD, LAMP_PLACE, LAMP_RADIUS, LAMP_REACH, LAMP_U, LAMP_V
from simgen.records.base import F4, F8, U2, Array

#: direction and density (1/sr) of a sample
Aim = tuple[float, float, float, float]


class SkyChances(NamedTuple):
    """The sky as what it lights sees it, and how likely each of its cells is looked at: its brightness times its angle.

    ``sky`` is coarser by 2 than what cameras see, so that it stays in the cache. ``rows`` (2, N + 1) sums the chances
    of the rows of each half, ``cells`` (2, N, N + 1) along each row, both from 0 to 1; ``row_at`` (2, N) and
    ``cell_at`` (2, N, N) say where to start looking for k / N; ``density`` (2, N, N) is over the half's unit square,
    mean 1; ``halves`` (2,) luminance times solid angle.
    """

    sky: F4
    rows: F4
    cells: F4
    row_at: U2
    cell_at: U2
    density: F4
    halves: F8


def _coarser(table: F8) -> F8:
    """Every second node along the second axis, with what it loses of its neighbours: the integral stays."""
    inner_part = 0.25 * (table[:, 1:-2:2] + 2.0 * table[:, 2:-1:2] + table[:, 3::2])
    first, last = 0.5 * (table[:, :1] + table[:, 1:2]), 0.5 * (table[:, -1:] + table[:, -2:-1])
    return np.concatenate([first, inner_part, last], 1)


def _starts(sums: F4) -> U2:
    """Cell that holds k / N, for every k, of rising rows (..., N + 1)."""
    flat = sums.reshape(-1, sums.shape[-1])
    n = flat.shape[1] - 1
    found = [np.searchsorted(row, np.arange(n) / n, side="right") - 1 for row in flat]
    return np.ascontiguousarray(np.clip(found, 0, n - 1).reshape(*sums.shape[:-1], n), np.uint16)


def sky_chances(sky: Array) -> SkyChances:
    """Chances for a table (2, N + 1, N + 1, 3), N even, as in :mod:`simgen.kernels.sky`."""
    coarse = _coarser(_coarser(np.asarray(sky, np.float64)).transpose(0, 2, 1, 3)).transpose(0, 2, 1, 3)
    table: F4 = np.ascontiguousarray(coarse, np.float32)
    light = table.astype(np.float64) @ np.array([0.2126, 0.7152, 0.0722])
    cell = 0.25 * (light[:, 1:, 1:] + light[:, :-1, 1:] + light[:, 1:, :-1] + light[:, :-1, :-1])
    n = cell.shape[1]
    u, v = np.meshgrid(*(np.arange(n) + 0.5,) * 2, indexing="ij")
    p, q = (u + v) / n - 1.0, (u - v) / n
    square = p * p + q * q + (1.0 - np.abs(p) - np.abs(q)) ** 2
    weight = cell * (2.0 / (square * np.sqrt(square)))[None] / n**2
    halves = weight.sum((1, 2))
    # a half without light is never asked; its numbers only have to be finite
    share = np.where(halves[:, None, None] > 0.0, weight, 1.0)
    share = share / share.sum((1, 2), keepdims=True)
    along = share.sum(2)
    cells = np.cumsum(np.where(along[..., None] > 0.0, share / np.maximum(along[..., None], 1e-300), 1.0 / n), 2)
    rows = np.concatenate([np.zeros((2, 1)), np.cumsum(along, 1)], 1).astype(np.float32)
    cells = np.concatenate([np.zeros((2, n, 1)), cells], 2).astype(np.float32)
    rows[:, -1], cells[:, :, -1] = 1.0, 1.0
    density = np.ascontiguousarray(share * n**2, np.float32)
    return SkyChances(table, rows, cells, _starts(rows), _starts(cells), density, halves)


@inner
def upper_chance(halves: F8, nz: float) -> float:
    """Chance to look at the upper half of the sky from a surface whose normal has that height; -1 = no light at all."""
    up, down = halves[0] * (1.0 + nz), halves[1] * (1.0 - nz)
    return float(up / (up + down)) if up + down > 0.0 else -1.0


@inner
def sample_sky(chances: SkyChances, upper: float, u: float, w: float) -> Aim:
    """A direction of the sky, as likely as it is bright."""
    rows, cells, density = chances.rows, chances.cells, chances.density
    half = 0 if u < upper else 1
    u = u / upper if half == 0 else (u - upper) / (1.0 - upper)
    n = density.shape[1]
    i = int(chances.row_at[half, min(int(u * n), n - 1)])
    while i < n - 1 and rows[half, i + 1] <= u:
        i += 1
    s = (u - rows[half, i]) / max(float(rows[half, i + 1] - rows[half, i]), 1e-12)
    j = int(chances.cell_at[half, i, min(int(w * n), n - 1)])
    while j < n - 1 and cells[half, i, j + 1] <= w:
        j += 1
    t = (w - cells[half, i, j]) / max(float(cells[half, i, j + 1] - cells[half, i, j]), 1e-12)
    a, b = (i + min(max(s, 0.0), 1.0)) / n, (j + min(max(t, 0.0), 1.0)) / n
    p, q = a + b - 1.0, a - b
    r = max(1.0 - abs(p) - abs(q), 0.0)
    square = p * p + q * q + r * r
    scale = 1.0 / math.sqrt(square)
    chance = upper if half == 0 else 1.0 - upper
    pdf = chance * density[half, i, j] * 0.5 * square * math.sqrt(square)
    return p * scale, q * scale, (r if half == 0 else -r) * scale, pdf


@inner
def sky_density(density: F4, x: float, y: float, z: float) -> float:
    """Density of :func:`sample_sky` for a direction, less the chance of its half, 1/sr."""
    n = density.shape[1]
    u, v = octahedral(x, y, z)
    i, j = min(int(u * n), n - 1), min(int(v * n), n - 1)
    s = abs(x) + abs(y) + abs(z)
    return float(density[0 if z >= 0.0 else 1, i, j]) * 0.5 / (s * s * s)


@inner
def basis(nx: float, ny: float, nz: float) -> tuple[float, float, float, float, float, float]:
    """Two directions at right angles to a unit one and to each other: Duff et al., JCGT 6(1), 2017."""
    sign = 1.0 if nz >= 0.0 else -1.0
    p = -1.0 / (sign + nz)
    q = nx * ny * p
    return 1.0 + sign * nx * nx * p, sign * q, -sign * nx, q, sign + ny * ny * p, -ny


@inner
def sample_cone(narrow: float, u: float, w: float) -> tuple[float, float, float]:
    """A direction within a cone about +z, evenly; ``narrow`` is 1 less the cosine of its half angle."""
    low = u * narrow
    flat, angle = math.sqrt(low * (2.0 - low)), 2.0 * math.pi * w
    return flat * math.cos(angle), flat * math.sin(angle), 1.0 - low


@inner
def choose_lamp(
    lamps: F4, x: float, y: float, z: float, nx: float, ny: float, nz: float, choice: float
) -> tuple[int, float, float, float]:
    """One lamp for a point, by the illuminance it would bring: its row (-1 = none), chance, what is left of ``choice``,
    and the illuminance of all together, lx.
    """
    total, found, mine = 0.0, -1, 0.0
    for row in range(lamps.shape[0]):
        dx, dy, dz = lamps[row, LAMP_PLACE] - x, lamps[row, LAMP_PLACE + 1] - y, lamps[row, LAMP_PLACE + 2] - z
        square = dx * dx + dy * dy + dz * dz
        reach = float(lamps[row, LAMP_REACH])
        if square > reach * reach:
            continue
        size = float(lamps[row, LAMP_RADIUS])
        for k in range(3):
            size += abs(lamps[row, LAMP_U + k]) + abs(lamps[row, LAMP_V + k])
        if nx * dx + ny * dy + nz * dz < -size:
            continue
        ux, uy, uz = normalise(dx, dy, dz)
        cd = 0.2126 * lamps[row, LAMP_CD] + 0.7152 * lamps[row, LAMP_CD + 1] + 0.0722 * lamps[row, LAMP_CD + 2]
        weight = cd * beam(lamps, row, -ux, -uy, -uz) / (square + size * size)
        if not weight > 0.0:
            continue
        total += weight
        share = weight / total
        if choice < share:
            found, mine, choice = row, weight, choice / share
        else:
            choice = (choice - share) / (1.0 - share)
    return found, mine / max(total, 1e-30), min(choice, 0.9999999), total


@inner
def point_on_lamp(lamps: F4, row: int, x: float, y: float, z: float, u: float, w: float) -> Aim:
    """Direction to a point of a lamp, evenly over its rectangle or the disc that a ball shows; and its distance."""
    dx, dy, dz = lamps[row, LAMP_PLACE] - x, lamps[row, LAMP_PLACE + 1] - y, lamps[row, LAMP_PLACE + 2] - z
    a, b = 2.0 * u - 1.0, 2.0 * w - 1.0
    radius = float(lamps[row, LAMP_RADIUS])
    if lamps[row, LAMP_U] != 0.0 or lamps[row, LAMP_U + 1] != 0.0 or lamps[row, LAMP_U + 2] != 0.0:
        dx += a * lamps[row, LAMP_U] + b * lamps[row, LAMP_V]
        dy += a * lamps[row, LAMP_U + 1] + b * lamps[row, LAMP_V + 1]
        dz += a * lamps[row, LAMP_U + 2] + b * lamps[row, LAMP_V + 2]
    elif radius > 0.0:
        ax, ay, az = normalise(dx, dy, dz)
        tx, ty, tz, bx, by, bz = basis(ax, ay, az)
        r, angle = radius * math.sqrt(u), 2.0 * math.pi * w
        a, b = r * math.cos(angle), r * math.sin(angle)
        dx, dy, dz = dx + a * tx + b * bx, dy + a * ty + b * by, dz + a * tz + b * bz
    distance = math.sqrt(dx * dx + dy * dy + dz * dz)
    scale = 1.0 / max(distance, 1e-6)
    return dx * scale, dy * scale, dz * scale, distance
