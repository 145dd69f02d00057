"""How lamps spread their light: relative luminous intensity by direction, for rows of ``Lighting.lamps``.

Headlamps are described by the tangents of the directions to the right and up, which are the places on the screen that
UN R112 measures on. The dipped beam is the sum of three smooth lobes below a cut-off that lies 1 % below the axis on
the left and rises by 15 degrees on the right (right-hand traffic), with some stray light above; scaled by 17 000 cd it
has 664 lm and meets class B. The main beam, scaled by 50 000 cd, does so too.
"""

from __future__ import annotations

import math
from typing import Final

from simgen.kernels.inner import inner
from simgen.kernels.wave import LAMP_AXIS, LAMP_BEAM, LAMP_CONE, LAMP_UP
from simgen.records.base import F4
from simgen.records.lights import BEAMS

_ISOTROPIC: Final = BEAMS.index("isotropic")
_SPOT: Final = BEAMS.index("spot")
_LOW: Final = BEAMS.index("low_beam")
_HIGH: Final = BEAMS.index("high_beam")
#: the low beam's cut-off: below the axis, rise to the right (tan 15 degrees) and at most, and how soft it is
_AIM, _RISE, _MOST, _SOFT = 0.01, 0.268, 0.03, 0.0021


@inner
def beam(lamps: F4, row: int, x: float, y: float, z: float) -> float:
    """Intensity towards a unit direction (world frame, away from the lamp) as a share of ``LAMP_CD``.

    ``lambert`` and ``area`` follow the cosine to the axis; ``spot`` is smooth between its cone's angles.
    """
    kind = int(lamps[row, LAMP_BEAM])
    if kind == _ISOTROPIC:
        return 1.0
    ax, ay, az = float(lamps[row, LAMP_AXIS]), float(lamps[row, LAMP_AXIS + 1]), float(lamps[row, LAMP_AXIS + 2])
    along = ax * x + ay * y + az * z
    if along <= 0.0:
        return 0.0
    if kind == _SPOT:
        return _cone(float(lamps[row, LAMP_CONE]), float(lamps[row, LAMP_CONE + 1]), along)
    if kind != _LOW and kind != _HIGH:
        return along
    ux, uy, uz = float(lamps[row, LAMP_UP]), float(lamps[row, LAMP_UP + 1]), float(lamps[row, LAMP_UP + 2])
    right = ((ay * uz - az * uy) * x + (az * ux - ax * uz) * y + (ax * uy - ay * ux) * z) / along
    up = (ux * x + uy * y + uz * z) / along
    return _low(right, up) if kind == _LOW else _high(right, up)


@inner
def _cone(half: float, none: float, cosine: float) -> float:
    """1 along the axis, a half at one angle, 0 from the other on (at most twice the first)."""
    angle = math.acos(min(cosine, 1.0))
    t = min(max(0.5 * (none - angle) / (none - half), 0.0), 1.0)
    return t * t * (3.0 - 2.0 * t)


@inner
def _lobe(x: float, y: float) -> float:
    bell = 1.0 + x * x + y * y
    return 1.0 / (bell * bell)


@inner
def _low(right: float, up: float) -> float:
    """Dipped beam: hot spot, spread and foreground below the cut-off, stray light everywhere."""
    edge = min(max(_RISE * right, 0.0), _MOST) - _AIM
    depth = min(max((up - edge) / _SOFT, -40.0), 40.0)
    hot = 0.694 * _lobe((right - 0.02) / 0.10, (up + 0.013) / 0.045)
    spread = 0.2765 * _lobe(right / 0.34, (up + 0.03) / 0.12)
    near = 0.0353 * _lobe(right / 0.9, (up + 0.1) / 0.35)
    return (hot + spread + near) / (1.0 + math.exp(depth)) + 0.0112 * _lobe(right / 0.3, up / 0.2)


@inner
def _high(right: float, up: float) -> float:
    """Main beam: a hot spot on the axis in a wider lobe."""
    return 0.9 * _lobe(right / 0.068, up / 0.045) + 0.1 * _lobe(right / 0.3, up / 0.12)
