"""A box of any size, colour and class."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets.base import Asset
from simgen.errors import UserError
from simgen.records.mesh import TEXTURES, Surface
from simgen.records.model import Model, Shape
from simgen.registry import param, register
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.colors import CLOTHES, resolve
from simgen.shapes.finish import rigid
from simgen.shapes.primitives import box
from simgen.taxonomy import class_id


@register("asset", "box")
@dataclass(frozen=True, kw_only=True)
class Box(Asset):
    """A box that stands on the ground: the origin is below its middle. Colours are linear sRGB (IEC 61966-2-1)."""

    size_m: tuple[float, float, float] = param((0.5, 0.5, 0.5), doc="length, width, height")
    class_name: str = param("object", doc="class of the taxonomy")
    color: str | tuple[float, float, float] = param("orange", doc="a colour's name, or linear sRGB reflectances")
    roughness: float = param(0.6, ge=0.02, le=1.0, doc="0 = a mirror, 1 = chalk")
    metallic: float = param(0.0, ge=0.0, le=1.0, doc="1 = bare metal")
    reflectivity: float | None = param(None, doc="diffuse reflectance at 905 nm, 0..1; none = that of the colour")
    texture: str = param("plain", doc="procedural texture", choices=TEXTURES)
    mass_kg: float = param(1.0, gt=0.0, doc="for physics")
    friction: float = param(0.8, ge=0.0, le=5.0, doc="for physics, lateral")
    restitution: float = param(0.1, ge=0.0, le=1.0, doc="for physics: 1 bounces back to the same height")

    def __post_init__(self) -> None:
        resolve("color", self.color, CLOTHES)
        class_id(self.class_name)
        if min(self.size_m) <= 0.0:
            raise UserError(f"box: size_m must be positive, not {self.size_m!r}")

    def build(self) -> Model:
        """One link with the exact shape."""
        surface = Surface(
            class_name=self.class_name,
            base_color=resolve("color", self.color, CLOTHES),
            roughness=self.roughness,
            metallic=self.metallic,
            lidar_reflectance=self.reflectivity,
            texture=self.texture,
        )
        x, y, z = self.size_m
        soup = box(self.size_m, min(0.004, 0.02 * min(self.size_m))).moved((0.0, 0.0, 0.5 * z))
        shape = Shape(kind="box", size=(x, y, z), center=(0.0, 0.0, 0.5 * z))
        return rigid(
            "box",
            self.class_name,
            MeshBuilder().add(soup, surface),
            [shape],
            mass_kg=self.mass_kg,
            friction=self.friction,
            restitution=self.restitution,
        )
