"""Radial and tangential distortion of a rectilinear lens."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Final

import numpy as np
from numpy.typing import ArrayLike

from simgen.lens.base import EDGE, F8, SLOPE, Projection, growing_until, solve

#: directions beyond this angle from the axis do not count as seen: tangents grow without end
STEEPEST_RAD: Final = math.radians(89.0)
#: rounds of Newton's method in two dimensions; tangential terms are small, so three or four are enough
_ROUNDS: Final = 12
_EXACT: Final = 1e-9


@dataclass(frozen=True, kw_only=True)
class BrownConrady(Projection):
    """OpenCV's rational model of a point ``(a, b) = (x / z, y / z)``, ``s = a^2 + b^2``.

    ``q = (1 + k1 s + k2 s^2 + k3 s^3) / (1 + k4 s + k5 s^2 + k6 s^3)``, ``a' = a q + 2 p1 a b + p2 (s + 2 a^2)``,
    ``b' = b q + p1 (s + 2 b^2) + 2 p2 a b``, ``u = fx a' + cx`` (Brown 1966; Conrady 1919).
    """

    model: ClassVar[str] = "brown_conrady"
    number: ClassVar[int] = 1

    k1: float = 0.0
    k2: float = 0.0
    p1: float = 0.0
    p2: float = 0.0
    k3: float = 0.0
    k4: float = 0.0
    k5: float = 0.0
    k6: float = 0.0
    #: angle from the axis beyond which the lens is black; None = the image shows everything that it covers
    max_angle_rad: float | None = None

    @property
    def distortion(self) -> tuple[float, ...]:
        """k1, k2, p1, p2, k3, k4, k5, k6."""
        return self.k1, self.k2, self.p1, self.p2, self.k3, self.k4, self.k5, self.k6

    def radius(self, tangent: F8) -> F8:
        """Image radius over the focal length, tangential terms left out, of a tangent of the angle from the axis."""
        s = tangent * tangent
        return np.asarray(tangent * self._above(s) / self._below(s))

    def slope(self, tangent: F8) -> F8:
        """Its derivative; not positive where the denominator has changed its sign."""
        s = tangent * tangent
        # absurd coefficients overflow: what is no number does not grow either
        with np.errstate(all="ignore"):
            above, below = self._above(s), self._below(s)
            rise = self.k1 + s * (2.0 * self.k2 + s * 3.0 * self.k3)
            fall = self.k4 + s * (2.0 * self.k5 + s * 3.0 * self.k6)
            slope = (above + 2.0 * s * rise) / below - 2.0 * s * above * fall / (below * below)
        return np.where(below > 0.0, slope, -1.0)

    def _above(self, s: F8) -> F8:
        return np.asarray(1.0 + s * (self.k1 + s * (self.k2 + s * self.k3)))

    def _below(self, s: F8) -> F8:
        return np.asarray(1.0 + s * (self.k4 + s * (self.k5 + s * self.k6)))

    @cached_property
    def grows_until_rad(self) -> float:
        """The angle up to which the radius grows, at most 89 degrees."""
        return growing_until(lambda angle: self.slope(np.tan(angle)), STEEPEST_RAD)

    @property
    def limit_rad(self) -> float:
        """The largest angle from the axis that is seen."""
        return min(self.grows_until_rad, STEEPEST_RAD if self.max_angle_rad is None else self.max_angle_rad)

    @property
    def coefficients(self) -> F8:
        """As in the base, with where the radius ends; the slope is over the angle."""
        c, tangent = super().coefficients, np.tan(np.array(self.limit_rad))
        c[EDGE], c[SLOPE] = self.radius(tangent), self.slope(tangent) * (1.0 + tangent * tangent)
        return c

    def distorted(self, a: F8, b: F8) -> tuple[F8, F8]:
        """Where a direction (x / z, y / z) falls on the plane at distance 1."""
        s = a * a + b * b
        q = self._above(s) / self._below(s)
        return (
            a * q + 2.0 * self.p1 * a * b + self.p2 * (s + 2.0 * a * a),
            b * q + self.p1 * (s + 2.0 * b * b) + 2.0 * self.p2 * a * b,
        )

    def project(self, points: ArrayLike) -> F8:
        """Pixel positions (..., 2) of points (..., 3) in the camera frame; NaN beyond the largest angle."""
        p = np.asarray(points, np.float64)
        seen = np.arctan2(np.hypot(p[..., 0], p[..., 1]), p[..., 2]) <= self.limit_rad
        z = np.where(seen, p[..., 2], np.nan)
        a, b = self.distorted(p[..., 0] / z, p[..., 1] / z)
        return np.stack([self.fx * a + self.cx, self.fy * b + self.cy], axis=-1)

    def unproject(self, pixels: ArrayLike, distance: ArrayLike = 1.0) -> F8:
        """Points (..., 3) at pixel positions (..., 2) and ranges (...); NaN where the lens sees nothing."""
        uv, reach = np.asarray(pixels, np.float64), np.asarray(distance, np.float64)
        a0, b0 = (uv[..., 0] - self.cx) / self.fx, (uv[..., 1] - self.cy) / self.fy
        a, b = self._undistorted(a0, b0)
        scale = reach / np.sqrt(a * a + b * b + 1.0)
        return np.stack([a * scale, b * scale, np.broadcast_to(scale, a.shape)], axis=-1)

    def _undistorted(self, a0: F8, b0: F8) -> tuple[F8, F8]:
        """The radial part by itself, then both by Newton's method with the full Jacobian."""
        highest = math.tan(self.limit_rad)
        radius = np.hypot(a0, b0)
        scale = solve(self.radius, self.slope, radius, highest) / np.where(radius > 0.0, radius, 1.0)
        a, b = np.where(radius > 0.0, a0 * scale, a0), np.where(radius > 0.0, b0 * scale, b0)
        miss = np.full_like(a, np.inf)
        with np.errstate(all="ignore"):
            for _ in range(_ROUNDS):
                da, db = self.distorted(a, b)
                da, db = da - a0, db - b0
                miss = np.hypot(da, db)
                if bool(np.all(miss < 1e-15)):
                    break
                aa, ab, bb = self._jacobian(a, b)
                determinant = aa * bb - ab * ab
                a, b = a - (bb * da - ab * db) / determinant, b - (aa * db - ab * da) / determinant
            good = (miss < _EXACT) & (a * a + b * b <= highest * highest * (1.0 + 1e-9))
        return np.where(good, a, np.nan), np.where(good, b, np.nan)

    def _jacobian(self, a: F8, b: F8) -> tuple[F8, F8, F8]:
        """Derivatives of ``distorted``: a' by a, a' by b (= b' by a), b' by b."""
        s = a * a + b * b
        below = self._below(s)
        q = self._above(s) / below
        rise = self.k1 + s * (2.0 * self.k2 + s * 3.0 * self.k3)
        fall = self.k4 + s * (2.0 * self.k5 + s * 3.0 * self.k6)
        change = 2.0 * (rise - q * fall) / below
        return (
            q + a * a * change + 2.0 * self.p1 * b + 6.0 * self.p2 * a,
            a * b * change + 2.0 * self.p1 * a + 2.0 * self.p2 * b,
            q + b * b * change + 6.0 * self.p1 * b + 2.0 * self.p2 * a,
        )

    def fault(self) -> str | None:
        """Pixels that no direction falls on, or more than one."""
        wrong = self.focal_fault()
        if wrong:
            return wrong
        angle = math.degrees(self.grows_until_rad)
        if self.max_angle_rad is not None:
            if self.max_angle_rad <= self.grows_until_rad:
                return None
            return (
                f"with these coefficients the image radius stops growing {angle:.1f} degrees off the axis, "
                f"within max_angle_deg {math.degrees(self.max_angle_rad):.5g}"
            )
        v, u = np.mgrid[0 : self.height : 17j, 0 : self.width : 17j]
        if np.isfinite(self.unproject(np.stack([u, v], -1))).all():
            return None
        return (
            f"with these coefficients the lens reaches {angle:.1f} degrees off the axis and not the image's corners: "
            "lengthen focal_px (or lessen hfov_deg), or make what is beyond black with lens.max_angle_deg"
        )
