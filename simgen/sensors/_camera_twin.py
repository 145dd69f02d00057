"""The twin of a picture in clear air gets the exposure that the picture itself had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simgen.records.frames import CameraFrame
from simgen.sensors._camera_meter import overexposed_ev
from simgen.sensors._camera_tone import ev_of_white

if TYPE_CHECKING:
    from simgen.sensors.camera import Camera


def metered_before(camera: Camera, frame: CameraFrame) -> float:
    """What the camera must have metered to expose a frame as it did."""
    return ev_of_white(float(frame.exposure[0])) + camera.exposure.bias_ev + overexposed_ev(camera, frame.time_ns)


def same_exposure(twin: CameraFrame, frame: CameraFrame) -> CameraFrame:
    """The twin with the frame's own numbers: found again from white, which is stored in single precision."""
    names = ("exposure", "exposure_time", "iso", "gain")
    return twin.replace(**{name: getattr(frame, name) for name in names})


__all__ = ["metered_before", "same_exposure"]
