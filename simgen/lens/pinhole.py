"""The pinhole camera: straight lines stay straight."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Final, Self

import numpy as np
from numpy.typing import ArrayLike

from simgen.lens.base import F8, Projection

#: tangent of the largest angle from the axis at which a corner may lie, 89.9 degrees
_WIDEST: Final = math.tan(math.radians(89.9))


@dataclass(frozen=True, kw_only=True)
class Pinhole(Projection):
    """``u = fx x / z + cx``, ``v = fy y / z + cy``."""

    model: ClassVar[str] = "pinhole"
    number: ClassVar[int] = 0
    measure: ClassVar[str] = "depth"

    @classmethod
    def from_hfov(cls, width: int, height: int, hfov_rad: float) -> Self:
        """Square pixels, centred, seeing that angle from the left edge to the right edge."""
        focal = 0.5 * width / math.tan(0.5 * hfov_rad)
        return cls(width=width, height=height, fx=focal, fy=focal, cx=0.5 * width, cy=0.5 * height)

    @property
    def hfov_rad(self) -> float:
        """Angle seen from the left edge to the right edge along the middle row."""
        return math.atan2(self.cx, self.fx) + math.atan2(self.width - self.cx, self.fx)

    @property
    def limit_rad(self) -> float:
        """Less than a right angle."""
        return 0.5 * math.pi

    def project(self, points: ArrayLike) -> F8:
        """Pixel positions (..., 2) of points (..., 3) in the camera frame; NaN where z <= 0."""
        p = np.asarray(points, np.float64)
        z = np.where(p[..., 2] > 0.0, p[..., 2], np.nan)
        return np.stack([self.fx * p[..., 0] / z + self.cx, self.fy * p[..., 1] / z + self.cy], axis=-1)

    def unproject(self, pixels: ArrayLike, distance: ArrayLike = 1.0) -> F8:
        """Points (..., 3) in the camera frame at pixel positions (..., 2) and depths along the axis (...)."""
        uv, z = np.asarray(pixels, np.float64), np.asarray(distance, np.float64)
        x, y = (uv[..., 0] - self.cx) / self.fx * z, (uv[..., 1] - self.cy) / self.fy * z
        return np.stack([x, y, np.broadcast_to(z, x.shape)], axis=-1)

    def fault(self) -> str | None:
        """A focal length that is not positive, or so short that the corners are at right angles to the axis."""
        if (wrong := self.focal_fault()) or self.corner() <= _WIDEST:
            return wrong
        return f"a focal length of {self.fx:g} px is too short: corners of the image are 89.9 degrees off the axis"
