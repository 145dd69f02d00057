"""An upright panel: glass, a mirror, retro-reflective sheeting, or matt."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from simgen.assets.base import Asset
from simgen.records.mesh import Surface
from simgen.records.model import Model, Shape
from simgen.registry import param, register
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.finish import rigid
from simgen.shapes.primitives import box
from simgen.taxonomy import class_id

FINISHES: Final = ("glass", "mirror", "retro", "matt")
_DENSITY_KG_M3: Final = 2500.0


@register("asset", "panel")
@dataclass(frozen=True, kw_only=True)
class Panel(Asset):
    """An upright panel that faces +x, on the ground or above it: a shop front, a mirror, a sign's blank, a test target.

    Glass lets a lidar's light through (Fresnel reflectance of both faces at grazing angles); a mirror throws it on;
    sheeting of class RA1 sends it back. The middle of its lower edge is above the origin.
    """

    finish: str = param("glass", doc="what it is made of", choices=FINISHES)
    width_m: float = param(2.0, gt=0.0, le=100.0, doc="across")
    height_m: float = param(2.0, gt=0.0, le=50.0, doc="from lower to upper edge")
    thickness_m: float = param(0.012, gt=0.0, le=1.0, doc="front to back")
    above_m: float = param(0.0, ge=0.0, le=50.0, doc="ground to the lower edge")
    transmission: float = param(0.85, ge=0.0, le=1.0, doc="glass: share of the lidar's light that passes, straight on")
    reflectivity: float = param(0.8, ge=0.0, le=1.0, doc="matt, retro: diffuse reflectance at 905 nm")
    class_name: str = param("building", doc="class of the taxonomy")

    def __post_init__(self) -> None:
        class_id(self.class_name)

    def build(self) -> Model:
        """A thin box with the exact collision shape."""
        size = (self.thickness_m, self.width_m, self.height_m)
        middle = (0.0, 0.0, self.above_m + 0.5 * self.height_m)
        builder = MeshBuilder().add(box(size, 0.0).moved(middle), self._surface())
        mass = _DENSITY_KG_M3 * self.thickness_m * self.width_m * self.height_m
        shapes = [Shape(kind="box", size=size, center=middle)]
        return rigid("panel", self.class_name, builder, shapes, mass_kg=mass, attributes=(("finish", self.finish),))

    def _surface(self) -> Surface:
        if self.finish == "glass":
            # a ray meets both faces
            through, color = math.sqrt(self.transmission), (0.03, 0.035, 0.035)
            return Surface(
                class_name=self.class_name,
                base_color=color,
                roughness=0.03,
                lidar_reflectance=0.01,
                transmission=through,
            )
        if self.finish == "mirror":
            silver = (0.9, 0.9, 0.9)
            return Surface(
                class_name=self.class_name, base_color=silver, roughness=0.02, metallic=1.0, lidar_reflectance=0.0
            )
        grey = (self.reflectivity,) * 3
        retro = 0.3 if self.finish == "retro" else 0.0
        return Surface(
            class_name=self.class_name,
            base_color=grey,
            roughness=0.9,
            lidar_reflectance=self.reflectivity,
            retro=retro,
        )
