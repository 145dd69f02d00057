"""The position that satellites give is dragged away."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

from simgen.edge_cases._devices import device_of, exchanged, frames_from
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene
from simgen.sensors._gnss_attack import Spoofing
from simgen.sensors.gnss import Gnss


@register("edge_case", "gnss_jump")
@dataclass(frozen=True, kw_only=True)
class GnssJump(EdgeCase):
    """False signals move a receiver's position by metres while it goes on to trust it: spoofing, or a jump at once.

    Asked: ``position_error_m`` of the last frame, about ``distance_m`` or how far it has come by then.
    """

    tests: ClassVar[str] = "mistrust of a position that contradicts inertial sensors and odometry"

    sensor: str = param("", doc="name of the receiver; empty = the first", reference="sensor")
    at_s: float = param(1.0, ge=0.0, doc="when it begins")
    distance_m: float = param(20.0, gt=0.0, le=1e4, doc="how far it is dragged")
    rate_m_s: float = param(10.0, gt=0.0, le=1e6, doc="how fast; 1e6 = at once")
    azimuth_deg: float = param(0.0, ge=-360.0, le=360.0, doc="whither, from north, clockwise")
    tolerance_m: float = param(8.0, gt=0.0, doc="largest deviation: the receiver's own error")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the false signals.

        Raises:
            UserError: there is no such receiver, or it takes no frame afterwards.
        """
        receiver = device_of(scene, self.sensor, Gnss, "gnss_jump")
        last = frames_from(scene, receiver, self.at_s, "gnss_jump")[-1]
        drag = Spoofing(
            from_s=self.at_s, distance_m=self.distance_m, rate_m_s=self.rate_m_s, azimuth_deg=self.azimuth_deg
        )
        gone = min(self.distance_m, self.rate_m_s * (last - self.at_s))
        asked = Constraint(kind="position_error_m", subject=receiver.name, asked=gone, tolerance=self.tolerance_m,
                           time_s=last)  # fmt: skip
        after = dataclasses.replace(receiver, spoofing=(*receiver.spoofing, drag))
        return accepted(exchanged(scene, after), "gnss_jump", [asked])
