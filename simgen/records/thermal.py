"""What a thermal camera hands over: counts, temperatures, a picture, and the labels of the moment."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.records.base import F4, U1, U2, array
from simgen.records.frames import CameraFrame


@dataclass(frozen=True, kw_only=True, eq=False)
class ThermalFrame(CameraFrame):
    """One long-wave infrared image. Labels hold at ``time_ns`` and at the pixels' centres."""

    exposure: F4 = array("1", "f4", unit="K", doc="brightness temperature that the 8-bit picture shows as white")
    raw: U2 | None = array("H W", "u2", doc="14-bit counts, linear in band radiance", optional=True)
    temperature: F4 | None = array("H W", "f4", unit="degC", doc="measured, for the assumed emissivity", optional=True)
    image: U1 | None = array("H W", "u1", doc="picture after automatic gain, white = hot", optional=True)
    surface_temperature: F4 | None = array(
        "H W", "f4", unit="degC", doc="true temperature of the surface; the sky's brightness temperature", optional=True
    )
    emissivity: F4 | None = array("H W", "f4", doc="true emissivity towards the camera; 1 for the sky", optional=True)
    shutter: U1 = array("1", "u1", doc="1 = the shutter is closed for a non-uniformity correction")
