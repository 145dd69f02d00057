"""The pinhole camera: points to pixels and back. Pixel (0, 0) covers [0, 1) x [0, 1), its centre is (0.5, 0.5)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

F8 = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Pinhole:
    """Intrinsics in pixels. Camera frame: x right, y down, z forward."""

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float

    @classmethod
    def from_hfov(cls, width: int, height: int, hfov_rad: float) -> Self:
        """Square pixels, centred, seeing that angle from the left edge to the right edge."""
        focal = 0.5 * width / math.tan(0.5 * hfov_rad)
        return cls(width=width, height=height, fx=focal, fy=focal, cx=0.5 * width, cy=0.5 * height)

    @property
    def K(self) -> F8:  # noqa: N802 - the field's own name
        """Intrinsic matrix, (3, 3)."""
        return np.array([[self.fx, 0.0, self.cx], [0.0, self.fy, self.cy], [0.0, 0.0, 1.0]])

    @property
    def hfov_rad(self) -> float:
        """Angle seen from the left edge to the right edge along the middle row."""
        return math.atan2(self.cx, self.fx) + math.atan2(self.width - self.cx, self.fx)

    def project(self, points: ArrayLike) -> F8:
        """Pixel positions (..., 2) of points (..., 3) in the camera frame; NaN where z <= 0."""
        p = np.asarray(points, np.float64)
        z = np.where(p[..., 2] > 0.0, p[..., 2], np.nan)
        return np.stack([self.fx * p[..., 0] / z + self.cx, self.fy * p[..., 1] / z + self.cy], axis=-1)

    def unproject(self, pixels: ArrayLike, depth: ArrayLike = 1.0) -> F8:
        """Points (..., 3) in the camera frame at pixel positions (..., 2) and depths along the axis (...)."""
        uv, z = np.asarray(pixels, np.float64), np.asarray(depth, np.float64)
        x, y = (uv[..., 0] - self.cx) / self.fx * z, (uv[..., 1] - self.cy) / self.fy * z
        return np.stack([x, y, np.broadcast_to(z, x.shape)], axis=-1)

    def inside(self, pixels: ArrayLike) -> NDArray[np.bool_]:
        """Whether pixel positions (..., 2) lie in the image; NaN does not."""
        uv = np.asarray(pixels, np.float64)
        u, v = uv[..., 0], uv[..., 1]
        return np.asarray((u >= 0.0) & (u < self.width) & (v >= 0.0) & (v < self.height))

    def pixel_centres(self) -> F8:
        """Positions of all pixel centres, row by row, (H W, 2)."""
        v, u = np.mgrid[0 : self.height, 0 : self.width]
        return np.stack([u.ravel() + 0.5, v.ravel() + 0.5], axis=-1)
