"""A pothole in the ego's lane."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from simgen import registry
from simgen.edge_cases._ahead import Ahead, ahead_of, camera_of
from simgen.edge_cases._roadside import free_name
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.geometry import yaw_of
from simgen.records.constraints import Constraint
from simgen.registry import param, register
from simgen.rng import child_seed
from simgen.scene import Scene
from simgen.worlds.pitted import Pit

#: pixels of a 960 px wide camera from which on it counts as in view
_PIXELS = 60.0


@register("edge_case", "pothole")
@dataclass(frozen=True, kw_only=True)
class PotholeCase(EdgeCase):
    """A hole in the road's surface before one of the ego's wheels, cut out of the mesh: cameras and lidars see into it.

    Asked: the ego's nose is over it at ``after_s`` (``distance_m`` of the two boxes, at most 0.3), and the camera has
    at least ``pixels`` of it in one frame. Measures of moderate and severe holes: FHWA-HRT-13-092 (2014). The ego
    follows its lane as before: driving round it is what a planner does. Units: m, s, px.
    """

    tests: ClassVar[str] = "detection of holes in the road surface, dry or filled with water, and paths around them"

    length_m: float = param(0.9, ge=0.2, le=4.0, doc="along the road")
    width_m: float = param(0.7, ge=0.2, le=3.0, doc="across it")
    depth_m: float = param(0.09, ge=0.03, le=0.3, doc="from the road down to its bottom")
    water_share: float = param(0.0, ge=0.0, le=0.95, doc="how far it is filled with water; 0 = dry")
    lateral_m: float = param(0.75, ge=-3.0, le=3.0, doc="from the lane's middle, left positive: a wheel's track")
    after_s: float = param(2.5, ge=0.2, doc="when the ego's nose comes to its middle")
    pixels: float = param(_PIXELS, ge=1.0, doc="least that the camera sees of it at once")
    camera: str = param("", doc="which camera; empty = the first on the ego", reference="sensor")
    name: str = param("", doc="name of the new object; default: pothole, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the hole in its world, and what is in the hole as an object.

        Raises:
            UserError: there is no ego, lane or camera, or the road ends before.
        """
        ahead, camera = ahead_of(scene, stage.layout, "pothole"), camera_of(scene, "pothole", self.camera)
        name = self.name or free_name("pothole", scene)
        variant = child_seed(stage.seed, "pothole", name) % 100_000
        scene = self._with_hole(scene, ahead, name, variant)
        asked = (
            Constraint(
                kind="distance_m", subject="ego", other=name, asked=0.0, tolerance=0.3, relation="at_most",
                time_s=self.after_s,
            ),
            Constraint(
                kind="pixels", subject=name, other=camera.name, asked=self.pixels, tolerance=0.0, relation="at_least"
            ),
        )  # fmt: skip
        return accepted(scene, "pothole", asked)

    def _with_hole(self, scene: Scene, ahead: Ahead, name: str, variant: int) -> Scene:
        position, quaternion = ahead.place(ahead.reached(self.after_s), self.lateral_m)
        asset = registry.get("asset", "pothole")(
            length_m=self.length_m,
            width_m=self.width_m,
            depth_m=self.depth_m,
            water_share=self.water_share,
            variant=variant,
        )
        pit = Pit(
            at_m=position,
            yaw_deg=math.degrees(float(yaw_of(quaternion))),
            length_m=self.length_m,
            width_m=self.width_m,
            variant=variant,
        )
        world = registry.get("world", "pitted")(of=scene.world, pits=(pit,))
        return scene.replace(world=world).add(
            name=name, asset=asset, position=position, quaternion=quaternion, physics="static", group=name
        )
