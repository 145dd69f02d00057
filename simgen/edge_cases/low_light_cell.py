"""A robot's cell in the dark: the lamps are nearly off and it is night."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar

from simgen import registry
from simgen.edge_cases._sight import camera_of
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.errors import UserError
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.scene import Scene
from simgen.sensors.camera import Camera


@register("edge_case", "low_light_cell")
@dataclass(frozen=True, kw_only=True)
class LowLightCell(EdgeCase):
    """The lamps of an indoor world bring a few lux instead of hundreds, and outside it is night.

    EN 12464-1 asks for 300 to 500 lx where people pack and assemble, and 0.5 to 1 lx suffice to find the way out
    (EN 1838); cells that run by themselves at night are often lit like that. Asked: ``luminance_cd_m2`` of the camera's
    picture, at most what a white wall (``E / pi``) under that light shows. Units: lx.
    """

    tests: ClassVar[str] = "seeing and grasping with hardly any light: noise, blur and long exposures"

    lamp_lux: float = param(3.0, gt=0.0, le=50.0, doc="what the lamps bring to the work")
    sensor: str = param("", doc="the camera that is measured; empty = the scene's first", reference="sensor")

    def prepare(self, scene: Scene, seed: int) -> Scene:
        """The scene with its lamps nearly off, at night.

        Raises:
            UserError: the world has no lamps that can be turned down.
        """
        world: Any = scene.world
        if not hasattr(world, "lamp_lux"):
            raise UserError(
                f"low_light_cell: world {type(world).plugin_name} has no lamps to turn down; choose an indoor one "
                "(room, bin, kitchen, conveyor, warehouse, corridor)"
            )
        dark = registry.get("light", "constant")(luminance_cd_m2=0.0, lamp_lux=0.0)
        return scene.replace(world=dataclasses.replace(world, lamp_lux=self.lamp_lux), light=dark)

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with what is asked of its camera.

        Raises:
            UserError: there is no camera.
        """
        camera = camera_of(scene, self.sensor, "low_light_cell", (Camera,))
        white = self.lamp_lux / 3.141592653589793
        asked = Constraint(
            kind="luminance_cd_m2", subject=camera.name, asked=white, tolerance=0.05 * white, relation="at_most",
            time_s=0.0,
        )  # fmt: skip
        return accepted(scene, "low_light_cell", (asked,))
