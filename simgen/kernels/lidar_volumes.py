"""What parts of the air that differ do to the beams of a tile: they dim what lies behind, and send echoes themselves.

A beam that meets one is followed through it. The air in front of the nearest surface is cut into cells: short beside
the sensor, where the power falls with the square of the range, and within a volume half a standard deviation of a puff,
a quarter of a layer's height, half a node of the patches' finest octave. In a cell the density is that of its middle,
and what it takes away has its closed form.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner, spliced
from simgen.kernels.jit import kernel
from simgen.kernels.lidar_signal import overlap
from simgen.kernels.lidar_soft import drawn, strongest
from simgen.kernels.lidar_tables import Air, Columns, Place, Pulses, Receiver, Rows, Soft
from simgen.kernels.noise import uniform2
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
    STEPS_A_NODE,
    VELOCITY,
    Volumes,
)
from simgen.kernels.volumes import even_density, interval, patch_factor
from simgen.records.base import F4, F8, I8
from simgen.records.volume import FINEST

#: lane of the draws of an echo's range, a firing's own
SOFT_LANE = 90
#: cells are as long as this share of their range, and no shorter than that, m
_GROWING, _SHORTEST = 0.06, 0.04
#: most cells of a beam, beside the ends of its volumes
_MOST_CELLS = 512
#: beyond this optical depth nothing comes back
_BLACK = 12.0
#: the air sends nothing from nearer than this, m, as in the tables of the even air
_FIRST = 0.025
#: echoes below this share of the threshold are never heard
_FAINT = 0.02
_NODES = FINEST * STEPS_A_NODE


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
def _met(
    row: F8, x: float, y: float, z: float, dx: float, dy: float, dz: float, far: float, time: float, met: I8, ends: F8
) -> int:
    """The volumes that a ray meets and between which distances; how many."""
    count = 0
    for v in range(row.shape[0]):
        if _misses(row, v, x, y, z, dx, dy, dz, time):
            continue
        near, stop = interval(row, v, x, y, z, dx, dy, dz, far, time)
        if stop > near:
            met[count], ends[count, 0], ends[count, 1] = v, near, stop
            count += 1
    return count


@inner
def _finest(row: F8, v: int, dx: float, dy: float, dz: float, time: float) -> float:
    """The longest cell in which a volume counts as even, m."""
    longest, shape = np.inf, row[v, SHAPE]
    if row[v, LATTICE] >= 0.0:
        longest = 1.0 / (row[v, FINENESS] * _NODES)
    if shape == PUFF:
        grown = row[v, GROWTH] * time
        a, b, c = row[v, SIZE] + grown, row[v, SIZE + 1] + grown, row[v, SIZE + 2] + grown
        dx, dy, dz = dx / a, dy / b, dz / c
        longest = min(longest, 0.5 / math.sqrt(dx * dx + dy * dy + dz * dz))
    elif shape > BOX:
        longest = min(longest, 0.25 * row[v, SIZE + 2] / max(abs(dz), 1e-9))
    return longest


@inner
def _followed(
    row: F8,
    lattice: F4,
    extinction: F8,
    backscatter: F8,
    ray: tuple[float, float, float, float, float, float, float],
    haze: tuple[float, float],
    view: tuple[float, float],
    surface: float,
    end: float,
    met: I8,
    count: int,
    ends: F8,
    state: F8,
    edge: F8,
    mass: F8,
    thick: F8,
) -> tuple[int, int]:
    """Cut a beam into cells: what each sends back in front of a ``surface``, and what volumes take up to an ``end``.

    ``state`` holds, by volume met, its longest cell and two neighbouring values of its patches. ``thick`` is the
    volumes' optical depth, ``mass`` what is sent back, both up to each ``edge``. How many cells there are, and how many
    of them lie in front of the surface.
    """
    x, y, z, dx, dy, dz, time = ray
    alpha, beta = haze
    opens, open_ = view
    for m in range(count):
        state[m, 0], state[m, 1] = _finest(row, met[m], dx, dy, dz, time), -1.0
    cells, in_front, r, left, most = 0, 0, 0.0, 1.0, edge.shape[0] - 1
    edge[0], mass[0], thick[0] = 0.0, 0.0, 0.0
    first = max(opens, _FIRST)
    while r < end and cells < most:
        bound, longest, inside = end, max(_GROWING * r, _SHORTEST), beta > 0.0
        if r < first:
            bound, longest = min(bound, first), first
        elif r < open_:
            bound, longest = min(bound, open_), min(longest, 0.25 * (open_ - opens))
        if r < surface:
            bound = min(bound, surface)
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
                node = row[v, FINENESS] * _NODES
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
        if sent > 0.0 and middle < surface and r >= first:
            mean = (1.0 - kept) / twice if twice > 1e-6 else 1.0
            bright = sent * overlap(opens, open_, middle) / (r * (r + step)) * left * mean * step
        r += step
        left *= kept
        cells += 1
        edge[cells], mass[cells], thick[cells] = r, mass[cells - 1] + bright, thick[cells - 1] + taken * step
        if r <= surface:
            in_front = cells
        if thick[cells] + alpha * r > _BLACK:
            # nothing comes back from behind
            if cells < most:
                cells += 1
                edge[cells], mass[cells], thick[cells] = max(end, r + 1.0), mass[cells - 1], thick[cells - 1] + _BLACK
            break
    return cells, in_front


@spliced
def _depth(edge: F8, thick: F8, cells: int, distance: float) -> float:
    """The volumes' optical depth up to a distance."""
    k = min(max(int(np.searchsorted(edge[: cells + 1], distance, side="right")) - 1, 0), cells - 1)
    part = min((distance - edge[k]) / (edge[k + 1] - edge[k]), 1.0)
    return float(thick[k] + part * (thick[k + 1] - thick[k]))


@inner
def _class_at(
    row: F8,
    lattice: F4,
    backscatter: F8,
    names: I8,
    ray: tuple[float, float, float, float, float, float, float],
    at: float,
    beta: float,
    name: int,
    met: I8,
    count: int,
    ends: F8,
) -> int:
    """Class of what sends most of the light at a distance: the even air, or a volume."""
    x, y, z, dx, dy, dz, time = ray
    best, found = 0.0, name
    for m in range(-1, count):
        own = name if m < 0 else names[met[m]]
        total = beta if own == name else 0.0
        for n in range(count):
            v = met[n]
            if names[v] != own or not ends[n, 0] <= at <= ends[n, 1]:
                continue
            dense = even_density(row, v, x + at * dx, y + at * dy, z + at * dz, time)
            if row[v, LATTICE] >= 0.0:
                dense *= patch_factor(row, lattice, v, x + at * dx, y + at * dy, z + at * dz, time)
            total += dense * backscatter[v, 0]
        if total > best:
            best, found = total, own
    return found


@kernel
def through_volumes(
    place: Place,
    columns: Columns,
    receiver: Receiver,
    air: Air,
    beta: float,
    length: float,
    volumes: Volumes,
    rows: Rows,
    pulses: Pulses,
    soft: Soft,
) -> None:
    """Dim the pulses of a tile's beams by volumes, and fill ``soft`` with their echoes.

    ``beta`` is the even air's backscatter, ``length`` the pulse's, m of range. A beam of several rays is followed along
    its middle; what lies beyond panes and mirrors is dimmed as if it lay straight on. ``soft`` stands for the whole
    air's echo where a beam meets a volume in front of its nearest surface; its power is negative where none is met.
    """
    row, lattice, extinction, backscatter = volumes.row, volumes.lattice, volumes.extinction, volumes.backscatter
    names = volumes.class_id
    origin, direction, when = rows.origin, rows.direction, rows.time
    reach, response, following = pulses.range, pulses.response, pulses.following
    power, distance, name = soft.power, soft.range, soft.name
    opens, open_, near, limit = receiver.overlap_near, receiver.overlap_far, receiver.near, receiver.far
    scale, key, alpha, even = math.pi / receiver.threshold, receiver.key, air.extinction, air.soft_class
    first, tile, lasers, per_beam = place.column, place.columns, place.lasers, place.per_beam
    many = row.shape[0]
    met, ends, state = np.empty(many, np.int64), np.empty((many, 2)), np.empty((many, 4))
    size = _MOST_CELLS + 2 * many
    edge, mass, thick = np.empty(size), np.empty(size), np.empty(size)
    starts, span = 1e-9 * (columns.since_frame - columns.since_motion), 1e-9 * columns.span
    for beam in range(power.shape[0]):
        power[beam], distance[beam], name[beam] = -1.0, 0.0, 0
        surface, end = np.inf, 0.0
        for k in range(per_beam):
            ray = beam * per_beam + k
            surface = min(surface, np.float64(reach[ray]))
            while ray >= 0:
                if reach[ray] < np.inf:
                    end = max(end, np.float64(reach[ray]))
                ray = following[ray]
        if surface == np.inf:
            end = limit
        x, y, z = np.float64(origin[beam, 0]), np.float64(origin[beam, 1]), np.float64(origin[beam, 2])
        dx, dy, dz = np.float64(direction[beam, 0]), np.float64(direction[beam, 1]), np.float64(direction[beam, 2])
        time = starts + span * np.float64(when[beam])
        count = _met(row, x, y, z, dx, dy, dz, end, time, met, ends)
        if count == 0:
            continue
        along = (x, y, z, dx, dy, dz, time)
        cells, front = _followed(
            row,
            lattice,
            extinction,
            backscatter,
            along,
            (alpha, beta),
            (opens, open_),
            min(surface, limit),
            end,
            met,
            count,
            ends,
            state,
            edge,
            mass,
            thick,
        )
        for k in range(per_beam):
            ray = beam * per_beam + k
            while ray >= 0:
                if reach[ray] < np.inf:
                    response[ray] *= math.exp(-2.0 * _depth(edge, thick, cells, np.float64(reach[ray])))
                ray = following[ray]
        met_in_front = False
        for m in range(count):
            met_in_front |= ends[m, 0] < surface
        if not met_in_front:
            continue
        power[beam] = 0.0
        stop = min(surface, limit)
        if front == 0 or not mass[front] > 0.0 or stop <= near:
            continue
        peak, low, high = strongest(edge, mass, front, length, near, stop)
        if peak * scale < _FAINT:
            continue
        counter = (first + beam % tile) * lasers + beam // tile
        u, w = uniform2(key, counter, SOFT_LANE)
        at, source = drawn(edge, mass, low, high, length, near, stop, u, w)
        power[beam], distance[beam] = peak * scale, at
        name[beam] = _class_at(row, lattice, backscatter, names, along, source, beta, even, met, count, ends)
