"""Which particles of the field the beams of a rotating lidar meet: cells that are in view when the rotor looks at them.

Cells are made as they are looked through; who is in which beam is told by :mod:`simgen.kernels.lidar_met_beams`.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner, spliced
from simgen.kernels.jit import device, kernel
from simgen.kernels.lidar_aim import rotor_axes
from simgen.kernels.lidar_met_beams import NS, angle_of, beams_met
from simgen.kernels.lidar_met_tables import Band, Cloud, Met, Sight, Sizes
from simgen.kernels.lidar_tables import Columns
from simgen.kernels.noise import philox
from simgen.kernels.particles import (
    EDGE,
    EMPTY,
    HIGH,
    LOW,
    MEAN,
    MIDDLE,
    REACH,
    SHIFT,
    WORD,
    Jobs,
    apart_from,
    cells_of,
    identity_of,
    longer,
    name_of,
    number_in,
)
from simgen.records.base import F8, U1, U2, U8


@kernel
def axes_of(columns: Columns, axes: F8) -> None:
    """The rotor's axes of all columns, (A, AXES)."""
    for c in range(axes.shape[0]):
        rotor = columns.start_azimuth + columns.spin * (c * columns.cycle)
        rotor_axes(columns, c, math.cos(rotor), math.sin(rotor), axes, c)


@inner
def _enter_all(
    first: int,
    stop: int,
    places: F8,
    keys: U8,
    speed: tuple[float, float, float],
    kind: int,
    size: int,
    sight: Sight,
    sizes: Sizes,
    met: Met,
    n: int,
) -> tuple[int, int, int]:
    """Enter particles of one size until the room is full: the first that is not, how many there are, and would be.

    A loop of its own: in one that may make arrays, all those of the bundles would be counted at every call.
    """
    for i in range(first, stop):
        place = places[i, 0], places[i, 1], places[i, 2]
        found = beams_met(sight, sizes, kind, size, place, speed, keys[i], met, n)
        if found > met.beam.shape[0]:
            return i, n, found
        n = found
    return stop, n, n


@kernel
def meet_listed(first: int, stop: int, near: Cloud, sight: Sight, sizes: Sizes, met: Met) -> int:
    """Enter listed particles into the beams that they are in; how many there would be if there were room for all."""
    n, position, velocity = 0, near.position, near.velocity
    for i in range(first, stop):
        place = position[i, 0], position[i, 1], position[i, 2]
        speed = velocity[i, 0], velocity[i, 1], velocity[i, 2]
        n = beams_met(sight, sizes, near.kind[i], near.size[i], place, speed, near.key[i], met, n)
    return n


@spliced
def passing(x: float, y: float, z: float, wx: float, wy: float, wz: float, span: float) -> float:
    """The square of how near something passes that flies straight for a time before and after it is at a place."""
    square = max(wx * wx + wy * wy + wz * wz, 1e-12)
    t = min(max(-(x * wx + y * wy + z * wz) / square, -span), span)
    return (x + t * wx) ** 2 + (y + t * wy) ** 2 + (z + t * wz) ** 2


@inner
def _when(
    axes: F8,
    middle: F8,
    start: float,
    turn: float,
    whole: float,
    cycle: float,
    since: float,
    ends: float,
    moved: float,
    apart: float,
    leans: float,
    x: float,
    y: float,
    half: float,
    speed: tuple[float, float, float],
) -> tuple[tuple[float, float, float], float]:
    """How far an upright column of cells has moved past the sensor when the rotor looks at it, and how sure that is, m.

    ``x`` and ``y`` are from the sensor at the frame's instant to the column's middle. Near the sensor, and where the
    turn begins and ends, it may be looked at at any time.
    """
    away = max(math.sqrt(x * x + y * y), 1e-6)
    # seen from where the sensor is at the frame's instant the angle is wrong by up to so much
    unsure = min(1.2 * (1.415 * half + moved) / away, math.pi)
    c = (angle_of(x * middle[6] + y * middle[7], x * middle[3] + y * middle[4]) - start) / turn
    c -= math.floor(c / whole) * whole
    late = whole * (unsure + leans) / (2.0 * math.pi)
    if c < ends + late or c > axes.shape[0] - ends - late:
        return (0.0, 0.0, 0.0), np.inf
    gone, nearer = (0.0, 0.0, 0.0), away
    for _ in range(3):
        at = min(max(int(c), 0), axes.shape[0] - 1)
        a, t = axes[at], (since + c * cycle) * NS
        gone = t * speed[0] - a[9] + middle[0], t * speed[1] - a[10] + middle[1], t * speed[2] - a[11] + middle[2]
        p, q = x + gone[0], y + gone[1]
        c = at + angle_of(p * a[3] + q * a[4], p * a[0] + q * a[1]) / turn
        nearer = min(nearer, math.sqrt(p * p + q * q))
    # each step leaves this share of an error
    chased = moved / (math.pi * max(nearer - 1.415 * half, 1e-6))
    if chased > 0.3:
        return (0.0, 0.0, 0.0), np.inf
    unsure = 1.2 * 1.415 * half / (nearer * (1.0 - chased)) + chased**3 * unsure + leans
    if unsure > 0.7:
        return (0.0, 0.0, 0.0), np.inf
    late = whole * unsure / (2.0 * math.pi)
    # half a turn moves it by ``moved``
    return gone, apart + moved * late / (0.5 * whole)


@spliced
def _beside(band: Band, level: float, up: float, slack: float) -> bool:
    """Whether something so far off and so high is above or below all beams, when it may be elsewhere by ``slack``."""
    nearest, farthest = max(level - slack, 0.0), level + slack
    low, high = min(band.low * nearest, band.low * farthest), max(band.high * nearest, band.high * farthest)
    return up < low - slack or up > high + slack


@kernel
def meet_air(
    first: int,
    last: int,
    jobs: Jobs,
    kinds: U1,
    sizes_of: U2,
    velocity: F8,
    band: Band,
    sight: Sight,
    sizes: Sizes,
) -> Met:
    """The same for all particles of slabs of the air's cells, which are made as ``particles.find`` makes them.

    Only cells that reach into the lidar's field of view are looked at, and none is kept. Long, because every loop
    leaves out what the next need not look at, by distances that the one outside has found.
    """
    met, n = (
        Met(
            np.empty(256, np.int64),
            np.empty(256, np.float32),
            np.empty(256, np.float32),
            np.empty(256, np.float32),
            np.empty(256, np.uint8),
            np.empty(256, np.uint64),
        ),
        0,
    )
    axes, middle, start, turn, whole = sight.axes, sight.middle, sight.start, sight.turn, sight.whole
    cycle, since, ends, moved, apart = sight.cycle, sight.since, sight.edge, sight.moved, sight.slack
    places, keys = np.empty((256, 3)), np.empty(256, np.uint64)
    end = axes.shape[0] - 1
    span = max(end, 1) * cycle * NS
    own_speed = (
        (axes[end, 9] - axes[0, 9]) / span,
        (axes[end, 10] - axes[0, 10]) / span,
        (axes[end, 11] - axes[0, 11]) / span,
    )
    for s in range(first, last):
        j = jobs.slab_job[s]
        d, kind, size = jobs.data[j], kinds[j], sizes_of[j]
        speed = velocity[j, 0], velocity[j, 1], velocity[j, 2]
        wx, wy, wz = speed[0] - own_speed[0], speed[1] - own_speed[1], speed[2] - own_speed[2]
        key, edge, reach = jobs.key[j], d[EDGE], d[REACH]
        mean, empty = d[MEAN], d[EMPTY]
        mx, my, mz, sx, sy, sz = d[MIDDLE], d[MIDDLE + 1], d[MIDDLE + 2], d[SHIFT], d[SHIFT + 1], d[SHIFT + 2]
        held = 0
        ix, h, far, thin = jobs.slab_x[s], 0.5 * edge, sizes.reach[kind, size], sizes.diameter[kind, size]
        x0 = ix * edge
        beside = apart_from(mx, x0, edge)
        left = reach * reach - beside * beside
        if left < 0.0:
            continue
        y_first, y_last = cells_of(my, math.sqrt(left), d[LOW + 1], d[HIGH + 1], edge)
        for iy in range(y_first, y_last + 1):
            y0 = iy * edge
            ahead = apart_from(my, y0, edge)
            rest = left - ahead * ahead
            if rest < 0.0:
                continue
            # where the column of cells is when the rotor looks at it, from the sensor then; else anywhere near
            east, north = x0 + h - mx, y0 + h - my
            gone, slack = _when(
                axes, middle, start, turn, whole, cycle, since, ends, moved, apart, band.leans, east, north, h, speed
            )
            slack = min(slack + thin, band.slack)
            away = math.sqrt((east + gone[0]) ** 2 + (north + gone[1]) ** 2)
            nearest, farthest = max(away - 1.415 * h - slack, 0.0), away + 1.415 * h + slack
            within = far + slack
            if nearest > within:
                continue
            half = math.sqrt(within * within - nearest * nearest)
            low = max(-half, min(band.low * nearest, band.low * farthest) - slack) - gone[2]
            high = min(half, max(band.high * nearest, band.high * farthest) + slack) - gone[2]
            for iz in range(math.floor((mz + low) / edge), math.floor((mz + high) / edge) + 1):
                z0 = iz * edge
                if passing(east, north, z0 + h - mz, wx, wy, wz, -since * NS) > (far + 1.733 * h + apart + thin) ** 2:
                    continue
                cell = name_of(ix, iy, iz)
                a, _, w, v = philox(key, cell, 0)
                for k in range(number_in(mean, empty, float(a) * WORD)):
                    a, b, c, _ = philox(key, cell, k + 1)
                    x = x0 + edge * (float(a) * WORD)
                    y = y0 + edge * (float(b) * WORD)
                    z = z0 + edge * (float(c) * WORD)
                    # most of what a cell that reaches into the field of view holds is beside it
                    p, q, up = x - mx + gone[0], y - my + gone[1], z - mz + gone[2]
                    level = math.sqrt(p * p + q * q)
                    if level * level + up * up > within * within or _beside(band, level, up, slack):
                        continue
                    if held == places.shape[0]:
                        places, keys = longer(places), longer(keys)
                    places[held, 0], places[held, 1], places[held, 2] = x + sx, y + sy, z + sz
                    keys[held] = identity_of((np.uint64(w) << np.uint64(32)) | np.uint64(v), k)
                    held += 1
        done = 0
        while True:
            done, n, wanted = _enter_all(done, held, places, keys, speed, kind, size, sight, sizes, met, n)
            if done == held:
                break
            met = _roomier(met, wanted)
    return Met(met.beam[:n], met.range[:n], met.cover[:n], met.block[:n], met.kind[:n], met.key[:n])


@device
def _roomier(met: Met, count: int) -> Met:
    """At least twice the room, and room for so many."""
    while met.beam.shape[0] < count:
        met = Met(
            longer(met.beam),
            longer(met.range),
            longer(met.cover),
            longer(met.block),
            longer(met.kind),
            longer(met.key),
        )
    return met
