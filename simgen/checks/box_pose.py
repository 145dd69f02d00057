"""3-D boxes: where the trajectory says the actor is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, SequenceLook, compare
from simgen.checks.mounts import actor_poses
from simgen.geometry import matrix_from_quat, quat_from_matrix, quat_multiply, transform
from simgen.records.base import F8


@dataclass(frozen=True, kw_only=True)
class BoxPose(Rule):
    """Centre and rotation of a box, taken to the world, are the actor's at ``time_ns``.

    Tolerance 5 mm for the centre (float32 at 150 m plus the pose matrix) and the same number as an angle in radians.
    """

    name = "box_pose"
    unit = "m"
    tolerance_m: float = 0.005

    def frame(self, look: FrameLook) -> Finding:
        """Compare every box row with the trajectory."""
        boxes = look.get("boxes")
        if boxes is None or len(boxes.instance) == 0:
            return NOTHING
        expected = [_actor_box(look.sequence, int(i), look.frame.time_ns) for i in boxes.instance]
        rows = [k for k, box in enumerate(expected) if box is not None]
        if not rows:
            return NOTHING
        pose = look.frame.world_from_sensor
        sensor_q = quat_from_matrix(pose[:3, :3])
        center = transform(pose[:3, 3], sensor_q, boxes.center[rows])
        rotation = quat_multiply(sensor_q, boxes.quaternion[rows])
        wanted = [box for box in expected if box is not None]
        distance = _length(center - np.array([c for c, _ in wanted]))
        angle = np.abs(matrix_from_quat(rotation) - matrix_from_quat(np.array([q for _, q in wanted]))).max((-2, -1))

        def example(k: int) -> str:
            actor = int(boxes.instance[rows[k]])
            return f"instance {actor} is {distance[k]:.3f} m and {angle[k]:.3f} rad from the trajectory's"

        return compare(np.maximum(distance, angle), self.tolerance_m, example)


def _actor_box(look: SequenceLook, instance: int, time_ns: int) -> tuple[F8, F8] | None:
    trajectory = look.trajectory
    if instance not in trajectory.instance:
        return None  # the rule on ids says so
    position, quaternion = actor_poses(trajectory, instance, np.array(time_ns))
    return transform(position, quaternion, trajectory.box_center[trajectory.row(instance)]), quaternion


def _length(v: F8) -> F8:
    return np.asarray(np.sqrt((v * v).sum(-1)))
