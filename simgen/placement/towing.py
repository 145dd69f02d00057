"""Trailers: each follows the coupling of what tows it, its axle never slipping sideways.

Seen from above, an axle a length L behind a coupling that moves along a straight piece of length s in the direction
phi keeps its heading theta on a tractrix: ``tan((theta - phi) / 2)`` shrinks by ``exp(-s / L)`` (closed form). A step's
path of the coupling is such a piece. In a steady turn the angle between both vehicles is then
``asin(L / sqrt(R^2 + b^2)) - atan(b / R)`` for a tower of turning radius R whose coupling is b ahead of its rear axle.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

from simgen.placement.coupling import coupling_of, kingpin_of
from simgen.placement.scalar import placed
from simgen.records.actors import ActorState
from simgen.records.model import Model, Quaternion, Vector3


@dataclass(kw_only=True)
class Tow:
    """One trailer and what it remembers: the way of its tower, so that it climbs where that one climbed."""

    coupling: Vector3
    kingpin: Vector3
    #: distance travelled and height of the tower's root, for the last trailer's length
    heights: deque[tuple[float, float]] = field(default_factory=deque)
    travelled_m: float = 0.0
    hitch: Vector3 | None = None
    settled: bool = False

    @classmethod
    def of(cls, tower: Model, trailer: Model, start: ActorState, own: ActorState) -> Tow:
        """At the start, where both are placed already."""
        tow = cls(coupling=coupling_of(tower), kingpin=kingpin_of(tower, trailer))
        behind = math.dist(start.position[:2], own.position[:2])
        tow.heights.extend([(-max(behind, 1e-6), own.position[2]), (0.0, start.position[2])])
        tow.hitch = placed(start.position, start.quaternion, tow.coupling)
        return tow

    @property
    def reach_m(self) -> float:
        """From the coupling back to the axle."""
        return self.kingpin[0]

    def step(self, tower_before: ActorState, tower: ActorState, own: ActorState, dt_s: float) -> ActorState:
        """The trailer's state when its tower's is ``tower``."""
        hitch = placed(tower.position, tower.quaternion, self.coupling)
        before = self.hitch if self.hitch is not None else hitch
        self.hitch = hitch
        self._remember(tower_before, tower)
        reach, pitch = self._attitude(hitch, self._axle_height())
        yaw = tractrix(_yaw(own.quaternion), hitch[0] - before[0], hitch[1] - before[1], reach)
        position = (hitch[0] - reach * math.cos(yaw), hitch[1] - reach * math.sin(yaw), self._axle_height())
        x, y = position[0] - own.position[0], position[1] - own.position[1]
        way = x * math.cos(yaw) + y * math.sin(yaw)
        # in the first step both come to lie as the ground does: that is no speed
        speed_m_s, self.settled = way / dt_s if self.settled else tower.speed_m_s, True
        return ActorState(
            position=position,
            quaternion=_yaw_pitch(yaw, pitch),
            speed_m_s=speed_m_s,
            distance_m=own.distance_m + way,
            exists=tower.exists,
        )

    def _remember(self, before: ActorState, tower: ActorState) -> None:
        x, y = (b - a for a, b in zip(before.position[:2], tower.position[:2], strict=True))
        yaw = _yaw(tower.quaternion)
        way = x * math.cos(yaw) + y * math.sin(yaw)
        self.travelled_m += way
        while len(self.heights) > 1 and self.heights[-1][0] >= self.travelled_m:
            self.heights.pop()  # it backs up
        self.heights.append((self.travelled_m, tower.position[2]))
        while len(self.heights) > 2 and self.heights[1][0] < self.travelled_m - self._behind:
            self.heights.popleft()

    @property
    def _behind(self) -> float:
        """Way from the tower's root back to the trailer's axle while both run straight."""
        return self.reach_m - self.coupling[0]

    def _axle_height(self) -> float:
        """Of the ground where the tower was when it was where the axle is."""
        at = self.travelled_m - self._behind
        (s0, z0), (s1, z1) = self.heights[0], self.heights[min(1, len(self.heights) - 1)]
        if s1 <= s0:
            return z1
        return z0 + (z1 - z0) * min(max((at - s0) / (s1 - s0), 0.0), 1.0)

    def _attitude(self, hitch: Vector3, axle_z: float) -> tuple[float, float]:
        """Level distance from the coupling to the axle, and how far the nose points up."""
        length, height = self.kingpin[0], self.kingpin[2]
        long = math.hypot(length, height)
        rise = min(max(hitch[2] - axle_z, -0.9 * long), 0.9 * long)
        pitch = math.asin(rise / long) - math.atan2(height, length)
        return math.sqrt(long * long - rise * rise), pitch


def tractrix(yaw: float, dx: float, dy: float, reach_m: float) -> float:
    """The heading of an axle ``reach_m`` behind a point that moved by (dx, dy): exact for a straight move."""
    way = math.hypot(dx, dy)
    if way == 0.0:
        return yaw
    phi = math.atan2(dy, dx)
    angle = math.remainder(yaw - phi, 2.0 * math.pi)
    return phi + 2.0 * math.atan2(math.sin(0.5 * angle) * math.exp(-way / reach_m), math.cos(0.5 * angle))


def _yaw(q: Quaternion) -> float:
    w, x, y, z = q
    return math.atan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z))


def _yaw_pitch(yaw: float, pitch: float) -> Quaternion:
    """Heading and nose-up angle as one rotation."""
    cy, sy, cp, sp = math.cos(0.5 * yaw), math.sin(0.5 * yaw), math.cos(0.5 * pitch), math.sin(0.5 * pitch)
    return (cy * cp, sy * sp, -cy * sp, sy * cp)
