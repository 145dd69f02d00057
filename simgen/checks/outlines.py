"""Distances between actors' boxes by another route than the metrics take: edge by edge, from all eight corners.

The metrics find boxes apart by separating axes and measure from corners to rectangles; here every corner is measured
against every edge, and outlines overlap if a corner of one lies in the other or two edges cross.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.geometry import F8, quat_rotate, transform
from simgen.records.base import Array, Bool
from simgen.records.trajectory import Trajectory

_SIGNS = np.stack(np.meshgrid([-0.5, 0.5], [-0.5, 0.5], [-0.5, 0.5], indexing="ij"), -1).reshape(-1, 3)


@dataclass(frozen=True, kw_only=True, eq=False)
class Outline:
    """Corners seen from above in order (..., 4, 2), lowest and highest point, and velocity (..., 3)."""

    corners: F8
    low: F8
    high: F8
    velocity: F8

    def after(self, time_s: Array) -> Outline:
        """The same if it goes on for a time (...)."""
        moved = self.velocity * time_s[..., None]
        return Outline(
            corners=self.corners + moved[..., None, :2],
            low=self.low + moved[..., 2],
            high=self.high + moved[..., 2],
            velocity=self.velocity,
        )


def outlines(trajectory: Trajectory, rows: Array, steps: Array) -> Outline:
    """Of actor rows at steps, (steps, rows)."""
    bodies, at = trajectory.actor_body[rows], steps[:, None]
    position, turn = trajectory.position[at, bodies], trajectory.quaternion[at, bodies]
    center, size = trajectory.box_center[rows].astype(np.float64), trajectory.size[rows].astype(np.float64)
    corners = transform(position[..., None, :], turn[..., None, :], center[:, None] + _SIGNS * size[:, None])
    yaw = _yaw(turn)
    axes = (np.stack([np.cos(yaw), np.sin(yaw)], -1), np.stack([-np.sin(yaw), np.cos(yaw)], -1))
    along, across = ((corners[..., :2] * axis[..., None, :]).sum(-1) for axis in axes)
    ends = [(along.min(-1), across.min(-1)), (along.max(-1), across.min(-1))]
    ends += [(along.max(-1), across.max(-1)), (along.min(-1), across.max(-1))]
    flat = [a[..., None] * axes[0] + b[..., None] * axes[1] for a, b in ends]
    return Outline(
        corners=np.stack(flat, -2),
        low=corners[..., 2].min(-1),
        high=corners[..., 2].max(-1),
        velocity=trajectory.linear_velocity[at, bodies].astype(np.float64),
    )


def shrunk(outline: Outline, by_m: float) -> Outline:
    """The same, smaller by so much on every side: what touches it surely touches the whole."""
    middle = outline.corners.mean(-2, keepdims=True)
    arm = outline.corners - middle
    share = np.maximum(1.0 - 2.0 * by_m / np.sqrt((arm * arm).sum(-1, keepdims=True)), 0.0)
    return Outline(
        corners=middle + share * arm, low=outline.low + by_m, high=outline.high - by_m, velocity=outline.velocity
    )


def _yaw(turn: F8) -> F8:
    """Heading of the x axis; of bodies that lie on their back or face, a right angle before that of the y axis."""
    ahead, left = (quat_rotate(turn, np.array(axis)) for axis in ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0]))
    steep = ahead[..., 0] ** 2 + ahead[..., 1] ** 2 <= 1e-3
    return np.where(
        steep, np.arctan2(left[..., 1], left[..., 0]) - np.pi / 2.0, np.arctan2(ahead[..., 1], ahead[..., 0])
    )


def between(a: Outline, b: Outline) -> F8:
    """Shortest distance, (...); 0 where they overlap."""
    flat = np.minimum(_to_edges(a.corners, b.corners), _to_edges(b.corners, a.corners))
    flat = np.where(_inside(a.corners, b.corners) | _inside(b.corners, a.corners) | _cross(a, b), 0.0, flat)
    up = np.maximum(np.maximum(b.low - a.high, a.low - b.high), 0.0)
    return np.asarray(np.sqrt(flat * flat + up * up))


def _edges(corners: F8) -> tuple[F8, F8]:
    """Where the edges start, and how they go on, each (..., 1, 4, 2)."""
    return corners[..., None, :, :], (np.roll(corners, -1, -2) - corners)[..., None, :, :]


def _to_edges(points: F8, corners: F8) -> F8:
    """Smallest distance of any of four points to any of four edges."""
    start, way = _edges(corners)
    x, y = (points[..., :, None, k] - start[..., k] for k in (0, 1))
    length2 = np.maximum(way[..., 0] ** 2 + way[..., 1] ** 2, 1e-12)
    share = np.clip((x * way[..., 0] + y * way[..., 1]) / length2, 0.0, 1.0)
    gap_x, gap_y = x - share * way[..., 0], y - share * way[..., 1]
    return np.asarray(np.sqrt((gap_x * gap_x + gap_y * gap_y).min((-1, -2))))


def _inside(points: F8, corners: F8) -> Bool:
    """Whether any of the points lies in the outline: to the left of all of its edges."""
    start, way = _edges(corners)
    x, y = (points[..., :, None, k] - start[..., k] for k in (0, 1))
    return np.asarray((way[..., 0] * y - way[..., 1] * x >= 0.0).all(-1).any(-1))


def _cross(a: Outline, b: Outline) -> Bool:
    """Whether any edges cross: the ends of each lie on both sides of the other."""
    return np.asarray(
        (_straddles(a.corners, b.corners) & np.swapaxes(_straddles(b.corners, a.corners), -1, -2)).any((-1, -2))
    )


def _straddles(points: F8, corners: F8) -> Bool:
    """Whether each edge of ``points`` has its ends on both sides of each edge of ``corners``, (..., 4, 4)."""
    start, way = _edges(corners)
    x, y = (points[..., :, None, k] - start[..., k] for k in (0, 1))
    side = way[..., 0] * y - way[..., 1] * x
    return np.asarray(side * np.roll(side, -1, -2) < 0.0)
