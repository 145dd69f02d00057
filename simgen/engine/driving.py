"""What drivers show by lamps, told from how their vehicles move: braking, turning, reversing."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.records.base import F8, Array, Bool
from simgen.records.trajectory import Trajectory

#: deceleration from which on brakes must be at work, and below which they are let go, m/s2 (drag and engine: 0.3)
BRAKE_ON_M_S2: Final = 0.5
BRAKE_OFF_M_S2: Final = 0.2
#: slower than this a vehicle stands
STANDS_M_S: Final = 0.15
#: speeds are evened over this long before accelerations are read off them
SMOOTH_S: Final = 0.1
#: radius below which a path is a turn, and how long before and after it indicators blink
TURN_RADIUS_M: Final = 30.0
BEFORE_TURN_S: Final = 3.0
AFTER_TURN_S: Final = 0.3
#: in a trajectory's ``indicator``: nobody says where this actor will go, so it is told from its path
UNSAID: Final = 9
#: flashes a second (UN R6: 90 +- 30 a minute)
BLINK_HZ: Final = 1.5
#: groups of two flashes a second (UN R65: 2 to 4), how long a flash is, and from one to the next within a group
BEACON_HZ: Final = 2.0
FLASH_S: Final = 0.07
FLASH_GAP_S: Final = 0.14


def forward_speed(trajectory: Trajectory, body: int) -> F8:
    """Speed along the body's own x axis at every step, m/s, negative backwards, (K,)."""
    w, x, y, z = trajectory.quaternion[:, body].T
    v = trajectory.linear_velocity[:, body].astype(np.float64)
    ahead = np.stack([1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y + w * z), 2.0 * (x * z - w * y)], -1)
    return np.asarray((v * ahead).sum(-1))


def heading(trajectory: Trajectory, body: int) -> F8:
    """Yaw of the body at every step without jumps, rad, (K,)."""
    w, x, y, z = trajectory.quaternion[:, body].T
    return np.unwrap(np.arctan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z)))


def braking(speed: F8, step_s: float) -> Bool:
    """Whether the brake lamps shine, (K,): on when it slows down, off when it no longer does, on while it stands."""
    even = _evened(np.abs(speed), step_s)
    slows = -np.gradient(even, step_s) if len(even) > 1 else np.zeros(len(even))
    stands = even < STANDS_M_S
    on = (slows > BRAKE_ON_M_S2) | stands
    off = (slows < BRAKE_OFF_M_S2) & ~stands
    return latched(on, off)


def turning(yaw: F8, speed: F8, step_s: float, side: float) -> Bool:
    """Whether the indicators of a side (1 = left, -1 = right) are on, (K,)."""
    if len(yaw) < 2:
        return np.zeros(len(yaw), np.bool_)
    rate = _evened(np.gradient(yaw, step_s), step_s)
    turns = (side * rate * TURN_RADIUS_M > np.abs(speed)) & (np.abs(speed) > STANDS_M_S)
    steps = np.arange(len(yaw))
    following = np.minimum.accumulate(np.where(turns, steps, 10**9)[::-1])[::-1]
    previous = np.maximum.accumulate(np.where(turns, steps, -(10**9)))
    return (following - steps <= BEFORE_TURN_S / step_s) | (steps - previous <= AFTER_TURN_S / step_s)


def blinks(time_ns: int, offset: float) -> bool:
    """Whether a blinking lamp is in its bright half; ``offset`` in periods, so that vehicles blink apart."""
    return (time_ns * 1e-9 * BLINK_HZ + offset) % 1.0 < 0.5


def flashes(time_ns: int, offset: float, other: bool = False) -> bool:
    """Whether a beacon is in one of the two flashes of its group; ``other``: the lenses that flash half a period later.

    ``offset`` in periods, so that vehicles flash apart.
    """
    within = (time_ns * 1e-9 * BEACON_HZ + offset + 0.5 * other) % 1.0 / BEACON_HZ
    return within < FLASH_S or FLASH_GAP_S <= within < FLASH_GAP_S + FLASH_S


def latched(on: Array, off: Array) -> Bool:
    """A switch that ``on`` closes and ``off`` opens, open at first, (K,)."""
    steps = np.arange(len(on))
    last_on = np.maximum.accumulate(np.where(on, steps, -1))
    last_off = np.maximum.accumulate(np.where(off & ~on, steps, -1))
    return np.asarray(last_on > last_off)


def _evened(values: F8, step_s: float) -> F8:
    """A running mean over :data:`SMOOTH_S`; ends are held."""
    half = max(round(0.5 * SMOOTH_S / step_s), 1)
    padded = np.pad(values, half, mode="edge")
    total = np.cumsum(np.concatenate([[0.0], padded]))
    return np.asarray((total[2 * half + 1 :] - total[: -2 * half - 1]) / (2 * half + 1))
