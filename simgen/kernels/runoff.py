"""Drops of water on a pane: they arrive, grow together, run down, leave beads behind, and are wiped off.

Everything is a function of the time alone: what arrives is told by a counter generator, and time goes on in ticks that
are counted from time 0, so a state that was kept and one that is made anew are the same bits. Places are metres on the
pane, x to the right and y down as in the picture.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.jit import kernel
from simgen.kernels.noise import normal, poisson, uniform, uniform2
from simgen.records.base import F8

#: arrivals that a cell of the clock holds on average
PER_CELL = 8.0
#: s
TICK = 0.02
#: columns of the table of drops: place, volume (m3), radius of the wetted disc, way that it has run and where on it the
#: last bead was left (m), speed (m/s), direction (rad, 0 = along x), identity
X, Y, VOLUME, RADIUS, WAY, BEAD, SPEED, HEADING, IDENTITY, COLUMNS = range(10)
#: surface tension of water at 10 C, N/m; its density, kg/m3, and viscosity, Pa s
TENSION = 0.0742
DENSITY = 999.7
VISCOSITY = 1.31e-3
#: speed of a running drop in capillary speeds, by how far the force on it is beyond what holds it (Podgorski,
#: Flesselles and Limat 2001 found 7e-3 for an oil), and the fastest
_SLOPE = 0.006
_FASTEST = 0.6
#: once it runs, this share of the force is enough to keep it running
_KINETIC = 0.7
#: drag of a drop in the slow air near the pane (Cd of 1, a third of the dynamic pressure, frontal area 0.5 a^2), kg/m3
_DRAG = 0.5 * 1.25 * 0.33 * 0.5
#: a bead is left behind every so many radii
_BEAD_EVERY = 2.0
_MEANDER = 0.22
_PATCH = 2e-3


class Pane(NamedTuple):
    """The wetted pane."""

    #: its borders, m
    left: float
    right: float
    top: float
    bottom: float
    #: volume of a drop by the cube of its radius
    form: float
    #: difference of the cosines of the receding and the advancing contact angle
    hold: float
    #: the wiper's pivot, the first and the last angle of its stroke, its period (inf = none) and a stroke's time
    pivot_x: float
    pivot_y: float
    angle_0: float
    angle_1: float
    period: float
    stroke: float


class Clock(NamedTuple):
    """What meets the pane, by interval between knots: K intervals of ``step`` s from ``start`` s on."""

    start: float
    step: float
    #: arrivals on the pane since time 0, at knots, (K + 1,)
    met: F8
    #: share of the drops smaller than an edge, (K, B + 1), and these diameters, m, (B + 1,)
    smaller: F8
    diameter: F8
    #: acceleration along the pane, m/s2, and speed of the air along it, m/s: x, y each, (K, 4)
    push: F8


@inner
def wiped_at(x: float, y: float, pane: Pane, time: float) -> float:
    """When a place was last wiped before a time, s; -inf = never."""
    if not pane.period < math.inf:
        return -math.inf
    angle = math.atan2(x - pane.pivot_x, pane.pivot_y - y)
    share = (angle - pane.angle_0) / (pane.angle_1 - pane.angle_0)
    if share < 0.0 or share > 1.0:
        return -math.inf
    begin = math.floor(time / pane.period) * pane.period
    back = begin + pane.stroke * (2.0 - share)
    if back <= time:
        return back
    out = begin + pane.stroke * share
    return out if out <= time else back - pane.period


@kernel
def arrivals(key: int, first: int, last: int, clock: Clock, pane: Pane) -> F8:
    """What arrives in cells first..last of the clock, (N, 4): time s, place x, y, diameter m; not in order.

    The time is inf where it is outside the clock.
    """
    total = 0
    for cell in range(first, last):
        total += poisson(PER_CELL, key, cell, 0)
    out = np.empty((total, 4))
    row, knots = 0, clock.met.shape[0] - 1
    for cell in range(first, last):
        for j in range(poisson(PER_CELL, key, cell, 0)):
            when, size = uniform2(key, cell, 64 + 2 * j)
            across, down = uniform2(key, cell, 65 + 2 * j)
            value = (cell + when) * PER_CELL
            k = min(max(np.searchsorted(clock.met, value, side="right") - 1, 0), knots - 1)
            rise = clock.met[k + 1] - clock.met[k]
            part = (value - clock.met[k]) / rise if rise > 0.0 else 0.0
            known = clock.met[0] <= value < clock.met[knots]
            out[row, 0] = clock.start + (k + part) * clock.step if known else math.inf
            out[row, 1] = pane.left + across * (pane.right - pane.left)
            out[row, 2] = pane.top + down * (pane.bottom - pane.top)
            b = min(max(np.searchsorted(clock.smaller[k], size, side="right") - 1, 0), clock.diameter.shape[0] - 2)
            low, high = clock.smaller[k, b], clock.smaller[k, b + 1]
            share = (size - low) / (high - low) if high > low else 0.5
            out[row, 3] = clock.diameter[b] + share * (clock.diameter[b + 1] - clock.diameter[b])
            row += 1
    return out


@inner
def _add(table: F8, count: int, x: float, y: float, volume: float, identity: float, form: float) -> int:
    """One more drop at rest, if there is room."""
    if count >= table.shape[0]:
        return count
    table[count, X], table[count, Y], table[count, VOLUME] = x, y, volume
    table[count, RADIUS] = (volume / form) ** (1.0 / 3.0)
    table[count, WAY], table[count, BEAD], table[count, SPEED], table[count, HEADING] = 0.0, 0.0, 0.0, 0.0
    table[count, IDENTITY] = identity
    return count + 1


@inner
def _gather(table: F8, count: int, i: int, form: float) -> int:
    """Drop i flows together with every drop that it touches, and so on; the larger one stays. Its row."""
    again = True
    while again:
        again = False
        for j in range(count):
            if j == i or table[j, VOLUME] <= 0.0:
                continue
            dx, dy = table[j, X] - table[i, X], table[j, Y] - table[i, Y]
            reach = table[i, RADIUS] + table[j, RADIUS]
            if dx * dx + dy * dy >= reach * reach:
                continue
            big, small = (i, j) if table[i, VOLUME] >= table[j, VOLUME] else (j, i)
            whole = table[big, VOLUME] + table[small, VOLUME]
            share = table[small, VOLUME] / whole
            table[big, X] += share * (table[small, X] - table[big, X])
            table[big, Y] += share * (table[small, Y] - table[big, Y])
            table[big, VOLUME], table[small, VOLUME] = whole, 0.0
            table[big, RADIUS] = (whole / form) ** (1.0 / 3.0)
            table[big, SPEED] = max(table[big, SPEED], table[small, SPEED])
            i, again = big, True
            break
    return i


@inner
def _run(table: F8, count: int, i: int, push: F8, k: int, step: float, pane: Pane, key: int) -> int:
    """Drop i for one step: held by its rim, or running; how many drops there are now.

    A drop runs when gravity and air push more than ``2 a gamma (cos receding - cos advancing)`` (Furmidge 1962).
    """
    volume, radius = table[i, VOLUME], table[i, RADIUS]
    drag_x = _DRAG * radius * radius * push[k, 2] * abs(push[k, 2])
    drag_y = _DRAG * radius * radius * push[k, 3] * abs(push[k, 3])
    fx, fy = DENSITY * volume * push[k, 0] + drag_x, DENSITY * volume * push[k, 1] + drag_y
    force, held = math.sqrt(fx * fx + fy * fy), 2.0 * radius * TENSION * pane.hold
    if force <= held * (_KINETIC if table[i, SPEED] > 0.0 else 1.0):
        table[i, SPEED] = 0.0
        return count
    beyond = (force - _KINETIC * held) / (TENSION * volume ** (1.0 / 3.0))
    speed = min(_SLOPE * TENSION / VISCOSITY * beyond, _FASTEST)
    identity = int(table[i, IDENTITY])
    # the pane is not clean everywhere alike: drops swerve
    swerve = _MEANDER * normal(key, identity, 1 + int(table[i, WAY] / _PATCH))
    heading = math.atan2(fy, fx) + swerve
    cx, cy = math.cos(heading), math.sin(heading)
    table[i, SPEED], table[i, HEADING] = speed, heading
    table[i, X] += speed * step * cx
    table[i, Y] += speed * step * cy
    table[i, WAY] += speed * step
    if table[i, WAY] - table[i, BEAD] < _BEAD_EVERY * radius:
        return count
    table[i, BEAD] = table[i, WAY]
    draw = uniform(key, identity, 100_000 + int(table[i, WAY] / 1e-5))
    bead = radius * (0.16 + 0.3 * draw)
    behind = radius + 1.5 * bead
    left = pane.form * bead**3
    table[i, VOLUME] = volume - left
    table[i, RADIUS] = ((volume - left) / pane.form) ** (1.0 / 3.0)
    x, y = table[i, X] - behind * cx, table[i, Y] - behind * cy
    return _add(table, count, x, y, left, identity + 0.5 * draw + 1e9, pane.form)


@inner
def _kept(table: F8, count: int, begin: float, end: float, pane: Pane) -> int:
    """Moves up the drops that are still there after wiping and running off; how many."""
    kept = 0
    for i in range(count):
        x, y = table[i, X], table[i, Y]
        if table[i, VOLUME] <= 0.0 or x < pane.left or x > pane.right or y < pane.top or y > pane.bottom:
            continue
        if wiped_at(x, y, pane, end) > begin:
            continue
        if kept != i:
            for c in range(COLUMNS):
                table[kept, c] = table[i, c]
        kept += 1
    return kept


@kernel
def advance(
    table: F8, count: int, first: int, last: int, end: float, falling: F8, clock: Clock, pane: Pane, key: int
) -> int:
    """From tick ``first`` to tick ``last`` and on to ``end`` s within it; how many drops there are then.

    ``table`` (M, COLUMNS) holds ``count`` drops; ``falling`` (N, 4): what arrives, in the order of time.
    """
    intervals = clock.push.shape[0]
    row = np.searchsorted(falling[:, 0], first * TICK, side="left")
    tick = first
    while tick < last or tick * TICK < end:
        begin = tick * TICK
        until = (tick + 1) * TICK if tick < last else end
        k = min(max(int((begin - clock.start) / clock.step), 0), intervals - 1)
        while row < falling.shape[0] and falling[row, 0] < until:
            # what comes before the blade is wiped with the rest
            if wiped_at(falling[row, 1], falling[row, 2], pane, until) <= falling[row, 0]:
                volume = math.pi / 6.0 * falling[row, 3] ** 3
                before = count
                name = math.floor(falling[row, 0] * 1e6) + 2e12
                count = _add(table, count, falling[row, 1], falling[row, 2], volume, name, pane.form)
                if count > before:
                    _gather(table, count, before, pane.form)
            row += 1
        # beads that are left in this step rest
        for i in range(count):
            if table[i, VOLUME] > 0.0:
                count = _run(table, count, i, clock.push, k, until - begin, pane, key)
                if table[i, SPEED] > 0.0:
                    _gather(table, count, i, pane.form)
        count = _kept(table, count, begin, until, pane)
        if tick >= last:
            break
        tick += 1
    return count
