"""What the kernel of scanners without a rotor gets: numbers under names. Without numba: anyone may import it."""

from __future__ import annotations

from typing import Final, NamedTuple

from simgen.records.base import F8

RISLEY: Final = 0
MIRRORS: Final = 1
RASTER: Final = 2

STILL: Final = 0.0
TURN: Final = 1.0
SAW: Final = 2.0
TRIANGLE: Final = 3.0
SINE: Final = 4.0


class Scan(NamedTuple):
    """How the beams move, and since when."""

    kind: int
    #: the first firing of the frame, ns since time 0 of the scene
    start: float
    #: (P, 6) a prism a row: cosine and sine of the wedge, index, turns/ns, turns at time 0, 1 if the light meets the
    #: slanted face first
    prisms: F8
    #: (2, 5) azimuth and elevation: shape, periods/ns, periods at time 0, from, to (rad)
    axes: F8
    #: a raster's width, rad, and its columns
    width: float
    columns: float
