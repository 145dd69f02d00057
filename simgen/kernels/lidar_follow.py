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
    REACH,
    SHAPE,
    SIZE,
    VELOCITY,
)
from simgen.kernels.volumes import interval, patch_factor
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
#: columns of what is known of a volume along a ray: its longest cell; where a puff is densest (how high a layer the ray
#: starts), the square of its inverse width there (how much the ray climbs), the density there (the inverse scale); the
#: last node of patches and their values there and at the next
_LONGEST, _MIDDLE, _SLOPE, _PEAK, _NODE, _BEFORE, _AFTER, STATE_COLUMNS = 0, 1, 2, 3, 4, 5, 6, 7


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
    square = row[v, REACH] * row[v, REACH] * widest * widest if row[v, SHAPE] == PUFF else a * a + b * b + c * c
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
def _describe(row: F8, v: int, ray: Ray, state: F8, m: int) -> None:
    """Fill a volume's row of ``state``: what is the same all along the ray."""
    x, y, z, dx, dy, dz, time = ray
    longest, shape = np.inf, row[v, SHAPE]
    if row[v, LATTICE] >= 0.0:
        longest = 1.0 / (row[v, FINENESS] * NODES)
    z -= row[v, CENTER + 2] + row[v, VELOCITY + 2] * time
    if shape == PUFF:
        a, b, c = row[v, SIZE], row[v, SIZE + 1], row[v, SIZE + 2]
        held, grown = a * b * c, row[v, GROWTH] * time
        a, b, c = a + grown, b + grown, c + grown
        x = (x - row[v, CENTER] - row[v, VELOCITY] * time) / a
        y = (y - row[v, CENTER + 1] - row[v, VELOCITY + 1] * time) / b
        z, dx, dy, dz = z / c, dx / a, dy / b, dz / c
        square = dx * dx + dy * dy + dz * dz
        middle = -(x * dx + y * dy + z * dz) / square
        x, y, z = x + middle * dx, y + middle * dy, z + middle * dz
        state[m, _MIDDLE], state[m, _SLOPE] = middle, square
        state[m, _PEAK] = math.exp(-0.5 * (x * x + y * y + z * z)) * held / (a * b * c)
        longest = min(longest, 0.5 / math.sqrt(square))
    elif shape > BOX:
        state[m, _MIDDLE], state[m, _SLOPE] = z, dz
        state[m, _PEAK] = 1.0 / row[v, SIZE + 2]
        longest = min(longest, 0.25 * row[v, SIZE + 2] / max(abs(dz), 1e-9))
    # no node is that one, nor next to it: those before the first would be
    state[m, _LONGEST], state[m, _NODE] = longest, -2.0


@spliced
def _even(shape: float, state: F8, m: int, at: float) -> float:
    """Density along the ray but for patches: as ``even_density``."""
    if shape == PUFF:
        apart = at - state[m, _MIDDLE]
        return float(state[m, _PEAK] * math.exp(-0.5 * state[m, _SLOPE] * apart * apart))
    if shape > BOX:
        return math.exp(-max(state[m, _MIDDLE] + at * state[m, _SLOPE], 0.0) * state[m, _PEAK])
    return 1.0


@inner
def _uneven(row: F8, lattice: F4, v: int, ray: Ray, at: float, state: F8, m: int) -> float:
    """What patches multiply the density by: straight between nodes, whose last two values are kept."""
    x, y, z, dx, dy, dz, time = ray
    node = row[v, FINENESS] * NODES
    k = math.floor(at * node)
    if state[m, _NODE] != k:
        low, high = k / node, (k + 1) / node
        if state[m, _NODE] == k - 1:
            state[m, _BEFORE] = state[m, _AFTER]
        else:
            state[m, _BEFORE] = patch_factor(row, lattice, v, x + low * dx, y + low * dy, z + low * dz, time)
        state[m, _AFTER] = patch_factor(row, lattice, v, x + high * dx, y + high * dy, z + high * dz, time)
        state[m, _NODE] = k
    return float(state[m, _BEFORE] + (at * node - k) * (state[m, _AFTER] - state[m, _BEFORE]))


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
    order: I8,
    edge: F8,
    mass: F8,
    thick: F8,
) -> int:
    """Cut a beam into cells up to an ``end``: what each sends back, and what volumes take on the way; how many.

    ``state`` and ``order`` are room for what is known of each volume. ``thick`` is the volumes' optical depth, ``mass``
    what is sent back, both up to each ``edge``. Long, because each step needs where all the others have come to.
    """
    alpha, beta = haze
    opens, open_ = view
    for m in range(count):
        _describe(row, met[m], ray, state, m)
        # by where they begin
        k = m
        while k > 0 and ends[order[k - 1], 0] > ends[m, 0]:
            order[k] = order[k - 1]
            k -= 1
        order[k] = m
    # those that have begun are first in the order; of them the ones from ``gone`` on have not ended yet
    begun, gone = 0, 0
    cells, r, left, most, growing = 0, 0.0, 1.0, edge.shape[0] - 1, _GROWING
    edge[0], mass[0], thick[0] = 0.0, 0.0, 0.0
    first = max(opens, _FIRST)
    while r < end and cells < most:
        bound, longest = end, max(growing * r, _SHORTEST)
        if r < first:
            bound, longest = min(bound, first), first
        elif r < open_:
            bound, longest = min(bound, open_), min(longest, 0.25 * (open_ - opens))
        while begun < count and ends[order[begun], 0] <= r:
            begun += 1
        for k in range(gone, begun):
            m = order[k]
            if ends[m, 1] <= r:
                # it has ended: to the front
                order[k], order[gone] = order[gone], m
                gone += 1
                continue
            longest = min(longest, state[m, _LONGEST])
            bound = min(bound, ends[m, 1]) if row[met[m], SHAPE] == BOX else bound
        if begun < count:
            ahead = ends[order[begun], 0]
            if gone == begun and not beta > 0.0:
                longest = bound - r
                bound = min(bound, ahead)
            elif row[met[order[begun]], SHAPE] == BOX:
                bound = min(bound, ahead)
            longest = min(longest, ahead - r + state[order[begun], _LONGEST])
        elif gone == begun and not beta > 0.0:
            longest = bound - r
        # cells must not run out before the end; the ends of boxes take some
        longest = max(longest, (end - r) / max(most - 2 * count - cells, 1))
        step = min(longest, bound - r)
        # what is left over must not be a sliver
        step = bound - r if bound - r < 1.2 * step else step
        middle, taken, sent = r + 0.5 * step, 0.0, beta
        k = gone
        while k < count and (k < begun or ends[order[k], 0] <= middle):
            m = order[k]
            k += 1
            if not middle < ends[m, 1]:
                continue
            v = met[m]
            dense = _even(row[v, SHAPE], state, m, middle)
            if row[v, LATTICE] >= 0.0:
                dense *= _uneven(row, lattice, v, ray, middle, state, m)
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
