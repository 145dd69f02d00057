"""A line as plain Python numbers, followed step by step: thousands of look-ups a second, each next to the last."""

from __future__ import annotations

import math
from operator import sub

import numpy as np

from simgen.polyline import Polyline


class Track:
    """A line resampled evenly; look-ups by distance are constant-time, projections search from the last place."""

    def __init__(self, line: Polyline, step_m: float = 0.5) -> None:
        even = line.resample(step_m)
        # headings turn evenly between the line's own vertices; those of the resampled line would turn in jerks
        heading = line.heading(even.s * (line.length / even.length))
        spread = np.gradient(heading, even.s)
        self.length = even.length
        self.s: list[float] = even.s.tolist()
        self.x: list[float] = even.points[:, 0].tolist()
        self.y: list[float] = even.points[:, 1].tolist()
        self.z: list[float] = even.points[:, 2].tolist()
        self.yaw: list[float] = heading.tolist()
        self.curvature: list[float] = spread.tolist()
        #: (P, 2) for those who look at many points at once
        self.points = even.points[:, :2].copy()
        self._line = even
        self._last = len(self.s) - 2
        #: direction and length of each piece
        self._units: list[tuple[float, float, float]] = []
        for dx, dy in zip(map(sub, self.x[1:], self.x), map(sub, self.y[1:], self.y), strict=True):
            length = math.hypot(dx, dy)
            self._units.append((dx / length, dy / length, length))

    def index(self, s: float) -> int:
        """The piece that a distance falls on."""
        k = int(s / self.length * (self._last + 1))
        return 0 if k < 0 else self._last if k > self._last else k

    def project(self, x: float, y: float, near: float) -> tuple[float, float]:
        """Distance and lateral offset (left positive) of a point whose place is near a known one."""
        k = self.index(near)
        while k < self._last and self._along(k, x, y) > self.s[k + 1] - self.s[k]:
            k += 1
        while k > 0 and self._along(k, x, y) < 0.0 and self._along(k - 1, x, y) < self.s[k] - self.s[k - 1]:
            k -= 1
        ux, uy, _ = self._units[k]
        rx, ry = x - self.x[k], y - self.y[k]
        return self.s[k] + rx * ux + ry * uy, ux * ry - uy * rx

    def _along(self, k: int, x: float, y: float) -> float:
        ux, uy, _ = self._units[k]
        return (x - self.x[k]) * ux + (y - self.y[k]) * uy

    def closest(self, x: float, y: float) -> tuple[float, float]:
        """The same for a point that may be anywhere."""
        s, lateral = self._line.closest((x, y))
        return float(s), float(lateral)

    def at(self, s: float, lateral: float = 0.0) -> tuple[float, float, float]:
        """The point at a distance, moved to the left; straight on beyond the ends."""
        k = self.index(s)
        ux, uy, length = self._units[k]
        rest = s - self.s[k]
        w = rest / length
        w = 0.0 if w < 0.0 else 1.0 if w > 1.0 else w
        z = self.z[k] + w * (self.z[k + 1] - self.z[k])
        return self.x[k] + rest * ux - lateral * uy, self.y[k] + rest * uy + lateral * ux, z

    def bearing(self, s: float) -> tuple[float, float]:
        """Heading and curvature at a distance, linear between vertices; straight beyond the ends."""
        if s <= 0.0 or s >= self.length:
            return (self.yaw[0] if s <= 0.0 else self.yaw[-1]), 0.0
        k = self.index(s)
        w = (s - self.s[k]) / (self.s[k + 1] - self.s[k])
        w = 0.0 if w < 0.0 else 1.0 if w > 1.0 else w
        yaw = self.yaw[k] + w * (self.yaw[k + 1] - self.yaw[k])
        return yaw, self.curvature[k] + w * (self.curvature[k + 1] - self.curvature[k])
