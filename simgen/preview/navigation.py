"""Panels of IMU, wheel odometry and joint encoders: their whole series against the truth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

import numpy as np

from simgen.geometry import quat_conjugate, quat_from_matrix, quat_rotate
from simgen.preview.plot import (
    BLUE,
    GRAY,
    GREEN,
    INK,
    ORANGE,
    RED,
    Color,
    diagram,
    map_diagram,
    reach,
)
from simgen.records.base import F8, U1
from simgen.records.frames import STATUS_OK, Frame
from simgen.records.navigation import ImuFrame, JointFrame, OdometryFrame

Panel = tuple[str, U1]
AnyFrame = TypeVar("AnyFrame", bound=Frame)
_AXES: Final = (("x", RED), ("y", GREEN), ("z", BLUE))
_JOINT_COLORS: Final[tuple[Color, ...]] = (
    RED,
    GREEN,
    BLUE,
    ORANGE,
    (128, 60, 176),
    (20, 160, 170),
    (120, 92, 60),
    (214, 80, 150),
)


def imu_panels(name: str, frames: Sequence[ImuFrame]) -> list[Panel]:
    """Specific force, angular rate and biases over time."""
    good = _delivered(frames)
    if len(good) < 2:
        return []
    t = _seconds(good)
    panels = []
    for words, field in (("specific force, m/s2", "linear_acceleration"), ("angular rate, rad/s", "angular_velocity")):
        panels.append((f"{name}: {words}, {len(good):,} samples", _triad(t, good, field)))
    if good[0].gyro_bias is not None:
        gyro, accel = (np.stack([getattr(f, part) for f in good]) for part in ("gyro_bias", "accel_bias"))
        panels.append((f"{name}: true bias of the gyroscopes, mrad/s", _lines(t, 1e3 * gyro)))
        panels.append((f"{name}: true bias of the accelerometers, mm/s2", _lines(t, 1e3 * accel)))
    return panels


def odometry_panels(name: str, frames: Sequence[OdometryFrame]) -> list[Panel]:
    """The way that was counted against the true one, the drift with its deviation, and the speeds."""
    good = _delivered(frames)
    if len(good) < 2:
        return []
    t, pose, true = _seconds(good), np.stack([f.pose for f in good]), _true_poses(good)
    way = map_diagram(np.concatenate([pose[:, :2], true[:, :2]]), ("forward, m", "left, m"))
    way.legend(("truth", GRAY), ("odometry", RED))
    way.line(true[:, 0], true[:, 1], GRAY, 5)
    way.line(pose[:, 0], pose[:, 1], RED)
    error = pose[:, :2] - true[:, :2]
    drift, sigma = np.hypot(error[:, 0], error[:, 1]), _spread(good)
    over = diagram(_ends(t), reach(drift, sigma, np.zeros(1)), ("s", "m"))
    over.legend(("drift", RED), ("root of the covariance's trace", GRAY))
    over.line(t, sigma, GRAY)
    over.line(t, drift, RED)
    length = float(np.abs(np.diff(true[:, :2], axis=0)).sum())
    twist = np.stack([f.twist for f in good])
    speed = diagram(_ends(t), reach(twist[:, 0], np.zeros(1)), ("s", "m/s"))
    speed.line(t, twist[:, 0], BLUE, 1)
    turn = diagram(_ends(t), reach(twist[:, 1], least=0.02), ("s", "rad/s"))
    turn.line(t, twist[:, 1], BLUE, 1)
    share = f"{drift[-1]:.2f} m after {length:.0f} m"
    return [
        (f"{name}: the way", way.picture),
        (f"{name}: drift, {share}", over.picture),
        (f"{name}: speed", speed.picture),
        (f"{name}: yaw rate", turn.picture),
    ]


def joint_panels(name: str, frames: Sequence[JointFrame]) -> list[Panel]:
    """Position and speed of every joint over time."""
    good = _delivered(frames)
    if len(good) < 2:
        return []
    t = _seconds(good)
    panels = []
    for field, words in (("position", "positions, rad or m"), ("velocity", "speeds, rad/s or m/s")):
        values = np.stack([getattr(f, field) for f in good])
        out = diagram(_ends(t), reach(values, least=0.02), ("s", ""))
        colors = [_JOINT_COLORS[k % len(_JOINT_COLORS)] for k in range(values.shape[1])]
        out.legend(*((str(k), color) for k, color in enumerate(colors[:10])))
        for k, color in enumerate(colors):
            out.line(t, values[:, k], color)
        panels.append((f"{name}: {values.shape[1]} joints, {words}", out.picture))
    return panels


def _delivered(frames: Sequence[AnyFrame]) -> list[AnyFrame]:
    return [frame for frame in frames if frame.status == STATUS_OK]


def _seconds(frames: Sequence[Frame]) -> F8:
    return np.array([1e-9 * frame.time_ns for frame in frames])


def _ends(t: F8) -> tuple[float, float]:
    return float(t[0]), float(t[-1])


def _lines(t: F8, values: F8) -> U1:
    """Three axes over time."""
    out = diagram(_ends(t), reach(values), ("s", ""))
    out.legend(*_AXES)
    for k, (_, color) in enumerate(_AXES):
        out.line(t, values[:, k], color)
    return out.picture


def _triad(t: F8, frames: Sequence[ImuFrame], field: str) -> U1:
    """Three axes over time, the ideal signal on top in grey."""
    values = np.stack([getattr(f, field) for f in frames])
    out = diagram(_ends(t), reach(values, least=0.02), ("s", ""))
    twins = [f.ideal for f in frames if f.ideal is not None]
    out.legend(*_AXES, *([("ideal", INK)] if twins else []))
    for k, (_, color) in enumerate(_AXES):
        out.line(t, values[:, k], color, 1)
    if len(twins) == len(frames):
        ideal = np.stack([getattr(f, field) for f in twins])
        for k in range(3):
            out.line(t, ideal[:, k], INK, 2)
    return out.picture


def _true_poses(frames: Sequence[OdometryFrame]) -> F8:
    """Where the sensor really is, in the frame of its first sample, (N, 2)."""
    first = frames[0].world_from_sensor
    moved = np.stack([f.world_from_sensor[:3, 3] for f in frames]) - first[:3, 3]
    turned: F8 = quat_rotate(quat_conjugate(quat_from_matrix(first[:3, :3])), moved)
    return turned[:, :2]


def _spread(frames: Sequence[OdometryFrame]) -> F8:
    return np.asarray(np.sqrt([f.covariance[0, 0] + f.covariance[1, 1] for f in frames]))


__all__ = ["imu_panels", "joint_panels", "odometry_panels"]
