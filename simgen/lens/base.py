"""What every lens model shares: the image, the intrinsics, and the names under which kernels and files know it.

Pixel (0, 0) covers [0, 1) x [0, 1), its centre is (0.5, 0.5). Camera frame: x right, y down, z forward.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

F8 = NDArray[np.float64]

#: entries of ``coefficients``: fx, fy, cx, cy, eight of distortion, then the three below and the pixels of a full turn
DISTORTION: Final = 4
#: the largest angle from the axis that the lens sees, rad
LIMIT: Final = 12
#: image radius there over the focal length, and its slope over the angle
EDGE: Final = 13
SLOPE: Final = 14
#: columns after which the picture repeats; 0 = it does not
TURN_PX: Final = 15
COEFFICIENTS: Final = 16

#: steps of the search for the angle at which an image radius stops growing
_STEPS: Final = 2048


@dataclass(frozen=True, kw_only=True)
class Projection(ABC):
    """A lens model with its intrinsics in pixels. Distances are depths for the pinhole, ranges for all others."""

    #: its name in files and YAML
    model: ClassVar[str]
    #: its number in kernels
    number: ClassVar[int]
    #: what images of distances hold: ``depth`` along the axis or ``range`` along the ray
    measure: ClassVar[str] = "range"

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float

    @property
    def K(self) -> F8:  # noqa: N802 - the field's own name
        """Intrinsic matrix, (3, 3): pixels of the model's own plane (tangents, or angles in rad)."""
        return np.array([[self.fx, 0.0, self.cx], [0.0, self.fy, self.cy], [0.0, 0.0, 1.0]])

    @property
    def distortion(self) -> tuple[float, ...]:
        """Coefficients in the order in which OpenCV lists them."""
        return ()

    @property
    def limit_rad(self) -> float:
        """The largest angle from the axis that the lens sees."""
        return math.pi

    @property
    def coefficients(self) -> F8:
        """Everything that kernels need, (16,)."""
        c = np.zeros(COEFFICIENTS)
        c[:4] = self.fx, self.fy, self.cx, self.cy
        c[DISTORTION : DISTORTION + len(self.distortion)] = self.distortion
        c[LIMIT] = self.limit_rad
        return c

    @abstractmethod
    def project(self, points: ArrayLike) -> F8:
        """Pixel positions (..., 2) of points (..., 3) in the camera frame; NaN where the lens does not see them."""

    @abstractmethod
    def unproject(self, pixels: ArrayLike, distance: ArrayLike = 1.0) -> F8:
        """Points (..., 3) in the camera frame at pixel positions (..., 2) and distances (...), in the model's measure.

        NaN where the lens sees nothing.
        """

    @abstractmethod
    def fault(self) -> str | None:
        """Why no picture can be taken with these coefficients, or None."""

    def inside(self, pixels: ArrayLike) -> NDArray[np.bool_]:
        """Whether pixel positions (..., 2) lie in the image; NaN does not."""
        uv = np.asarray(pixels, np.float64)
        u, v = uv[..., 0], uv[..., 1]
        return np.asarray((u >= 0.0) & (u < self.width) & (v >= 0.0) & (v < self.height))

    def pixel_centres(self) -> F8:
        """Positions of all pixel centres, row by row, (H W, 2)."""
        v, u = np.mgrid[0 : self.height, 0 : self.width]
        return np.stack([u.ravel() + 0.5, v.ravel() + 0.5], axis=-1)

    def corner(self) -> float:
        """Distance of the image's farthest corner from the principal point, over the focal length."""
        x = max(abs(self.cx), abs(self.width - self.cx)) / self.fx
        y = max(abs(self.cy), abs(self.height - self.cy)) / self.fy
        return math.hypot(x, y)

    def focal_fault(self) -> str | None:
        """Why the focal lengths are impossible, or None."""
        for focal in (self.fx, self.fy):
            if not (focal > 0.0 and math.isfinite(focal)):
                return f"a focal length of {focal:g} px is impossible: it must be more than 0"
        return None


def growing_until(slope: Callable[[F8], F8], highest: float) -> float:
    """The first place in (0, highest] where a function's slope is not positive any more; ``highest`` if there is none.

    Searched at 2048 places, then halved.
    """
    places = np.linspace(0.0, highest, _STEPS + 1)
    falls = np.flatnonzero(~(slope(places) > 0.0))
    if len(falls) == 0:
        return highest
    if falls[0] == 0:
        return 0.0
    low, high = float(places[falls[0] - 1]), float(places[falls[0]])
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if float(slope(np.array([middle]))[0]) > 0.0 else (low, middle)
    return low


def solve(function: Callable[[F8], F8], slope: Callable[[F8], F8], target: F8, highest: float) -> F8:
    """Where a growing function takes its target values, within [0, highest]: Newton's method inside a bracket.

    Targets beyond the function's end give ``highest``.
    """
    low, high = np.zeros_like(target), np.full_like(target, highest)
    at = np.clip(target, 0.0, highest)
    for _ in range(60):
        with np.errstate(all="ignore"):
            miss = function(at) - target
            low, high = np.where(miss <= 0.0, at, low), np.where(miss > 0.0, at, high)
            step = at - miss / slope(at)
            good = (step >= low) & (step <= high)
        after = np.where(good, step, 0.5 * (low + high))
        done = bool(np.all(np.abs(after - at) <= 1e-15 * (1.0 + np.abs(at))))
        at = after
        if done:
            break
    return np.asarray(at)
