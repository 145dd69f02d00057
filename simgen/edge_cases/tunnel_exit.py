"""The ego comes out of a tunnel into daylight."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.edge_cases._ahead import Ahead, ahead_of, camera_of
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.polyline import inside_polygon
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene

#: daylight below which a portal does not blind, lx on level ground
_DAY_LUX = 3000.0
_STEP_M = 0.5


@register("edge_case", "tunnel_exit")
@dataclass(frozen=True, kw_only=True)
class TunnelExit(EdgeCase):
    """The ego drives towards the bright portal at the end of a tunnel and leaves it at a given time.

    Where it starts on its lane is chosen so. Asked: ``before_s`` earlier at least ``clipped_share`` of the camera's
    picture is white, for it is exposed for the tunnel. The open road is a thousand times as bright as the inside (CIE
    88:2004: 1 to 10 cd/m2 inside). Needs the world ``tunnel``, or one with an area of that name, and daylight.
    """

    tests: ClassVar[str] = "exposure: what stands in the white of the portal, and what comes after it"

    leaves_s: float = param(2.5, ge=0.5, doc="when the ego's nose passes the portal")
    before_s: float = param(1.0, ge=0.1, le=5.0, doc="how much earlier the picture is judged")
    clipped_share: float = param(0.01, gt=0.0, le=0.9, doc="least share of the picture that is white then")
    camera: str = param("", doc="which camera; empty = the first on the ego", reference="sensor")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the ego where it leaves the tunnel in time.

        Raises:
            UserError: there is no ego, camera, tunnel on its way or daylight.
        """
        ahead, camera = ahead_of(scene, stage.layout, "tunnel_exit"), camera_of(scene, "tunnel_exit", self.camera)
        if scene.light.field().horizontal_lux < _DAY_LUX:
            raise UserError("tunnel_exit: it is too dark outside; choose a light by day")
        scene = self._moved(scene, ahead, _exit_of(ahead))
        asked = Constraint(
            kind="clipped_share",
            subject=camera.name,
            asked=self.clipped_share,
            tolerance=0.1 * self.clipped_share,
            relation="at_least",
            time_s=max(self.leaves_s - self.before_s, 0.0),
        )
        return accepted(scene, "tunnel_exit", (asked,))

    def _moved(self, scene: Scene, ahead: Ahead, exit_m: float) -> Scene:
        """The ego farther back or on, along its route."""
        ego = scene.entity("ego")
        by = exit_m - ahead.reached(self.leaves_s)
        at, lateral = ahead.route.closest(np.array(ego.position))
        if float(at) + by < 0.0:
            raise UserError(
                "tunnel_exit: the ego would have to start before its road begins; give a shorter leaves_s, a lower "
                "speed, or a longer tunnel"
            )
        position, quaternion = ahead.place(float(at) + by, float(lateral))
        moved = dataclasses.replace(ego, position=position, quaternion=quaternion)
        return scene.replace(entities=tuple(moved if e.name == "ego" else e for e in scene.entities))


def _exit_of(ahead: Ahead) -> float:
    """Where the ego's route leaves the tunnel.

    Raises:
        UserError: the world has no tunnel, or the route does not lead out of it.
    """
    tubes = [area.polygon[:, :2] for area in ahead.layout.map.areas if area.name == "tunnel"]
    if not tubes:
        raise UserError("tunnel_exit needs a tunnel: choose the world tunnel")
    s = np.arange(0.0, ahead.route.length, _STEP_M)
    inside = inside_polygon(tubes[0], ahead.route.at(s)[:, :2])
    out = np.flatnonzero(inside[:-1] & ~inside[1:])
    if len(out) == 0:
        raise UserError("tunnel_exit: the ego's lane does not lead out of the tunnel")
    return float(s[out[-1] + 1])
