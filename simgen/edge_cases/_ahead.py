"""Places on the road that the ego comes to: where it is after a while, and how far along its lanes that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.edge_cases._roadside import route_of, spot
from simgen.edge_cases._solve import RejectedError
from simgen.edge_cases._way import Way, ego_of, forecast_ego
from simgen.errors import UserError
from simgen.polyline import Polyline
from simgen.records.layout import WorldLayout
from simgen.records.model import Quaternion, Vector3
from simgen.scene import Scene
from simgen.sensors.base import Sensor
from simgen.sensors.camera import Camera


@dataclass(frozen=True, kw_only=True, eq=False)
class Ahead:
    """The lanes that the ego follows, and its way along them."""

    case: str
    layout: WorldLayout
    #: its lane and those that follow it
    route: Polyline
    way: Way
    #: where on the route its box's centre begins
    begin_m: float

    def reached(self, time_s: float) -> float:
        """Where on the route its nose is at an instant, m from the route's start."""
        return self.begin_m + float(np.interp(time_s, self.way.time_s, self.way.nose))

    def place(self, s: float, lateral: float = 0.0, turn_rad: float = 0.0) -> tuple[Vector3, Quaternion]:
        """Position on the ground and orientation of something there.

        Raises:
            UserError: the road ends before.
        """
        try:
            found = spot(self.layout, self.route, s, lateral, turn_rad)
        except RejectedError:
            raise UserError(
                f"{self.case}: the road ends before the place that the ego should come to; start the ego farther back "
                "(at_m), or choose a longer road"
            ) from None
        return found["position"], found["quaternion"]


def ahead_of(scene: Scene, layout: WorldLayout, case: str) -> Ahead:
    """The ego's lanes and its way along them.

    Raises:
        UserError: there is no ego, no lane, or the ego stands.
    """
    ego = ego_of(scene, case)
    route, way = route_of(ego, layout, case), forecast_ego(scene, layout)
    way.path()  # tells an ego that stands
    begin, _ = route.closest(way.center[0])
    return Ahead(case=case, layout=layout, route=route, way=way, begin_m=float(begin))


def camera_of(scene: Scene, case: str, name: str = "") -> Camera:
    """The camera of that name, or the first on the ego that looks ahead.

    Raises:
        UserError: there is no such camera.
    """
    cameras = [s for s in scene.sensors if isinstance(s, Camera)]
    for camera in cameras:
        if camera.name == name or (not name and _looks_ahead(camera)):
            return camera
    raise UserError(f"{case} needs a camera{f' called {name!r}' if name else ' on the ego that looks ahead'}")


def _looks_ahead(sensor: Sensor) -> bool:
    return sensor.mount.on.split("/")[0] == "ego"
