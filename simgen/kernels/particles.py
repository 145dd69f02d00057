"""Single drops and flakes around a place: an infinite field in which every cell draws its own, from a hash."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from simgen.kernels.inner import spliced
from simgen.kernels.jit import device, kernel
from simgen.kernels.noise import philox
from simgen.records.base import F4, F8, I8, U8, Array

#: columns of ``Jobs.data``: edge of a cell, chance of an empty one, mean number in one, reach, where in the air's own
#: frame the middle of the sphere lies, what takes that frame to the caller's, and bounds outside of which none is
EDGE, EMPTY, MEAN, REACH, MIDDLE, SHIFT, LOW, HIGH, JOB_COLUMNS = 0, 1, 2, 3, 4, 7, 10, 13, 16

#: a cell's place takes 21 bits along each axis
_BITS = 21
_MASK = (1 << _BITS) - 1
#: a word as a share of one
WORD = 1.0 / 4294967296.0
_HALF_DIAGONAL = 0.5 * math.sqrt(3.0)


class Jobs(NamedTuple):
    """One row for each size of each kind that is wanted, and one for each slab of its cells, in order of x."""

    data: F8
    key: U8
    slab_job: I8
    slab_x: I8


class Cone(NamedTuple):
    """Of which particles are wanted: along an axis, with the cosine and sine of half the angle."""

    x: float
    y: float
    z: float
    cosine: float
    sine: float
    whole: bool


@spliced
def cells_of(middle: float, half: float, low: float, high: float, edge: float) -> tuple[int, int]:
    """First and last cell along an axis."""
    return (
        math.floor(max(middle - half, low) / edge),
        math.floor(min(middle + half, high) / edge),
    )


@spliced
def apart_from(middle: float, low: float, edge: float) -> float:
    """How far a place is from a cell along an axis, 0 within."""
    return max(low - middle, middle - low - edge, 0.0)


@spliced
def _in_cone(cone: Cone, x: float, y: float, z: float, margin: float) -> bool:
    """Whether a place lies in the cone or, at most, that far from it."""
    along = x * cone.x + y * cone.y + z * cone.z
    across = math.sqrt(max(x * x + y * y + z * z - along * along, 0.0))
    if across * cone.cosine - along * cone.sine > margin:
        return False
    return cone.cosine < 0.0 or along >= -margin


@spliced
def name_of(ix: int, iy: int, iz: int) -> int:
    """A cell's own number."""
    return (ix & _MASK) | ((iy & _MASK) << _BITS) | ((iz & _MASK) << (2 * _BITS))


@device
def number_in(mean: float, empty: float, u: float) -> int:
    """A Poisson number by inversion of one uniform."""
    chance, total, k = empty, empty, 0
    while u >= total and k < 100:
        k += 1
        chance *= mean / k
        total += chance
    return k


@spliced
def identity_of(word: np.uint64, k: int) -> np.uint64:
    """A word of its own for each particle of a cell: the finish of splitmix64 (Steele, Lea and Flood 2014)."""
    z = np.uint64(word) + np.uint64(k + 1) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@device
def longer(rows: Array) -> Array:
    """Twice the room."""
    more = np.empty((2 * rows.shape[0], *rows.shape[1:]), rows.dtype)
    # one by one: an array put into a slice can be of the wrong shape, and to say so takes ten times as long to compile
    old, new = rows.ravel(), more.ravel()
    for k in range(old.shape[0]):
        new[k] = old[k]
    return more


@kernel
def find(first: int, last: int, jobs: Jobs, cone: Cone) -> tuple[F8, F4, I8, U8]:
    """Particles in slabs: places (N, 3), uniforms of their own (N,), the job (N,), identities (N,).

    A cell's number is Poisson by one uniform, places are uniform: both hashed from the stream's key and the cell alone
    (Philox). A cell is looked at only if it touches the sphere and the cone.
    """
    room, n = 256, 0
    place, share = np.empty((room, 3), np.float64), np.empty(room, np.float32)
    job, identity = np.empty(room, np.int64), np.empty(room, np.uint64)
    for s in range(first, last):
        j = jobs.slab_job[s]
        d = jobs.data[j]
        key, edge, reach = jobs.key[j], d[EDGE], d[REACH]
        mx, my, mz = d[MIDDLE], d[MIDDLE + 1], d[MIDDLE + 2]
        ix = jobs.slab_x[s]
        x0 = ix * edge
        left = reach * reach - apart_from(mx, x0, edge) ** 2
        if left < 0.0:
            continue
        y_first, y_last = cells_of(my, math.sqrt(left), d[LOW + 1], d[HIGH + 1], edge)
        for iy in range(y_first, y_last + 1):
            y0 = iy * edge
            rest = left - apart_from(my, y0, edge) ** 2
            if rest < 0.0:
                continue
            z_first, z_last = cells_of(mz, math.sqrt(rest), d[LOW + 2], d[HIGH + 2], edge)
            for iz in range(z_first, z_last + 1):
                z0 = iz * edge
                h = 0.5 * edge
                if not cone.whole and not _in_cone(cone, x0 + h - mx, y0 + h - my, z0 + h - mz, _HALF_DIAGONAL * edge):
                    continue
                cell = name_of(ix, iy, iz)
                a, _, c, e = philox(key, cell, 0)
                number = number_in(d[MEAN], d[EMPTY], float(a) * WORD)
                whose = (np.uint64(c) << np.uint64(32)) | np.uint64(e)
                for k in range(number):
                    a, b, c, e = philox(key, cell, k + 1)
                    x = x0 + edge * (float(a) * WORD) - mx
                    y = y0 + edge * (float(b) * WORD) - my
                    z = z0 + edge * (float(c) * WORD) - mz
                    if x * x + y * y + z * z > reach * reach:
                        continue
                    if not cone.whole and not _in_cone(cone, x, y, z, 0.0):
                        continue
                    if n == room:
                        room *= 2
                        place, share, job, identity = longer(place), longer(share), longer(job), longer(identity)
                    place[n, 0] = x + mx + d[SHIFT]
                    place[n, 1] = y + my + d[SHIFT + 1]
                    place[n, 2] = z + mz + d[SHIFT + 2]
                    share[n] = np.float32(float(e >> np.uint32(8)) / 16777216.0)
                    job[n] = j
                    identity[n] = identity_of(whose, k)
                    n += 1
    return place[:n], share[:n], job[:n], identity[:n]
