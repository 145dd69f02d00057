"""Something sticks to a camera's lens: mud from the car ahead, a splash of water, mist."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal

from simgen.edge_cases.base import EdgeCase
from simgen.errors import UserError
from simgen.records.layout import WorldLayout
from simgen.registry import param, register, suggest
from simgen.scene import Scene
from simgen.sensors._camera_faults import Condensation, Dirt, Drops, Fault
from simgen.sensors.camera import Camera
from simgen.units import seconds_to_ns


@register("edge_case", "lens_dirt")
@dataclass(frozen=True, kw_only=True)
class LensDirt(EdgeCase):
    """From an instant on (s), a camera looks through dirt, drops or mist; colours and counts suffer, labels do not."""

    sensor: str = param(doc="name of the camera", reference="sensor")
    kind: Literal["dirt", "drops", "condensation"] = param("dirt", doc="what sticks to it")
    amount: float = param(0.2, gt=0.0, le=0.9, doc="share of the picture (drops: share times 100 of them)")
    at_s: float = param(0.0, ge=0.0, doc="when")

    def apply(self, scene: Scene, layout: WorldLayout, seed: int) -> Scene:
        """The scene with the fault in that camera.

        Raises:
            UserError: there is no such camera, it has that fault already, or takes no frame afterwards.
        """
        names = tuple(sensor.name for sensor in scene.sensors if isinstance(sensor, Camera))
        if self.sensor not in names:
            raise UserError(f"lens_dirt: no camera {self.sensor!r}{suggest(self.sensor, names)}")
        index = next(k for k, sensor in enumerate(scene.sensors) if sensor.name == self.sensor)
        before = scene.sensors[index]
        assert isinstance(before, Camera)
        if getattr(before.faults, self.kind) is not None:
            raise UserError(f"lens_dirt: {self.sensor!r} has {self.kind} of its own")
        times = before.schedule(scene.clock.duration_ns, scene.clock.rate_hz)
        if not times or times[-1] < seconds_to_ns(self.at_s):
            raise UserError(f"lens_dirt: {self.sensor!r} takes no frame after {self.at_s:g} s")
        change: dict[str, Any] = {self.kind: self._fault()}
        faults = dataclasses.replace(before.faults, **change)
        after = dataclasses.replace(before, faults=faults)
        return scene.replace(
            sensors=(*scene.sensors[:index], after, *scene.sensors[index + 1 :]), tags=(*scene.tags, "lens_dirt")
        )

    def _fault(self) -> Fault:
        if self.kind == "dirt":
            return Dirt(from_s=self.at_s, cover=self.amount)
        if self.kind == "drops":
            return Drops(from_s=self.at_s, count=max(round(100.0 * self.amount), 1))
        return Condensation(from_s=self.at_s, haze=self.amount)
