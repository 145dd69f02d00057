"""Rotations are rotations: unit quaternions, orthonormal matrices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.checks.base import Finding, FrameLook, Rule, SequenceLook, compare
from simgen.records.base import F8, Array


@dataclass(frozen=True, kw_only=True)
class Rotations(Rule):
    """Quaternions have length 1, pose matrices are rotations (not reflections) with a last row of 0 0 0 1.

    Tolerance 1e-5: float32 quaternions.
    """

    name = "rotations"
    tolerance: float = 1e-5

    def sequence(self, look: SequenceLook) -> Finding:
        """Look at the trajectory."""
        error = _length_error(look.trajectory.quaternion)
        bodies = max(error.shape[1], 1)
        return compare(error, self.tolerance, lambda k: f"trajectory: body {k % bodies} at step {k // bodies}")

    def frame(self, look: FrameLook) -> Finding:
        """Look at the sensor's pose and the boxes."""
        found = compare(
            np.array([matrix_error(look.frame.world_from_sensor)]),
            self.tolerance,
            lambda _: "world_from_sensor is not a rigid motion",
        )
        boxes = look.get("boxes")
        if boxes is not None:
            error = _length_error(boxes.quaternion)
            found += compare(
                error, self.tolerance, lambda k: f"box of instance {int(boxes.instance[k])} has no unit quaternion"
            )
        return found


def _length_error(quaternion: Array) -> F8:
    q = quaternion.astype(np.float64)
    return np.asarray(np.abs(np.sqrt((q * q).sum(-1)) - 1.0))


def matrix_error(pose: F8) -> float:
    """How far a 4x4 matrix is from a rigid motion: largest entry of R R' - 1, of det R - 1, of the last row."""
    r = pose[:3, :3]
    gram = (r[:, None, :] * r[None, :, :]).sum(-1) - np.eye(3)
    handed = (r[0] * np.cross(r[1], r[2])).sum() - 1.0
    return float(max(np.abs(gram).max(), abs(handed), np.abs(pose[3] - [0.0, 0.0, 0.0, 1.0]).max()))
