"""What a perfect inertial sensor feels on a path that is stored in steps.

Between two steps the pose is linear and slerp by definition, so the velocity jumps at the steps and the acceleration
is a row of impulses. A sensor sees it through its bandwidth. Here the window is the shortest that leaves nothing out:
central second differences at the steps, interpolated linearly, are exactly the impulses seen through a triangle of two
steps; mean rates over a step, interpolated linearly from the steps' middles, the turn seen through a box of one step.
A narrower bandwidth is a Gaussian window on top.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simgen.geometry import quat_conjugate, quat_multiply, quat_rotate
from simgen.records.base import F8, I8
from simgen.records.window import Track
from simgen.units import NS_PER_S

#: where the Gaussian window ends, in deviations
_TAILS: Final = 4.0


def felt(track: Track, time_ns: I8, gravity_m_s2: float, earth_rate: F8, bandwidth_hz: float) -> tuple[F8, F8]:
    """Specific force (N, 3), m/s2, and angular rate (N, 3), rad/s, in the sensor's axes at instants.

    Args:
        track: the sensor's path at every physics step; the lever arm is in it.
        time_ns: the instants, (N,).
        gravity_m_s2: along -z of the world.
        earth_rate: what the gyroscope adds for the Earth's rotation, world axes, (3,).
        bandwidth_hz: where the Gaussian window lets 0.707 through.
    """
    knots = track.time_ns
    position, quaternion = track.at(knots)
    step_s = float(knots[1] - knots[0]) / NS_PER_S
    up = np.array([0.0, 0.0, gravity_m_s2])
    into = quat_conjugate(quaternion)
    force = quat_rotate(into, acceleration(position, step_s) + up)
    rate = body_rate(quaternion, step_s) + quat_rotate(into[:-1], earth_rate)
    spread = math.sqrt(math.log(2.0)) / (2.0 * math.pi * bandwidth_hz) / step_s
    at = (time_ns - knots[0]) / NS_PER_S
    steps: F8 = step_s * np.arange(len(knots), dtype=np.float64)
    return (
        interpolated(at, steps, smoothed(force, spread)),
        interpolated(at, steps[:-1] + 0.5 * step_s, smoothed(rate, spread)),
    )


def acceleration(position: F8, step_s: float) -> F8:
    """Central second differences of positions (K, 3), m/s2; the first and the last repeat their neighbour."""
    inner = (position[2:] - 2.0 * position[1:-1] + position[:-2]) / (step_s * step_s)
    return np.concatenate([inner[:1], inner, inner[-1:]]) if len(inner) else np.zeros_like(position)


def body_rate(quaternion: F8, step_s: float) -> F8:
    """Mean turning rate over each step, in the turning frame, (K - 1, 3), rad/s: the rotation vector of the step."""
    turn = quat_multiply(quat_conjugate(quaternion[:-1]), quaternion[1:])
    turn = np.where(turn[:, :1] < 0.0, -turn, turn)
    sine = np.sqrt((turn[:, 1:] * turn[:, 1:]).sum(-1, keepdims=True))
    angle = 2.0 * np.arctan2(sine, turn[:, :1])
    # the angle over its half's sine tends to 2
    return turn[:, 1:] * np.where(sine > 1e-12, angle / np.maximum(sine, 1e-12), 2.0) / step_s


def smoothed(values: F8, spread: float) -> F8:
    """Evenly spaced rows (K, 3) through a Gaussian window of that deviation, in rows; the ends go on as they are."""
    reach = math.ceil(_TAILS * spread) if spread > 0.2 else 0
    weights = [math.exp(-0.5 * (k / spread) ** 2) if reach else 1.0 for k in range(-reach, reach + 1)]
    padded = np.concatenate([np.repeat(values[:1], reach, 0), values, np.repeat(values[-1:], reach, 0)])
    out = np.zeros_like(values)
    # tap by tap and not by a convolution, which would go through BLAS
    for k, weight in enumerate(weights):
        out += weight * padded[k : k + len(values)]
    return out / sum(weights)


def interpolated(at: F8, knots: F8, values: F8) -> F8:
    """Rows (K, 3) at knots, linearly at (N,), constant beyond the ends."""
    return np.stack([np.interp(at, knots, column) for column in values.T], axis=-1)


__all__ = ["acceleration", "body_rate", "felt", "interpolated", "smoothed"]
