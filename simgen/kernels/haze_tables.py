"""What the kernels of the light in uneven and lit air pass among themselves. Without numba, so anyone may import it."""

from __future__ import annotations

from typing import Final, NamedTuple

from simgen.records.base import F4, F8

#: columns of ``Haze.node``: where a ray begins, less the motion's origin, and its unit direction (0 = no ray)
NODE_WAY: Final = 3
#: rows of ``Haze.medium``: extinction, scattering, and extinction less what goes on forward, 1/m; mean luminance of all
#: around, cd/m2
DIMS: Final = 0
SCATTERS: Final = 1
PASSES: Final = 2
AROUND: Final = 3
#: columns of ``Haze.lamp``: scattering at the lamp, extinction there less what goes on forward (RGB each), 1 = pixels
#: around it are done one by one
HERE: Final = 0
LEAVES: Final = 3
NEARBY: Final = 6
#: entries of ``Haze.phase``, which lie at angles that grow with the square of the entry
PHASE_STEPS: Final = 512


class Haze(NamedTuple):
    """A grid of rays through the corners of blocks of pixels, cut into slices by distance.

    ``left`` (N, K + 1, 3) is what volumes let through up to the slices' ``ends``, by colour (no rows where there are
    no volumes), ``glow`` (N, K + 1, 3) the light that comes from volumes and from lamps in the air up to there, cd/m2.
    ``phase`` (PHASE_STEPS + 1, 3) is the phase function integrated from straight on to an angle, ``columns`` blocks lie
    side by side, ``wide`` x ``high`` pixels each. ``core`` is the angle about a lamp, rad, within which pixels are done
    one by one; ``covered`` whether layers cover the ground.
    """

    node: F4
    ends: F8
    left: F4
    glow: F4
    phase: F8
    lamp: F8
    medium: F8
    columns: int
    rows: int
    wide: float
    high: float
    core: float
    covered: bool


class Clouds(NamedTuple):
    """Volumes as a camera sees them: numbers of each, values of patches, and by volume and colour extinction where the
    density is 1, albedo, extinction less what goes on forward as a share, how fast diffuse light fades as a share, and
    shares of the lobes (V, 3, 6).
    """

    row: F8
    lattice: F4
    extinction: F8
    albedo: F8
    soft: F8
    fades: F8
    lobes: F8
