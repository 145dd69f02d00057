"""What the simple solids share: their material, their class and how they behave in physics."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.assets.base import Asset
from simgen.records.mesh import TEXTURES, Surface
from simgen.records.model import Model, Shape
from simgen.registry import param
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.colors import CLOTHES, resolve
from simgen.shapes.finish import rigid, vector3
from simgen.shapes.soup import Soup
from simgen.taxonomy import class_id


@dataclass(frozen=True, kw_only=True)
class Primitive(Asset):
    """A solid of one material. Colours are linear sRGB (IEC 61966-2-1)."""

    class_name: str = param("object", doc="class of the taxonomy")
    color: str | tuple[float, float, float] = param("orange", doc="a colour's name, or linear sRGB reflectances")
    roughness: float = param(0.6, ge=0.02, le=1.0, doc="0 = a mirror, 1 = chalk")
    metallic: float = param(0.0, ge=0.0, le=1.0, doc="1 = bare metal")
    reflectivity: float | None = param(None, doc="diffuse reflectance at 905 nm, 0..1; none = that of the colour")
    texture: str = param("plain", doc="procedural texture", choices=TEXTURES)
    texture_scale_m: float = param(1.0, gt=0.0, le=100.0, doc="size of one cell of the texture")
    clearcoat: float = param(0.0, ge=0.0, le=1.0, doc="weight of a smooth, clear coat over it (car paint: 1)")
    retro: float = param(0.0, ge=0.0, le=1.0, doc="share of light sent straight back, as by sheeting of signs")
    emission_cd_m2: float = param(0.0, ge=0.0, le=1e6, doc="luminance of its own, in its colour's hue")
    mass_kg: float = param(1.0, gt=0.0, doc="for physics")
    friction: float = param(0.8, ge=0.0, le=5.0, doc="for physics, lateral")
    restitution: float = param(0.1, ge=0.0, le=1.0, doc="for physics: 1 bounces back to the same height")

    def __post_init__(self) -> None:
        resolve("color", self.color, CLOTHES)
        class_id(self.class_name)

    def solid(self, soup: Soup, shapes: list[Shape]) -> Model:
        """One link of this material with these exact collision shapes."""
        color = resolve("color", self.color, CLOTHES)
        surface = Surface(
            class_name=self.class_name,
            base_color=color,
            roughness=self.roughness,
            metallic=self.metallic,
            lidar_reflectance=self.reflectivity,
            texture=self.texture,
            texture_scale_m=self.texture_scale_m,
            clearcoat=self.clearcoat,
            retro=self.retro,
            emission=vector3(self.emission_cd_m2 * np.array(color) / max(*color, 1e-6)),
        )
        return rigid(
            self.plugin_name,
            self.class_name,
            MeshBuilder().add(soup, surface),
            shapes,
            mass_kg=self.mass_kg,
            friction=self.friction,
            restitution=self.restitution,
        )
