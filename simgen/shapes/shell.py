"""Vehicle skins: a wall around a plan outline, closed by a crowned lid and a floor with wheel wells.

Columns run around the left half of the outline from the front's middle to the rear's; the right half mirrors it.
Rows run from the lower to the upper edge, which may vary from column to column (arches below, a bonnet line above).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from simgen.geometry import normalized
from simgen.records.base import F8, I8
from simgen.shapes.lattice import lattice
from simgen.shapes.soup import Soup

#: where a rounded end has its columns, as shares of the half width; close together where it bends
END_SHARES = (0.0, 0.2, 0.4, 0.56, 0.7, 0.8, 0.88, 0.94, 0.98, 0.996)


@dataclass(frozen=True, kw_only=True)
class End:
    """One end of an outline: a superellipse of some depth; higher powers are boxier."""

    x: float
    depth: float
    power: float = 3.0
    shares: tuple[float, ...] = END_SHARES

    def points(self, half_width: float, forward: float) -> F8:
        """Columns (Q, 2) from the middle outwards; ``forward`` is 1 for a front, -1 for a rear."""
        share = np.asarray(self.shares, np.float64)
        reach = self.depth * (1.0 - share**self.power) ** (1.0 / self.power)
        return np.stack([self.x - forward * (self.depth - reach), share * half_width], -1)


@dataclass(frozen=True, kw_only=True, eq=False)
class Outline:
    """The left half of a plan view: points (K, 2), outward normals (K, 2), weights of nose and tail (K,)."""

    points: F8
    normals: F8
    front: F8
    rear: F8
    #: first and one past the last column of the straight side
    side: tuple[int, int]

    @classmethod
    def of(cls, front: End, rear: End, half_width: float, side_x: ArrayLike, barrel: float = 0.0) -> Outline:
        """From both ends and the columns between them (x falling); ``barrel`` narrows both ends by that share."""
        nose, tail = front.points(half_width, 1.0), rear.points(half_width, -1.0)[::-1]
        x = np.asarray(side_x, np.float64)
        side = np.stack([x, np.full(len(x), half_width)], -1)
        points = np.concatenate([nose, side, tail])
        middle, half = 0.5 * (front.x + rear.x), 0.5 * (front.x - rear.x)
        points[:, 1] *= 1.0 - barrel * ((points[:, 0] - middle) / half) ** 2
        tangent = np.gradient(points, axis=0)
        normals = normalized(np.stack([tangent[:, 1], -tangent[:, 0]], -1))
        normals[0], normals[-1] = (1.0, 0.0), (-1.0, 0.0)
        count = len(points)
        weight_front = np.clip((points[:, 0] - (front.x - front.depth)) / front.depth, 0.0, 1.0)
        weight_rear = np.clip(((rear.x + rear.depth) - points[:, 0]) / rear.depth, 0.0, 1.0)
        smooth = [w * w * (3.0 - 2.0 * w) for w in (weight_front, weight_rear)]
        return cls(points=points, normals=normals, front=smooth[0], rear=smooth[1], side=(len(nose), count - len(tail)))


def rounding(below_edge: ArrayLike, radius: float) -> F8:
    """How far a quarter-round edge draws in, at a depth below it."""
    h = np.clip(np.asarray(below_edge, np.float64), 0.0, radius)
    return np.asarray(radius - np.sqrt(np.maximum(radius**2 - (radius - h) ** 2, 0.0)))


def mirrored(half: F8) -> F8:
    """A whole ring (..., 2 K - 2, 3) from its left half (..., K, 3)."""
    right = half[..., -2:0:-1, :] * np.array([1.0, -1.0, 1.0])
    return np.concatenate([half, right], axis=-2)


def wall(half: F8, tags: I8) -> Soup:
    """The skin from rows of half rings (R, K, 3) and tags (R - 1, K - 1), both sides."""
    return lattice(mirrored(half), wrap=True, tags=np.concatenate([tags, tags[:, ::-1]], axis=1))


def lid(edge: F8, crown: float, columns: int = 9, tags: I8 | int = 0, power: float = 2.0) -> Soup:
    """The top over a half ring (K, 3): strips from left to right that rise by ``crown`` where the body is widest."""
    t = np.linspace(0.0, 1.0, columns)[None, :, None]
    width = edge[:, 1] / edge[:, 1].max()
    rise = crown * width[:, None] ** 2 * (1.0 - np.abs(2.0 * t[..., 0] - 1.0) ** power)
    right = edge * np.array([1.0, -1.0, 1.0])
    points = edge[:, None] * (1.0 - t) + right[:, None] * t
    points[..., 2] += rise
    return lattice(points, tags=tags).flipped()


def floor(edge: F8, inner_y: ArrayLike, floor_z: float, tag: int) -> Soup:
    """The underside of a half ring (K, 3): in at the edge's own height, down to the floor, across."""
    inside = np.minimum(np.asarray(inner_y, np.float64), 0.8 * edge[:, 1])
    high = np.stack([edge[:, 0], inside, edge[:, 2]], -1)
    low = np.stack([edge[:, 0], inside, np.minimum(edge[:, 2], floor_z)], -1)
    flip = np.array([1.0, -1.0, 1.0])
    return lattice(np.stack([edge, high, low, low * flip, high * flip, edge * flip], axis=1), tags=tag)


def arch_columns(center_x: float, radius: float, steps: int = 12) -> F8:
    """Column positions over a wheel, front to rear: evenly around the arch, and just outside it."""
    around = center_x + radius * np.cos(np.linspace(0.0, np.pi, steps + 1))
    return np.concatenate([[center_x + radius + 0.012], around, [center_x - radius - 0.012]])


def arch_height(x: ArrayLike, center_x: float, center_z: float, radius: float) -> F8:
    """Height of the arch over the ground at columns; -inf outside it."""
    d2 = radius**2 - (np.asarray(x, np.float64) - center_x) ** 2
    return np.where(d2 >= -1e-9, center_z + np.sqrt(np.maximum(d2, 0.0)), -np.inf)
