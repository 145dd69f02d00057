"""Where a sensor is at any instant, from the stored trajectory and its mount."""

from __future__ import annotations

from typing import Any

import numpy as np

from simgen.geometry import F8, IDENTITY_QUATERNION
from simgen.records.base import Array
from simgen.records.trajectory import Trajectory
from simgen.records.window import Track


def mounted_poses(trajectory: Trajectory, mount: Any, time_ns: Array) -> tuple[F8, F8] | None:
    """Positions (..., 3) and quaternions (..., 4), world from sensor, at instants (...); None if they are not known."""
    pose = _pose_of(mount)
    if pose is None:
        return None
    times = np.asarray(time_ns, np.int64)
    if mount.get("on", "world") != "world" and mount["on"] not in trajectory.body_names:
        return None
    found = _on_body(trajectory, mount.get("on", "world"), pose, times)
    after = _pose_of(mount.get("knock"))
    if after is None:
        return found
    since = np.asarray(times >= mount["knock"]["time_ns"])[..., None]
    moved = _on_body(trajectory, mount["knock"].get("on", "world"), after, times)
    return np.where(since, moved[0], found[0]), np.where(since, moved[1], found[1])


def _pose_of(mount: Any) -> tuple[F8, F8] | None:
    if not mount or "position" not in mount or "quaternion" not in mount:
        return None
    return np.array(mount["position"], np.float64), np.array(mount["quaternion"], np.float64)


def _on_body(trajectory: Trajectory, on: str, pose: tuple[F8, F8], times: Array) -> tuple[F8, F8]:
    if on == "world":
        return np.broadcast_to(pose[0], (*times.shape, 3)), np.broadcast_to(pose[1], (*times.shape, 4))
    return _track(trajectory, trajectory.body_names.index(on), *pose).at(times)


def actor_poses(trajectory: Trajectory, instance: int, time_ns: Array) -> tuple[F8, F8]:
    """World poses of an actor's root at instants.

    Raises:
        KeyError: no actor has that id.
    """
    body = int(trajectory.actor_body[trajectory.row(instance)])
    return _track(trajectory, body, np.zeros(3), IDENTITY_QUATERNION).at(np.asarray(time_ns, np.int64))


def _track(trajectory: Trajectory, body: int, offset: F8, rotation: F8) -> Track:
    """One body's path, so that a hundred thousand instants do not gather every body's pose."""
    return Track(
        time_ns=trajectory.time_ns,
        position=trajectory.position[:, body],
        quaternion=trajectory.quaternion[:, body],
        offset=offset,
        rotation=rotation,
    )
