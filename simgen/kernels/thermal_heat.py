"""How warm a surface is, what it sends and how much of it: the thermal camera's matter."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from simgen.kernels.inner import inner
from simgen.kernels.texture_noise import noise3
from simgen.records.base import F8

_SIGMA: Final = 5.670374419e-8
_ZERO_C: Final = 273.15

#: entries of ``Matter.world``: air's temperature, extinction, its radiance, the sky's mean radiance and long-wave
#: light, irradiance of the sun on a plane that faces it and of the sky on level ground, heat transfer to the air, and
#: the direction to the sun
AIR, EXTINCTION, AIR_RADIANCE, SKY_MEAN, SKY_DOWN, SUN_W, SKY_W, CONVECTION, SUN = range(9)
WORLD_ENTRIES: Final = 11

#: columns of the table of surfaces
EMISSIVITY, ABSORBED, STORED, FIXED, MIRROR, PATCH, SPREAD, KIND, LAMP = range(9)
SURFACE_COLUMNS: Final = 9
#: columns of the table of instances: driven, own deviation, where the engine is, then the mesh's bounds, low and high
DRIVEN, DEVIATION, ENGINE_END, BOUNDS = 0, 1, 2, 3
INSTANCE_COLUMNS: Final = 9
#: values of KIND
PLAIN, BODY, TYRE, BRAKE, UNDER = range(5)

#: what a running vehicle's parts are warmer by, K
TYRE_K, BRAKE_K, UNDER_K, ENGINE_K, EXHAUST_K = 14.0, 25.0, 20.0, 22.0, 60.0
#: half the width of the warm spot about the exhaust, m
PIPE_M: Final = 0.08
#: metres over which surfaces are uneven: coarse and fine
_COARSE_M: Final = 0.9
_FINE_M: Final = 0.15


class Matter(NamedTuple):
    """What things are and what is around them."""

    #: (S, 9) and (I, 9)
    surfaces: F8
    instances: F8
    world: F8
    #: band radiance of black bodies by temperature; its first temperature and step
    band: F8
    coldest: float
    step: float
    #: radiance of the sky by sine of elevation
    sky: F8


@inner
def _smooth(low: float, high: float, x: float) -> float:
    """A soft step from 0 at low to 1 at high."""
    t = min(max((x - low) / (high - low), 0.0), 1.0)
    return t * t * (3.0 - 2.0 * t)


@inner
def _engine(matter: Matter, instance: int, x: float, y: float, z: float) -> float:
    """What the engine under the bonnet and the exhaust at the other end warm a point of a vehicle's body by, K."""
    row = matter.instances
    low_x, low_z = row[instance, BOUNDS], row[instance, BOUNDS + 2]
    long, tall = row[instance, BOUNDS + 3] - low_x, row[instance, BOUNDS + 5] - low_z
    if long < 1.0 or tall < 0.5:
        return 0.0
    along, up = (x - low_x) / long, (z - low_z) / tall
    if row[instance, ENGINE_END] < 0.0:
        along = 1.0 - along
    engine = ENGINE_K * _smooth(0.68, 0.86, along) * _smooth(0.1, 0.3, up) * (1.0 - _smooth(0.6, 0.82, up))
    middle = 0.5 * (row[instance, BOUNDS + 1] + row[instance, BOUNDS + 4])
    half = 0.5 * (row[instance, BOUNDS + 4] - row[instance, BOUNDS + 1])
    side, above = (y - middle - 0.5 * half) / PIPE_M, (up - 0.08) * tall / PIPE_M
    pipe = EXHAUST_K * math.exp(-0.5 * (side * side + above * above)) * (1.0 - _smooth(0.03, 0.09, along))
    return float(engine + pipe)


@inner
def temperature(
    matter: Matter,
    surface: int,
    instance: int,
    lit: float,
    nx: float,
    ny: float,
    nz: float,
    x: float,
    y: float,
    z: float,
) -> float:
    """Temperature of a surface: fixed, or where its losses equal its gains; then what its vehicle adds."""
    row, world = matter.surfaces, matter.world
    air = world[AIR]
    kelvin = row[surface, FIXED] + _ZERO_C
    if math.isnan(kelvin):
        toward = nx * world[SUN] + ny * world[SUN + 1] + nz * world[SUN + 2]
        view = 0.5 * (1.0 + nz)
        light = lit * world[SUN_W] * max(toward, 0.0) + world[SKY_W] * view
        e = row[surface, EMISSIVITY]
        black = _SIGMA * air * air * air * air
        gain = row[surface, ABSORBED] * light + row[surface, STORED] - e * view * (black - world[SKY_DOWN])
        kelvin = air + gain / (world[CONVECTION] + 4.0 * e * black / air)
    kelvin += row[surface, SPREAD] * matter.instances[instance, DEVIATION] + row[surface, LAMP]
    uneven = 0.6 * noise3(x / _COARSE_M, y / _COARSE_M, z / _COARSE_M, 9001)
    uneven += 0.7 * noise3(x / _FINE_M, y / _FINE_M, z / _FINE_M, 50021)
    kelvin += row[surface, PATCH] * uneven
    if matter.instances[instance, DRIVEN] > 0.0:
        kind = int(row[surface, KIND])
        if kind == BODY:
            kelvin += _engine(matter, instance, x, y, z)
        elif kind == TYRE:
            kelvin += TYRE_K
        elif kind == BRAKE:
            kelvin += BRAKE_K
        elif kind == UNDER:
            kelvin += UNDER_K
    return float(kelvin)


@inner
def emissivity(matter: Matter, surface: int, cosine: float) -> float:
    """Towards a direction: smooth surfaces mirror more at grazing angles (Schlick 1994), rough ones do not."""
    normal = matter.surfaces[surface, EMISSIVITY]
    rise = (1.0 - min(max(cosine, 0.0), 1.0)) ** 5
    return float(normal * (1.0 - matter.surfaces[surface, MIRROR] * rise))


@inner
def black_body(matter: Matter, kelvin: float) -> float:
    """Band radiance of a black body."""
    place = min(max((kelvin - matter.coldest) / matter.step, 0.0), matter.band.shape[0] - 1.001)
    low = int(place)
    return float(matter.band[low] + (place - low) * (matter.band[low + 1] - matter.band[low]))


@inner
def from_sky(matter: Matter, sine: float) -> float:
    """Radiance from where nothing is: the sky, or ground beyond the world's edge, as warm as the air."""
    if sine <= 0.0:
        return float(matter.world[AIR_RADIANCE])
    place = min(max(sine * matter.sky.shape[0] - 0.5, 0.0), matter.sky.shape[0] - 1.001)
    low = int(place)
    return float(matter.sky[low] + (place - low) * (matter.sky[low + 1] - matter.sky[low]))
