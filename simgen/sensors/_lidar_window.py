"""The window of a lidar: a cylinder about the beams' centre on which dirt, drops and snow gather."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.registry import param
from simgen.sensors._camera_faults import Dirt
from simgen.sensors._fault import Fault
from simgen.sensors._front_glass import FrontGlass


@dataclass(frozen=True, kw_only=True)
class Smear(Fault):
    """A part of the window that dirt has blinded more or less."""

    azimuth_deg: float = param(0.0, ge=-360.0, le=360.0, doc="its middle; 0 = forward, 90 = left")
    width_deg: float = param(40.0, gt=0.0, le=360.0, doc="how wide it is")
    loss: float = param(0.8, gt=0.0, le=1.0, doc="share of the light that it takes, each way")


@dataclass(frozen=True, kw_only=True)
class LidarWindow:
    """A window that weather and dirt meet; what it takes is taken twice, from the pulse and from its echo."""

    radius_mm: float = param(50.0, ge=10.0, le=500.0, doc="of the cylinder about the beams' centre")
    dirt: Dirt | None = param(None, doc="specks; sizes are shares of the full circle")
    smears: tuple[Smear, ...] = param((), doc="parts that are dirty all over")
    shelter: float = param(0.0, ge=0.0, lt=1.0, doc="share of the rain and snow that something keeps off")
    spins: bool = param(False, doc="the window turns with the beams and throws drops off: none stay")
    contact_angle_deg: float = param(80.0, ge=10.0, le=120.0, doc="of water on it")
    snow_sticks: float = param(
        0.0,
        ge=0.0,
        le=1.0,
        doc="share of the snow that stays as a crust; the rest melts to drops, as on a heated window",
    )
    before_s: float = param(20.0, ge=0.0, le=600.0, doc="how long it has been out in the weather at time 0")

    @property
    def wetted(self) -> FrontGlass:
        """The same as a pane for drops."""
        return FrontGlass(
            shelter=self.shelter, contact_angle_deg=self.contact_angle_deg, before_s=self.before_s, tilt_deg=0.0
        )


__all__ = ["LidarWindow", "Smear"]
