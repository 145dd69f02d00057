"""The panorama: columns are longitudes, rows are latitudes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from simgen.lens.base import F8, TURN_PX, Projection


@dataclass(frozen=True, kw_only=True)
class Equirectangular(Projection):
    """``u = fx atan2(x, z) + cx``, ``v = fy atan2(y, hypot(x, z)) + cy``; focal lengths in pixels per rad."""

    model: ClassVar[str] = "equirectangular"
    number: ClassVar[int] = 3

    @property
    def turn_px(self) -> float:
        """Columns after which the picture repeats; 0 if it shows less than a full turn."""
        turn = 2.0 * math.pi * self.fx
        return turn if abs(turn - self.width) < 1e-6 * turn else 0.0

    @property
    def coefficients(self) -> F8:
        """As in the base, with the full turn."""
        c = super().coefficients
        c[TURN_PX] = self.turn_px
        return c

    def project(self, points: ArrayLike) -> F8:
        """Pixel positions (..., 2) of points (..., 3) in the camera frame, columns within half a turn of ``cx``.

        In a full turn they are taken round into the picture, whose columns lie in [0, width).
        """
        p = np.asarray(points, np.float64)
        x, y, z = p[..., 0], p[..., 1], p[..., 2]
        u = self.fx * np.arctan2(x, z) + self.cx
        if self.turn_px:
            u = np.mod(u, self.turn_px)
            u = np.where(u >= self.width, 0.0, u)
        return np.stack([u, self.fy * np.arctan2(y, np.hypot(x, z)) + self.cy], axis=-1)

    def unproject(self, pixels: ArrayLike, distance: ArrayLike = 1.0) -> F8:
        """Points (..., 3) at pixel positions (..., 2) and ranges (...); NaN beyond the poles or a full turn."""
        uv, reach = np.asarray(pixels, np.float64), np.asarray(distance, np.float64)
        longitude, latitude = (uv[..., 0] - self.cx) / self.fx, (uv[..., 1] - self.cy) / self.fy
        there = np.abs(latitude) <= 0.5 * math.pi
        if not self.turn_px:
            there &= np.abs(longitude) <= math.pi
        level = np.where(there, np.cos(latitude) * reach, np.nan)
        return np.stack([np.sin(longitude) * level, np.sin(latitude) * reach, np.cos(longitude) * level], axis=-1)

    def fault(self) -> str | None:
        """An image that is higher than from pole to pole, or wider than a turn."""
        wrong = self.focal_fault()
        if wrong:
            return wrong
        slack = 1.0 + 1e-9
        wide, high = math.degrees(self.width / self.fx), math.degrees(self.height / self.fy)
        if wide > 360.0 * slack:
            return f"{self.width} columns would span {wide:.5g} degrees, more than a full turn"
        if max(self.cy, self.height - self.cy) / self.fy > 0.5 * math.pi * slack:
            return (
                f"{self.height} rows would span {high:.5g} degrees and pass a pole: a panorama of 360 degrees "
                "is twice as wide as high"
            )
        if not self.turn_px and max(self.cx, self.width - self.cx) / self.fx > math.pi * slack:
            return "the picture would pass the direction straight behind: move cx_px to the middle"
        return None
