"""The stored camera, as equations: pixels to rays and points to pixels, with its lens and its rolling shutter.

Written from the file's own numbers and apart from the renderer, so that the two can disagree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from simgen.geometry import F8, inverse_transform
from simgen.records.base import I8, Array

Poses = Callable[[Array], tuple[F8, F8]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Pinhole:
    """A pinhole camera with OpenCV's Brown-Conrady distortion (k1 k2 p1 p2 k3 k4 k5 k6)."""

    K: F8
    distortion: F8
    width: int
    height: int
    line_time_ns: float = 0.0

    @classmethod
    def of(cls, calibration: dict[str, Any], K: F8, width: int, height: int) -> Self | None:
        """From a stored calibration and a frame's K; None where the model is another one."""
        if calibration.get("model", "pinhole") != "pinhole":
            return None
        raw = np.asarray(calibration.get("distortion") or [], np.float64).reshape(-1)
        if len(raw) > 8:
            return None
        lens = np.zeros(8)
        lens[: len(raw)] = raw
        line = float(calibration.get("readout_s") or 0.0) * 1e9 / height
        return cls(K=K, distortion=lens, width=width, height=height, line_time_ns=line)

    def row_time(self, time_ns: int, y: Array) -> I8:
        """The instant of image height ``y`` (pixels, row r's centre at r + 0.5) of a frame whose centre row is at
        ``time_ns``.
        """
        return time_ns + np.rint((np.asarray(y) - 0.5 * self.height) * self.line_time_ns).astype(np.int64)

    def image(self, points: F8) -> tuple[F8, F8]:
        """Image coordinates (x, y) of points (N, 3) in the camera frame; meaningless where z <= 0."""
        z = np.where(np.abs(points[:, 2]) < 1e-9, 1e-9, points[:, 2])
        a, b = self._distorted(points[:, 0] / z, points[:, 1] / z)
        return self.K[0, 0] * a + self.K[0, 1] * b + self.K[0, 2], self.K[1, 1] * b + self.K[1, 2]

    def rays(self, x: F8, y: F8) -> F8:
        """Directions (N, 3) with z = 1 of image coordinates; the lens is inverted by fixed-point iteration."""
        b0 = (y - self.K[1, 2]) / self.K[1, 1]
        a0 = (x - self.K[0, 2] - self.K[0, 1] * b0) / self.K[0, 0]
        a, b = a0, b0
        if self.distortion.any():
            for _ in range(30):
                da, db = self._distorted(a, b)
                a, b = a - (da - a0), b - (db - b0)
        return np.stack([a, b, np.ones_like(a)], axis=-1)

    def project(self, world: F8, time_ns: int, poses: Poses, at_row: F8 | None = None) -> tuple[F8, F8, F8]:
        """Where static world points (N, 3) are in a frame, each at its own row's instant: x, y and depth."""
        y = np.full(len(world), 0.5 * self.height) if at_row is None else at_row
        x, depth = y, y
        for _ in range(6 if self.line_time_ns else 1):
            position, quaternion = poses(self.row_time(time_ns, np.clip(y, -self.height, 2 * self.height)))
            local = inverse_transform(position, quaternion, world)
            x, y = self.image(local)
            depth = local[:, 2]
        return x, y, depth

    def _distorted(self, a: F8, b: F8) -> tuple[F8, F8]:
        k1, k2, p1, p2, k3, k4, k5, k6 = self.distortion
        r2 = a * a + b * b
        radial = (1 + r2 * (k1 + r2 * (k2 + r2 * k3))) / (1 + r2 * (k4 + r2 * (k5 + r2 * k6)))
        return (
            a * radial + 2 * p1 * a * b + p2 * (r2 + 2 * a * a),
            b * radial + p1 * (r2 + 2 * b * b) + 2 * p2 * a * b,
        )
