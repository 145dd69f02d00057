"""The wind: a mean and gusts. What it carries and shakes asks it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from simgen.records.base import F8
from simgen.rng import stream

#: waves that a gust is made of
_WAVES: Final = 48
#: standard deviations along the wind, across it and upwards, as shares of that along it (Panofsky and Dutton 1984)
_SHARES: Final = (1.0, 0.8, 0.5)


@dataclass(frozen=True, kw_only=True)
class Wind:
    """Wind over flat ground at one height, the same everywhere.

    Gusts have Kaimal's spectrum (Kaimal et al. 1972), ``f S / sigma^2 = 4 n / (1 + 6 n)^(5/3)`` with
    ``n = f L / speed``, as a sum of waves of equal variance with random phases.
    """

    seed: int
    speed_m_s: float
    #: where it blows to: 0 = east, 90 = north
    direction_deg: float = 0.0
    #: standard deviation along the wind by its mean
    turbulence: float = 0.18
    #: length of the largest gusts, m
    length_m: float = 340.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.speed_m_s <= 100.0:
            raise ValueError("speed_m_s must be from 0 to 100")
        if not 0.0 <= self.turbulence <= 0.5:
            raise ValueError("turbulence must be from 0 to 0.5")
        if not self.length_m > 0.0:
            raise ValueError("length_m must be more than 0")

    def velocity(self, time_s: F8) -> F8:
        """World frame, m/s, at times (N,): (N, 3)."""
        times = np.asarray(time_s, np.float64)
        frequency, phase = _waves(self.seed)
        angle = 2.0 * math.pi * frequency * (self.speed_m_s / self.length_m) * times[:, None, None] + phase
        gusts = math.sqrt(2.0 / _WAVES) * np.cos(angle).sum(-1) * np.array(_SHARES) * self.turbulence * self.speed_m_s
        return self._turned(self.speed_m_s + gusts[:, 0], gusts[:, 1], gusts[:, 2])

    def displacement(self, time_s: F8) -> F8:
        """How far the air has moved since time 0, m, at times (N,): (N, 3); the integral of :meth:`velocity`."""
        times = np.asarray(time_s, np.float64)
        if self.speed_m_s == 0.0:
            return np.zeros((len(times), 3))
        frequency, phase = _waves(self.seed)
        pace = 2.0 * math.pi * frequency * (self.speed_m_s / self.length_m)
        waves = (np.sin(pace * times[:, None, None] + phase) - np.sin(phase)) / pace
        gusts = math.sqrt(2.0 / _WAVES) * waves.sum(-1) * np.array(_SHARES) * self.turbulence * self.speed_m_s
        return self._turned(self.speed_m_s * times + gusts[:, 0], gusts[:, 1], gusts[:, 2])

    def _turned(self, along: F8, across: F8, up: F8) -> F8:
        """From the wind's own axes to the world's."""
        c, s = math.cos(math.radians(self.direction_deg)), math.sin(math.radians(self.direction_deg))
        return np.stack([c * along - s * across, s * along + c * across, up], axis=-1)


@lru_cache(maxsize=8)
def _waves(seed: int) -> tuple[F8, F8]:
    """Reduced frequencies ``n`` (W,), one in the middle of each equal share of the variance, and phases (3, W)."""
    share = (np.arange(_WAVES) + 0.5) / _WAVES
    # the share of the variance below n is 1 - (1 + 6 n)^(-2/3)
    frequency = ((1.0 - share) ** -1.5 - 1.0) / 6.0
    return frequency, stream(seed, "gusts").uniform(0.0, 2.0 * math.pi, (3, _WAVES))
