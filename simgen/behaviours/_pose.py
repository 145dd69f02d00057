"""What drivers share: headings as quaternions, and feet that keep to the ground."""

from __future__ import annotations

import math

from simgen.placement.ground import GroundHeight
from simgen.records.model import Quaternion

#: how fast a walker's height follows a kerb: up or down 12 cm in about a tenth of a second
_CLIMB_M_S = 1.2


def yaw_quaternion(yaw: float) -> Quaternion:
    """Rotation about z."""
    return (math.cos(0.5 * yaw), 0.0, 0.0, math.sin(0.5 * yaw))


def pitched_quaternion(yaw: float, pitch: float) -> Quaternion:
    """Rotation about z, and before it about y (positive = nose down)."""
    if pitch == 0.0:
        return yaw_quaternion(yaw)
    cy, sy, cp, sp = math.cos(0.5 * yaw), math.sin(0.5 * yaw), math.cos(0.5 * pitch), math.sin(0.5 * pitch)
    return (cy * cp, -sy * sp, cy * sp, sy * cp)


def quaternion_yaw(q: Quaternion) -> float:
    """Heading about z."""
    w, x, y, z = q
    return math.atan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z))


def wrapped(angle: float) -> float:
    """The same angle between -pi and pi."""
    return math.remainder(angle, 2.0 * math.pi)


def turned(yaw: float, target: float, most: float) -> float:
    """``yaw`` turned towards ``target`` by at most ``most`` radians, the short way."""
    turn = math.remainder(target - yaw, 2.0 * math.pi)
    return yaw + (most if turn > most else -most if turn < -most else turn)


class Feet:
    """Keeps an actor as high over the ground as it started, stepping up and down kerbs at a limited speed."""

    def __init__(self, ground: GroundHeight, x: float, y: float, z: float) -> None:
        self._ground = ground
        self._above = z - ground.at(x, y)
        self._at, self._wanted = (x, y), z

    def height(self, x: float, y: float, z: float, dt: float) -> float:
        """The height one step later, now that it is at (x, y)."""
        if (x, y) != self._at:
            self._at, self._wanted = (x, y), self._ground.at(x, y) + self._above
        most = _CLIMB_M_S * dt
        return z + min(max(self._wanted - z, -most), most)
