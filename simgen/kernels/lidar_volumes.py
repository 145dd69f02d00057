"""What parts of the air that differ do to the beams of a tile: they dim what lies behind, and send echoes themselves.

Neighbouring beams pass through nearly the same air: as long as they are closer together than what the air's density
differs over, one of them is followed for all. That is a twentieth of a puff's standard deviation (a quarter of a thin
one's), a twentieth of a layer's height, a node of the patches' finest octave up to 40 m. Where each one's echo ends and
what it is called is its own.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner, spliced
from simgen.kernels.jit import kernel
from simgen.kernels.lidar_follow import NODES, STATE_COLUMNS, Ray, followed, met_by
from simgen.kernels.lidar_soft import arriving, cut, drawn, strongest
from simgen.kernels.lidar_tables import Air, Columns, Place, Pulses, Receiver, Rows, Soft
from simgen.kernels.noise import uniform2
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
    Volumes,
)
from simgen.kernels.volumes import even_density, patch_factor
from simgen.records.base import F4, F8, I8

#: lane of the draws of an echo's range, a firing's own
SOFT_LANE = 90
#: most cells of a beam, beside the ends of its volumes
_MOST_CELLS = 512
#: echoes below this share of the threshold are never heard
_FAINT = 0.02
#: beams for which the volumes near by are listed together, and of which one may be followed for all
_LISTED, _TOGETHER = 64, 8
#: neighbours share a puff to such an error of its optical depth
_CLOSE = 0.05
#: patches are told apart up to this range, m
_DISTINCT = 40.0


@spliced
def _extent(row: F8, v: int, time: float) -> tuple[float, float]:
    """Smallest size of a puff or a box, and the radius of a ball around all that matters of it, m."""
    a, b, c = row[v, SIZE], row[v, SIZE + 1], row[v, SIZE + 2]
    if row[v, SHAPE] != PUFF:
        return min(a, b, c), math.sqrt(a * a + b * b + c * c)
    grown = row[v, GROWTH] * time
    return min(a, b, c) + grown, row[v, REACH] * (max(a, b, c) + grown)


@inner
def _list(
    row: F8, low: int, high: int, origin: F4, direction: F4, when: F4, starts: float, span: float, out: I8
) -> int:
    """The volumes that any of some beams may meet: those whose ball touches the cone around the beams; how many."""
    middle = (low + high) // 2
    dx, dy, dz = np.float64(direction[middle, 0]), np.float64(direction[middle, 1]), np.float64(direction[middle, 2])
    x, y, z = np.float64(origin[middle, 0]), np.float64(origin[middle, 1]), np.float64(origin[middle, 2])
    cosine, apart, first, last = 1.0, 0.0, np.float64(when[middle]), np.float64(when[middle])
    for k in range(low, high):
        cosine = min(cosine, dx * direction[k, 0] + dy * direction[k, 1] + dz * direction[k, 2])
        apart = max(apart, abs(origin[k, 0] - x) + abs(origin[k, 1] - y) + abs(origin[k, 2] - z))
        first, last = min(first, np.float64(when[k])), max(last, np.float64(when[k]))
    sine, time = math.sqrt(max(1.0 - cosine * cosine, 0.0)), starts + span * 0.5 * (first + last)
    count, lasts = 0, 0.5 * span * (last - first)
    for v in range(row.shape[0]):
        if row[v, SHAPE] <= BOX and cosine > 0.0:
            ux, uy, uz = row[v, VELOCITY], row[v, VELOCITY + 1], row[v, VELOCITY + 2]
            px = row[v, CENTER] + ux * time - x
            py = row[v, CENTER + 1] + uy * time - y
            pz = row[v, CENTER + 2] + uz * time - z
            _, radius = _extent(row, v, time + lasts)
            radius += apart + lasts * (abs(ux) + abs(uy) + abs(uz))
            along = px * dx + py * dy + pz * dz
            square = px * px + py * py + pz * pz
            beside = math.sqrt(max(square - along * along, 0.0))
            if square > radius * radius and beside * cosine - along * sine > radius:
                continue
        out[count] = v
        count += 1
    return count


@inner
def _alike(
    row: F8,
    extinction: F8,
    near_by: I8,
    some: int,
    low: int,
    high: int,
    origin: F4,
    direction: F4,
    ray: Ray,
    met: I8,
    count: int,
    ends: F8,
) -> bool:
    """Whether the air along all of some beams is as along one of them, which meets ``count`` volumes."""
    x, y, z, dx, dy, dz, time = ray
    turned, rises, apart, above = 0.0, 0.0, 0.0, 0.0
    for k in range(low, high):
        tx, ty, tz = direction[k, 0] - dx, direction[k, 1] - dy, direction[k, 2] - dz
        turned = max(turned, tx * tx + ty * ty + tz * tz)
        rises = max(rises, abs(tz))
        tx, ty, tz = origin[k, 0] - x, origin[k, 1] - y, origin[k, 2] - z
        apart = max(apart, tx * tx + ty * ty + tz * tz)
        above = max(above, abs(tz))
    turned, apart = math.sqrt(turned), math.sqrt(apart)
    for n in range(some):
        v = near_by[n]
        if row[v, SHAPE] <= BOX:
            px = row[v, CENTER] + row[v, VELOCITY] * time - x
            py = row[v, CENTER + 1] + row[v, VELOCITY + 1] * time - y
            pz = row[v, CENTER + 2] + row[v, VELOCITY + 2] * time - z
            along = px * dx + py * dy + pz * dz
            square = px * px + py * py + pz * pz
            narrow, radius = _extent(row, v, time)
            aside = turned * (math.sqrt(square) + radius) + apart
            if square - along * along > (radius + aside) * (radius + aside):
                continue
            if row[v, SHAPE] == BOX or aside > narrow * min(max(_CLOSE / (extinction[v, 0] * radius), 0.05), 0.25):
                return False
    for m in range(count):
        v, far = met[m], ends[m, 1]
        if row[v, SHAPE] > BOX and rises * far + above > 0.05 * row[v, SIZE + 2]:
            return False
        if row[v, LATTICE] >= 0.0 and turned * min(far, _DISTINCT) + apart > 1.0 / (row[v, FINENESS] * NODES):
            return False
    return True


@spliced
def _depth(edge: F8, thick: F8, cells: int, distance: float) -> float:
    """The volumes' optical depth up to a distance."""
    k = cut(edge, cells, distance)
    part = min((distance - edge[k]) / (edge[k + 1] - edge[k]), 1.0)
    return float(thick[k] + part * (thick[k + 1] - thick[k]))


@inner
def _class_at(
    row: F8,
    lattice: F4,
    backscatter: F8,
    names: I8,
    ray: Ray,
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


@spliced
def _ray_of(row: int, origin: F4, direction: F4, when: F4, starts: float, span: float) -> Ray:
    """A beam in double precision."""
    return (
        np.float64(origin[row, 0]),
        np.float64(origin[row, 1]),
        np.float64(origin[row, 2]),
        np.float64(direction[row, 0]),
        np.float64(direction[row, 1]),
        np.float64(direction[row, 2]),
        starts + span * np.float64(when[row]),
    )


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

    Long, because a group of beams shares one list of cells, in scratch that a helper would be passed array by array.
    """
    row, lattice, extinction, backscatter = volumes.row, volumes.lattice, volumes.extinction, volumes.backscatter
    names = volumes.class_id
    origin, direction, when = rows.origin, rows.direction, rows.time
    reach, response, following = pulses.range, pulses.response, pulses.following
    power, distance, name = soft.power, soft.range, soft.name
    opens, open_, near, limit = receiver.overlap_near, receiver.overlap_far, receiver.near, receiver.far
    scale, key, alpha, even = math.pi / receiver.threshold, receiver.key, air.extinction, air.soft_class
    first, tile, lasers, per_beam = place.column, place.columns, place.lasers, place.per_beam
    many, beams = row.shape[0], power.shape[0]
    near_by, met, ends, state = (
        np.empty(many, np.int64),
        np.empty(many, np.int64),
        np.empty((many, 2)),
        np.empty((many, STATE_COLUMNS)),
    )
    order, size = np.empty(many, np.int64), _MOST_CELLS + 2 * many
    edge, mass, thick, early = np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    surface, end = np.empty(_TOGETHER), np.empty(_TOGETHER)
    starts, span = 1e-9 * (columns.since_frame - columns.since_motion), 1e-9 * columns.span
    low, listed, some = 0, 0, 0
    while low < beams:
        if low >= listed:
            listed = min(low + _LISTED, beams)
            some = _list(row, low, listed, origin, direction, when, starts, span, near_by)
        if some == 0:
            power[low:listed] = -1.0
            low = listed
            continue
        high = min(low + _TOGETHER, listed)
        farthest = 0.0
        for beam in range(low, high):
            power[beam], distance[beam], name[beam] = -1.0, 0.0, 0
            hit, last = np.inf, 0.0
            for k in range(per_beam):
                ray = beam * per_beam + k
                hit = min(hit, np.float64(reach[ray]))
                while ray >= 0:
                    if reach[ray] < np.inf:
                        last = max(last, np.float64(reach[ray]))
                    ray = following[ray]
            surface[beam - low], end[beam - low] = hit, limit if hit == np.inf else last
            farthest = max(farthest, end[beam - low])
        while True:
            along = _ray_of((low + high) // 2, origin, direction, when, starts, span)
            count = met_by(row, near_by, some, along, farthest, met, ends)
            if high - low <= 1 or _alike(
                row, extinction, near_by, some, low, high, origin, direction, along, met, count, ends
            ):
                break
            # too far apart: half as many of them
            high = (low + high) // 2
            farthest = 0.0
            for beam in range(low, high):
                farthest = max(farthest, end[beam - low])
        if count == 0:
            low = high
            continue
        cells = followed(
            row,
            lattice,
            extinction,
            backscatter,
            along,
            (alpha, beta),
            (opens, open_),
            farthest,
            met,
            count,
            ends,
            state,
            order,
            edge,
            mass,
            thick,
        )
        begins, one, what = np.inf, True, even if beta > 0.0 else names[met[0]]
        for m in range(count):
            begins = min(begins, ends[m, 0])
            one &= names[met[m]] == what
        # the strongest of all is that of every beam whose surface does not cut it off
        whole, reached, left_cell, right_cell = 0.0, np.inf, 0, 0
        if mass[cells] > 0.0 and edge[cells] > near:
            whole, where, left_cell, right_cell = strongest(edge, mass, cells, length, near, edge[cells])
            reached = where + 0.5 * length
            arriving(edge, mass, cells, length, near, early)
        for beam in range(low, high):
            hit = surface[beam - low]
            for k in range(per_beam):
                ray = beam * per_beam + k
                while ray >= 0:
                    if begins < reach[ray] < np.inf:
                        response[ray] *= math.exp(-2.0 * _depth(edge, thick, cells, np.float64(reach[ray])))
                    ray = following[ray]
            if begins >= hit:
                continue
            power[beam] = 0.0
            stop = min(hit, limit, edge[cells])
            if stop <= near:
                continue
            # the cell in which the surface is ends there
            final = cut(edge, cells, stop)
            ended, held, came = edge[final + 1], mass[final + 1], early[final + 1]
            part = (stop - edge[final]) / (ended - edge[final])
            mass[final + 1] = mass[final] + (held - mass[final]) * part
            early[final + 1] = early[final] + (came - early[final]) * part
            edge[final + 1] = stop
            if mass[final + 1] > 0.0:
                peak, before, after = whole, left_cell, min(right_cell, final)
                if stop < reached:
                    peak, _, before, after = strongest(edge, mass, final + 1, length, near, stop)
                if peak * scale >= _FAINT:
                    counter = (first + beam % tile) * lasers + beam // tile
                    u, w = uniform2(key, counter, SOFT_LANE)
                    at, source = drawn(edge, mass, early, before, after, length, near, stop, u, w)
                    power[beam], distance[beam], name[beam] = peak * scale, at, what
                    if not one:
                        own = _ray_of(beam, origin, direction, when, starts, span)
                        name[beam] = _class_at(
                            row, lattice, backscatter, names, own, source, beta, even, met, count, ends
                        )
            edge[final + 1], mass[final + 1], early[final + 1] = ended, held, came
        low = high
