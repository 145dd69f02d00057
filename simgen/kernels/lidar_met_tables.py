"""What the kernels of single particles in beams pass to each other. Without numba, so that anyone may import it."""

from __future__ import annotations

from typing import Final, NamedTuple

from simgen.records.base import F4, F8, I4, I8, U1, U2, U8

#: columns of ``Sight.lasers``: sine and cosine of the elevation; cosine and sine of the azimuth from the rotor at the
#: column's start, where the beam starts (along the rotor, to its left, up), the share of the column that has passed,
#: the azimuth itself, how far aside of the axis the beam passes, and how far from there along its azimuth it starts
RISE, LEVEL, AHEAD, ASIDE, ON, OFF, UP, PART, TURNED, BESIDE, AWAY, LASER_COLUMNS = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11


class Sight(NamedTuple):
    """A rotating lidar during a sweep, as what flies by meets it."""

    #: (A, AXES) as in ``lidar_aim``; by laser, (L, LASER_COLUMNS)
    axes: F8
    lasers: F8
    #: lasers from the lowest up, (L,), the sines of their elevations, and for each of (B,) even steps of the sine the
    #: first laser that is not below it
    rising: I8
    sines: F8
    first: I4
    low: float
    step: float
    #: rotor azimuth at the first firing, and from column to column; columns in a whole turn
    start: float
    turn: float
    whole: float
    #: ns between columns, and from the instant of the particles' places to the first firing
    cycle: float
    since: float
    #: where the sensor is at that instant, (12,): its place, then its axes
    middle: F8
    #: full width of the beam, rad, and its height
    wide: float
    tall: float
    #: nearer than this is the sensor itself, m
    nearest: float
    #: how far things move past the sensor while lasers of one column look to one side, and between their heights, m
    slack: float
    #: the same during half a turn; and columns by which a laser looks aside, at most
    moved: float
    edge: float


class Band(NamedTuple):
    """Between which slopes of the world the lidar looks, and how far beside that things may be, m."""

    low: float
    high: float
    slack: float
    #: how much the azimuths of its own frame differ from those of the world, rad
    leans: float


class Sizes(NamedTuple):
    """Kinds of particles by size, (K, D), and by kind, (K,)."""

    #: how far they are met one by one, m
    reach: F8
    diameter: F8
    #: what one takes away, by its shadow; 0 = it dims nothing by itself
    taken: F8
    #: share of the light that comes straight back, and class
    bright: F8
    name: U2


class Cloud(NamedTuple):
    """Particles as in ``Near``, (N, ...)."""

    position: F8
    velocity: F8
    kind: U1
    size: U2
    key: U8


class Met(NamedTuple):
    """Which particle is in which beam, (M,) each."""

    #: column * lasers + laser
    beam: I8
    range: F4
    #: share of the beam that is covered, and that is lost one way
    cover: F4
    block: F4
    kind: U1
    #: identity of the particle
    key: U8


class Drops(NamedTuple):
    """The brightest echoes of single particles by beam of a tile, (N, 2): power 0 = none."""

    power: F8
    range: F8
    name: U2


MET_TYPES: Final = ("int64", "float32", "float32", "float32", "uint8", "uint64")
