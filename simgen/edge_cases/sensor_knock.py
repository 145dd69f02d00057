"""A sensor is knocked in its bracket, and goes on as if nothing had happened."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.edge_cases._devices import exchanged
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.geometry import quat_from_euler
from simgen.records.constraints import Constraint
from simgen.records.model import Vector3
from simgen.registry import param, register, suggest
from simgen.scene import Scene
from simgen.sensors.base import Knock, SeriesSensor
from simgen.units import seconds_to_ns


@register("edge_case", "sensor_knock")
@dataclass(frozen=True, kw_only=True)
class SensorKnock(EdgeCase):
    """From an instant on (s) the sensor sits elsewhere; ``calibration_reported`` stays as it was.

    Data, labels and ``calibration_true`` follow the new pose, so what a method loses is lost to the decalibration.
    Asked: ``knocked_deg`` and ``knocked_m``, how far the sensor has turned and moved on its carrier in its last frame.
    """

    tests: ClassVar[str] = "noticing that a sensor is no longer where its calibration says"

    sensor: str = param(doc="name of the sensor", reference="sensor")
    at_s: float = param(0.0, ge=0.0, doc="when")
    position_m: Vector3 = param((0.0, 0.0, 0.0), ge=-10.0, le=10.0, doc="shift, in the carrier's frame")
    rotation_deg: Vector3 = param(
        (0.5, -1.0, 2.0), ge=-180.0, le=180.0, doc="roll, pitch, yaw about the sensor's own axes"
    )

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the knock in that sensor's mount.

        Raises:
            UserError: there is no such sensor, it cannot be knocked, or takes no frame afterwards.
        """
        names = tuple(sensor.name for sensor in scene.sensors)
        if self.sensor not in names:
            raise UserError(f"sensor_knock: no sensor {self.sensor!r}{suggest(self.sensor, names)}")
        index = names.index(self.sensor)
        before = scene.sensors[index]
        if before.mount.path is not None or before.mount.knock is not None or isinstance(before, SeriesSensor):
            why = "it follows a path" if before.mount.path else "it is already" if before.mount.knock else "it feels it"
            raise UserError(f"sensor_knock: {self.sensor!r} cannot be knocked, for {why}")
        times = before.schedule(scene.clock.duration_ns, scene.clock.rate_hz)
        if not times or times[-1] < seconds_to_ns(self.at_s):
            last = f"its last frame is at {times[-1] * 1e-9:g} s" if times else "it takes no frame at all"
            raise UserError(f"sensor_knock: nothing shows of a knock of {self.sensor!r} at {self.at_s:g} s; {last}")
        knock = Knock(at_s=self.at_s, position_m=self.position_m, rotation_deg=self.rotation_deg)
        after = dataclasses.replace(before, mount=dataclasses.replace(before.mount, knock=knock))
        asked = self._constraints(times[-1] * 1e-9)
        return accepted(exchanged(scene, after), "sensor_knock", asked)

    def _constraints(self, last_s: float) -> list[Constraint]:
        """How far it is turned and shifted at the end."""
        roll, pitch, yaw = np.radians(self.rotation_deg)
        w = abs(float(quat_from_euler(roll, pitch, yaw)[0]))
        turned = math.degrees(2.0 * math.acos(min(w, 1.0)))
        moved = math.sqrt(sum(c * c for c in self.position_m))
        return [
            Constraint(kind=kind, subject=self.sensor, asked=value, tolerance=tolerance, time_s=last_s)
            for kind, value, tolerance in (("knocked_deg", turned, 0.05), ("knocked_m", moved, 0.01))
        ]
