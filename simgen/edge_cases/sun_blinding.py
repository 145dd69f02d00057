"""The low sun shines straight into a camera."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import numpy as np

from simgen.edge_cases._devices import device_of, exchanged, frames_from
from simgen.edge_cases._forecast import forecast
from simgen.edge_cases._solve import accepted
from simgen.edge_cases._sun_search import when_sun_is
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.geometry import F8, quat_multiply, quat_rotate
from simgen.light.sun_sky import SunSky
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene
from simgen.sensors.camera import Camera
from simgen.units import seconds_to_ns

#: what a windscreen and a lens scatter at the least: a clean one some 1 %, a dusty one several (Vos, CIE 135/1)
_GLARE, _GLARE_DEG, _FLARE, _STARBURST = 0.05, 1.2, 0.002, 0.002


@register("edge_case", "sun_blinding")
@dataclass(frozen=True, kw_only=True)
class SunBlinding(EdgeCase):
    """The sun stands low and right before a camera at an instant: the hour, and if need be the day, are moved there.

    The day is the one nearest to the scene's on which the sun comes that way. Clouds are taken away. A camera whose
    glass scatters nothing gets a halo, ghosts and rays, as every lens has them before the sun. Asked:
    ``clipped_share`` of its picture at ``at_s``, at least. Units: deg, s.
    """

    tests: ClassVar[str] = "perception against the light, where part of the picture is white"

    sensor: str = param("", doc="name of the camera; empty = the first", reference="sensor")
    at_s: float = param(1.0, ge=0.0, doc="when it looks into the sun")
    elevation_deg: float = param(7.0, ge=1.0, le=40.0, doc="height of the sun over the horizon")
    aside_deg: float = param(4.0, ge=-60.0, le=60.0, doc="how far it stands to the right of the camera's axis")
    within_deg: float = param(3.0, gt=0.0, le=20.0, doc="how far off that direction the sun may stand")
    clipped_share: float = param(0.02, ge=0.0, le=1.0, doc="least share of the picture that is white")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene in that light.

        Raises:
            UserError: there is no such camera, no sun, or the sun never stands there.
        """
        camera = device_of(scene, self.sensor, Camera, "sun_blinding")
        frames_from(scene, camera, self.at_s, "sun_blinding")
        light = scene.light
        if not isinstance(light, SunSky):
            raise UserError("sun_blinding needs a sun: give the scene a light of type sun_sky")
        if stage.layout.indoor:
            raise UserError("sun_blinding: no sun comes into this world: choose one under the sky")
        axis = self._axis(scene, camera, stage)
        azimuth = math.atan2(axis[0], axis[1]) + math.radians(self.aside_deg)
        when = when_sun_is(
            datetime.fromisoformat(light.time), (light.latitude_deg, light.longitude_deg), azimuth,
            math.radians(self.elevation_deg), math.radians(self.within_deg),
        )  # fmt: skip
        if when is None:
            north = f"{math.degrees(azimuth) % 360.0:.0f} degrees from north"
            raise UserError(
                f"sun_blinding: at {light.latitude_deg:g} degrees of latitude the sun never stands"
                f" {self.elevation_deg:g} degrees high {north}: let the ego drive east or west, or change elevation_deg"
            )
        changed = scene.replace(
            light=dataclasses.replace(light, time=when.isoformat(), cloud_cover=min(light.cloud_cover, 0.02))
        )
        asked = Constraint(kind="clipped_share", subject=camera.name, asked=self.clipped_share, tolerance=0.0,
                           relation="at_least", time_s=self.at_s)  # fmt: skip
        return accepted(exchanged(changed, _scattering(camera)), "sun_blinding", [asked])

    def _axis(self, scene: Scene, camera: Camera, stage: Stage) -> F8:
        """Where the camera looks at the instant, world frame."""
        _, turn = camera.mount.pose(0, 1, scene.seed, camera.name)
        if camera.mount.on != "world":
            trajectory = forecast(scene, stage.layout)
            step = trajectory.nearest(seconds_to_ns(self.at_s))
            body = trajectory.body_names.index(camera.mount.on.split("/")[0])
            turn = quat_multiply(trajectory.quaternion[step, body], turn)
        return quat_rotate(turn, np.array([1.0, 0.0, 0.0]))


def _scattering(camera: Camera) -> Camera:
    """The camera with at least some halo, ghosts and rays."""
    optics = camera.optics
    if max(optics.glare, optics.flare, optics.starburst) > 0.0:
        return camera
    halo = dataclasses.replace(optics, glare=_GLARE, glare_deg=_GLARE_DEG, flare=_FLARE, starburst=_STARBURST)
    return dataclasses.replace(camera, optics=halo)
