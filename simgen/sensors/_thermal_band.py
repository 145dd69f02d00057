"""Planck's law in a band of wavelengths: from temperature to radiance and back."""

from __future__ import annotations

import math
from functools import cache
from typing import Final

import numpy as np

from simgen.records.base import F8, Array

#: Planck's constant times the speed of light, J m; the same over Boltzmann's constant, m K (CODATA 2018, exact)
_HC: Final = 6.62607015e-34 * 299792458.0
_SECOND: Final = _HC / 1.380649e-23
#: W m2 / sr: 2 h c^2
_FIRST: Final = 2.0 * _HC * 299792458.0
#: Stefan and Boltzmann's constant, W/(m2 K4)
STEFAN_BOLTZMANN: Final = 5.670374419e-8
#: of degrees Celsius, K
ZERO_C: Final = 273.15
#: the tables' temperatures: from the coldest sky to the hottest exhaust, K
COLDEST_K: Final = 100.0
HOTTEST_K: Final = 1000.0
STEP_K: Final = 0.25
#: nodes of the Gauss-Legendre rule over the band; 24 leave less than 1e-12 from 8 to 14 um
_NODES: Final = 24


def spectral(wavelength_m: Array, kelvin: Array) -> F8:
    """Spectral radiance of a black body, W/(m2 sr m)."""
    with np.errstate(over="ignore"):
        return np.asarray(_FIRST / wavelength_m**5 / np.expm1(_SECOND / (wavelength_m * kelvin)))


def band_radiance(kelvin: Array, low_um: float = 8.0, high_um: float = 14.0) -> F8:
    """Radiance of a black body within a band, W/(m2 sr), by Gauss-Legendre quadrature."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    half = 0.5e-6 * (high_um - low_um)
    total = np.zeros(np.shape(kelvin))
    for node, weight in zip(nodes, weights, strict=True):
        middle = np.array(0.5e-6 * (low_um + high_um) + half * float(node))
        total += weight * spectral(middle, np.asarray(kelvin, np.float64))
    return total * half


@cache
def band_table(low_um: float, high_um: float) -> F8:
    """Band radiance every :data:`STEP_K` from :data:`COLDEST_K` to :data:`HOTTEST_K`, (N,) f8."""
    count = round((HOTTEST_K - COLDEST_K) / STEP_K) + 1
    table = band_radiance(COLDEST_K + STEP_K * np.arange(count), low_um, high_um)
    table.setflags(write=False)
    return table


def radiance(table: F8, kelvin: Array) -> F8:
    """Radiance at temperatures, linear in the table: 2e-5 K from the curve at 300 K."""
    place = np.clip((np.asarray(kelvin, np.float64) - COLDEST_K) / STEP_K, 0.0, len(table) - 1.000001)
    low = place.astype(np.int64)
    share = place - low
    return np.asarray(table[low] * (1.0 - share) + table[low + 1] * share)


def brightness(table: F8, value: Array) -> F8:
    """Temperature of the black body that sends a radiance, K: the inverse of :func:`radiance`."""
    clipped = np.clip(np.asarray(value, np.float64), table[0], table[-1])
    low = np.minimum(np.searchsorted(table, clipped, side="right") - 1, len(table) - 2)
    share = (clipped - table[low]) / (table[low + 1] - table[low])
    return np.asarray(COLDEST_K + STEP_K * (low + share))


def slope(table: F8, kelvin: float) -> float:
    """Change of radiance with temperature, W/(m2 sr K)."""
    below, above = (float(v) for v in radiance(table, np.array([kelvin - STEP_K, kelvin + STEP_K])))
    return (above - below) / (2.0 * STEP_K)


def share_of_all(low_um: float, high_um: float, kelvin: float) -> float:
    """Share of a black body's whole radiance that lies in the band."""
    whole = STEFAN_BOLTZMANN * kelvin**4 / math.pi
    return float(band_radiance(np.array(kelvin), low_um, high_um) / whole)
