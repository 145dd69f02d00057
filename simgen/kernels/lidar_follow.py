"""One beam followed through parts of the air that differ: what every piece of it takes away and sends back.

The beam is cut into cells: short beside the sensor, where the power falls with the square of the range, and within a
volume half a standard deviation of a puff, a quarter of a layer's height, a node of the patches' finest octave. In
a cell the density is that of its middle, and what it takes away has its closed form. Only kernels call these.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner, spliced
from simgen.kernels.lidar_signal import overlap
from simgen.kernels.volume_tables import (
    BOX,
    CENTER,
    FINENESS,
    GROWTH,
    LATTICE,
    PUFF,
    PUFF_REACH,
    SHAPE,
    SIZE,
    VELOCITY,
)
from simgen.kernels.volumes import even_density, interval, patch_factor
from simgen.records.base import F4, F8, I8
from simgen.records.volume import FINEST

#: a beam's start and direction, m, and its instant, s
Ray = tuple[float, float, float, float, float, float, float]

#: cells are as long as this share of their range, and no shorter than that, m
_GROWING, _SHORTEST = 0.08, 0.04
#: where a cell adds less than that share to what comes back, they are so long
_COARSE, _LITTLE = 0.25, 1e-3
#: beyond this optical depth nothing comes back
_BLACK = 10.0
#: the air sends nothing from nearer than this, m, as in the tables of the even air
_FIRST = 0.025
#: places in the size of the largest patches at which their density is looked up; in between it is straight
NODES = 1.0 * FINEST


@spliced
def _misses(row: F8, v: int, x: float, y: float, z: float, dx: float, dy: float, dz: float, time: float) -> bool:
    """Whether a ray certainly passes by a puff or a box: by the ball around it."""
    if row[v, SHAPE] > BOX:
        return False
    x = row[v, CENTER] + row[v, VELOCITY] * time - x
    y = row[v, CENTER + 1] + row[v, VELOCITY + 1] * time - y
    z = row[v, CENTER + 2] + row[v, VELOCITY + 2] * time - z
    a, b, c = row[v, SIZE], row[v, SIZE + 1], row[v, SIZE + 2]
    widest = max(a, b, c) + row[v, GROWTH] * max(time, 0.0)
    square = PUFF_REACH * PUFF_REACH * widest * widest if row[v, SHAPE] == PUFF else a * a + b * b + c * c
    along = x * dx + y * dy + z * dz
    apart = x * x + y * y + z * z
    return apart > square and (along <= 0.0 or apart - along * along > square)


@inner
def met_by(row: F8, near_by: I8, some: int, ray: Ray, far: float, met: I8, ends: F8) -> int:
    """Of ``some`` volumes those that a ray meets and between which distances; how many."""
    x, y, z, dx, dy, dz, time = ray
    count = 0
    for n in range(some):
        v = near_by[n]
        if _misses(row, v, x, y, z, dx, dy, dz, time):
            continue
        near, stop = interval(row, v, x, y, z, dx, dy, dz, far, time)
        if stop > near:
            met[count], ends[count, 0], ends[count, 1] = v, near, stop
            count += 1
    return count


@inner
def finest(row: F8, v: int, dx: float, dy: float, dz: float, time: float) -> float:
    """The longest cell in which a volume counts as even, m."""
    longest, shape = np.inf, row[v, SHAPE]
    if row[v, LATTICE] >= 0.0:
        longest = 1.0 / (row[v, FINENESS] * NODES)
    if shape == PUFF:
        grown = row[v, GROWTH] * time
        a, b, c = row[v, SIZE] + grown, row[v, SIZE + 1] + grown, row[v, SIZE + 2] + grown
        dx, dy, dz = dx / a, dy / b, dz / c
        longest = min(longest, 0.5 / math.sqrt(dx * dx + dy * dy + dz * dz))
    elif shape > BOX:
        longest = min(longest, 0.25 * row[v, SIZE + 2] / max(abs(dz), 1e-9))
    return longest


@inner
def followed(
    row: F8,
    lattice: F4,
    extinction: F8,
    backscatter: F8,
    ray: Ray,
    haze: tuple[float, float],
    view: tuple[float, float],
    end: float,
    met: I8,
    count: int,
    ends: F8,
    state: F8,
    edge: F8,
    mass: F8,
    thick: F8,
) -> int:
    """Cut a beam into cells up to an ``end``: what each sends back, and what volumes take on the way; how many.

    ``state`` holds, by volume met, its longest cell and two neighbouring values of its patches. ``thick`` is the
    volumes' optical depth, ``mass`` what is sent back, both up to each ``edge``.
    """
    x, y, z, dx, dy, dz, time = ray
    alpha, beta = haze
    opens, open_ = view
    for m in range(count):
        state[m, 0], state[m, 1] = finest(row, met[m], dx, dy, dz, time), -1.0
    cells, r, left, most, growing = 0, 0.0, 1.0, edge.shape[0] - 1, _GROWING
    edge[0], mass[0], thick[0] = 0.0, 0.0, 0.0
    first = max(opens, _FIRST)
    while r < end and cells < most:
        bound, longest, inside = end, max(growing * r, _SHORTEST), beta > 0.0
        if r < first:
            bound, longest = min(bound, first), first
        elif r < open_:
            bound, longest = min(bound, open_), min(longest, 0.25 * (open_ - opens))
        for m in range(count):
            low, high = ends[m, 0], ends[m, 1]
            if r < low:
                bound = min(bound, low)
            elif r < high:
                inside = True
                bound, longest = min(bound, high), min(longest, state[m, 0])
        if not inside:
            longest = bound - r
        # cells must not run out before the end; where volumes overlap their ends take some
        longest = max(longest, (end - r) / max(most - 2 * count - cells, 1))
        step = min(longest, bound - r)
        # what is left over must not be a sliver
        step = bound - r if bound - r < 1.2 * step else step
        middle, taken, sent = r + 0.5 * step, 0.0, beta
        for m in range(count):
            if not ends[m, 0] <= middle < ends[m, 1]:
                continue
            v = met[m]
            dense = even_density(row, v, x + middle * dx, y + middle * dy, z + middle * dz, time)
            if row[v, LATTICE] >= 0.0:
                node = row[v, FINENESS] * NODES
                k = math.floor(middle * node)
                if state[m, 1] != k:
                    at = k / node
                    if state[m, 1] == k - 1:
                        state[m, 2] = state[m, 3]
                    else:
                        state[m, 2] = patch_factor(row, lattice, v, x + at * dx, y + at * dy, z + at * dz, time)
                    at = (k + 1) / node
                    state[m, 3] = patch_factor(row, lattice, v, x + at * dx, y + at * dy, z + at * dz, time)
                    state[m, 1] = k
                dense *= state[m, 2] + (middle * node - k) * (state[m, 3] - state[m, 2])
            taken += dense * extinction[v, 0]
            sent += dense * backscatter[v, 0]
        twice = 2.0 * (taken + alpha) * step
        kept = math.exp(-twice)
        bright = 0.0
        if sent > 0.0 and r >= first:
            mean = (1.0 - kept) / twice if twice > 1e-6 else 1.0
            bright = sent * overlap(opens, open_, middle) / (r * (r + step)) * left * mean * step
        r += step
        left *= kept
        cells += 1
        edge[cells], mass[cells], thick[cells] = r, mass[cells - 1] + bright, thick[cells - 1] + taken * step
        # what is left is of next to no use: longer steps will do
        growing = _GROWING if bright > _LITTLE * mass[cells] or not bright > 0.0 else _COARSE
        if thick[cells] + alpha * r > _BLACK:
            # nothing comes back from behind
            if cells < most:
                cells += 1
                edge[cells], mass[cells], thick[cells] = max(end, r + 1.0), mass[cells - 1], thick[cells - 1] + _BLACK
            break
    return cells
