"""A sensor's clock runs fast and shakes."""

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


@register("edge_case", "clock_drift")
@dataclass(frozen=True, kw_only=True)
class ClockDrift(EdgeCase):
    """The clock of a sensor runs fast by so many millionths, and its stamps jitter.

    Quartz errs by 20 to 100 ppm, ceramic resonators by 5000 ppm; stamps that a busy host gives jitter by milliseconds.
    Data and labels stay at the true instant. Asked: ``stamp_error_s`` of the last frame, about what it errs by already
    and ``drift_ppm`` makes of its time, within four standard deviations of the jitter.
    """

    tests: ClassVar[str] = "fusion over time while a sensor's clock walks away"

    sensor: str = param("", doc="name of the sensor; empty = the first", reference="sensor")
    drift_ppm: float = param(5000.0, ge=-1e4, le=1e4, doc="by how much it runs fast; negative = slow")
    jitter_s: float = param(0.002, ge=0.0, le=1.0, doc="standard deviation of its stamps")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the fault in that sensor's clock.

        Raises:
            UserError: there is no such sensor, or it takes no frame.
        """
        sensor = any_device(scene, self.sensor, "clock_drift")
        before = sensor.timing
        timing = dataclasses.replace(
            before, drift_ppm=before.drift_ppm + self.drift_ppm, jitter_s=max(before.jitter_s, self.jitter_s)
        )
        time_s, error_s = stamp_error(scene, sensor, "clock_drift")
        spread = 4.0 * (timing.jitter_s + before.jitter_s) + 1e-6
        asked = Constraint(kind="stamp_error_s", subject=sensor.name, asked=error_s + 1e-6 * self.drift_ppm * time_s,
                           tolerance=spread, time_s=time_s)  # fmt: skip
        return accepted(exchanged(scene, dataclasses.replace(sensor, timing=timing)), "clock_drift", [asked])
