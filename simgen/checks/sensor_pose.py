"""The stored sensor pose is that of its mount on the moving body."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, compare
from simgen.geometry import pose_matrix


@dataclass(frozen=True, kw_only=True)
class SensorPose(Rule):
    """``world_from_sensor`` is the carrying body's pose at ``time_ns`` times the mount. Tolerance 1e-6."""

    name = "sensor_pose"
    unit = "m"
    tolerance: float = 1e-6

    def frame(self, look: FrameLook) -> Finding:
        """Compare the two."""
        poses = look.sequence.sensor_poses(look.sensor, np.array(look.frame.time_ns))
        if poses is None:
            return NOTHING
        error = np.abs(pose_matrix(*poses) - look.frame.world_from_sensor).max()
        return compare(np.array([error]), self.tolerance, lambda _: f"off by {error:.6f} from the mount's pose")
