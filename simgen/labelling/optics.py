"""What labelling needs of a camera: its lens, and where it is while its rows are read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from simgen.errors import DataError
from simgen.geometry import F8
from simgen.lens import Pinhole, Projection
from simgen.records.base import I8, Bool
from simgen.records.frames import CameraFrame
from simgen.records.surroundings import Shot
from simgen.sensors.base import Sensor
from simgen.units import seconds_to_ns

#: knots over the rows of a rolling shutter; between them poses are interpolated
_KNOTS: Final = 9
#: rays of a camera begin here, m
_NEAR_M: Final = 0.05


@dataclass(frozen=True, kw_only=True)
class Optics:
    """A lens, and the camera's poses at knots spread evenly over its rows (one for a global shutter)."""

    width: int
    height: int
    #: of a pinhole: fx, fy, cx, cy, near
    lens: F8
    #: the lens where it is no pinhole
    bent: Projection | None
    #: instants of the knots, (G,)
    times_ns: I8
    #: world positions at the knots, (G, 3)
    eyes: F8
    #: world from camera at the knots, (G, 4)
    turns: F8
    threads: int

    @classmethod
    def of(cls, frame: CameraFrame, sensor: Sensor, shot: Shot) -> Optics:
        """The optics of a frame.

        Raises:
            DataError: the frame has no image at all.
        """
        height, width = image_size(frame)
        times = knot_times(sensor, frame.time_ns)
        eyes, turns = shot.track.at(times)
        bent: Projection | None = getattr(sensor, "projection", None)
        near = float(getattr(sensor, "near_m", _NEAR_M))
        return cls(
            width=width,
            height=height,
            bent=None if bent is None or isinstance(bent, Pinhole) else bent,
            lens=np.array([frame.K[0, 0], frame.K[1, 1], frame.K[0, 2], frame.K[1, 2], near]),
            times_ns=times,
            eyes=eyes,
            turns=turns,
            threads=shot.surroundings.threads,
        )

    def may_see(self, center: F8, size: F8) -> Bool:
        """Whether the sphere about each box (camera frame) reaches into the field of view."""
        if self.bent is not None:
            return self._may_see_bent(self.bent, center, size)
        fx, fy, cx, cy, near = self.lens
        radius = 0.6 * np.sqrt((size**2).sum(-1)) + 0.5
        x, y, z = center[:, 0], center[:, 1], center[:, 2]
        inside = z + radius > near
        # the planes through the eye and the image's left, right, upper and lower edge
        for focal, middle, far, across in ((fx, cx, self.width, x), (fy, cy, self.height, y)):
            inside &= (focal * across + middle * z) / np.hypot(focal, middle) > -radius
            inside &= (focal * across + (middle - far) * z) / np.hypot(focal, far - middle) < radius
        return np.asarray(inside)

    def _may_see_bent(self, lens: Projection, center: F8, size: F8) -> Bool:
        """The same with a cone about the axis for the field of view."""
        radius = 0.6 * np.sqrt((size**2).sum(-1)) + 0.5
        distance = np.sqrt((center**2).sum(-1))
        angle = np.arctan2(np.hypot(center[:, 0], center[:, 1]), center[:, 2])
        spread = np.arcsin(np.minimum(radius / np.maximum(distance, 1e-9), 1.0))
        return np.asarray((distance < radius) | (angle - spread < widest_angle(lens)))


@lru_cache(maxsize=32)
def widest_angle(lens: Projection) -> float:
    """The largest angle from the axis that an image shows, rad, with half a degree to spare."""
    u, v = np.meshgrid(np.linspace(0.0, lens.width, 65), np.linspace(0.0, lens.height, 65))
    ray = lens.unproject(np.stack([u, v], -1))
    angle = np.arctan2(np.hypot(ray[..., 0], ray[..., 1]), ray[..., 2])
    widest = lens.limit_rad if np.isnan(angle).any() else float(angle.max())
    return min(widest + math.radians(0.5), math.pi)


def image_size(frame: CameraFrame) -> tuple[int, int]:
    """Height and width of whichever map the frame has."""
    for image in (frame.instance, frame.semantic, frame.depth, frame.range, frame.rgb, frame.linear):
        if image is not None:
            return int(image.shape[0]), int(image.shape[1])
    raise DataError("a camera frame without any image cannot be labelled")


def knot_times(sensor: Sensor, time_ns: int) -> I8:
    """Instants of the knots: ``time_ns`` is that of the centre row."""
    readout_ns = seconds_to_ns(float(getattr(sensor, "readout_s", 0.0)))
    if readout_ns == 0:
        return np.array([time_ns], np.int64)
    share = np.linspace(-0.5, 0.5, _KNOTS)
    return np.asarray(time_ns + np.rint(share * readout_ns), np.int64)
