"""Light of a lamp that the air sends along a ray, integrated over the angle under which the lamp sees the ray."""

from __future__ import annotations

import math
from typing import Final

from simgen.kernels.beams import beam
from simgen.kernels.haze_tables import DIMS, HERE, LEAVES, NEARBY, PHASE_STEPS, Haze
from simgen.kernels.inner import inner
from simgen.kernels.lamp_arrival import NEAREST
from simgen.kernels.sky import Color
from simgen.kernels.wave import LAMP_CD, LAMP_PLACE, LAMP_RADIUS, LAMP_U, LAMP_V
from simgen.records.base import F4, F8

#: samples of a pixel's own integral: on each side of what lies abeam of the lamp (beyond so many rad), and there
_GROWING: Final = 7
_EVEN: Final = 3
_ABEAM: Final = 1.0


@inner
def _phase(phase: F8, angle: float, c: int) -> float:
    """The phase function integrated up to an angle, for a colour."""
    at = math.sqrt(max(angle, 0.0) / math.pi) * PHASE_STEPS
    low = min(int(at), PHASE_STEPS - 1)
    return float(phase[low, c] + (at - low) * (phase[low + 1, c] - phase[low, c]))


@inner
def _size(lamps: F4, row: int) -> float:
    """Distance from a lamp's middle within which it is not a point."""
    square = 0.0
    for axis in range(3):
        square += float(lamps[row, LAMP_U + axis]) ** 2 + float(lamps[row, LAMP_V + axis]) ** 2
    return max(max(float(lamps[row, LAMP_RADIUS]), NEAREST), 0.7 * math.sqrt(square))


@inner
def abeam_of(lamps: F4, row: int, x: float, y: float, z: float, dx: float, dy: float, dz: float) -> tuple[float, float]:
    """Where along a ray a lamp is nearest, and how near."""
    px, py, pz = (
        lamps[row, LAMP_PLACE] - x,
        lamps[row, LAMP_PLACE + 1] - y,
        lamps[row, LAMP_PLACE + 2] - z,
    )
    along = px * dx + py * dy + pz * dz
    px, py, pz = px - along * dx, py - along * dy, pz - along * dz
    return along, max(math.sqrt(px * px + py * py + pz * pz), _size(lamps, row))


@inner
def lamp_light(
    haze: Haze,
    lamps: F4,
    row: int,
    x: float,
    y: float,
    z: float,
    dx: float,
    dy: float,
    dz: float,
    along: float,
    away: float,
    start: float,
    stop: float,
    leaves: Color,
) -> Color:
    """Light of a lamp that goes to a ray's beginning from between two angles, for a scattering of 1/m.

    Angles are those by which light turns: 0 far before the lamp, pi far behind it. ``leaves``: extinction between lamp
    and ray; the medium dims the way to the eye.
    """
    angle = 0.5 * (start + stop)
    sine = max(math.sin(angle), 1e-9)
    far = away / sine
    t = along - far * math.cos(angle)
    lx, ly, lz = (
        x + t * dx - lamps[row, LAMP_PLACE],
        y + t * dy - lamps[row, LAMP_PLACE + 1],
        z + t * dz - lamps[row, LAMP_PLACE + 2],
    )
    length = max(math.sqrt(lx * lx + ly * ly + lz * lz), 1e-9)
    share = beam(lamps, row, lx / length, ly / length, lz / length) / away
    if share <= 0.0:
        return 0.0, 0.0, 0.0
    m, t = haze.medium, max(t, 0.0)
    red = _phase(haze.phase, stop, 0) - _phase(haze.phase, start, 0)
    green = _phase(haze.phase, stop, 1) - _phase(haze.phase, start, 1)
    blue = _phase(haze.phase, stop, 2) - _phase(haze.phase, start, 2)
    return (
        red * share * lamps[row, LAMP_CD] * math.exp(-m[DIMS, 0] * t - leaves[0] * far),
        green * share * lamps[row, LAMP_CD + 1] * math.exp(-m[DIMS, 1] * t - leaves[1] * far),
        blue * share * lamps[row, LAMP_CD + 2] * math.exp(-m[DIMS, 2] * t - leaves[2] * far),
    )


@inner
def core_share(
    haze: Haze,
    lamps: F4,
    row: int,
    x: float,
    y: float,
    z: float,
    dx: float,
    dy: float,
    dz: float,
) -> float:
    """What of a lamp's light on a ray is done pixel by pixel: 1 straight at it, 0 from an angle on."""
    if haze.lamp[row, NEARBY] == 0.0:
        return 0.0
    px, py, pz = (
        lamps[row, LAMP_PLACE] - x,
        lamps[row, LAMP_PLACE + 1] - y,
        lamps[row, LAMP_PLACE + 2] - z,
    )
    scale = 1.0 / max(math.sqrt(px * px + py * py + pz * pz), 1e-9)
    px, py, pz = px * scale - dx, py * scale - dy, pz * scale - dz
    left = 1.0 - (px * px + py * py + pz * pz) / (haze.core * haze.core)
    return left * left if left > 0.0 else 0.0


@inner
def own_light(
    haze: Haze,
    lamps: F4,
    row: int,
    x: float,
    y: float,
    z: float,
    dx: float,
    dy: float,
    dz: float,
    far: float,
) -> Color:
    """A lamp's light from the air on a ray up to a distance, integrated for that ray alone."""
    along, away = abeam_of(lamps, row, x, y, z, dx, dy, dz)
    start, stop = (
        math.atan2(away, along),
        math.pi if far == math.inf else math.atan2(away, along - far),
    )
    here = haze.lamp
    leaves = (here[row, LEAVES], here[row, LEAVES + 1], here[row, LEAVES + 2])
    red, green, blue, a = 0.0, 0.0, 0.0, start
    # steps that grow with the angle, up to where the lamp is abeam, and then with what is left to straight behind
    near, behind = (
        min(max(_ABEAM, start), stop),
        min(max(math.pi - _ABEAM, start), stop),
    )
    growth = (near / start) ** (1.0 / _GROWING)
    rest = max(math.pi - stop, 1e-4)
    shrink = (min(rest / (math.pi - behind), 1.0)) ** (1.0 / _GROWING)
    for k in range(2 * _GROWING + _EVEN):
        b = a * growth
        if k >= _GROWING + _EVEN:
            b = math.pi - (math.pi - a) * shrink
        elif k >= _GROWING:
            b = a + (behind - near) / _EVEN
        b = min(b, math.pi)
        if b > a:
            r, g, bl = lamp_light(haze, lamps, row, x, y, z, dx, dy, dz, along, away, a, b, leaves)
            red += r * here[row, HERE]
            green += g * here[row, HERE + 1]
            blue += bl * here[row, HERE + 2]
        a = b
    return red, green, blue
