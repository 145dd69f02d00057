"""A camera dies and sends nothing any more."""

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
from simgen.sensors.base import Dropout
from simgen.sensors.camera import Camera


@register("edge_case", "dead_camera")
@dataclass(frozen=True, kw_only=True)
class DeadCamera(EdgeCase):
    """From an instant on (s) all frames of a camera are lost: its supply, its cable or its serialiser has failed.

    The frames keep their rows with ``status`` 1, black pictures and true labels. Asked: ``frames_dropped``, to the
    frame.
    """

    tests: ClassVar[str] = "noticing that a camera is gone, and going on without it"

    sensor: str = param("", doc="name of the camera; empty = the first", reference="sensor")
    at_s: float = param(1.0, ge=0.0, doc="when it dies")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the dead camera.

        Raises:
            UserError: there is no such camera, or it takes no frame afterwards.
        """
        camera = device_of(scene, self.sensor, Camera, "dead_camera")
        late = frames_from(scene, camera, self.at_s, "dead_camera")
        gap = Dropout(from_s=self.at_s, until_s=max(scene.clock.duration_s, self.at_s) + 1.0)
        after = dataclasses.replace(camera, dropouts=(*camera.dropouts, gap))
        times = after.schedule(scene.clock.duration_ns, scene.clock.rate_hz)
        lost = sum(after.dropped(time_ns) for time_ns in times)
        asked = Constraint(kind="frames_dropped", subject=camera.name, asked=float(lost), tolerance=0.0,
                           time_s=late[0], until_s=late[-1])  # fmt: skip
        # several gaps of one camera ask for their sum once
        rest = tuple(c for c in scene.constraints if (c.kind, c.subject) != (asked.kind, asked.subject))
        return accepted(exchanged(scene.replace(constraints=rest), after), "dead_camera", [asked])
