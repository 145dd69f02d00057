"""Where a sensor is at any instant, from the stored trajectory and its mount."""

from __future__ import annotations

from typing import Any

import numpy as np

from simgen.geometry import F8, compose
from simgen.records.base import Array
from simgen.records.trajectory import Trajectory


def mounted_poses(trajectory: Trajectory, mount: Any, time_ns: Array) -> tuple[F8, F8] | None:
    """Positions (..., 3) and quaternions (..., 4), world from sensor, at instants (...); None if they are not known."""
    if not mount or "position" not in mount or "quaternion" not in mount:
        return None
    offset, rotation = np.array(mount["position"], np.float64), np.array(mount["quaternion"], np.float64)
    times = np.asarray(time_ns, np.int64)
    if mount.get("on", "world") == "world":
        return np.broadcast_to(offset, (*times.shape, 3)), np.broadcast_to(rotation, (*times.shape, 4))
    if mount["on"] not in trajectory.body_names:
        return None
    body = trajectory.body_names.index(mount["on"])
    position, quaternion = trajectory.poses(times, np.array([body]))
    return compose(position[..., 0, :], quaternion[..., 0, :], offset, rotation)


def actor_poses(trajectory: Trajectory, instance: int, time_ns: Array) -> tuple[F8, F8]:
    """World poses of an actor's root at instants.

    Raises:
        KeyError: no actor has that id.
    """
    body = int(trajectory.actor_body[trajectory.row(instance)])
    position, quaternion = trajectory.poses(np.asarray(time_ns, np.int64), np.array([body]))
    return position[..., 0, :], quaternion[..., 0, :]
