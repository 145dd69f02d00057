"""What the kernels of light paths pass among themselves: a few bundles of arrays, and the names of their columns."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.sobol import mix
from simgen.records.base import F4, F8, I8, U4, Bool

#: columns of ``Paths.state``: what is left of the light, density of the ray's direction (0 = nothing else looks for
#: light there), chances that the last surface gave to each half of the sky, 1 while only mirrors and panes were met,
#: least alpha from here on, rough bounces so far
BETA: Final = 0
DENSITY: Final = 3
UPPER: Final = 4
LOWER: Final = 5
KEEN: Final = 6
WIDEN: Final = 7
BOUNCES: Final = 8
PATH_COLUMNS: Final = 9

#: columns of ``Paths.seen``, one row a path from start to end: light that comes by surfaces, light with hardly any
#: noise (sky, lamps and air in view, what the sun shines on), albedo, normal and place (world, less the motion's
#: origin) of what is in view, whether there is something
LIT: Final = 0
CLEAR: Final = 3
COLOR: Final = 6
TURNED: Final = 9
PLACE: Final = 12
MET: Final = 15
SEEN_COLUMNS: Final = 16

#: purposes of random pairs: the place in the pixel, aperture and time, then five for every turn
PIXEL: Final = 0
APERTURE: Final = 1
EXPOSURE: Final = 2
FIRST: Final = 8
TURN_PAIRS: Final = 5


class Paths(NamedTuple):
    """The paths of a tile: rows of all but ``seen`` are those under way, in step with the wave's rays.

    ``given`` has the columns of :data:`~simgen.kernels.wave.RAY_ORIGIN`; of it the way behind and
    what is hidden are used.
    """

    state: F4
    owner: I8
    seen: F4
    places: F4
    given: F4


class Asking(NamedTuple):
    """Rays on their way to a light, and the light that each brings if nothing is in its way."""

    origin: F4
    direction: F4
    time: F4
    near: F4
    far: F4
    blocked: Bool
    gain: F4
    owner: I8


class Plan(NamedTuple):
    """What does not change over a frame."""

    width: int
    samples: int
    bounces: int
    #: diameter of the aperture, m (0 = all is sharp), and the distance that is sharp
    aperture: float
    focus: float
    key: U4
    #: albedo of microfacets, see :func:`simgen.kernels.bsdf.albedo_table`
    albedo: F8


@inner
def pixel_seed(key: U4, pixel: int) -> np.uint32:
    """The seed of a pixel in this frame."""
    return mix(np.uint32(key[0] ^ mix(np.uint32(key[1] + np.uint32(pixel)))))


def new_paths(count: int, columns: int, ray_columns: int) -> Paths:
    """Room for that many paths, with so many columns of places and of given rays."""
    f = np.float32
    return Paths(
        np.empty((count, PATH_COLUMNS), f),
        np.empty(count, np.int64),
        np.empty((count, SEEN_COLUMNS), f),
        np.empty((count, columns), f),
        np.zeros((count, ray_columns), f),
    )


def new_asking(count: int) -> Asking:
    """Room for that many rays to lights."""
    f = np.float32
    return Asking(
        np.empty((count, 3), f),
        np.empty((count, 3), f),
        np.empty(count, f),
        np.empty(count, f),
        np.empty(count, f),
        np.empty(count, np.bool_),
        np.empty((count, 3), f),
        np.empty(count, np.int64),
    )
