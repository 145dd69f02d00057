"""Collision parts of whole models, and the boxes that they fill as their links move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.geometry import F8, compose, matrix_from_quat, quat_rotate
from simgen.physics.collision import Part, bounds, link_parts
from simgen.records.base import I8
from simgen.records.model import Model
from simgen.records.trajectory import Trajectory

#: boxes about several parts are this much larger than they must be, m: more than rounding takes away
_ROUNDING_M: Final = 1e-6


@dataclass(frozen=True, kw_only=True, eq=False)
class Solid:
    """Every collision part of a model with the link (L) that carries it; boxes (low, high) in the links' frames.

    ``solid_links``: those of the links that carry any parts; ``link_low`` and ``link_high`` enclose what each carries.
    """

    parts: tuple[Part, ...]
    links: I8
    low: F8
    high: F8
    solid_links: I8
    link_low: F8
    link_high: F8

    @classmethod
    def of(cls, model: Model) -> Solid:
        """The parts that a moving body has: hulls in the place of triangles."""
        found = [(part, k) for k, link in enumerate(model.links) for part in link_parts(link, concave=False)]
        corners = [bounds(part) for part, _ in found]
        low = np.array([low for low, _ in corners]).reshape(-1, 3)
        high = np.array([high for _, high in corners]).reshape(-1, 3)
        links = np.array([link for _, link in found], np.int64)
        solid_links, first = np.unique(links, return_index=True)  # parts come link by link
        return cls(
            parts=tuple(part for part, _ in found),
            links=links,
            low=low,
            high=high,
            solid_links=solid_links,
            link_low=np.minimum.reduceat(low, first, axis=0) if len(found) else low,
            link_high=np.maximum.reduceat(high, first, axis=0) if len(found) else high,
        )

    def part_boxes(self, t: Trajectory, root: int, steps: I8) -> tuple[F8, F8]:
        """Lowest and highest corners (S, P, 3) of boxes about the parts at some steps; ``root`` = the root's body.

        Exact for boxes and generous for the rest.
        """
        links, row = self.solid_links + root, np.searchsorted(self.solid_links, self.links)
        position, quaternion = _poses(t, links, steps)
        matrix = np.abs(matrix_from_quat(quaternion))
        return _boxes(position[:, row], quaternion[:, row], matrix[:, row], self.low, self.high)

    def extent(self, t: Trajectory, root: int) -> tuple[F8, F8]:
        """Lowest and highest corners (K, 3) of a box about all parts at every step, or (1, 3) where it never moves."""
        links = self.solid_links + root
        position, quaternion = t.position[:, links], t.quaternion[:, links]
        if (position == position[:1]).all() and (quaternion == quaternion[:1]).all():
            position, quaternion = position[:1], quaternion[:1]
        matrix = np.abs(matrix_from_quat(quaternion))
        low, high = _boxes(position, quaternion, matrix, self.link_low, self.link_high)
        return low.min(1) - _ROUNDING_M, high.max(1) + _ROUNDING_M

    def part_poses(self, t: Trajectory, root: int, steps: I8, parts: I8) -> tuple[F8, F8]:
        """Positions and quaternions (xyzw) of parts, one at each of some steps."""
        links = self.links[parts] + root
        own_p = np.array([self.parts[i].position for i in parts])
        own_q = np.array([self.parts[i].quaternion for i in parts])
        position, quaternion = compose(t.position[steps, links], t.quaternion[steps, links], own_p, own_q)
        return position, quaternion[..., [1, 2, 3, 0]]


def _poses(t: Trajectory, bodies: I8, steps: I8) -> tuple[F8, F8]:
    at = np.ix_(steps, bodies)
    return t.position[at], t.quaternion[at]


def _boxes(position: F8, quaternion: F8, matrix: F8, low: F8, high: F8) -> tuple[F8, F8]:
    """World boxes about boxes (N, 3) in frames (..., N); ``matrix``: the frames' rotations, without signs."""
    center = position + quat_rotate(quaternion, (low + high) / 2)
    half = (matrix * ((high - low) / 2)[:, None, :]).sum(-1)
    return center - half, center + half
