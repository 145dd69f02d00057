"""A sensor's clock is off."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

from simgen.edge_cases._devices import any_device, exchanged
from simgen.edge_cases._solve import accepted
from simgen.edge_cases._stamps import stamp_error
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "time_offset")
@dataclass(frozen=True, kw_only=True)
class TimeOffset(EdgeCase):
    """The stamps of a sensor are late (or early) by so much all the time: its clock was never synchronised.

    Data and labels stay at the true instant, ``stamp_ns`` errs; at 14 m/s, 100 ms are 1.4 m. Asked:
    ``stamp_error_s`` of the last frame, about the offset with what the sensor's clock errs by itself.
    """

    tests: ClassVar[str] = "fusion of sensors whose stamps do not agree"

    sensor: str = param("", doc="name of the sensor; empty = the first", reference="sensor")
    offset_s: float = param(0.1, ge=-10.0, le=10.0, doc="how late its stamps are; negative = early")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the fault in that sensor's clock.

        Raises:
            UserError: there is no such sensor, or it takes no frame.
        """
        sensor = any_device(scene, self.sensor, "time_offset")
        timing = sensor.timing
        after = dataclasses.replace(
            sensor, timing=dataclasses.replace(timing, offset_s=timing.offset_s + self.offset_s)
        )
        time_s, error_s = stamp_error(scene, sensor, "time_offset")
        asked = Constraint(kind="stamp_error_s", subject=sensor.name, asked=error_s + self.offset_s,
                           tolerance=1e-6, time_s=time_s)  # fmt: skip
        return accepted(exchanged(scene, after), "time_offset", [asked])
