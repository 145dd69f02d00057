"""Velocities of bodies whose poses are known at even steps."""

from __future__ import annotations

import numpy as np

from simgen.geometry import F8, quat_conjugate, quat_multiply


def rotation_vector(quaternion: F8) -> F8:
    """Axis times angle (..., 3) of unit quaternions, along the shorter way; exact to first order at zero."""
    q = np.where(quaternion[..., :1] < 0.0, -quaternion, quaternion)
    sine = np.sqrt((q[..., 1:] ** 2).sum(-1, keepdims=True))
    angle = 2.0 * np.arctan2(sine, q[..., :1])
    small = sine < 1e-9
    return np.asarray(q[..., 1:] * np.where(small, 2.0, angle / np.where(small, 1.0, sine)))


def linear_velocity(position: F8, dt_s: float) -> F8:
    """Central differences along the first axis of positions (K, ..., 3), one-sided at the ends.

    Exact where the velocity is constant.
    """
    return _centred(np.diff(position, axis=0) / dt_s, position)


def angular_velocity(quaternion: F8, dt_s: float) -> F8:
    """World-frame rates (K, ..., 3) of orientations (K, ..., 4): the mean of the turns before and after each step.

    Exact where the rate is constant and below half a turn a step.
    """
    turn = rotation_vector(quat_multiply(quaternion[1:], quat_conjugate(quaternion[:-1])))
    return _centred(turn / dt_s, quaternion[..., :3])


def _centred(steps: F8, like: F8) -> F8:
    out = np.zeros(like.shape)
    if len(steps):
        out[0], out[-1] = steps[0], steps[-1]
        out[1:-1] = 0.5 * (steps[1:] + steps[:-1])
    return out
