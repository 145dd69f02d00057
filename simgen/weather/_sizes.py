"""How many droplets, flakes or grains of each size there are in a cubic metre."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.records.base import F8

#: bins of a distribution of droplets or grains, and how far it reaches from its middle
_BINS: Final = 96
_REACH: Final = 30.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Sizes:
    """Spheres by diameter: one row a bin, its middle and the number that the bin holds."""

    #: (D,) m
    diameter: F8
    #: (D,) 1/m3
    density: F8

    def scaled(self, share: float) -> Sizes:
        """The same sizes, fewer or more of them."""
        return Sizes(diameter=self.diameter, density=self.density * share)

    @property
    def volume(self) -> float:
        """What the spheres fill of a cubic metre."""
        return float((math.pi / 6.0 * self.diameter**3 * self.density).sum())


def gamma_droplets(number_cm3: float, alpha: float, mode_um: float) -> Sizes:
    """Deirmendjian's modified gamma distribution with gamma = 1: ``n(r) ~ r^alpha exp(-alpha r / mode)``."""
    edges = mode_um * np.geomspace(1.0 / _REACH, _REACH / min(alpha, 3.0), _BINS + 1)
    radius = np.sqrt(edges[1:] * edges[:-1])
    shape = (radius / mode_um) ** alpha * np.exp(-alpha * radius / mode_um) * np.diff(edges)
    return Sizes(diameter=2e-6 * radius, density=1e6 * number_cm3 * shape / shape.sum())


def lognormal_grains(median_um: float, spread: float) -> Sizes:
    """Grains whose volume spreads as a lognormal over diameter, about its median; ``spread`` is the geometric sigma.

    One cubic metre of grains a cubic metre of air: to be scaled.
    """
    sigma = math.log(spread)
    z = np.linspace(-3.5, 3.5, _BINS)
    diameter = 1e-6 * median_um * np.exp(sigma * z)
    share = np.exp(-0.5 * z * z)
    return Sizes(diameter=diameter, density=share / share.sum() / (math.pi / 6.0 * diameter**3))


def exponential(intercept: float, slope: float, smallest_mm: float, largest_mm: float, bins: int) -> Sizes:
    """``N(D) = intercept exp(-slope D)`` per m3 and mm, D in mm: exact integrals over bins of equal ratio."""
    edges = np.geomspace(smallest_mm, largest_mm, bins + 1)
    below = np.exp(-slope * edges)
    return Sizes(diameter=1e-3 * np.sqrt(edges[:-1] * edges[1:]), density=intercept / slope * (below[:-1] - below[1:]))
