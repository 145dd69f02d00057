"""A sensor is knocked in its bracket, and goes on as if nothing had happened."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
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
    """

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
        return scene.replace(
            sensors=(*scene.sensors[:index], after, *scene.sensors[index + 1 :]), tags=(*scene.tags, "sensor_knock")
        )
