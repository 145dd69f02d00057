"""A camera's exposure control errs."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

from simgen.edge_cases._devices import device_of, exchanged, fault_free, frames_from
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene
from simgen.sensors._camera_faults import Overexposure
from simgen.sensors.camera import Camera


@register("edge_case", "camera_overexposure")
@dataclass(frozen=True, kw_only=True)
class CameraOverexposure(EdgeCase):
    """From an instant on (s) the pictures of a camera are too bright by so many stops: large parts of them are white.

    Asked: ``clipped_share`` of its pictures from then on, at least, in the worst.
    """

    tests: ClassVar[str] = "perception in washed-out pictures, and noticing that they are"

    sensor: str = param("", doc="name of the camera; empty = the first", reference="sensor")
    stops: float = param(3.0, gt=0.0, le=10.0, doc="by how many steps of factor 2 it errs")
    at_s: float = param(1.0, ge=0.0, doc="when it begins")
    duration_s: float | None = param(None, gt=0.0, doc="how long; to the end if absent")
    clipped_share: float = param(0.3, ge=0.0, le=1.0, doc="least share of the picture that is white")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the fault in that camera.

        Raises:
            UserError: there is no such camera, it errs already, or takes no frame afterwards.
        """
        camera = device_of(scene, self.sensor, Camera, "camera_overexposure")
        fault_free(camera, ("overexposure",), "camera_overexposure")
        until = None if self.duration_s is None else self.at_s + self.duration_s
        fault = Overexposure(from_s=self.at_s, until_s=until, ev=self.stops)
        first = frames_from(scene, camera, self.at_s, "camera_overexposure")[0]
        after = dataclasses.replace(camera, faults=dataclasses.replace(camera.faults, overexposure=fault))
        asked = Constraint(kind="clipped_share", subject=camera.name, asked=self.clipped_share, tolerance=0.0,
                           relation="at_least", time_s=first)  # fmt: skip
        return accepted(exchanged(scene, after), "camera_overexposure", [asked])
