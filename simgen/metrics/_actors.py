"""Actors of a trajectory: rows by name, boxes, and when they are there."""

from __future__ import annotations

import numpy as np

from simgen.errors import UserError
from simgen.geometry import transform
from simgen.records.base import F8, Array, Bool
from simgen.records.trajectory import Trajectory
from simgen.registry import suggest


def row_of(trajectory: Trajectory, name: str) -> int:
    """The actor row of a name.

    Raises:
        UserError: there is no such actor.
    """
    if name not in trajectory.actor_names:
        raise UserError(f"no actor {name!r}{suggest(name, trajectory.actor_names)}")
    return trajectory.actor_names.index(name)


def box_centers(trajectory: Trajectory, row: int) -> F8:
    """Centre of an actor's box at every step, (K, 3), world frame."""
    body = int(trajectory.actor_body[row])
    return transform(trajectory.position[:, body], trajectory.quaternion[:, body], trajectory.box_center[row])


def speeds(trajectory: Trajectory, row: int) -> F8:
    """Horizontal speed of an actor's origin at every step, (K,)."""
    velocity = trajectory.linear_velocity[:, int(trajectory.actor_body[row]), :2].astype(np.float64)
    return np.asarray(np.sqrt((velocity * velocity).sum(-1)))


def both_exist(trajectory: Trajectory, a: int, b: int) -> Bool:
    """Whether two actors are there, at every step, (K,)."""
    return trajectory.exists[:, a] & trajectory.exists[:, b]


def first(mask: Bool) -> int | None:
    """Index of the first that is true, if any."""
    return int(np.argmax(mask)) if mask.any() else None


def in_box(trajectory: Trajectory, row: int, step: int, shares: Array) -> F8:
    """World positions of points given as shares of an actor's box (-0.5..0.5 on each axis)."""
    body = int(trajectory.actor_body[row])
    local = trajectory.box_center[row] + shares * trajectory.size[row]
    return transform(trajectory.position[step, body], trajectory.quaternion[step, body], local)
