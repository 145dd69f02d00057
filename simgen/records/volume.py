"""A part of the air that differs from the rest: a plume, spray behind a wheel, a bank or a layer of fog.

Sensors add, along each ray, ``medium`` times :meth:`Volume.density` to what fills the whole air. :meth:`Volume.column`
is that integral by plain quadrature, against which the kernels (``simgen.kernels.volumes``) are tested.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final, Literal

import numpy as np

from simgen.records.air import Medium, Particles
from simgen.records.base import F8
from simgen.rng import stream

#: nodes a side of the lattice of random values, which repeats; a power of two
LATTICE_NODES: Final = 32
#: each octave has half the size and half the weight of the one before
OCTAVES: Final = 4
#: the sum of their weights, and nodes of the finest in the size of the largest patches
OCTAVE_WEIGHTS: Final = 2.0 - 0.5 ** (OCTAVES - 1)
FINEST: Final = 2 ** (OCTAVES - 1)
#: octaves are shifted by so many nodes, or they would coincide at the origin
OCTAVE_SHIFT: Final = 7.3


@dataclass(frozen=True, kw_only=True)
class Patches:
    """How uneven the density is: noise of a size, drifting with the wind; the mean stays 1."""

    seed: int
    #: size of the largest patches, m
    scale_m: float
    #: 0 = even, 1 = from nothing to twice the mean
    contrast: float = 1.0
    #: how far they have been carried from where the noise has its origin, at the volume's time 0
    offset_m: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def __post_init__(self) -> None:
        if not self.scale_m > 0.0:
            raise ValueError("scale_m must be more than 0")
        if not 0.0 <= self.contrast <= 1.0:
            raise ValueError("contrast must be from 0 to 1")

    def factor(self, points: F8) -> F8:
        """What the density is multiplied by at points (..., 3), in m, that drift with the air."""
        values, at = lattice(self.seed), points - np.array(self.offset_m)
        total = np.zeros(points.shape[:-1])
        for octave in range(OCTAVES):
            total += 0.5**octave * _smooth(values, at * (2.0**octave / self.scale_m) + OCTAVE_SHIFT * octave)
        return np.clip(1.0 + self.contrast * total / OCTAVE_WEIGHTS, 0.0, 2.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Volume:
    """One such part: where it is, how large, what it is made of, and what carries it.

    ``puff`` is densest in the middle, ``exp(-r^2 / 2)`` with ``size_m`` its standard deviations along x, y and z;
    ``box`` is even inside half-sizes; ``layer`` covers the ground: even up to the centre's height, above it thinner by
    e for each ``size_m[2]``.
    """

    #: where its density is 1
    medium: Medium
    #: drops that are met one by one, as many as told where its density is 1
    particles: tuple[Particles, ...] = ()
    shape: Literal["puff", "box", "layer"] = "puff"
    #: at time 0, in the frame of ``body``
    center_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
    size_m: tuple[float, float, float] = (1.0, 1.0, 1.0)
    #: the body that it moves with (a wheel, an exhaust), 0 = the world
    body: int = 0
    #: how it drifts
    velocity_m_s: tuple[float, float, float] = (0.0, 0.0, 0.0)
    #: how fast a puff spreads: its sizes grow by this each second, and it gets as much thinner
    growth_m_s: float = 0.0
    patches: Patches | None = field(default=None)

    def __post_init__(self) -> None:
        if min(self.size_m) <= 0.0:
            raise ValueError("size_m must be more than 0 in every direction")
        if self.growth_m_s < 0.0:
            raise ValueError("growth_m_s must be at least 0")
        if self.growth_m_s > 0.0 and self.shape != "puff":
            raise ValueError("only a puff grows")

    @property
    def dims(self) -> bool:
        """Whether light loses anything in it."""
        return bool(self.medium.extinction.any())

    def thinned(self, share: float) -> Volume:
        """A share of everything in it."""
        fewer = tuple(kind.scaled(share) for kind in self.particles)
        return replace(self, medium=self.medium.scaled(share), particles=fewer)

    def density(self, points: F8, time_s: float = 0.0) -> F8:
        """How dense it is at points (..., 3) in its body's frame, m: 1 = as its medium says."""
        drifted = np.asarray(points, np.float64) - np.array(self.velocity_m_s) * time_s
        at = drifted - np.array(self.center_m)
        size = np.array(self.size_m) + self.growth_m_s * time_s
        if self.shape == "puff":
            # spread thinner, it holds as much as before
            form = np.exp(-0.5 * ((at / size) ** 2).sum(-1)) * (math.prod(self.size_m) / float(np.prod(size)))
        elif self.shape == "box":
            form = (np.abs(at) <= size).all(-1).astype(np.float64)
        else:
            form = np.exp(-np.maximum(at[..., 2], 0.0) / size[2])
        return np.asarray(form if self.patches is None else form * self.patches.factor(drifted))

    def column(self, origin: F8, direction: F8, far_m: float, time_s: float = 0.0, steps: int = 2000) -> float:
        """Density integrated along a ray, m: times an extinction it is an optical depth. By the midpoint rule."""
        along = (np.arange(steps) + 0.5) * (far_m / steps)
        points = np.asarray(origin, np.float64) + along[:, None] * np.asarray(direction, np.float64)
        return float(self.density(points, time_s).sum() * far_m / steps)


@lru_cache(maxsize=8)
def lattice(seed: int) -> F8:
    """Random values from -1 to 1 whose mean is 0, (N, N, N)."""
    values = stream(seed, "patches").random((LATTICE_NODES,) * 3)
    return np.asarray(2.0 * (values - values.mean()))


def _smooth(values: F8, at: F8) -> F8:
    """Values between the nodes of a lattice that repeats: cubic in each direction, with no kinks at nodes."""
    low = np.floor(at).astype(np.int64)
    part = at - low
    part = part * part * (3.0 - 2.0 * part)
    total = np.zeros(at.shape[:-1])
    for corner in np.ndindex(2, 2, 2):
        weight = np.where(np.array(corner) == 1, part, 1.0 - part).prod(-1)
        i, j, k = np.moveaxis((low + np.array(corner)) % LATTICE_NODES, -1, 0)
        total += weight * values[i, j, k]
    return total
