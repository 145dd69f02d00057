"""A camera in an even light, without anything else: what optics, pixels and processor do to a known luminance."""

from __future__ import annotations

from typing import Any

import numpy as np
from helpers_stage import Bench, Part, box, dome, track

from simgen.records.frames import CameraFrame
from simgen.sensors.camera import Camera

#: behind the camera: an engine needs something
_BEHIND = Part(mesh=box((0.1, 0.1, 0.1), (-50.0, 0.0, 0.0)))


def eye(**fields: Any) -> Camera:
    """A small camera."""
    return Camera(**{"name": "eye", "width": 64, "height": 48, "hfov_deg": 60.0, **fields})


def even(camera: Camera, luminance: float = 1000.0, *, threads: int = 1, time_ns: int = 0) -> CameraFrame:
    """Its picture of an even sky, cd/m2."""
    with Bench([_BEHIND], dome(luminance)) as bench:
        return camera.capture(bench.shot(track(), threads=threads, time_ns=time_ns))


def point(height: int, width: int, at: tuple[int, int], value: float = 1.0) -> np.ndarray:
    """A black picture with one bright pixel, (H, W, 3) f4."""
    image = np.zeros((height, width, 3), np.float32)
    image[at] = value
    return image
