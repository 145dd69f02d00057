"""A patch of black ice on the ego's lane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.edge_cases._ahead import camera_of
from simgen.edge_cases._sheet import asked_of, with_sheet
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "black_ice_patch")
@dataclass(frozen=True, kw_only=True)
class BlackIcePatch(EdgeCase):
    """Clear ice on a stretch of the ego's lane: as dark as the road, and shining where light comes from beyond.

    The ice is an object (class ice), so every pixel of it is labelled. Asked: the ego's nose is over it by ``after_s``
    (``distance_m``), and the camera sees at least ``pixels`` of it at once. The ego holds its lane: behaviours know no
    grip; free bodies keep the world's. Ice has a friction of 0.1 to 0.2 (Wallman and Astrom 2001). Units: m, s, px.
    """

    tests: ClassVar[str] = "ice told by its shine alone, before the wheels are on it"

    length_m: float = param(12.0, ge=1.0, le=80.0, doc="along the road")
    width_m: float = param(3.2, ge=0.5, le=20.0, doc="across it")
    lateral_m: float = param(0.0, ge=-10.0, le=10.0, doc="of its middle from that of the ego's lane, left positive")
    after_s: float = param(2.0, ge=0.3, doc="when the ego's nose reaches it")
    pixels: float = param(250.0, ge=1.0, doc="least that the camera sees of it at once")
    camera: str = param("", doc="which camera; empty = the first on the ego", reference="sensor")
    name: str = param("", doc="name of the ice; default: black_ice_patch, numbered if there are more")

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the ice.

        Raises:
            UserError: there is no ego, lane or camera, or the road ends before.
        """
        camera = camera_of(scene, "black_ice_patch", self.camera)
        measures = {"kind": "ice", "length_m": self.length_m, "width_m": self.width_m, "raggedness": 0.2}
        scene, name = with_sheet(scene, stage, "black_ice_patch", self.name, self.after_s, self.lateral_m, **measures)
        return accepted(scene, "black_ice_patch", asked_of(name, camera.name, self.pixels, self.after_s))
