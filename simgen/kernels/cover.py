"""What weather leaves on a point of a surface: film, standing water, snow, ice. The same for every sensor.

A point is open where nothing stands above it. Water films what is open; it stands on level ground in hollows; snow lies
on what is not too steep and, while it is thin, in patches; ice lies in patches of level ground. Hollows and patches are
noise in world coordinates whose ranks are even (:func:`noise_ranks`), so that the share of ground below a rank is that
rank, and shares come out as they were asked for. Seen from so far that patches are smaller than a pixel, a pixel gets
the share itself.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.cover_tables import HOLDS, KEEPS_SNOW, Cover
from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.texture_noise import fade, hash3, noise2
from simgen.records.base import F4, F8

#: range of the noise: that of three octaves of half the strength each
NOISE_RANGE = 1.75
#: refractive indices of water and ice in the visible
WATER_INDEX = 1.33
ICE_INDEX = 1.31
#: how far from a surface the map of heights is looked up: a wall stands beside its own roof's edge, m
_ASIDE = 0.35
#: what lies lower than the top by less than this is the top, m
_BELOW = 0.1
#: cosines between which ground is level: 8 and 5 degrees
_TILTED, _LEVEL = 0.990, 0.996
#: cosines between which snow lies ever thinner: 60 degrees, from which none lies, and 35
_STEEP, _GENTLE = 0.5, 0.819
#: 2.5 times the roughness length of paved ground, m: snow of that depth covers 76 % of it
_COVERING_M = 0.01
#: sizes of the largest patches of film, hollows, drifts and tufts of snow, and ice, m
_FILM_M, _HOLLOW_M, _DRIFT_M, _TUFT_M, _ICE_M = 0.9, 1.6, 1.1, 0.14, 2.3
#: rings in puddles: cells with one drop each, m; speed and length of the waves, m/s and m; how long they last, s
_RING_CELL, _RING_SPEED, _RING_LENGTH, _RING_S = 0.16, 0.24, 0.018, 0.35


@inner
def fresnel(index: float, cosine: float) -> float:
    """Reflectance of a smooth dielectric, the mean of both polarisations; ``index``: inside over outside."""
    c = min(max(cosine, 1e-4), 1.0)
    inside = math.sqrt(max(1.0 - (1.0 - c * c) / (index * index), 0.0))
    s, p = (c - index * inside) / (c + index * inside), (index * c - inside) / (index * c + inside)
    return 0.5 * (s * s + p * p)


@inner
def _noise(x: float, y: float, cell: float, seed: int) -> float:
    """Three octaves of value noise, each turned against the one before; the largest patches have the cell's size."""
    u, v = x / cell, y / cell
    value = noise2(0.8 * u - 0.6 * v, 0.6 * u + 0.8 * v, seed)
    value += 0.5 * noise2(2.1 * u + 0.7 * v, 2.1 * v - 0.7 * u, seed + 31)
    return value + 0.25 * noise2(3.1 * u - 3.7 * v, 3.1 * v + 3.7 * u, seed + 62)


@inner
def _rank(cover: Cover, value: float) -> float:
    """How much of the noise is lower, 0..1."""
    steps = cover.ranks.shape[0] - 1
    at = min(max((value + NOISE_RANGE) / (2.0 * NOISE_RANGE), 0.0), 1.0) * steps
    k = min(int(at), steps - 1)
    return float(cover.ranks[k] + (at - k) * (cover.ranks[k + 1] - cover.ranks[k]))


@inner
def patch(rank: float, share: float, soft: float) -> float:
    """Coverage where the noise has that rank: edges as wide as ``soft`` ranks (at most 1), the mean is the share."""
    if share <= 0.0 or share >= 1.0:
        return min(max(share, 0.0), 1.0)
    level, half = share, 0.5 * soft
    if share < half:
        level = math.sqrt(2.0 * soft * share) - half
    elif share > 1.0 - half:
        level = 1.0 + half - math.sqrt(2.0 * soft * (1.0 - share))
    return min(max(0.5 + (level - rank) / soft, 0.0), 1.0)


@inner
def _patches(cover: Cover, x: float, y: float, cell: float, seed: int, share: float, soft: float, size: float) -> float:
    """Coverage of a place by patches of a share, seen through a footprint of that size."""
    left = fade(cell, 0.5 * size)
    if left <= 0.0 or share <= 0.0 or share >= 1.0:
        return min(max(share, 0.0), 1.0)
    # ranks change by about 1 over a cell
    soft = min(max(soft, 1.5 * size / cell), 1.0)
    return share + left * (patch(_rank(cover, _noise(x, y, cell, seed)), share, soft) - share)


@inner
def open_above(cover: Cover, x: float, y: float, z: float) -> float:
    """How open a place is that far above the ground: 1 = nothing that stands still is above it. Soft over 0.75 m."""
    rows, columns = cover.height.shape[0], cover.height.shape[1]
    u, v = (x - cover.x) / cover.cell, (y - cover.y) / cover.cell
    if not (u > 0.0 and v > 0.0 and u < columns - 1.0 and v < rows - 1.0):
        return 1.0
    i, j = int(u + 0.5), int(v + 0.5)
    s, t = u - i, v - j
    total, top = 0.0, z + cover.origin_z + _BELOW
    # quadratic B-spline over 3 x 3 nodes: smooth, and even along an edge
    for dj in range(-1, 2):
        b = 0.75 - t * t if dj == 0 else 0.5 * (0.5 + dj * t) * (0.5 + dj * t)
        r = min(max(j + dj, 0), rows - 1)
        for di in range(-1, 2):
            a = 0.75 - s * s if di == 0 else 0.5 * (0.5 + di * s) * (0.5 + di * s)
            if top >= cover.height[r, min(max(i + di, 0), columns - 1)]:
                total += a * b
    return total


@inner
def exposure(
    cover: Cover,
    world: bool,
    a: int,
    b: int,
    c: int,
    p: float,
    q: float,
    x: float,
    y: float,
    z: float,
    nx: float,
    ny: float,
    nz: float,
) -> float:
    """How open a point of a triangle is, 0..1: by its vertices within a model, by what stands above it in the world.

    ``world``: the triangle belongs to the world itself; ``a``, ``b``, ``c`` are rows of the stage's vertices.
    """
    own = 1.0
    if not world:
        v = cover.vertex
        own = (1.0 - p - q) * v[a] + p * v[b] + q * v[c]
        if own <= 0.0:
            return 0.0
    return own * open_above(cover, x + _ASIDE * nx, y + _ASIDE * ny, z + _ASIDE * nz)


@inner
def _between(value: float, low: float, high: float) -> float:
    """0 below, 1 above, straight between."""
    return min(max((value - low) / (high - low), 0.0), 1.0)


@inner
def snow_share(depth: float) -> float:
    """Share of paved ground that snow covers: tanh(d / 2.5 z0) (Yang et al. 1997), z0 = 4 mm (an estimate)."""
    return math.tanh(depth / _COVERING_M)


@inner
def _worn(cover: Cover, x: float, y: float) -> float:
    """How much tyres wear a place of the world."""
    rows, columns = cover.worn.shape[0], cover.worn.shape[1]
    u, v = (x - cover.origin_x - cover.x) / cover.cell, (y - cover.origin_y - cover.y) / cover.cell
    if not (u > 0.0 and v > 0.0 and u < columns - 1.0 and v < rows - 1.0):
        return 0.0
    i, j = int(u), int(v)
    s, t = u - i, v - j
    low = cover.worn[j, i] + s * (cover.worn[j, i + 1] - cover.worn[j, i])
    high = cover.worn[j + 1, i] + s * (cover.worn[j + 1, i + 1] - cover.worn[j + 1, i])
    return float(low + t * (high - low))


@inner
def _buried(cover: Cover, x: float, y: float, z: float, nx: float, ny: float) -> bool:
    """Whether the snow in front of a steep place of the world reaches it; position in the world."""
    rows, columns = cover.height.shape[0], cover.height.shape[1]
    u = (x + _ASIDE * nx - cover.origin_x - cover.x) / cover.cell
    v = (y + _ASIDE * ny - cover.origin_y - cover.y) / cover.cell
    if not (u > 0.0 and v > 0.0 and u < columns - 1.0 and v < rows - 1.0):
        return False
    i, j, low = int(u), int(v), np.inf
    for k in range(4):
        low = min(low, cover.height[j + (k >> 1), i + (k & 1)])
    return z < low + cover.snow


@inner
def lies(
    cover: Cover,
    row: int,
    world: bool,
    x: float,
    y: float,
    z: float,
    nx: float,
    ny: float,
    nz: float,
    exposed: float,
    footprint: float,
) -> tuple[float, float, float, float]:
    """Shares of a point under a film of water, standing water, snow and ice; each lies over the one before.

    ``row`` of the surfaces; position less the motion's origin; outward normal in the world; ``footprint``: how wide the
    sensor sees there, m.
    """
    if exposed <= 0.0:
        return 0.0, 0.0, 0.0, 0.0
    x, y, z = x + cover.origin_x, y + cover.origin_y, z + cover.origin_z
    film, pool, snow, ice = 0.0, 0.0, 0.0, 0.0
    level = exposed * _between(nz, _TILTED, _LEVEL) if world else 0.0
    if cover.matter[row, HOLDS] == 0.0:
        level = 0.0
    if cover.wetness > 0.0:
        # what hangs over stays dry; a wall gets half of what the ground gets, in wind
        film = _patches(cover, x + 0.37 * z, y + 0.61 * z, _FILM_M, 7001, cover.wetness, 0.8, footprint)
        film *= exposed * _between(nz, -0.3, 0.3)
    if cover.puddles > 0.0 and level > 0.0:
        pool = level * _patches(cover, x, y, _HOLLOW_M, 7101, cover.puddles, 0.06, footprint)
    if cover.ice > 0.0 and level > 0.0:
        ice = level * _patches(cover, x, y, _ICE_M, 7301, cover.ice, 0.2, footprint)
    if cover.snow > 0.0 and cover.matter[row, KEEPS_SNOW] > 0.0:
        depth = cover.snow * exposed * _between(nz, _STEEP, _GENTLE)
        if world and cover.tracks > 0.0 and nz > _GENTLE:
            wear = cover.tracks * _worn(cover, x, y)
            depth *= 1.0 - wear
            # between the tufts that are left the road is wet
            film = max(film, min(1.5 * wear, 1.0) * exposed)
        if world and nz < _GENTLE and _buried(cover, x, y, z, nx, ny):
            depth = cover.snow * exposed
        if depth > 0.0:
            share = snow_share(depth)
            # drifts that thin out, made of tufts
            drift = _patches(cover, x + 0.43 * z, y + 0.57 * z, _DRIFT_M, 7201, share, 1.0, footprint)
            snow = _patches(cover, x + 0.43 * z, y + 0.57 * z, _TUFT_M, 7241, drift, 0.5, footprint)
    return film, pool, snow, ice


@inner
def rings(cover: Cover, x: float, y: float, footprint: float) -> tuple[float, float, float]:
    """Slopes that drops make on a puddle, and their root mean square where they are too small to be seen.

    One drop after another falls into every cell; each sends out one short train of waves that dies away.
    """
    if cover.rain <= 0.0:
        return 0.0, 0.0, 0.0
    strength = 0.12 * (1.0 - math.exp(-cover.rain / 8.0))
    left = fade(_RING_LENGTH, footprint)
    if left <= 0.0:
        return 0.0, 0.0, 0.25 * strength
    # the heavier the rain, the sooner comes the next
    period = min(max(4.0 / cover.rain, 0.3), 3.0)
    u, v = (x + cover.origin_x) / _RING_CELL, (y + cover.origin_y) / _RING_CELL
    i, j = math.floor(u), math.floor(v)
    gx, gy = 0.0, 0.0
    for dj in range(-1, 2):
        for di in range(-1, 2):
            p, q = i + di, j + dj
            turn = cover.time / period + hash3(p, q, 7401)
            number = math.floor(turn)
            age = (turn - number) * period
            if age > 3.0 * _RING_S:
                continue
            dx = (u - p - hash3(p, q, 7411 + int(number))) * _RING_CELL
            dy = (v - q - hash3(q, p, 7411 + int(number))) * _RING_CELL
            far = math.sqrt(dx * dx + dy * dy)
            behind = (far - _RING_SPEED * age) / _RING_LENGTH
            if abs(behind) > 2.0 or far < 1e-4:
                continue
            rise = math.cos(2.0 * math.pi * behind) * math.exp(-behind * behind - age / _RING_S)
            gx += rise * dx / far
            gy += rise * dy / far
    strength *= left
    return strength * gx, strength * gy, 0.25 * (strength / left - strength)


@kernel
def draw_noise(out: F8) -> None:
    """Values of the noise at places far apart."""
    for k in range(out.shape[0]):
        out[k] = _noise(1.37 * (k % 1024) + 0.618 * (k // 1024), 1.71 * (k // 1024) + 0.324 * (k % 1024), 1.0, 7000)


def noise_ranks() -> F4:
    """Cumulative distribution of the noise at 257 even steps over its range, by drawing 2^20 values."""
    values = np.empty(1 << 20)
    draw_noise(values)
    edges = np.linspace(-NOISE_RANGE, NOISE_RANGE, 257)
    return np.ascontiguousarray(np.searchsorted(np.sort(values), edges) / len(values), np.float32)
