"""What comes back from the air itself: the soft echo of a medium and the echoes of single drops, looked up in tables.

The tables are made once for a sensor and its weather, in units of the receiver's threshold power; a beam costs one
lookup for the medium and one exponential draw for the drops.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.lidar_tables import Air
from simgen.kernels.noise import uniform2
from simgen.records.base import F8

#: lane of the first drop's draw; each further drop takes the next lane
DROP_LANE = 16
#: drops behind the surface that are passed over before a beam gives up; the chance to need more is below 1e-12
DROP_TRIES = 48


@inner
def _entry(table: F8, position: float) -> float:
    """A table at a fractional index, linear in between, constant beyond its ends."""
    if position <= 0.0:
        return float(table[0])
    low = int(position)
    if low >= table.shape[0] - 1:
        return float(table[-1])
    weight = position - low
    return float(table[low] + weight * (table[low + 1] - table[low]))


@inner
def soft_echo(air: Air, surface: float) -> float:
    """Power of the medium's echo in front of a surface at a range (inf = none), in threshold powers."""
    if air.soft_peak.shape[0] == 0:
        return 0.0
    return _entry(air.soft_peak, min((surface - air.soft_near) / air.soft_step, 1e9))


@inner
def soft_range(air: Air, surface: float, u: float) -> float:
    """Range of the medium's echo: distributed as the echo's own power over range, cut off at the surface."""
    whole = _entry(air.soft_mass, min((surface - air.soft_near) / air.soft_step, 1e9))
    wanted = u * whole
    low = int(np.searchsorted(air.soft_mass, wanted, side="right")) - 1
    low = min(max(low, 0), air.soft_mass.shape[0] - 2)
    rise = air.soft_mass[low + 1] - air.soft_mass[low]
    part = (wanted - air.soft_mass[low]) / rise if rise > 0.0 else 0.0
    return float(min(air.soft_near + (low + min(max(part, 0.0), 1.0)) * air.soft_step, surface))


@inner
def brightest_drop(air: Air, surface: float, key: int, counter: int) -> tuple[float, float, int]:
    """Power, range and class of the brightest drop in front of a surface; power 0 where none is bright enough.

    Drops are a Poisson process. Taken from the brightest down, the expected numbers at which they occur are the
    arrival times of a unit-rate process, so the first arrival in front of the surface is the brightest drop: exact,
    without drawing the dim ones.
    """
    count = air.drop_mass.shape[0]
    if count == 0:
        return 0.0, 0.0, 0
    mass, total, near = 0.0, air.drop_mass[count - 1], surface * surface * surface
    steps = air.drop_guide.shape[0] / total
    for k in range(DROP_TRIES):
        u, v = uniform2(key, counter, DROP_LANE + k)
        mass -= math.log1p(-u)
        if mass >= total:
            return 0.0, 0.0, 0
        cell = air.drop_guide[min(int(mass * steps), air.drop_guide.shape[0] - 1)]
        while air.drop_mass[cell] <= mass:
            cell += 1
        near3 = air.drop_near3[cell]
        cube = near3 + v * (air.drop_far3[cell] - near3)
        # most lie behind the surface: the root is for those that do not
        if cube < near:
            return air.drop_power[cell], cube ** (1.0 / 3.0), air.drop_class[cell]
    return 0.0, 0.0, 0
