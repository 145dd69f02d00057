"""What depth cameras hand over: the depth that was measured beside the true one, and why pixels have none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from simgen.records.base import F4, U1, U2, array
from simgen.records.frames import CameraFrame

#: values of ``hole``: why a pixel has no depth; where several hold, the one with the lowest number but 0
MEASURED: Final = 0
HOLE_NOTHING: Final = 1
HOLE_NEAR: Final = 2
HOLE_FAR: Final = 3
HOLE_HIDDEN: Final = 4
HOLE_SHINY: Final = 5
HOLE_FAINT: Final = 6
HOLE_SILENT: Final = 7

#: the same in words, by value
HOLE_WORDS: Final = (
    "measured",
    "nothing hit",
    "too near",
    "too far",
    "hidden from the second viewpoint",
    "mirror-like or clear",
    "too little contrast",
    "device silent",
)


@dataclass(frozen=True, kw_only=True, eq=False)
class DepthFrame(CameraFrame):
    """A camera frame of which ``depth`` is the truth, as of every camera, and ``depth_measured`` the device's answer.

    Labels are those of the pixels' centres; where the device mixes foreground and background up, they do not follow it.
    """

    depth_measured: F4 = array("H W", "f4", unit="m", doc="along the optical axis, as measured; 0 = no measurement")
    depth_z16: U2 = array("H W", "u2", doc="the device's own image: depth_measured in depth units; 0 = no measurement")
    hole: U1 = array(
        "H W",
        "u1",
        doc="why there is no depth: 0 = measured, 1 = nothing hit, 2 = too near, 3 = too far, 4 = hidden from the "
        "second viewpoint, 5 = mirror-like or clear, 6 = too little contrast, 7 = device silent",
    )
    depth_sigma: F4 | None = array("H W", "f4", unit="m", doc="stated sigma of the noise; 0 = no depth", optional=True)
    infrared: U1 | None = array("H W", "u1", doc="the depth imager's picture with the pattern, linear", optional=True)
    infrared_right: U1 | None = array("H W", "u1", doc="the second imager's picture, linear", optional=True)
