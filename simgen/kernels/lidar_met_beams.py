"""Which single particle is in which beam of a rotating lidar, at the instant at which the beam passes it.

A particle flies straight; the sensor's place and axes are those of the firing's own instant. The column that looks at
it is a fixed point: the azimuth at one column's instant names the next. Both discs, the beam's cross-section and the
particle's shadow, may overlap in part: so the mean power that comes back is that of all particles at any range.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner, spliced
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
    Met,
    Sight,
    Sizes,
)
from simgen.records.base import F8

#: steps of the fixed points at most, and columns that end them
_TRIES = 5
_CLOSE = 0.1
#: the share of the rotor's own speed that things seem to have, at most
_FAST = 0.8
#: what straight lines in a few columns' time are wrong by, by the range
_CURVED = 1e-3
NS = 1e-9


@spliced
def angle_of(y: float, x: float) -> float:
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
        part, t = min(max(c - at, 0.0), 1.0), (since + c * cycle) * NS
        ahead, aside, height = _seen(
            axes, at, part, place[0] + t * speed[0], place[1] + t * speed[1], place[2] + t * speed[2]
        )
        square = ahead * ahead + aside * aside + height * height
        before, c = c, at + angle_of(aside, ahead) / turn
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
        t = (since + (at + part) * cycle) * NS
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
        t = (since + (k + part) * cycle) * NS
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
    c = (angle_of(aside, ahead) - sight.start) / sight.turn
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
