"""A line as plain Python numbers, followed step by step: thousands of look-ups a second, each next to the last."""

from __future__ import annotations

import math

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

    def index(self, s: float) -> int:
        """The piece that a distance falls on."""
        return min(max(int(s / self.length * (self._last + 1)), 0), self._last)

    def project(self, x: float, y: float, near: float) -> tuple[float, float]:
        """Distance and lateral offset (left positive) of a point whose place is near a known one."""
        k = self.index(near)
        while k < self._last and self._along(k, x, y) > self.s[k + 1] - self.s[k]:
            k += 1
        while k > 0 and self._along(k, x, y) < 0.0 and self._along(k - 1, x, y) < self.s[k] - self.s[k - 1]:
            k -= 1
        ux, uy, _ = self._unit(k)
        rx, ry = x - self.x[k], y - self.y[k]
        return self.s[k] + rx * ux + ry * uy, ux * ry - uy * rx

    def _along(self, k: int, x: float, y: float) -> float:
        ux, uy, _ = self._unit(k)
        return (x - self.x[k]) * ux + (y - self.y[k]) * uy

    def _unit(self, k: int) -> tuple[float, float, float]:
        dx, dy = self.x[k + 1] - self.x[k], self.y[k + 1] - self.y[k]
        length = math.hypot(dx, dy)
        return dx / length, dy / length, length

    def closest(self, x: float, y: float) -> tuple[float, float]:
        """The same for a point that may be anywhere."""
        s, lateral = self._line.closest((x, y))
        return float(s), float(lateral)

    def at(self, s: float, lateral: float = 0.0) -> tuple[float, float, float]:
        """The point at a distance, moved to the left; straight on beyond the ends."""
        k = self.index(s)
        ux, uy, length = self._unit(k)
        rest = s - self.s[k]
        w = min(max(rest / length, 0.0), 1.0)
        z = self.z[k] + w * (self.z[k + 1] - self.z[k])
        return self.x[k] + rest * ux - lateral * uy, self.y[k] + rest * uy + lateral * ux, z

    def bearing(self, s: float) -> tuple[float, float]:
        """Heading and curvature at a distance, linear between vertices; straight beyond the ends."""
        if s <= 0.0 or s >= self.length:
            return (self.yaw[0] if s <= 0.0 else self.yaw[-1]), 0.0
        k = self.index(s)
        w = min(max((s - self.s[k]) / (self.s[k + 1] - self.s[k]), 0.0), 1.0)
        yaw = self.yaw[k] + w * (self.yaw[k + 1] - self.yaw[k])
        return yaw, self.curvature[k] + w * (self.curvature[k + 1] - self.curvature[k])
