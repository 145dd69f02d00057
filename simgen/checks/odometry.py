"""Wheel odometry agrees with its ticks, its ideal with the path, its error with its covariance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.checks.base import NOTHING, Finding, Rule, SequenceLook, compare
from simgen.dataset import FrameSet
from simgen.geometry import quat_conjugate, quat_multiply, quat_rotate, yaw_of
from simgen.records.base import F8
from simgen.records.frames import STATUS_OK
from simgen.sensors._wheels import Steps, steps_from_ways, walked


@dataclass(frozen=True, kw_only=True)
class OdometryPath(Rule):
    """The ideal pose is the stored path's, and what its twist adds up to; ticks add up to the pose that is told.

    The told pose lies within six sigma of the truth, and 1 % of the way for slip. Tolerance of the ideal: 1 mm and
    0.2 % of the way, 1 mrad.
    """

    name = "odometry_path"
    unit = "of what is allowed"
    sigmas: float = 6.0

    def sequence(self, look: SequenceLook) -> Finding:
        """Look at every odometry."""
        found = NOTHING
        for name, frames in look.frames.items():
            if frames.record == "OdometryFrame" and len(frames) > 1:
                found += self._of_sensor(look, name, frames)
        return found

    def _of_sensor(self, look: SequenceLook, name: str, frames: FrameSet) -> Finding:
        where = f"{look.stored.index:06d}/{name}"
        good = frames.group["status"][()] == STATUS_OK
        found = _ticks(frames, look.calibration(name), where) if good.all() else NOTHING
        poses = look.sensor_poses(name, frames.group["time_ns"][()])
        if poses is None:
            return found
        true, way = _path(*poses)
        if "ideal" in frames.variants:
            found += _ideal(frames.variant("ideal"), float(look.calibration(name)["rate_hz"]), true, way, where)
        allowed = self.sigmas * np.sqrt(frames.covariance[:].diagonal(axis1=1, axis2=2)) + 1e-3
        allowed[:, :2] += 0.01 * way[:, None]
        error = (np.abs(frames.pose[:] - true) / allowed)[good]
        rows = np.flatnonzero(good)
        return found + compare(
            error.max(-1), 1.0, lambda k: f"{where}/{int(rows[k])}: farther off than its covariance explains"
        )


def _path(position: F8, quaternion: F8) -> tuple[F8, F8]:
    """True x, y and yaw in the first pose's frame (N, 3), and the length of the way so far (N,)."""
    moved = quat_rotate(quat_conjugate(quaternion[0]), position - position[0])
    turned = quat_multiply(quat_conjugate(quaternion[0]), quaternion)
    yaw = np.unwrap(yaw_of(turned))
    steps = np.sqrt((np.diff(position, axis=0) ** 2).sum(-1))
    return np.concatenate([moved[:, :2], yaw[:, None]], axis=-1), np.concatenate([[0.0], np.cumsum(steps)])


def _ideal(ideal: FrameSet, rate_hz: float, true: F8, way: F8, where: str) -> Finding:
    twist = ideal.twist[:] / rate_hz
    twist[0] = 0.0
    summed, _ = walked(Steps(driven=twist[:, 0], turned=twist[:, 1]))
    allowed = np.stack([1e-3 + 2e-3 * way, 1e-3 + 2e-3 * way, np.full(len(way), 1e-3)], axis=-1)
    off = np.abs(ideal.pose[:] - true) / allowed, np.abs(summed - true) / allowed
    return compare(off[0].max(-1), 1.0, lambda k: f"{where}/{k}: the ideal pose is not the path's") + compare(
        off[1].max(-1), 1.0, lambda k: f"{where}/{k}: the ideal twist does not add up to the path"
    )


def _ticks(frames: FrameSet, calibration: dict[str, float], where: str) -> Finding:
    """The pose again, from the ticks and the nominal numbers."""
    metres = 2.0 * np.pi / calibration["ticks_per_turn"] * calibration["wheel_radius_m"]
    ways = metres * np.diff(frames.ticks[:], axis=0, prepend=frames.ticks[:1])
    if not frames.covariance[:].any():
        return NOTHING  # an ideal signal: its pose is the path's, not the ticks'
    pose, _ = walked(steps_from_ways(ways, calibration["track_m"]))
    error = np.abs(frames.pose[:] - pose).max(-1)
    return compare(error / 1e-6, 1.0, lambda k: f"{where}/{k}: its ticks do not add up to its pose")
