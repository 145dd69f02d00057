"""Ultrasonic echoes come from where their object is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from simgen.checks.base import NOTHING, Finding, FrameLook, Rule, compare
from simgen.checks.mounts import actor_poses
from simgen.geometry import F8, inverse_transform, transform

#: standard deviations that hardly any range exceeds
_SIGMAS = 5.0


@dataclass(frozen=True, kw_only=True)
class EchoSource(Rule):
    """The range of a true echo lies between the nearest and the farthest point of its object's box.

    From the time of flight and the trajectory; tolerance 2 cm, five sigma of the stated noise and 2 % of the range for
    boxes of bodies that bend.
    """

    name = "echo_source"
    unit = "m"
    tolerance_m: float = 0.02
    tolerance_share: float = 0.02

    def frame(self, look: FrameLook) -> Finding:
        """Compare one ping."""
        frame, calibration = look.frame, look.sequence.calibration(look.sensor)
        if look.get("time_of_flight") is None or not np.isfinite(frame.range[0]):
            return NOTHING
        instance = int(frame.instance[0])
        if instance not in look.sequence.trajectory.instance or frame.flags[0]:
            return NOTHING
        near, far = _span(look, instance)
        true = self._range(frame, calibration)
        margin = self.tolerance_m + self.tolerance_share * true + _SIGMAS * float(calibration.get("noise_m", 0.0))
        outside = max(near - true, true - far, 0.0)

        def example(_: int) -> str:
            return f"an echo from {true:.3f} m of instance {instance}, which is {near:.3f} to {far:.3f} m away"

        return compare(np.array([max(outside - margin, 0.0)]), 0.0, example)

    def _range(self, frame: Any, calibration: dict[str, Any]) -> float:
        """The reported range with the error of the assumed temperature taken out."""
        return float(frame.range[0]) * float(calibration["speed_m_s"]) / float(calibration["assumed_speed_m_s"])


def _span(look: FrameLook, instance: int) -> tuple[float, float]:
    """Nearest and farthest distance from the sensor to an actor's box."""
    trajectory = look.sequence.trajectory
    row = trajectory.row(instance)
    position, quaternion = actor_poses(trajectory, instance, np.array(look.frame.time_ns))
    center = transform(position, quaternion, trajectory.box_center[row])
    local = inverse_transform(center, quaternion, look.frame.world_from_sensor[:3, 3])
    half = 0.5 * trajectory.size[row].astype(np.float64)
    return _length(np.maximum(np.abs(local) - half, 0.0)), _length(np.abs(local) + half)


def _length(v: F8) -> float:
    return float(np.sqrt((v * v).sum()))
