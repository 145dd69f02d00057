"""What is wrong with the calibration that a device's data come with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simgen.geometry import F8, quat_from_euler, quat_multiply
from simgen.registry import param
from simgen.sensors._mount import Vector3

_NONE: Final = (0.0, 0.0, 0.0)


@dataclass(frozen=True, kw_only=True)
class CalibrationError:
    """How the *reported* calibration errs. The sensor is truly where its mount says; so are data and labels.

    Reported position = mount's position + ``position_m``. Reported rotation = mount's rotation, then roll, pitch and
    yaw of ``rotation_deg`` about the sensor's own axes (x forward, y left, z up): roll turns the picture, yaw turns the
    view to the left. Reported intrinsics = true ones + ``focal_px`` (both axes), ``cx_px``, ``cy_px``.
    """

    position_m: Vector3 = param(_NONE, ge=-10.0, le=10.0, doc="reported less true position, in the carrier's frame")
    rotation_deg: Vector3 = param(_NONE, ge=-180.0, le=180.0, doc="roll, pitch, yaw about the sensor's own axes")
    focal_px: float = param(0.0, doc="reported less true focal length of a camera")
    cx_px: float = param(0.0, doc="reported less true principal point, to the right")
    cy_px: float = param(0.0, doc="reported less true principal point, downwards")

    @property
    def of_pose(self) -> bool:
        """Whether the reported pose differs from the true one."""
        return self.position_m != _NONE or self.rotation_deg != _NONE

    @property
    def of_lens(self) -> bool:
        """Whether the reported intrinsics differ from the true ones."""
        return (self.focal_px, self.cx_px, self.cy_px) != _NONE

    def pose(self, position: F8, quaternion: F8) -> tuple[F8, F8]:
        """The reported pose of the sensor's body frame, given the true one."""
        roll, pitch, yaw = np.radians(self.rotation_deg)
        return position + np.array(self.position_m), quat_multiply(quaternion, quat_from_euler(roll, pitch, yaw))

    def intrinsics(self, calibration: Mapping[str, Any]) -> dict[str, Any]:
        """The reported calibration, given the true one."""
        if not self.of_lens:
            return dict(calibration)
        (fx, skew, cx), (_, fy, cy), last = calibration["K"]
        upper = [[fx + self.focal_px, skew, cx + self.cx_px], [0.0, fy + self.focal_px, cy + self.cy_px]]
        return {**calibration, "K": [*upper, last]}

    def fault(self, calibration: Mapping[str, Any], *, has_path: bool) -> str | None:
        """Why a sensor cannot have this error, or None."""
        if self.of_pose and has_path:
            return "a camera on a path has no mount to be wrong about: remove position_m and rotation_deg"
        if self.of_lens and "K" not in calibration:
            return "focal_px, cx_px and cy_px are for cameras: this sensor has no intrinsics"
        if self.of_lens and calibration["K"][0][0] + self.focal_px <= 0.0:
            return f"the reported focal length would be {calibration['K'][0][0] + self.focal_px:g} px"
        return None
