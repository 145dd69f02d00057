"""The wood of trees: a stem, boughs that reach for the crown's rim, and branches and twigs that sprout from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.geometry import cross, normalized
from simgen.records.base import F8
from simgen.rng import Stream
from simgen.shapes.soup import Soup

_GOLDEN = np.pi * (3.0 - 5.0**0.5)


@dataclass(frozen=True, kw_only=True, eq=False)
class Shoots:
    """Straight shoots of one level: ends (N, 3) and radii (N,), metres."""

    start: F8
    stop: F8
    thick: F8
    thin: F8

    def soup(self, sides: int = 3) -> Soup:
        """Tapering prisms without lids; their feet stand inside what bears them. Shoots of no tip end in a point."""
        along = normalized(self.stop - self.start)
        helper = np.where(np.abs(along[:, 2:]) < 0.9, [[0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0]])
        u = normalized(cross(helper, along))
        v = cross(along, u)
        angle = 2.0 * np.pi * np.arange(sides) / sides
        ring = np.cos(angle)[:, None] * u[:, None] + np.sin(angle)[:, None] * v[:, None]
        low = self.start[:, None] + ring * self.thick[:, None, None]
        high = self.stop[:, None] + ring * self.thin[:, None, None]
        points = np.concatenate([low, high], 1).reshape(-1, 3)
        k, n = np.arange(sides), (np.arange(sides) + 1) % sides
        one = np.concatenate([np.stack([k, n, n + sides], -1), np.stack([k, n + sides, k + sides], -1)])
        return Soup.of(points, (one[None] + 2 * sides * np.arange(len(along))[:, None, None]).reshape(-1, 3))

    def at(self, share: F8, which: np.ndarray) -> F8:
        """Points on some of them, (M, 3)."""
        return np.asarray(self.start[which] + share[:, None] * (self.stop - self.start)[which])


def joined(*levels: Shoots) -> Shoots:
    """Several sets as one."""
    return Shoots(
        start=np.concatenate([s.start for s in levels]),
        stop=np.concatenate([s.stop for s in levels]),
        thick=np.concatenate([s.thick for s in levels]),
        thin=np.concatenate([s.thin for s in levels]),
    )


def boughs(rng: Stream, foot: F8, ends: F8, thick: float, rise: float) -> Shoots:
    """Boughs from points on the stem (N, 3) to their ends, each bent upwards once: 2 N shoots, lower halves first."""
    span = ends - foot
    knee = foot + 0.5 * span + np.array([0.0, 0.0, rise]) + 0.05 * rng.normal(0.0, 1.0, foot.shape) * np.abs(span).max()
    size = thick * np.sqrt(np.sqrt((span**2).sum(1)) / np.sqrt((span**2).sum(1)).max())
    return joined(
        Shoots(start=foot, stop=knee, thick=size, thin=0.62 * size),
        Shoots(start=knee, stop=ends, thick=0.62 * size, thin=0.25 * size),
    )


def sprouts(
    rng: Stream, parents: Shoots, each: int, length: float, spread: float, up: float, taper: float = 0.5
) -> Shoots:
    """``each`` new shoots on every parent's outer part; ``spread`` turns them away from it, ``up`` lifts them."""
    count = each * len(parents.start)
    which = np.repeat(np.arange(len(parents.start)), each)
    share = np.tile((np.arange(each) + 0.7) / each, len(parents.start)) * 0.75 + 0.25 * rng.uniform(0.6, 1.0, count)
    share = np.minimum(share, 1.0)
    along = normalized(parents.stop - parents.start)[which]
    aside = normalized(cross(along, rng.normal(0.0, 1.0, (count, 3))))
    way = normalized(along + spread * rng.uniform(0.5, 1.3, count)[:, None] * aside + [0.0, 0.0, up])
    start = parents.at(share, which)
    thick = taper * (parents.thick + share.reshape(-1, each).mean() * (parents.thin - parents.thick))[which]
    reach = length * rng.uniform(0.6, 1.25, count)
    return Shoots(start=start, stop=start + way * reach[:, None], thick=thick, thin=0.25 * thick)


def spiral(rng: Stream, count: int) -> F8:
    """Azimuths that spread evenly, radians."""
    return np.asarray(_GOLDEN * np.arange(count) + rng.uniform(0.0, 2.0 * np.pi) + 0.35 * rng.normal(0.0, 1.0, count))


__all__ = ["Shoots", "boughs", "joined", "spiral", "sprouts"]
