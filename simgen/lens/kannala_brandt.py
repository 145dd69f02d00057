"""The fisheye: image radius is a polynomial of the angle from the axis, which may pass 90 degrees."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from simgen.lens.base import EDGE, F8, SLOPE, Projection, growing_until, solve


@dataclass(frozen=True, kw_only=True)
class KannalaBrandt(Projection):
    """``r = theta (1 + k1 theta^2 + k2 theta^4 + k3 theta^6 + k4 theta^8)``, ``theta = atan2(hypot(x, y), z)``.

    Kannala and Brandt, PAMI 2006, in OpenCV's form (``cv2.fisheye``); ``u = fx r x / hypot(x, y) + cx``.
    """

    model: ClassVar[str] = "kannala_brandt"
    number: ClassVar[int] = 2

    k1: float = 0.0
    k2: float = 0.0
    k3: float = 0.0
    k4: float = 0.0
    #: angle from the axis at which the image circle ends; as far as the image goes (180 degrees at most) if None
    max_angle_rad: float | None = None

    def radius(self, theta: F8) -> F8:
        """Image radius over the focal length."""
        s = theta * theta
        return np.asarray(theta * (1.0 + s * (self.k1 + s * (self.k2 + s * (self.k3 + s * self.k4)))))

    def slope(self, theta: F8) -> F8:
        """Its derivative."""
        s = theta * theta
        return np.asarray(1.0 + s * (3.0 * self.k1 + s * (5.0 * self.k2 + s * (7.0 * self.k3 + s * 9.0 * self.k4))))

    @property
    def distortion(self) -> tuple[float, ...]:
        """k1, k2, k3, k4."""
        return self.k1, self.k2, self.k3, self.k4

    @cached_property
    def grows_until_rad(self) -> float:
        """The angle up to which the radius grows, at most 180 degrees."""
        return growing_until(self.slope, math.pi)

    @property
    def limit_rad(self) -> float:
        """The end of the image circle."""
        return min(self.grows_until_rad, math.pi if self.max_angle_rad is None else self.max_angle_rad)

    @property
    def coefficients(self) -> F8:
        """As in the base, with the image circle."""
        c, limit = super().coefficients, np.array(self.limit_rad)
        c[EDGE], c[SLOPE] = self.radius(limit), self.slope(limit)
        return c

    def project(self, points: ArrayLike) -> F8:
        """Pixel positions (..., 2) of points (..., 3) in the camera frame; NaN outside the image circle."""
        p = np.asarray(points, np.float64)
        across = np.hypot(p[..., 0], p[..., 1])
        theta = np.arctan2(across, p[..., 2])
        theta = np.where(theta <= self.limit_rad, theta, np.nan)
        scale = self.radius(theta) / np.where(across > 0.0, across, 1.0)
        return np.stack([self.fx * scale * p[..., 0] + self.cx, self.fy * scale * p[..., 1] + self.cy], axis=-1)

    def unproject(self, pixels: ArrayLike, distance: ArrayLike = 1.0) -> F8:
        """Points (..., 3) at pixel positions (..., 2) and ranges (...); NaN outside the image circle."""
        uv, reach = np.asarray(pixels, np.float64), np.asarray(distance, np.float64)
        a, b = (uv[..., 0] - self.cx) / self.fx, (uv[..., 1] - self.cy) / self.fy
        radius = np.hypot(a, b)
        theta = solve(self.radius, self.slope, radius, self.limit_rad)
        theta = np.where(radius <= self.radius(np.array(self.limit_rad)), theta, np.nan)
        sine = np.sin(theta) / np.where(radius > 0.0, radius, 1.0) * reach
        return np.stack([sine * a, sine * b, np.cos(theta) * reach], axis=-1)

    def fault(self) -> str | None:
        """A radius that stops growing within what the image shows: two directions would fall on one pixel."""
        wrong, grows = self.focal_fault(), self.grows_until_rad
        if wrong:
            return wrong
        if self.fx * float(self.radius(np.array(self.limit_rad))) < 1.0:
            return f"with a focal length of {self.fx:g} px all that the lens sees falls on one pixel: lengthen focal_px"
        if self.max_angle_rad is not None:
            if self.max_angle_rad <= grows:
                return None
            return f"{self._folds()}, within max_angle_deg {math.degrees(self.max_angle_rad):.5g}"
        if grows < math.pi and self.corner() > float(self.radius(np.array(grows))):
            return f"{self._folds()}, within the image: end the image circle before it with lens.max_angle_deg"
        return None

    def _folds(self) -> str:
        angle = math.degrees(self.grows_until_rad)
        return f"with these coefficients the fisheye's image radius stops growing {angle:.1f} degrees off the axis"
