"""3-D boxes of everything that exists at an instant, in a sensor's frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from simgen.assembly import Assembly
from simgen.geometry import F8, cross, inverse_transform, quat_conjugate, quat_from_matrix, quat_multiply, quat_rotate
from simgen.records.base import I8
from simgen.records.frames import BOX_IS_EGO
from simgen.records.trajectory import Trajectory
from simgen.taxonomy import class_id


@dataclass(frozen=True, kw_only=True)
class Placed:
    """The actors that exist at an instant, one row each, in the order of the scene."""

    #: row of the scene's entities
    rows: I8
    instance: I8
    class_id: I8
    #: centre, sensor frame, (B, 3)
    center: F8
    size: F8
    #: sensor from box, (B, 4)
    quaternion: F8
    #: of the centre over the ground, sensor axes, (B, 3)
    velocity: F8
    flags: I8

    def columns(self, keep: I8) -> dict[str, Any]:
        """The columns of :class:`~simgen.records.frames.Boxes`, for some rows."""
        f4 = np.float32
        return {
            "instance": self.instance[keep].astype(np.uint32),
            "class_id": self.class_id[keep].astype(np.uint16),
            "center": self.center[keep].astype(f4),
            "size": self.size[keep].astype(f4),
            "quaternion": self.quaternion[keep].astype(f4),
            "velocity": self.velocity[keep].astype(f4),
        }


def place(
    assembly: Assembly, trajectory: Trajectory, time_ns: int, world_from_sensor: F8, ego: tuple[int, ...]
) -> Placed:
    """Boxes of the actors that exist at ``time_ns``; ``ego`` lists the instances that are the ego's own."""
    rows = np.flatnonzero(trajectory.exists[trajectory.nearest(time_ns)])
    roots = trajectory.actor_body[rows].astype(np.int64)
    position, quaternion = trajectory.poses(time_ns, roots)
    offset = quat_rotate(quaternion, trajectory.box_center[rows])
    linear, angular = _velocities(trajectory, time_ns, roots)
    eye, turn = world_from_sensor[:3, 3], quat_from_matrix(world_from_sensor[:3, :3])
    inverse = quat_conjugate(turn)
    instance = trajectory.instance[rows].astype(np.int64)
    return Placed(
        rows=rows,
        instance=instance,
        class_id=np.array([class_id(assembly.models[row].class_name) for row in rows], np.int64),
        center=inverse_transform(eye, turn, position + offset),
        size=trajectory.size[rows].astype(np.float64),
        quaternion=_upper(quat_multiply(inverse, quaternion)),
        velocity=quat_rotate(inverse, linear + cross(angular, offset)),
        flags=np.where(np.isin(instance, ego), BOX_IS_EGO, 0),
    )


def _velocities(trajectory: Trajectory, time_ns: int, bodies: I8) -> tuple[F8, F8]:
    """Linear and angular velocities between the stored steps."""
    low = trajectory.nearest(time_ns)
    high = min(low + 1, len(trajectory.time_ns) - 1)
    t = min(max((time_ns - int(trajectory.time_ns[low])) / trajectory.step_ns, 0.0), 1.0)
    linear, angular = (
        (1.0 - t) * field[low, bodies].astype(np.float64) + t * field[high, bodies]
        for field in (trajectory.linear_velocity, trajectory.angular_velocity)
    )
    return linear, angular


def _upper(quaternion: F8) -> F8:
    return np.where(quaternion[..., :1] < 0.0, -quaternion, quaternion)
