"""Dead reckoning with two wheels: steps of a path, how they go wrong, and what is known of the error.

A step between two samples is an arc: its length ``driven`` and its turn. All arrays have one row a step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.geometry import quat_conjugate, quat_multiply, quat_rotate, slerp, yaw_of
from simgen.records.base import F8


@dataclass(frozen=True, kw_only=True)
class Steps:
    """Arcs: lengths (N,), m, forward positive, and turns (N,), rad, left positive."""

    driven: F8
    turned: F8


@dataclass(frozen=True, kw_only=True)
class Unknowns:
    """Deviations of what is constant over a sequence, as shares: scale of both wheels, their difference, track."""

    scale: float
    difference: float
    track: float


def steps_of(position: F8, quaternion: F8) -> Steps:
    """The arcs between neighbouring poses (N + 1, 3), (N + 1, 4), each in the plane of its own body."""
    turn = quat_multiply(quat_conjugate(quaternion[:-1]), quaternion[1:])
    turned = yaw_of(turn)
    middle = slerp(quaternion[:-1], quaternion[1:], np.full(len(turn), 0.5))
    chord = quat_rotate(quat_conjugate(middle), position[1:] - position[:-1])[:, 0]
    return Steps(driven=chord / _sinc(0.5 * turned), turned=turned)


def thrown(steps: Steps, alphas: tuple[float, ...], drawn: F8) -> Steps:
    """The odometry motion model of Thrun, Burgard and Fox (Probabilistic Robotics, 2005, table 5.6).

    An arc is a turn, a way and the same turn again; each has a normal error with a *variance* of
    ``a1 rot^2 + a2 trans^2`` (turns) and ``a3 trans^2 + a4 (rot1^2 + rot2^2)`` (way). ``drawn``: normals (N, 3).
    """
    rotation, way = step_deviations(steps, alphas)
    return Steps(driven=steps.driven + way * drawn[:, 0], turned=steps.turned + rotation * (drawn[:, 1] + drawn[:, 2]))


def step_deviations(steps: Steps, alphas: tuple[float, ...]) -> tuple[F8, F8]:
    """Deviation of each of a step's two turns, and of its way, (N,) each."""
    a1, a2, a3, a4 = alphas
    rot2, trans2 = (0.5 * steps.turned) ** 2, steps.driven**2
    return np.sqrt(a1 * rot2 + a2 * trans2), np.sqrt(a3 * trans2 + 2.0 * a4 * rot2)


def wheel_ways(steps: Steps, track_m: float) -> F8:
    """How far the left and the right wheel roll in each step, (N, 2), m."""
    half = 0.5 * track_m * steps.turned
    return np.stack([steps.driven - half, steps.driven + half], axis=-1)


def steps_from_ways(ways: F8, track_m: float) -> Steps:
    """The inverse of :func:`wheel_ways`."""
    return Steps(driven=0.5 * (ways[:, 0] + ways[:, 1]), turned=(ways[:, 1] - ways[:, 0]) / track_m)


def walked(steps: Steps) -> tuple[F8, F8]:
    """Poses x, y, yaw after every step from 0, (N, 3), and the middles of the steps, (N, 2)."""
    yaw = np.cumsum(steps.turned)
    heading = yaw - 0.5 * steps.turned
    chord = steps.driven * _sinc(0.5 * steps.turned)
    x, y = np.cumsum(chord * np.cos(heading)), np.cumsum(chord * np.sin(heading))
    back = 0.5 * np.stack([chord * np.cos(heading), chord * np.sin(heading)], axis=-1)
    return np.stack([x, y, yaw], axis=-1), np.stack([x, y], axis=-1) - back


def covariances(steps: Steps, alphas: tuple[float, ...], unknown: Unknowns, tick_m: float, track_m: float) -> F8:
    """Covariance of the pose after every step, (N, 3, 3), to first order in all errors.

    An error ``e`` in the heading of step j swings everything after it: position k moves by ``e J (p_k - m_j)``, where
    ``m_j`` is the step's middle and J a quarter turn. So sums over j are sums of 1, m_j and m_j m_j' that run along.
    """
    pose, middle = walked(steps)
    rotation, way = step_deviations(steps, alphas)
    lean = _swing(2.0 * rotation**2, pose[:, :2], middle)
    heading = pose[:, 2] - 0.5 * steps.turned
    ahead = np.stack([np.cos(heading), np.sin(heading), np.zeros(len(heading))], axis=-1)
    along = np.cumsum((way**2)[:, None, None] * ahead[:, :, None] * ahead[:, None, :], axis=0)
    tick = tick_m**2 / 12.0
    rounding = np.diag([tick, tick, 2.0 * tick / track_m**2])
    turns = _swung(steps.turned, pose[:, :2], middle)
    # larger wheels stretch the way and its turns
    scale = unknown.scale * (np.concatenate([pose[:, :2], np.zeros((len(pose), 1))], axis=-1) + turns)
    difference = _swung(steps.driven / track_m, pose[:, :2], middle) * unknown.difference
    track = turns * unknown.track
    constant = sum(v[:, :, None] * v[:, None, :] for v in (scale, difference, track))
    return np.asarray(lean + along + constant + rounding)


def _swing(variance: F8, position: F8, middle: F8) -> F8:
    """Sum over earlier steps of variance (J d, 1)(J d, 1)' with ``d = p_k - m_j``, (N, 3, 3)."""
    total = np.cumsum(variance)
    first = np.cumsum(variance[:, None] * middle, axis=0)
    second = np.cumsum(variance[:, None, None] * middle[:, :, None] * middle[:, None, :], axis=0)
    cross = position[:, :, None] * first[:, None, :]
    spread = total[:, None, None] * position[:, :, None] * position[:, None, :]
    spread = spread - cross - np.swapaxes(cross, 1, 2) + second
    arm = total[:, None] * position - first
    out = np.empty((len(total), 3, 3))
    out[:, 0, 0], out[:, 1, 1] = spread[:, 1, 1], spread[:, 0, 0]
    out[:, 0, 1] = out[:, 1, 0] = -spread[:, 0, 1]
    out[:, 0, 2] = out[:, 2, 0] = -arm[:, 1]
    out[:, 1, 2] = out[:, 2, 1] = arm[:, 0]
    out[:, 2, 2] = total
    return out


def _swung(turns: F8, position: F8, middle: F8) -> F8:
    """What a turn of each step, all in proportion to one unknown, does to the pose, (N, 3)."""
    total = np.cumsum(turns)
    arm = total[:, None] * position - np.cumsum(turns[:, None] * middle, axis=0)
    return np.stack([-arm[:, 1], arm[:, 0], total], axis=-1)


def _sinc(x: F8) -> F8:
    small = np.abs(x) < 1e-6
    return np.where(small, 1.0 - x * x / 6.0, np.sin(x) / np.where(small, 1.0, x))


__all__ = [
    "Steps",
    "Unknowns",
    "covariances",
    "step_deviations",
    "steps_from_ways",
    "steps_of",
    "thrown",
    "walked",
    "wheel_ways",
]
