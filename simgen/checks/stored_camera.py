"""The stored camera, as equations: pixels to rays and points to pixels, with its lens and its rolling shutter.

Made from the file's own numbers; the renderer has its lenses in kernels, so that the two can disagree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from simgen.geometry import F8, inverse_transform
from simgen.lens import Projection, projection_of
from simgen.records.base import I8, Array

Poses = Callable[[Array], tuple[F8, F8]]


@dataclass(frozen=True, kw_only=True, eq=False)
class StoredCamera:
    """A lens of any model that :mod:`simgen.lens` knows, read row by row."""

    lens: Projection
    line_time_ns: float = 0.0

    @classmethod
    def of(cls, calibration: dict[str, Any], K: F8, width: int, height: int) -> Self | None:
        """From a stored calibration and a frame's K; None where the model is another one."""
        lens = projection_of(calibration, K, width, height)
        if lens is None:
            return None
        line = float(calibration.get("readout_s") or 0.0) * 1e9 / height
        return cls(lens=lens, line_time_ns=line)

    @property
    def measure(self) -> str:
        """The name of its images of distances: ``depth`` or ``range``."""
        return self.lens.measure

    def row_time(self, time_ns: int, y: Array) -> I8:
        """The instant of image height ``y`` (pixels, row r's centre at r + 0.5) of a frame whose centre row is at
        ``time_ns``.
        """
        return time_ns + np.rint((np.asarray(y) - 0.5 * self.lens.height) * self.line_time_ns).astype(np.int64)

    def image(self, points: F8) -> tuple[F8, F8]:
        """Image coordinates (x, y) of points (N, 3) in the camera frame; NaN where the lens does not see them."""
        pixels = self.lens.project(points)
        return pixels[:, 0], pixels[:, 1]

    def rays(self, x: F8, y: F8) -> F8:
        """Vectors (N, 3) of image coordinates that, times the stored distance, reach what is seen there."""
        return self.lens.unproject(np.stack([x, y], axis=-1))

    def distance(self, points: F8) -> F8:
        """What is stored of points (N, 3) in the camera frame: depth or range."""
        return points[:, 2] if self.measure == "depth" else np.asarray(np.sqrt((points * points).sum(-1)))

    def across(self, difference: F8) -> F8:
        """A difference of columns; by the short way round a panorama of a full turn."""
        turn = float(getattr(self.lens, "turn_px", 0.0))
        return difference - turn * np.round(difference / turn) if turn else difference

    def project(self, world: F8, time_ns: int, poses: Poses, at_row: F8 | None = None) -> tuple[F8, F8, F8]:
        """Where static world points (N, 3) are in a frame, each at its own row's instant: x, y and distance.

        Distances of points that the lens does not see are 0.
        """
        height = self.lens.height
        y = np.full(len(world), 0.5 * height) if at_row is None else at_row
        x, distance = y, y
        for _ in range(6 if self.line_time_ns else 1):
            row = np.clip(np.nan_to_num(y, nan=0.5 * height), -height, 2 * height)
            local = inverse_transform(*poses(self.row_time(time_ns, row)), world)
            x, y = self.image(local)
            distance = np.where(np.isnan(y), 0.0, self.distance(local))
        return x, y, distance
