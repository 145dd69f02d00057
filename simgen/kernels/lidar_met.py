"""Which single particle is in which beam of a rotating lidar, at the instant at which the beam passes it.

A particle flies straight; the sensor's place and axes are those of the firing's own instant. The column that looks at
it is a fixed point: the azimuth at one column's instant names the next. Both discs, the beam's cross-section and the
particle's shadow, may overlap in part: so the mean power that comes back is that of all particles at any range.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner, spliced
from simgen.kernels.jit import device, kernel
from simgen.kernels.lidar_aim import rotor_axes
from simgen.kernels.lidar_met_tables import (
    AHEAD,
    ASIDE,
    AWAY,
    BESIDE,
    LEVEL,
    OFF,
    ON,
    PART,
    RISE,
    TURNED,
    UP,
    Band,
    Cloud,
    Met,
    Sight,
    Sizes,
)
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
from simgen.records.base import F8, I8, U1, U2, U8

#: steps of the fixed points at most, and columns that end them
_TRIES = 5
_CLOSE = 0.1
#: the share of the rotor's own speed that things seem to have, at most
_FAST = 0.8
#: what straight lines in a few columns' time are wrong by, by the range
_CURVED = 1e-3
_NS = 1e-9


@kernel
def axes_of(columns: Columns, axes: F8) -> None:
    """The rotor's axes of all columns, (A, AXES)."""
    for c in range(axes.shape[0]):
        rotor = columns.start_azimuth + columns.spin * (c * columns.cycle)
        rotor_axes(columns, c, math.cos(rotor), math.sin(rotor), axes, c)


@spliced
def _angle(y: float, x: float) -> float:
    """The angle of a direction, rad, to 2e-5: a polynomial (Abramowitz and Stegun 4.4.49), so that loops stay short."""
    a, b = abs(x), abs(y)
    t = min(a, b) / max(max(a, b), 1e-300)
    z = t * t
    angle = t * (0.999866 + z * (-0.3302995 + z * (0.180141 + z * (-0.085133 + z * 0.0208351))))
    angle = 0.5 * math.pi - angle if b > a else angle
    angle = math.pi - angle if x < 0.0 else angle
    return -angle if y < 0.0 else angle


@inner
def covered(apart: float, beam: float, drop: float) -> float:
    """Share of a disc of one radius that a disc of another covers, whose middle is so far away."""
    if apart >= beam + drop:
        return 0.0
    if apart <= abs(beam - drop):
        return min(drop / beam, 1.0) ** 2
    # the lens of two circles: two circular sectors less the kite between their middles and crossings
    one = (apart * apart + beam * beam - drop * drop) / (2.0 * apart * beam)
    two = (apart * apart + drop * drop - beam * beam) / (2.0 * apart * drop)
    kite = (beam + drop - apart) * (apart + beam - drop) * (apart - beam + drop) * (apart + beam + drop)
    lens = beam * beam * math.acos(min(max(one, -1.0), 1.0)) + drop * drop * math.acos(min(max(two, -1.0), 1.0))
    return (lens - 0.5 * math.sqrt(max(kite, 0.0))) / (math.pi * beam * beam)


@inner
def _seen(axes: F8, c: int, part: float, x: float, y: float, z: float) -> tuple[float, float, float]:
    """A place in the rotor's axes at an instant within a column."""
    a = axes[c]
    x, y, z = x - a[9] - part * a[21], y - a[10] - part * a[22], z - a[11] - part * a[23]
    return (
        x * (a[0] + part * a[12]) + y * (a[1] + part * a[13]) + z * (a[2] + part * a[14]),
        x * (a[3] + part * a[15]) + y * (a[4] + part * a[16]) + z * (a[5] + part * a[17]),
        x * (a[6] + part * a[18]) + y * (a[7] + part * a[19]) + z * (a[8] + part * a[20]),
    )


@inner
def _looks(
    axes: F8,
    c: float,
    turn: float,
    cycle: float,
    since: float,
    place: tuple[float, float, float],
    speed: tuple[float, float, float],
) -> tuple[float, float, float]:
    """The column near ``c`` whose rotor looks at a particle, a broken number, the sine of its elevation and its range.

    Columns are counted on beyond the turn's ends.
    """
    height, square = 0.0, 1.0
    for _ in range(_TRIES):
        at = min(max(math.floor(c), 0), axes.shape[0] - 1)
        part, t = min(max(c - at, 0.0), 1.0), (since + c * cycle) * _NS
        ahead, aside, height = _seen(
            axes, at, part, place[0] + t * speed[0], place[1] + t * speed[1], place[2] + t * speed[2]
        )
        square = ahead * ahead + aside * aside + height * height
        before, c = c, at + _angle(aside, ahead) / turn
        if abs(c - before) < 0.5:
            break
    r = math.sqrt(max(square, 1e-12))
    return c, height / r, r


@inner
def _enter(
    axes: F8,
    own: F8,
    c: float,
    laser: int,
    count: int,
    turn: float,
    cycle: float,
    since: float,
    wide: float,
    tall: float,
    nearest: float,
    place: tuple[float, float, float],
    speed: tuple[float, float, float],
    reach: float,
    diameter: float,
    taken: float,
    moved: float,
    kind: int,
    key: np.uint64,
    met: Met,
    n: int,
) -> int:
    """Enter a particle into the beams of one laser that it is in; ``c`` is about the column. How many there are now."""
    columns, across_turn = axes.shape[0], abs(turn)
    part, d, r = own[PART], 1.0, 1.0
    for _ in range(_TRIES):
        at = min(max(math.floor(c), 0), columns - 1)
        t = (since + (at + part) * cycle) * _NS
        ahead, aside, height = _seen(
            axes, at, part, place[0] + t * speed[0], place[1] + t * speed[1], place[2] + t * speed[2]
        )
        d = max(math.sqrt(ahead * ahead + aside * aside), 1e-6)
        r = math.sqrt(d * d + height * height)
        wanted = own[TURNED] + math.asin(min(max(own[BESIDE] / d, -1.0), 1.0))
        left = math.atan2(aside, ahead) - wanted
        left -= 2.0 * math.pi * math.floor(left / (2.0 * math.pi) + 0.5)
        before, c = c, at + left / turn
        if abs(c - before) < _CLOSE:
            break
    beam_angle = math.sqrt(wide * tall)
    # what overtakes the rotor, or runs before it, is in more columns
    chased = min(moved / (math.pi * r), _FAST)
    half = 0.5 * wide * (r + diameter / beam_angle) / (d * across_turn * (1.0 - chased)) + _CLOSE
    for k in range(max(math.ceil(c - half), 0), min(math.floor(c + half), columns - 1) + 1):
        t = (since + (k + part) * cycle) * _NS
        x, y, z = _seen(axes, k, part, place[0] + t * speed[0], place[1] + t * speed[1], place[2] + t * speed[2])
        x, y, z = x - own[ON], y - own[OFF], z - own[UP]
        level = x * own[AHEAD] + y * own[ASIDE]
        along = level * own[LEVEL] + z * own[RISE]
        if along <= nearest or along > reach:
            continue
        across = (y * own[AHEAD] - x * own[ASIDE]) / wide
        over = (z * own[LEVEL] - level * own[RISE]) / tall
        # a beam that is not round is one of the same area, seen through a glass that stretches it
        apart = beam_angle * math.sqrt(across * across + over * over)
        share = covered(apart, 0.5 * beam_angle * along, 0.5 * diameter)
        if share <= 0.0:
            continue
        if n < met.beam.shape[0]:
            met.beam[n], met.range[n], met.cover[n] = k * count + laser, along, share
            met.block[n], met.kind[n], met.key[n] = min(taken * share, 1.0), kind, key
        n += 1
    return n


@inner
def _drift(axes: F8, c: float, cycle: float, speed: tuple[float, float, float]) -> tuple[float, float]:
    """How fast what the rotor looks at rises over the sensor, and how fast it goes away from it, m a column."""
    a = axes[min(max(int(c), 0), axes.shape[0] - 1)]
    x, y, z = speed[0] * cycle - a[21], speed[1] * cycle - a[22], speed[2] * cycle - a[23]
    return x * a[6] + y * a[7] + z * a[8], x * a[0] + y * a[1] + z * a[2]


@inner
def _lasers_met(
    sight: Sight,
    sizes: Sizes,
    kind: int,
    size: int,
    c: float,
    sine: float,
    r: float,
    place: tuple[float, float, float],
    speed: tuple[float, float, float],
    key: np.uint64,
    met: Met,
    n: int,
) -> int:
    """Enter a particle into the beams that it is in about a column that looks at it; how many there are now."""
    lasers, diameter, reach = sight.lasers, sizes.diameter[kind, size], sizes.reach[kind, size]
    beam = math.sqrt(sight.wide * sight.tall)
    thick = 0.5 * sight.tall * (1.0 + diameter / (beam * r))
    margin = thick + sight.slack / r
    at = int((sine - margin - sight.low) / sight.step)
    if at >= sight.first.shape[0] or r > reach + sight.slack:
        return n
    i, count = sight.first[max(at, 0)], lasers.shape[0]
    high, level = r * sine, r * math.sqrt(max(1.0 - sine * sine, 0.0))
    # how fast it rises over the sensor and moves away from it, m a column
    rises, leaves = _drift(sight.axes, c, 1e-9 * sight.cycle, speed)
    # and it rises while the beam's width passes it
    wide = 0.5 * sight.wide * (1.0 + diameter / (beam * r)) * r / (max(level, 1e-3) * abs(sight.turn))
    near = (thick + _CURVED) * r + abs(rises) * (wide + 1.0)
    while i < count and sight.sines[i] <= sine + margin:
        laser = sight.rising[i]
        i += 1
        own = lasers[laser]
        # a laser that looks aside, or from beside the rotor's axis, looks at it so many columns later
        late = -(own[TURNED] + own[BESIDE] / max(level, abs(own[BESIDE]), 1e-6)) / sight.turn
        over = (high + late * rises - own[UP]) * own[LEVEL] - (level + late * leaves - own[AWAY]) * own[RISE]
        if abs(over) > near + 0.5 * own[BESIDE] * own[BESIDE] / r:
            continue
        n = _enter(
            sight.axes,
            own,
            c + late,
            laser,
            count,
            sight.turn,
            sight.cycle,
            sight.since,
            sight.wide,
            sight.tall,
            sight.nearest,
            place,
            speed,
            reach,
            diameter,
            sizes.taken[kind, size],
            sight.moved,
            kind,
            key,
            met,
            n,
        )
    return n


@inner
def beams_met(
    sight: Sight,
    sizes: Sizes,
    kind: int,
    size: int,
    place: tuple[float, float, float],
    speed: tuple[float, float, float],
    key: np.uint64,
    met: Met,
    n: int,
) -> int:
    """Enter a particle into all beams that it is in; how many there are now."""
    middle, whole = sight.middle, sight.whole
    dx, dy, dz = place[0] - middle[0], place[1] - middle[1], place[2] - middle[2]
    ahead = dx * middle[3] + dy * middle[4] + dz * middle[5]
    aside = dx * middle[6] + dy * middle[7] + dz * middle[8]
    c = (_angle(aside, ahead) - sight.start) / sight.turn
    c -= math.floor(c / whole) * whole
    # the turn's first and last columns look to the same side, and by then it has moved
    edge = sight.edge + whole * min(sight.moved / max(abs(ahead) + abs(aside), 1e-3), 1.0)
    last = -np.inf
    for turns in range(-1, 2):
        about = c + turns * whole
        if not -edge <= about <= sight.axes.shape[0] + edge:
            continue
        about, sine, r = _looks(sight.axes, about, sight.turn, sight.cycle, sight.since, place, speed)
        if about - last > 0.25 * whole:
            n = _lasers_met(sight, sizes, kind, size, about, sine, r, place, speed, key, met, n)
            last = about
    return n


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
    c = (_angle(x * middle[6] + y * middle[7], x * middle[3] + y * middle[4]) - start) / turn
    c -= math.floor(c / whole) * whole
    late = whole * (unsure + leans) / (2.0 * math.pi)
    if c < ends + late or c > axes.shape[0] - ends - late:
        return (0.0, 0.0, 0.0), np.inf
    gone, nearer = (0.0, 0.0, 0.0), away
    for _ in range(3):
        at = min(max(int(c), 0), axes.shape[0] - 1)
        a, t = axes[at], (since + c * cycle) * _NS
        gone = t * speed[0] - a[9] + middle[0], t * speed[1] - a[10] + middle[1], t * speed[2] - a[11] + middle[2]
        p, q = x + gone[0], y + gone[1]
        c = at + _angle(p * a[3] + q * a[4], p * a[0] + q * a[1]) / turn
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

    Only cells that reach into the lidar's field of view are looked at, and none is kept.
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
    span = max(end, 1) * cycle * _NS
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
                if passing(east, north, z0 + h - mz, wx, wy, wz, -since * _NS) > (far + 1.733 * h + apart + thin) ** 2:
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


@kernel
def sort(met: Met, start: I8, order: Met) -> None:
    """The same by beam, and in a beam by range; ``start`` (B + 1), zeroed: the first row of each beam."""
    beam, at = met.beam, met.range
    for m in range(beam.shape[0]):
        start[beam[m] + 1] += 1
    for b in range(start.shape[0] - 1):
        start[b + 1] += start[b]
    filled = np.zeros(start.shape[0] - 1, np.int32)
    for m in range(beam.shape[0]):
        low, k = start[beam[m]], start[beam[m]] + filled[beam[m]]
        filled[beam[m]] += 1
        while k > low and order.range[k - 1] > at[m]:
            _copy(order, k - 1, order, k)
            k -= 1
        _copy(met, m, order, k)


@inner
def _copy(source: Met, row: int, to: Met, k: int) -> None:
    """One row."""
    to.beam[k], to.range[k], to.cover[k] = source.beam[row], source.range[row], source.cover[row]
    to.block[k], to.kind[k], to.key[k] = source.block[row], source.kind[row], source.key[row]
