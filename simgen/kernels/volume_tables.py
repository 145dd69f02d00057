"""Parts of the air that differ, as kernels take them: rows of numbers. Without numba, so that anyone may import it."""

from __future__ import annotations

from typing import Final, NamedTuple

from simgen.records.base import F4, F8, I8

#: entries of a volume's row of numbers
SHAPE: Final = 0
#: centre, less the motion's origin, m; sizes, m; velocity, m/s, (3,) each: all at time 0
CENTER: Final = 1
SIZE: Final = 4
VELOCITY: Final = 7
#: how fast its sizes grow, m/s
GROWTH: Final = 10
#: place of its patches' lattice, -1 = even; nodes a metre; how uneven; what is added to a drifted place, (3,) m
LATTICE: Final = 11
FINENESS: Final = 12
CONTRAST: Final = 13
SHIFT: Final = 14
#: so many standard deviations of a puff matter
REACH: Final = 17
ROW_COLUMNS: Final = 18

#: shapes
PUFF: Final = 0
BOX: Final = 1
LAYER: Final = 2

#: a puff ends where it takes less than this, 1/m, and at so many standard deviations (4e-5 of its middle); a layer so
#: many of its heights up (6e-6)
FAINTEST: Final = 1e-4
PUFF_REACH: Final = 4.5
LAYER_REACH: Final = 12.0
#: steps of a quadrature through patches for each node of their finest octave
STEPS_A_NODE: Final = 2.0


class Volumes(NamedTuple):
    """The volumes of one shot that are not clear; V = 0 where there are none."""

    #: (V, ROW_COLUMNS)
    row: F8
    #: values of the patches' lattices, (S, N, N, N); S = 0 where all are even
    lattice: F4
    #: extinction, 1/m, and backscatter, 1/(m sr), where the density is 1, at the wavelengths asked for, (V, W)
    extinction: F8
    backscatter: F8
    #: taxonomy class of what a lidar sees of it, (V,)
    class_id: I8
