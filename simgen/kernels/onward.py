"""Light paths that go on: rays from mirrors and through panes, and what they bring back to where they came from.

Loaded only for pictures that have such surfaces. ``rows`` name the rays that are followed, in order; ``places`` are the
pixels that they belong to, ``where`` (H W) is the row of each pixel's own, -1 = none.
"""

from __future__ import annotations

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.pose import normalise
from simgen.kernels.shading import openness, turned
from simgen.kernels.wave import (
    AMBIENT,
    DIRECT,
    MIRRORS,
    NORMAL,
    ON_BEFORE,
    ON_FACE,
    ON_GLOSS,
    ON_MIRROR,
    ON_MIRROR_HIDES,
    ON_MIRRORED,
    ON_PANE,
    ON_PANE_HIDES,
    ON_PAST,
    ON_POINT,
    ON_SHOWN,
    ON_VIEW,
    ON_WHEN,
    RAY_BEFORE,
    RAY_HIDES,
    RAY_NEAR,
    RAY_ORIGIN,
    RAY_WAY,
    RAY_WEIGHT,
    RAY_WHEN,
    SHOWS,
    Layers,
    Onward,
)
from simgen.records.base import F4, I4, I8, U4

#: roughness up to which a mirror is sharp: one ray shows what it shows
SHARP = 0.1
#: part of a rough mirror's light from which on a single ray is left out
GLINT = 0.4
#: cosine between normals up to which two hits lie on one surface
_SMOOTH = 0.85


@inner
def _mirrored(data: F4, i: int, s: float, t: float, h: float) -> tuple[float, float, float]:
    """Direction in which a facet mirrors the ray: the surface itself, or where rough one of its GGX microfacets.

    (s, t, h) is cosine-weighted about +z, so (s, t) / h times alpha are slopes of GGX (Walter et al. 2007, eq. 35).
    """
    nx, ny, nz = float(data[i, ON_FACE]), float(data[i, ON_FACE + 1]), float(data[i, ON_FACE + 2])
    vx, vy, vz = float(data[i, ON_VIEW]), float(data[i, ON_VIEW + 1]), float(data[i, ON_VIEW + 2])
    fx, fy, fz = nx, ny, nz
    rough = float(data[i, ON_GLOSS])
    if rough > SHARP:
        s, t = rough * rough * s / h, rough * rough * t / h
        sign = 1.0 if nz >= 0.0 else -1.0
        p = -1.0 / (sign + nz)
        q = nx * ny * p
        fx += s * (1.0 + sign * nx * nx * p) + t * q
        fy += s * sign * q + t * (sign + ny * ny * p)
        fz += -s * sign * nx - t * ny
        fx, fy, fz = normalise(fx, fy, fz)
    twice = 2.0 * (fx * vx + fy * vy + fz * vz)
    x, y, z = vx - twice * fx, vy - twice * fy, vz - twice * fz
    under = nx * x + ny * y + nz * z
    if under < 0.0:
        # a facet that mirrors into the surface: what it hits there mirrors it out again
        x, y, z = x - 2.0 * under * nx, y - 2.0 * under * ny, z - 2.0 * under * nz
    return x, y, z


@kernel
def launch(
    first: int,
    last: int,
    bit: int,
    rows: I8,
    onward: Onward,
    directions: F4,
    weight: F4,
    places: F4,
    given: F4,
    spots: F4,
) -> None:
    """Rays that go on from ``rows``, for numbers first..last; ``weight``: of the rays they come from, or empty."""
    data, way = onward.data, RAY_WAY
    for k in range(first, last):
        i = rows[k]
        spots[k, 0], spots[k, 1] = places[i, 0], places[i, 1]
        for axis in range(3):
            given[k, RAY_ORIGIN + axis] = data[i, ON_POINT + axis]
            given[k, way + axis] = data[i, ON_VIEW + axis]
        given[k, RAY_WHEN], given[k, RAY_BEFORE] = data[i, ON_WHEN], data[i, ON_BEFORE]
        column = ON_PANE
        if bit == SHOWS:
            given[k, RAY_NEAR], given[k, RAY_HIDES] = data[i, ON_PAST], data[i, ON_PANE_HIDES]
        else:
            column = ON_MIRROR
            given[k, RAY_NEAR], given[k, RAY_HIDES] = 0.0, data[i, ON_MIRROR_HIDES]
            u, v = int(places[i, 0]), int(places[i, 1])
            j = (v & 7) * 8 + (u & 7)
            s, t, h = float(directions[j, 0]), float(directions[j, 1]), float(directions[j, 2])
            if data[i, ON_GLOSS] > SHARP:
                s, t = turned(u, v, s, t)
            given[k, way], given[k, way + 1], given[k, way + 2] = _mirrored(data, i, s, t, h)
        most = max(data[i, column], max(data[i, column + 1], data[i, column + 2]))
        given[k, RAY_WEIGHT] = most * (weight[i] if weight.shape[0] > 0 else 1.0)


@inner
def _same(surface: F4, key: U4, a: int, b: int) -> bool:
    """Whether two hits lie on one surface."""
    if key[a] >> np.uint32(1) != key[b] >> np.uint32(1):
        return False
    n = NORMAL
    return bool(
        surface[a, n] * surface[b, n] + surface[a, n + 1] * surface[b, n + 1] + surface[a, n + 2] * surface[b, n + 2]
        > _SMOOTH
    )


@kernel
def gather(
    first: int,
    last: int,
    width: int,
    height: int,
    bit: int,
    rows: I8,
    spots: F4,
    where: I4,
    indoor: bool,
    key: U4,
    onward: Onward,
    met: Layers,
) -> None:
    """What the rays that went on have met (``met``), as light in ``onward``; for numbers first..last.

    The sky's share there is the mean of the sky rays of 16 neighbours that met the same surface; a rough mirror shows
    the mean of 64 neighbours of its own. ``key`` is that of the rays which they come from.
    """
    light, data = met.light, onward.data
    to = ON_MIRRORED if bit == MIRRORS else ON_SHOWN
    for k in range(first, last):
        i = rows[k]
        x, y = int(spots[k, 0]), int(spots[k, 1])
        rough = bit == MIRRORS and data[i, ON_GLOSS] > SHARP
        if rough:
            # as wide as the pattern of facets: every window holds each of them once
            red, green, blue, count = 0.0, 0.0, 0.0, 0.0
            most, mr, mg, mb = 0.0, 0.0, 0.0, 0.0
            for oy in range(max(y - 3, 0), min(y + 5, height)):
                for ox in range(max(x - 3, 0), min(x + 5, width)):
                    other = where[oy * width + ox]
                    if other >= 0 and key[rows[other]] >> np.uint32(1) == key[i] >> np.uint32(1):
                        part = openness(float(met.open[other]), indoor)
                        r = float(light[other, DIRECT]) + part * float(light[other, AMBIENT])
                        g = float(light[other, DIRECT + 1]) + part * float(light[other, AMBIENT + 1])
                        b = float(light[other, DIRECT + 2]) + part * float(light[other, AMBIENT + 2])
                        red, green, blue, count = red + r, green + g, blue + b, count + 1.0
                        if r + g + b > most:
                            most, mr, mg, mb = r + g + b, r, g, b
            # one ray that outshines the rest together is a glint that the others missed, not the mean
            if count > 8.0 and most > GLINT * (red + green + blue):
                red, green, blue, count = red - mr, green - mg, blue - mb, count - 1.0
            data[i, to], data[i, to + 1], data[i, to + 2] = red / count, green / count, blue / count
            continue
        free, seen = 0.0, 0.0
        for oy in range(max(y - 1, 0), min(y + 3, height)):
            for ox in range(max(x - 1, 0), min(x + 3, width)):
                other = where[oy * width + ox]
                if other >= 0 and _same(met.surface, met.key, k, other):
                    free += float(met.open[other])
                    seen += 1.0
        part = openness(free / seen if seen > 0.0 else float(met.open[k]), indoor)
        for c in range(3):
            data[i, to + c] = float(light[k, DIRECT + c]) + part * float(light[k, AMBIENT + c])


@kernel
def soften(
    first: int, last: int, width: int, height: int, rows: I8, spots: F4, where: I4, key: U4, onward: Onward, out: F4
) -> None:
    """Light in rough mirrors once more averaged over 16 neighbours, for numbers first..last, into ``out``.

    One facet in 64 is a pixel's own, so what is much brighter than the rest would show the pattern's grid.
    """
    data, to = onward.data, ON_MIRRORED
    for k in range(first, last):
        i = rows[k]
        x, y = int(spots[k, 0]), int(spots[k, 1])
        red, green, blue, count = float(data[i, to]), float(data[i, to + 1]), float(data[i, to + 2]), 1.0
        if data[i, ON_GLOSS] > SHARP:
            for step in range(16):
                ox, oy = x + 2 * (step & 3) - 3, y + 2 * (step >> 2) - 3
                if ox < 0 or oy < 0 or ox >= width or oy >= height:
                    continue
                other = where[oy * width + ox]
                if other >= 0 and key[rows[other]] >> np.uint32(1) == key[i] >> np.uint32(1):
                    red += float(data[rows[other], to])
                    green += float(data[rows[other], to + 1])
                    blue += float(data[rows[other], to + 2])
                    count += 1.0
        out[k, 0], out[k, 1], out[k, 2] = red / count, green / count, blue / count


@kernel
def settle(first: int, last: int, onward: Onward, light: F4) -> None:
    """Add what was mirrored and transmitted to the radiance of rows first..last."""
    data = onward.data
    for i in range(first, last):
        for c in range(3):
            if onward.kind[i] & MIRRORS:
                light[i, DIRECT + c] += data[i, ON_MIRROR + c] * data[i, ON_MIRRORED + c]
            if onward.kind[i] & SHOWS:
                light[i, DIRECT + c] += data[i, ON_PANE + c] * data[i, ON_SHOWN + c]


@kernel
def borrow(
    first: int, last: int, width: int, height: int, key: U4, onward: Onward, spots: F4, sample_key: U4, samples: Onward
) -> None:
    """Light in mirrors and panes for extra samples first..last: that of a neighbour which shows the same surface.

    A mirror's edge is then as smooth as any other at no ray's cost. Samples without such a neighbour keep the sky.
    """
    for k in range(first, last):
        kind = int(samples.kind[k])
        if kind == 0:
            continue
        x, y = int(spots[k, 0]), int(spots[k, 1])
        for bit in (MIRRORS, SHOWS):
            if not kind & bit:
                continue
            to = ON_MIRRORED if bit == MIRRORS else ON_SHOWN
            red, green, blue, count = 0.0, 0.0, 0.0, 0.0
            for oy in range(max(y - 1, 0), min(y + 2, height)):
                for ox in range(max(x - 1, 0), min(x + 2, width)):
                    i = oy * width + ox
                    if onward.kind[i] & bit and key[i] >> np.uint32(1) == sample_key[k] >> np.uint32(1):
                        weight = 4.0 if ox == x and oy == y else 1.0
                        red += weight * float(onward.data[i, to])
                        green += weight * float(onward.data[i, to + 1])
                        blue += weight * float(onward.data[i, to + 2])
                        count += weight
            if count > 0.0:
                samples.data[k, to], samples.data[k, to + 1] = red / count, green / count
                samples.data[k, to + 2] = blue / count
