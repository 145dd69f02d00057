"""The moments before a sequence begins, so that a sweep or an exposure centred on its first instant sees motion.

Before time 0 every actor moves on as it does in the first step: its root at constant velocity and turning rate, its
wheels and limbs by the distance that goes with it.
"""

from __future__ import annotations

import numpy as np

from simgen.geometry import F8, quat_conjugate, quat_from_axis_angle, quat_multiply
from simgen.physics.cast import Paths
from simgen.records.base import Array


def led_in(paths: Paths, steps: int) -> Paths:
    """The paths with ``steps`` steps before the first; a behaviour's speed counts from its first step on."""
    back = np.arange(-steps, 0, dtype=np.float64)
    return Paths(
        position=_extended(paths.position, back),
        quaternion=np.concatenate([_turned_back(paths.quaternion[0], paths.quaternion[1], back), paths.quaternion]),
        speed_m_s=np.concatenate([np.repeat(paths.speed_m_s[1:2], steps + 1, axis=0), paths.speed_m_s[1:]]),
        distance_m=_extended(paths.distance_m, back),
        steer_rad=_held(paths.steer_rad, steps),
        door_share=_held(paths.door_share, steps),
        exists=_held(paths.exists, steps),
        indicator=_held(paths.indicator, steps),
    )


def led_in_frames(frames: F8, steps: int, dt_s: float) -> F8:
    """The same for a body that PyBullet moved: rows of position, quaternion, velocity, angular velocity (K, 13)."""
    back = np.arange(-steps, 0, dtype=np.float64)[:, None]
    first = np.repeat(frames[:1], steps, axis=0)
    first[:, :3] += back * dt_s * frames[0, 7:10]
    rate = float(np.sqrt((frames[0, 10:13] ** 2).sum()))
    if rate > 0.0:
        turn = quat_from_axis_angle(frames[0, 10:13], back[:, 0] * dt_s * rate)
        first[:, 3:7] = quat_multiply(turn, frames[0, 3:7])
    return np.concatenate([first, frames])


def _held(column: Array, steps: int) -> Array:
    return np.concatenate([np.repeat(column[:1], steps, axis=0), column])


def _extended(column: F8, back: F8) -> F8:
    step = column[1] - column[0]
    return np.concatenate([column[0] + back.reshape(-1, *[1] * step.ndim) * step, column])


def _turned_back(first: F8, second: F8, back: F8) -> F8:
    """Orientations (S, M, 4) before the first, turning as from the first to the second."""
    turn = quat_multiply(second, quat_conjugate(first))
    turn = np.where(turn[..., :1] < 0.0, -turn, turn)
    sine = np.sqrt((turn[..., 1:] ** 2).sum(-1))
    angle = 2.0 * np.arctan2(sine, turn[..., 0])
    axis = np.where(sine[..., None] > 0.0, turn[..., 1:], np.array([0.0, 0.0, 1.0]))
    return quat_multiply(quat_from_axis_angle(axis, back[:, None] * angle), first)
