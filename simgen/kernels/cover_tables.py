"""What kernels need to know of the weather on surfaces, under names. Without numba, so that anyone may import it."""

from __future__ import annotations

from typing import Final, NamedTuple

from simgen.records.base import F4

#: columns of ``Cover.matter``: how much of a film darkens it (0 = water runs off), whether water may stand, whether
#: what sends light back are glass beads, which drown, whether snow stays (people shake it off), how much of a film is
#: smooth
SOAKS: Final = 0
HOLDS: Final = 1
BEADS: Final = 2
KEEPS_SNOW: Final = 3
SHINES: Final = 4
MATTER_COLUMNS: Final = 5


class Cover(NamedTuple):
    """What lies on surfaces now, and where it may."""

    #: (R, C) top of what stands still, m, world frame, as in Exposure
    height: F4
    #: (R, C) how much tyres wear there, by the same nodes
    worn: F4
    #: (V,) by vertex of the stage: 1 = open within its own model
    vertex: F4
    #: (S, MATTER_COLUMNS) by row of the surfaces
    matter: F4
    #: cumulative distribution of the noise that patches are made of, at even steps of its range
    ranks: F4
    #: first node of ``height`` less the motion's origin, and the spacing
    x: float
    y: float
    cell: float
    #: the motion's origin
    origin_x: float
    origin_y: float
    origin_z: float
    #: film of water, shares of level ground under water and under ice, depth of snow, m
    wetness: float
    puddles: float
    snow: float
    ice: float
    #: share of the snow's depth that tyres have taken out of their tracks
    tracks: float
    #: rate of rain, mm/h, and the time, s: it makes rings in puddles
    rain: float
    time: float
