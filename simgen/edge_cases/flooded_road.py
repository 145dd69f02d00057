"""Water that stands across the ego's road."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from simgen.edge_cases._ahead import camera_of
from simgen.edge_cases._sheet import asked_of, wetter, with_sheet
from simgen.edge_cases._solve import accepted
from simgen.edge_cases.base import EdgeCase, Stage
from simgen.registry import param, register
from simgen.scene import Scene


@register("edge_case", "flooded_road")
@dataclass(frozen=True, kw_only=True)
class FloodedRoad(EdgeCase):
    """A stretch of the road under standing water, from edge to edge: markings and kerbs are gone under a mirror.

    The water is an object (class water): cameras see houses and sky upside down in it, lidar pulses glance off. The
    ground around is wet, unless the scene's weather says otherwise. Asked: the ego's nose is in the water by
    ``after_s`` (``distance_m``), and the camera sees at least ``pixels`` of it at once. Half of all drownings in floods
    happen in vehicles that are driven into water (US National Weather Service). Units: m, s, px.
    """

    tests: ClassVar[str] = "water across the road of unknown depth: no returns, mirrored houses, hidden markings"

    length_m: float = param(25.0, ge=4.0, le=150.0, doc="along the road")
    width_m: float = param(16.0, ge=2.0, le=60.0, doc="across it")
    lateral_m: float = param(1.75, ge=-20.0, le=20.0, doc="of its middle from that of the ego's lane, left positive")
    after_s: float = param(2.5, ge=0.3, doc="when the ego's nose reaches it")
    pixels: float = param(1500.0, ge=1.0, doc="least that the camera sees of it at once")
    camera: str = param("", doc="which camera; empty = the first on the ego", reference="sensor")
    name: str = param("", doc="name of the water; default: flooded_road, numbered if there are more")

    def prepare(self, scene: Scene, seed: int) -> Scene:
        """The scene on wet ground."""
        return wetter(scene, wetness=0.9, puddles=0.12)

    def apply(self, scene: Scene, stage: Stage) -> Scene:
        """The scene with the water.

        Raises:
            UserError: there is no ego, lane or camera, or the road ends before.
        """
        camera = camera_of(scene, "flooded_road", self.camera)
        measures = {"kind": "water", "length_m": self.length_m, "width_m": self.width_m}
        scene, name = with_sheet(scene, stage, "flooded_road", self.name, self.after_s, self.lateral_m, **measures)
        return accepted(scene, "flooded_road", asked_of(name, camera.name, self.pixels, self.after_s))
