"""How a sensor sits on what carries it, from frame to frame."""

from __future__ import annotations

import numpy as np

from simgen.geometry import inverse_transform, quat_conjugate, quat_from_matrix, quat_multiply
from simgen.records.base import F4, F8, I8
from simgen.records.trajectory import Trajectory


def moved(poses: F8, time_ns: I8, trajectory: Trajectory | None, on: str) -> tuple[F4, F4]:
    """Shift (m) and turn (rad) of a sensor on its carrier against its first frame, (N,).

    ``poses``: world_from_sensor of every frame, (N, 4, 4); ``on``: the body that carries it, or ``world``. Unknown
    (nan) of a body without a trajectory.
    """
    if on != "world" and trajectory is None:
        return np.full(len(poses), np.nan, np.float32), np.full(len(poses), np.nan, np.float32)
    position, quaternion = poses[:, :3, 3], quat_from_matrix(poses[:, :3, :3])
    if trajectory is not None and on in trajectory.body_names:
        body = np.array([trajectory.body_names.index(on)])
        base, turn = (a[:, 0] for a in trajectory.poses(time_ns, body))
        position = inverse_transform(base, turn, position)
        quaternion = quat_multiply(quat_conjugate(turn), quaternion)
    shift = np.sqrt(((position - position[:1]) ** 2).sum(-1))
    w = np.abs(quat_multiply(quat_conjugate(quaternion[:1]), quaternion)[:, 0])
    return shift.astype(np.float32), (2.0 * np.arccos(np.clip(w, 0.0, 1.0))).astype(np.float32)
