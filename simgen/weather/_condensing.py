"""How much of the water vapour that leaves a source is seen as droplets, by how far air has thinned it."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.records.base import F8

#: concentrations of a source's water that the share is tabulated for, g/m3
CONCENTRATIONS: Final = np.geomspace(1e-3, 300.0, 64)
#: warming of a cubic metre of air by a gram of vapour that condenses in it, K m3/g (2500 J/g; 1.25 kg/m3)
_LATENT_K: Final = 1.99


def saturation_g_m3(celsius: F8) -> F8:
    """Water vapour that air holds, g/m3: 216.7 e/T, e = 6.112 exp(17.67 t/(t + 243.5)) hPa (Bolton 1980)."""
    t = np.asarray(celsius, np.float64)
    return np.asarray(216.7 * 6.112 * np.exp(17.67 * t / (t + 243.5)) / (t + 273.15))


def condensed(emitted_g_m3: F8, air_c: float, humidity: float, warming_k: float) -> F8:
    """Share of the emitted water that is droplets, where there is so much of it in a cubic metre.

    Source and air mix along a straight line of heat and water (Appleman 1953, Schumann 1996): ``warming_k`` is by
    how many kelvin a gram of the source's water warms a cubic metre. What is above saturation condenses and warms the
    air by its latent heat; solved by bisection.
    """
    emitted = np.asarray(emitted_g_m3, np.float64)
    water = humidity * saturation_g_m3(np.array(air_c)) + emitted
    low, high = np.zeros_like(emitted), emitted.copy()
    for _ in range(60):
        middle = 0.5 * (low + high)
        too_little = water - middle > saturation_g_m3(air_c + warming_k * emitted + _LATENT_K * middle)
        low, high = np.where(too_little, middle, low), np.where(too_little, high, middle)
    return np.asarray(high / emitted)
