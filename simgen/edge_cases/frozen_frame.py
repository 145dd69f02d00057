"""A camera sends the same picture again and again."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

from simgen.edge_cases._devices import device_of, exchanged, fault_free, frames_from
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene
from simgen.sensors._camera_faults import Frozen
from simgen.sensors.camera import Camera


@register("edge_case", "frozen_frame")
@dataclass(frozen=True, kw_only=True)
class FrozenFrame(EdgeCase):
    """From an instant on (s) a camera repeats its last good picture, while stamps and labels go on: its buffer hangs.

    Asked: ``frames_frozen``, at least every frame of that stretch.
    """

    tests: ClassVar[str] = "noticing that a camera's pictures have stopped though its messages go on"

    sensor: str = param("", doc="name of the camera; empty = the first", reference="sensor")
    at_s: float = param(1.0, ge=0.0, doc="when it freezes")
    duration_s: float | None = param(None, gt=0.0, doc="how long; to the end if absent")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the fault in that camera.

        Raises:
            UserError: there is no such camera, it has the fault already, stores twins, or takes no frame afterwards.
        """
        camera = device_of(scene, self.sensor, Camera, "frozen_frame")
        fault_free(camera, ("frozen",), "frozen_frame")
        if "twin" in camera.outputs:
            raise UserError(
                f"frozen_frame: old pictures have no twins: remove twin from the outputs of {camera.name!r}"
            )
        until = None if self.duration_s is None else self.at_s + self.duration_s
        fault = Frozen(from_s=self.at_s, until_s=until)
        late = [t for t in frames_from(scene, camera, self.at_s, "frozen_frame") if fault.is_on(round(t * 1e9))]
        # the first picture of all has none before it
        count = len(late) - (bool(late) and late[0] <= camera.start_s)
        if count < 1:
            raise UserError(f"frozen_frame: {camera.name!r} takes no frame while it is frozen: lengthen duration_s")
        after = dataclasses.replace(camera, faults=dataclasses.replace(camera.faults, frozen=fault))
        asked = Constraint(kind="frames_frozen", subject=camera.name, asked=float(count), tolerance=0.0,
                           relation="at_least", time_s=late[0], until_s=late[-1])  # fmt: skip
        return accepted(exchanged(scene, after), "frozen_frame", [asked])
