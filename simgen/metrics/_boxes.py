"""Boxes of actors, upright over their headings: how far apart they are, and when they will meet.

A box is taken upright: its footprint is the rectangle along the body's heading that holds the true box seen from above,
its height the true box's vertical extent. Of bodies that do not lean it is the true box. All functions broadcast.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.geometry import matrix_from_quat, transform
from simgen.records.base import F8, Array, Bool
from simgen.records.trajectory import Trajectory

#: signs of the corners of a rectangle
_CORNERS = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])


def dot(a: F8, b: F8) -> F8:
    """Inner product of plane vectors (..., 2); by components: sums over an axis of two are slow."""
    return np.asarray(a[..., 0] * b[..., 0] + a[..., 1] * b[..., 1])


@dataclass(frozen=True, kw_only=True, eq=False)
class Upright:
    """Upright boxes: centres (..., 3), unit headings (..., 2), half extents along, across and up (..., 3)."""

    center: F8
    ahead: F8
    half: F8
    #: velocity of the body's origin, world frame, (..., 3)
    velocity: F8

    @property
    def left(self) -> F8:
        """Unit vectors across the heading, (..., 2)."""
        return np.stack([-self.ahead[..., 1], self.ahead[..., 0]], -1)

    def corners(self) -> F8:
        """Corners seen from above, (..., 4, 2)."""
        along = self.half[..., None, :1] * self.ahead[..., None, :] * _CORNERS[:, :1]
        across = self.half[..., None, 1:2] * self.left[..., None, :] * _CORNERS[:, 1:]
        return np.asarray(self.center[..., None, :2] + along + across)

    def __getitem__(self, key: object) -> Upright:
        """Some of them, by what indexes the leading dimensions."""
        return Upright(
            **{name: getattr(self, name)[key] for name in ("center", "ahead", "half", "velocity")},
        )


def upright(trajectory: Trajectory, rows: Array, steps: Array | None = None) -> Upright:
    """The boxes of actor rows at steps, which broadcast; at all steps, (K, rows), if none are named."""
    at = np.arange(len(trajectory.time_ns))[:, None] if steps is None else steps
    bodies = trajectory.actor_body[rows]
    position, turn = trajectory.position[at, bodies], trajectory.quaternion[at, bodies]
    axes = matrix_from_quat(turn)
    ahead = _heading(axes)
    half = trajectory.size[rows].astype(np.float64) / 2.0
    left = np.stack([-ahead[..., 1], ahead[..., 0]], -1)
    extents = [np.abs((axes[..., :2, :] * u[..., :, None]).sum(-2)) for u in (ahead, left)]
    extents.append(np.abs(axes[..., 2, :]))
    return Upright(
        center=transform(position, turn, trajectory.box_center[rows].astype(np.float64)),
        ahead=ahead,
        half=np.stack([(reach * half).sum(-1) for reach in extents], -1),
        velocity=trajectory.linear_velocity[at, bodies].astype(np.float64),
    )


def _heading(axes: F8) -> F8:
    """Where the body's x axis points seen from above; where it points up or down, at a right angle to its y axis."""
    x, y = axes[..., :2, 0], axes[..., :2, 1]
    ahead = np.where((x * x).sum(-1, keepdims=True) > 1e-3, x, np.stack([y[..., 1], -y[..., 0]], -1))
    return np.asarray(ahead / np.sqrt((ahead * ahead).sum(-1, keepdims=True)))


def distance(a: Upright, b: Upright) -> F8:
    """Shortest distance between boxes, m; 0 where they overlap."""
    return separation(a, b)[0]


def separation(a: Upright, b: Upright) -> tuple[F8, F8]:
    """Distance, and unit vector (..., 3) from a's nearest point to b's; from centre to centre of boxes that overlap.

    Two convex outlines that do not overlap are nearest at a corner of one of them, so eight distances from a corner to
    a rectangle are enough; whether they overlap the separating axes say (Gottschalk, Lin and Manocha 1996).
    """
    between = b.center - a.center
    gap = np.concatenate([-_outside(a.corners(), b), _outside(b.corners(), a)], -2)
    squared = dot(gap, gap)
    nearest = np.argmin(squared, -1)[..., None]
    flat = np.take_along_axis(gap, nearest[..., None], -2)[..., 0, :]
    apart = np.stack([np.abs(d) - r for _, d, r in _axes(a, b, between)], -1)
    flat = np.where((apart[..., :4].max(-1) > 0.0)[..., None], flat, 0.0)
    up = np.sign(between[..., 2]) * np.maximum(apart[..., 4], 0.0)
    vector = np.concatenate([flat, up[..., None]], -1)
    length = np.sqrt((vector * vector).sum(-1))
    towards = np.where((length > 0.0)[..., None], vector, between)
    norm = np.sqrt((towards * towards).sum(-1, keepdims=True))
    return length, np.asarray(towards / np.where(norm > 0.0, norm, 1.0))


def _outside(points: F8, box: Upright) -> F8:
    """Vectors (..., P, 2) from the nearest point of a rectangle to each point."""
    rel = points - box.center[..., None, :2]
    out = np.zeros_like(rel)
    for axis, half in ((box.ahead, box.half[..., 0]), (box.left, box.half[..., 1])):
        along = dot(rel, axis[..., None, :])
        beyond = np.sign(along) * np.maximum(np.abs(along) - half[..., None], 0.0)
        out += beyond[..., None] * axis[..., None, :]
    return out


def _axes(a: Upright, b: Upright, between: F8) -> list[tuple[F8, F8, F8]]:
    """Of the five axes that can separate upright boxes: axis (..., 3), distance of the centres, sum of half extents."""
    out = []
    for axis in (a.ahead, a.left, b.ahead, b.left):
        reach = np.zeros(between.shape[:-1])
        for box in (a, b):
            reach = reach + box.half[..., 0] * np.abs(dot(box.ahead, axis))
            reach = reach + box.half[..., 1] * np.abs(dot(box.left, axis))
        full = np.concatenate([axis, np.zeros((*axis.shape[:-1], 1))], -1)
        out.append((full, dot(between, axis), reach))
    up = np.broadcast_to(np.array([0.0, 0.0, 1.0]), between.shape)
    out.append((up, between[..., 2], a.half[..., 2] + b.half[..., 2]))
    return out


def overlap(a: Upright, b: Upright) -> Bool:
    """Whether boxes overlap (or touch)."""
    between = b.center - a.center
    return np.asarray(np.stack([np.abs(d) <= r for _, d, r in _axes(a, b, between)], -1).all(-1))


def meeting(a: Upright, b: Upright) -> tuple[F8, F8]:
    """When boxes meet if both go on as they do, s, and how fast they close then along the axis on which they meet.

    Neither turns nor changes its velocity. On every axis that can separate them the stretch of time is found in which
    they overlap on it: they meet when the last of these begins, if none has ended. ``inf`` and 0 if they never do;
    0 and their closing speed from centre to centre if they overlap already.
    """
    between, moving = b.center - a.center, b.velocity - a.velocity
    start = np.full(between.shape[:-1], -np.inf)
    end, closing = -start, np.zeros_like(start)
    for axis, gap, reach in _axes(a, b, between):
        rate = (moving * axis).sum(-1)
        with np.errstate(divide="ignore", invalid="ignore"):
            first, last = (-np.sign(rate) * gap - reach) / np.abs(rate), (-np.sign(rate) * gap + reach) / np.abs(rate)
        inside = np.abs(gap) <= reach
        still = np.abs(rate) < 1e-9
        first = np.where(still, np.where(inside, -np.inf, np.inf), first)
        last = np.where(still, np.where(inside, np.inf, -np.inf), last)
        closing = np.where(first > start, np.abs(rate), closing)
        start, end = np.maximum(start, first), np.minimum(end, last)
    met = (start <= end) & (end >= 0.0)
    now = met & (start <= 0.0)
    norm = np.sqrt((between * between).sum(-1))
    central = np.maximum(-(moving * between).sum(-1) / np.where(norm > 0.0, norm, 1.0), 0.0)
    closing = np.where(now, central, closing)
    return np.where(met, np.maximum(start, 0.0), np.inf), np.where(met, closing, 0.0)


def deceleration(time_s: F8, closing_m_s: F8) -> F8:
    """``v^2 / (2 d)`` with ``d = v t``: what just avoids a contact so far ahead; 0 of none, inf of one now."""
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = closing_m_s / (2.0 * time_s)
    return np.asarray(np.where((closing_m_s > 0.0) & np.isfinite(time_s), needed, 0.0))
