"""What labelling needs of a camera: its lens, and where it is while its rows are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.errors import DataError
from simgen.geometry import F8
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
    """A pinhole, and the camera's poses at knots spread evenly over its rows (one for a global shutter)."""

    width: int
    height: int
    #: fx, fy, cx, cy, near
    lens: F8
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
        near = float(getattr(sensor, "near_m", _NEAR_M))
        return cls(
            width=width,
            height=height,
            lens=np.array([frame.K[0, 0], frame.K[1, 1], frame.K[0, 2], frame.K[1, 2], near]),
            times_ns=times,
            eyes=eyes,
            turns=turns,
            threads=shot.surroundings.threads,
        )

    def may_see(self, center: F8, size: F8) -> Bool:
        """Whether the sphere about each box (camera frame) reaches into the field of view."""
        fx, fy, cx, cy, near = self.lens
        radius = 0.6 * np.sqrt((size**2).sum(-1)) + 0.5
        x, y, z = center[:, 0], center[:, 1], center[:, 2]
        inside = z + radius > near
        # the planes through the eye and the image's left, right, upper and lower edge
        for focal, middle, far, across in ((fx, cx, self.width, x), (fy, cy, self.height, y)):
            inside &= (focal * across + middle * z) / np.hypot(focal, middle) > -radius
            inside &= (focal * across + (middle - far) * z) / np.hypot(focal, far - middle) < radius
        return np.asarray(inside)


def image_size(frame: CameraFrame) -> tuple[int, int]:
    """Height and width of whichever map the frame has."""
    for image in (frame.instance, frame.semantic, frame.depth, frame.rgb, frame.linear):
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
