"""Something sticks to a camera's lens or a lidar's window: mud from the car ahead, a splash of water, mist."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal

from simgen.edge_cases._devices import exchanged
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.records.constraints import Constraint
from simgen.registry import param, register, suggest
from simgen.scene import Scene
from simgen.sensors._camera_faults import Condensation, Dirt, Drops
from simgen.sensors._fault import Fault
from simgen.sensors._lidar_window import LidarWindow, Smear
from simgen.sensors.camera import Camera
from simgen.sensors.lidar import Lidar
from simgen.units import seconds_to_ns

#: share of the picture that is covered, against the amount (mist: whatever the amount), and of a lidar's returns lost
_COVERS: Final = {"dirt": 0.6, "drops": 0.2, "condensation": 0.4}
_LOSES: Final = 0.4
#: light that a lidar's smear takes, each way
_SMEAR: Final = 0.95


@register("edge_case", "lens_dirt")
@dataclass(frozen=True, kw_only=True)
class LensDirt(EdgeCase):
    """From an instant on (s), a camera looks through dirt, drops or mist; colours and counts suffer, labels do not.

    A lidar's window gets a smear over that share of the circle, facing forward, which takes 95 % of the light each way.
    Asked: ``glass_covered`` of the camera from then on, at least what the amount makes of it; or ``returns_lost`` of
    the lidar. The camera stores ``outputs: [glass]`` for it.
    """

    tests: ClassVar[str] = "perception through a soiled, wet or misted lens, and knowing which pixels to trust"

    sensor: str = param(doc="name of the camera, or of a lidar (dirt alone)", reference="sensor")
    kind: Literal["dirt", "drops", "condensation"] = param("dirt", doc="what sticks to it")
    amount: float = param(0.2, gt=0.0, le=0.9, doc="share of the picture (drops: share times 100 of them)")
    at_s: float = param(0.0, ge=0.0, doc="when")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the fault in that camera.

        Raises:
            UserError: there is no such sensor, it has that fault already, or takes no frame afterwards.
        """
        names = tuple(sensor.name for sensor in scene.sensors if isinstance(sensor, Camera | Lidar))
        if self.sensor not in names:
            raise UserError(f"lens_dirt: no camera or lidar {self.sensor!r}{suggest(self.sensor, names)}")
        index = next(k for k, sensor in enumerate(scene.sensors) if sensor.name == self.sensor)
        before = scene.sensors[index]
        assert isinstance(before, Camera | Lidar)
        after = self._smeared(before) if isinstance(before, Lidar) else self._soiled(before)
        times = before.schedule(scene.clock.duration_ns, scene.clock.rate_hz)
        if not times or times[-1] < seconds_to_ns(self.at_s):
            raise UserError(f"lens_dirt: {self.sensor!r} takes no frame after {self.at_s:g} s")
        return accepted(exchanged(scene, after), "lens_dirt", [self._asked(before, times[-1] * 1e-9)])

    def _asked(self, before: Camera | Lidar, last_s: float) -> Constraint:
        """The least that is covered, or lost, in the worst frame from the instant on."""
        kind, share = "glass_covered", _COVERS[self.kind] * self.amount
        if isinstance(before, Lidar):
            kind, share = "returns_lost", _LOSES * self.amount
        elif self.kind == "condensation":
            share = _COVERS[self.kind]
        return Constraint(kind=kind, subject=self.sensor, asked=share, tolerance=0.0, relation="at_least",
                          time_s=self.at_s, until_s=last_s)  # fmt: skip

    def _smeared(self, before: Lidar) -> Lidar:
        if self.kind != "dirt":
            raise UserError(f"lens_dirt: {self.sensor!r} is a lidar, whose window gets dirt, not {self.kind}")
        window = before.window or LidarWindow()
        smear = Smear(from_s=self.at_s, width_deg=360.0 * self.amount, loss=_SMEAR)
        return dataclasses.replace(before, window=dataclasses.replace(window, smears=(*window.smears, smear)))

    def _soiled(self, before: Camera) -> Camera:
        if getattr(before.faults, self.kind) is not None:
            raise UserError(f"lens_dirt: {self.sensor!r} has {self.kind} of its own")
        change: dict[str, Any] = {self.kind: self._fault()}
        outputs = before.outputs if "glass" in before.outputs else (*before.outputs, "glass")
        return dataclasses.replace(before, faults=dataclasses.replace(before.faults, **change), outputs=outputs)

    def _fault(self) -> Fault:
        if self.kind == "dirt":
            return Dirt(from_s=self.at_s, cover=self.amount)
        if self.kind == "drops":
            return Drops(from_s=self.at_s, count=max(round(100.0 * self.amount), 1))
        return Condensation(from_s=self.at_s, haze=self.amount)
