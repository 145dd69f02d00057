"""What one lamp gives at a point, and what the surface there makes of it; the share that surroundings send on."""

from __future__ import annotations

import math
from typing import Final

from simgen.kernels.area import nearest_on, polygon_factor
from simgen.kernels.beams import beam
from simgen.kernels.brdf import DIELECTRIC, sheeting
from simgen.kernels.inner import inner
from simgen.kernels.material import Finish, lobes, scatters, shines
from simgen.kernels.wave import (
    ALBEDO,
    LAMP_AXIS,
    LAMP_BEAM,
    LAMP_PLACE,
    LAMP_RADIUS,
    LAMP_SOLID,
    LAMP_U,
    LAMP_V,
    RETRO,
)
from simgen.records.base import F4
from simgen.records.lights import BEAMS

AREA: Final = BEAMS.index("area")
#: a ray to a lamp ends so far before it that the lamp's own body does not hide it, m
MARGIN: Final = 0.03
#: nothing counts as nearer to a lamp, m
NEAREST: Final = 0.05
#: square of the distance from which a rectangle counts as a point, in its areas
_FAR: Final = 64.0
#: light that surroundings send on, as a share of the lamp's, in the open and between walls; and how far they are, m
BOUNCE_OPEN: Final = 0.1
BOUNCE_INDOOR: Final = 0.6
AROUND: Final = 2.0

#: lux per candela on a surface that faces along its normal, and at right angles to the light; direction of the light,
#: distance of the lamp's middle, half the angle under which it is seen
Arrival = tuple[float, float, float, float, float, float, float]


@inner
def _from_area(
    lamps: F4,
    row: int,
    px: float,
    py: float,
    pz: float,
    nx: float,
    ny: float,
    nz: float,
    vx: float,
    vy: float,
    vz: float,
) -> Arrival:
    """Light of a rectangle: its irradiance in closed form, and for highlights the point that a mirror would show."""
    ax, ay, az = float(lamps[row, LAMP_AXIS]), float(lamps[row, LAMP_AXIS + 1]), float(lamps[row, LAMP_AXIS + 2])
    x, y, z = px - lamps[row, LAMP_PLACE], py - lamps[row, LAMP_PLACE + 1], pz - lamps[row, LAMP_PLACE + 2]
    if x * ax + y * ay + z * az <= 1e-4:
        return 0.0, 0.0, nx, ny, nz, math.sqrt(x * x + y * y + z * z), 0.0
    twice = 2.0 * (nx * vx + ny * vy + nz * vz)
    rx, ry, rz = twice * nx - vx, twice * ny - vy, twice * nz - vz
    u, v = LAMP_U, LAMP_V
    uu = lamps[row, u] * lamps[row, u] + lamps[row, u + 1] * lamps[row, u + 1] + lamps[row, u + 2] * lamps[row, u + 2]
    vv = lamps[row, v] * lamps[row, v] + lamps[row, v + 1] * lamps[row, v + 1] + lamps[row, v + 2] * lamps[row, v + 2]
    size = 4.0 * math.sqrt(float(uu) * float(vv))
    lx, ly, lz = nearest_on(lamps, row, px, py, pz, rx, ry, rz, ax, ay, az)
    d = math.sqrt(lx * lx + ly * ly + lz * lz)
    lx, ly, lz = lx / d, ly / d, lz / d
    facing = max(-(lx * ax + ly * ay + lz * az), 0.0)
    far2 = x * x + y * y + z * z
    if far2 > _FAR * size:
        # so far off it is a point
        c = math.sqrt(far2)
        lux = (x * ax + y * ay + z * az) / (c * far2)
        flat = lux * max(-(nx * x + ny * y + nz * z) / c, 0.0)
    else:
        flat = polygon_factor(lamps, row, px, py, pz, nx, ny, nz) / size
    far = max(d, NEAREST)
    return flat, facing / (far * far), lx, ly, lz, math.sqrt(x * x + y * y + z * z), 0.5 * math.sqrt(size) / far


@inner
def arrival(
    lamps: F4,
    row: int,
    px: float,
    py: float,
    pz: float,
    nx: float,
    ny: float,
    nz: float,
    vx: float,
    vy: float,
    vz: float,
) -> Arrival:
    """What a lamp gives at a point p with normal n, seen from the direction v, if nothing is in the way."""
    if int(lamps[row, LAMP_BEAM]) == AREA:
        return _from_area(lamps, row, px, py, pz, nx, ny, nz, vx, vy, vz)
    x, y, z = lamps[row, LAMP_PLACE] - px, lamps[row, LAMP_PLACE + 1] - py, lamps[row, LAMP_PLACE + 2] - pz
    d = math.sqrt(x * x + y * y + z * z)
    far = max(d, max(float(lamps[row, LAMP_RADIUS]), NEAREST))
    x, y, z = x / max(d, 1e-6), y / max(d, 1e-6), z / max(d, 1e-6)
    lux = beam(lamps, row, -x, -y, -z) / (far * far)
    return lux * max(nx * x + ny * y + nz * z, 0.0), lux, x, y, z, d, float(lamps[row, LAMP_RADIUS]) / far


@inner
def answer(
    state: F4,
    i: int,
    made: Finish,
    nx: float,
    ny: float,
    nz: float,
    vx: float,
    vy: float,
    vz: float,
    nv: float,
    got: Arrival,
    exact: bool,
    blur: float,
) -> tuple[float, float, float]:
    """Radiance towards the eye for one candela, of each colour; ``exact``: rays show the lamp in the mirror."""
    lx, ly, lz = got[2], got[3], got[4]
    base, coat, rise, back = 0.0, 0.0, 0.0, 0.0
    if nx * lx + ny * ly + nz * lz > 0.0:
        base, coat, rise = lobes(state, i, nx, ny, nz, vx, vy, vz, lx, ly, lz, nv, got[6] + blur)
        if exact:
            base = 0.0
        if state[i, RETRO] > 0.0:
            ax, ay, az = lx - vx, ly - vy, lz - vz
            back = float(state[i, RETRO]) * sheeting(max(math.sqrt(ax * ax + ay * ay + az * az) - 0.1 * blur, 0.0))
    under, top = 1.0 - made[5], coat * (DIELECTRIC + (1.0 - DIELECTRIC) * rise)
    red = scatters(state, i, 0, made) * got[0]
    green = scatters(state, i, 1, made) * got[0]
    blue = scatters(state, i, 2, made) * got[0]
    if base == 0.0 and top == 0.0 and back == 0.0:
        return red * under, green * under, blue * under
    red += got[1] * (base * shines(state, i, 0, made, rise) + back * float(state[i, ALBEDO]))
    green += got[1] * (base * shines(state, i, 1, made, rise) + back * float(state[i, ALBEDO + 1]))
    blue += got[1] * (base * shines(state, i, 2, made, rise) + back * float(state[i, ALBEDO + 2]))
    top *= got[1]
    return red * under + top, green * under + top, blue * under + top


@inner
def luminance(red: float, green: float, blue: float) -> float:
    """Luminance of linear RGB."""
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@inner
def bounced(lamps: F4, row: int, far2: float, share: float) -> float:
    """Lux per candela that lit surroundings send on: the lamp's flux over a sphere, no sharper than rooms are wide."""
    return share * float(lamps[row, LAMP_SOLID]) / (4.0 * math.pi * (far2 + AROUND * AROUND))
