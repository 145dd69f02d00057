"""A signal of LEDs pulses, and a camera's short exposure misses it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

from simgen.edge_cases._devices import device_of, exchanged, fault_free, frames_from
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.records.constraints import Constraint
from simgen.registry import param, register, suggest
from simgen.scene import Scene
from simgen.sensors._camera_faults import LedFlicker
from simgen.sensors.camera import Camera


@register("edge_case", "led_flicker")
@dataclass(frozen=True, kw_only=True)
class LedFlickerCase(EdgeCase):
    """All LEDs pulse; in some pictures a signal or lamp that is on is dark.

    The camera's exposure must be shorter than the pulses' pause, as it is by day. With a frequency that is no multiple
    of the camera's rate the lamp comes and goes from picture to picture (IEEE P2020 calls it LED flicker). Asked:
    ``frames_dark``: pictures in which ``light`` is less than half as bright as in its brightest. Units: Hz, s.
    """

    tests: ClassVar[str] = "recognition of a signal that is dark in part of the pictures though it is on"

    light: str = param(doc="entity whose lamp is looked at, such as a traffic light", reference="entity")
    sensor: str = param("", doc="name of the camera; empty = the first", reference="sensor")
    frequency_hz: float = param(93.0, gt=0.0, le=1e4, doc="pulses a second")
    duty: float = param(0.3, gt=0.0, lt=1.0, doc="share of the time that they are on")
    frames_dark: int = param(2, ge=1, doc="fewest pictures in which it is dark")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with pulsing lamps before that camera.

        Raises:
            UserError: there is no such camera or light, or the camera knows flicker already.
        """
        camera = device_of(scene, self.sensor, Camera, "led_flicker")
        fault_free(camera, ("led_flicker",), "led_flicker")
        frames_from(scene, camera, 0.0, "led_flicker")
        found = scene.group(self.light)
        if not found:
            known = tuple(entity.name for entity in scene.entities)
            raise UserError(f"led_flicker: nothing is called {self.light!r}{suggest(self.light, known)}")
        pause = (1.0 - self.duty) / self.frequency_hz
        if camera.exposure.longest_s >= pause:
            raise UserError(
                f"led_flicker: an exposure of {camera.exposure.longest_s:g} s always meets a pulse, for the pause is"
                f" {pause:.2g} s: shorten exposure.time_s of {camera.name!r}"
            )
        fault = LedFlicker(frequency_hz=self.frequency_hz, duty=self.duty)
        after = dataclasses.replace(camera, faults=dataclasses.replace(camera.faults, led_flicker=fault))
        asked = Constraint(kind="frames_dark", subject=found[0].name, other=camera.name,
                           asked=float(self.frames_dark), tolerance=0.0, relation="at_least")  # fmt: skip
        return accepted(exchanged(scene, after), "led_flicker", [asked])
