"""Polished metal lies before a depth camera: it shows its surroundings, not itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Final

from simgen import registry
from simgen.assets.base import Asset
from simgen.edge_cases._trap import UPRIGHT, depth_camera_of, trapped
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.records.model import Quaternion
from simgen.registry import param, register
from simgen.rng import Stream, stream
from simgen.scene import Scene

KINDS: Final = ("any", "ball", "shaft", "block")
#: linear reflectances of chrome, steel and brass, polished
_METALS: Final = ((0.56, 0.57, 0.57), (0.5, 0.5, 0.49), (0.75, 0.58, 0.3))
_STEEL_KG_M3: Final = 7850.0
#: lying along x
_LYING: Final[Quaternion] = (math.sqrt(0.5), 0.0, math.sqrt(0.5), 0.0)


@register("edge_case", "glossy_objects")
@dataclass(frozen=True, kw_only=True)
class GlossyObjects(EdgeCase):
    """Turned and polished metal parts on a support in a depth camera's view: bearing balls, shafts, ground blocks.

    What a mirror shows lies elsewhere for the second viewpoint, so stereo and structured light drop out; polished parts
    have a roughness of some 0.05. Asked: ``depth_lost`` of each thing. Sizes 30 to 140 mm, of steel or brass.
    """

    tests: ClassVar[str] = "grasping of polished metal on which stereo and structured light drop out"

    sensor: str = param("", doc="the depth camera; empty = the scene's first", reference="sensor")
    on: str = param("", doc="support to put them on; empty = the one that the camera looks at")
    kind: str = param("any", doc="what they are", choices=KINDS)
    count: int = param(4, ge=1, le=20, doc="how many")
    roughness: float = param(0.05, ge=0.02, le=0.2, doc="0.02 = a mirror, 0.1 = fine ground")
    depth_lost: float = param(0.4, gt=0.0, le=1.0, doc="share of each thing's pixels without true depth, at least")
    name: str = param("", doc="name of the group; default: glossy_objects, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the things on it.

        Raises:
            UserError: there is no depth camera, no such support, or no room.
        """
        camera = depth_camera_of(scene, self.sensor, "glossy_objects")
        draw = stream(stage.seed, "glossy_objects", "things")
        things = [self._thing(draw) for _ in range(self.count)]
        return trapped(
            scene,
            stage,
            "glossy_objects",
            things,
            camera=camera,
            on=self.on,
            name=self.name,
            depth_lost=self.depth_lost,
        )

    def _thing(self, draw: Stream) -> tuple[Asset, Quaternion]:
        kind = KINDS[1 + int(draw.integers(len(KINDS) - 1))] if self.kind == "any" else self.kind
        metal = {
            "metallic": 1.0, "roughness": self.roughness, "color": _METALS[int(draw.integers(len(_METALS)))],
            "friction": 0.4,
        }  # fmt: skip
        a, b, c = draw.uniform([0.02, 0.03, 0.02], [0.045, 0.06, 0.05]).tolist()
        if kind == "ball":
            mass = _STEEL_KG_M3 * 4.0 / 3.0 * math.pi * a**3
            return registry.get("asset", "sphere")(radius_m=a, mass_kg=mass, **metal), UPRIGHT
        if kind == "shaft":
            radius, length = 0.6 * a, 2.0 * b + 0.02
            mass = _STEEL_KG_M3 * math.pi * radius**2 * length
            shaft = registry.get("asset", "cylinder")(radius_m=radius, height_m=length, mass_kg=mass, **metal)
            return shaft, _LYING if draw.random() < 0.6 else UPRIGHT
        size = (2.0 * b, 2.0 * a, 2.0 * c)
        return registry.get("asset", "box")(size_m=size, mass_kg=_STEEL_KG_M3 * math.prod(size), **metal), UPRIGHT
