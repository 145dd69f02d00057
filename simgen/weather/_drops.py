"""Drops of rain and drizzle: an exponential distribution of sizes, their speed, and what they wet."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simgen.records.air import Medium, Particles, SurfaceChange
from simgen.records.base import F8
from simgen.weather._optics import bulk, taken_by_one
from simgen.weather._sizes import Sizes

#: normal reflectance of water (n = 1.33), ((n - 1) / (n + 1))^2
WATER_REFLECTIVITY: Final = 0.0199
#: rate at which exposed ground is 63 % wet
WETTING_MM_H: Final = 2.5
#: share of level ground under water in the heaviest rain, and the rate at which it is 63 % of that
MOST_PUDDLES: Final = 0.25
PUDDLES_MM_H: Final = 20.0
#: what is smaller is haze; the largest drops break up
SMALLEST_MM: Final = 0.05
BINS: Final = 80


def fall_speed(diameter_m: F8) -> F8:
    """Terminal speed of drops, m/s: 9.65 - 10.3 exp(-0.6 D/mm), not below 0 (Atlas et al. 1973)."""
    return np.maximum(0.0, 9.65 - 10.3 * np.exp(-600.0 * np.asarray(diameter_m, np.float64)))


def drop_medium(sizes: Sizes) -> Medium:
    """The medium that drops make. It has no backscatter: what comes back comes from drops one by one."""
    medium = bulk("water", sizes, "rain")
    return medium.replace(backscatter=np.zeros(6))


def drop_particles(sizes: Sizes) -> Particles:
    """The same drops, to be met one by one."""
    return Particles(
        class_name="rain",
        diameter=sizes.diameter,
        density=sizes.density,
        fall_speed=fall_speed(sizes.diameter),
        extinction=taken_by_one("water", sizes.diameter),
        reflectivity=WATER_REFLECTIVITY,
    )


def wetting(rate_mm_h: float) -> SurfaceChange:
    """What rain that has fallen for a while leaves on the ground.

    Wetness from 0 (dry) towards 1 (soaked): ``1 - exp(-R / 2.5 mm/h)``; puddles on ``0.25 (1 - exp(-R / 20 mm/h))`` of
    level ground (estimates).
    """
    return SurfaceChange(
        wetness=1.0 - math.exp(-rate_mm_h / WETTING_MM_H),
        puddles=MOST_PUDDLES * (1.0 - math.exp(-rate_mm_h / PUDDLES_MM_H)),
    )
