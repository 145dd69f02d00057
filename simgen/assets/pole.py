"""A plain pole or bollard."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets.base import Asset
from simgen.records.mesh import Surface
from simgen.records.model import Model, Shape
from simgen.registry import param, register
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.colors import PAINTS, resolve
from simgen.shapes.finish import rigid
from simgen.shapes.primitives import cylinder


@register("asset", "pole")
@dataclass(frozen=True, kw_only=True)
class Pole(Asset):
    """A round pole, or a bollard when short (class pole). Diameters of EN 40-2."""

    height_m: float = param(4.0, ge=0.3, le=20.0, doc="ground to top")
    diameter_m: float = param(0.11, ge=0.02, le=0.6, doc="of the shaft")
    color: str | tuple[float, float, float] = param("grey", doc="a colour's name, or linear sRGB reflectances")

    def __post_init__(self) -> None:
        resolve("color", self.color, PAINTS)

    def build(self) -> Model:
        """One cylinder with a bevelled top."""
        surface = Surface(
            class_name="pole", base_color=resolve("color", self.color, PAINTS), roughness=0.45, metallic=0.3
        )
        radius = 0.5 * self.diameter_m
        soup = cylinder(radius, self.height_m, 20, 0.1 * radius).moved((0.0, 0.0, 0.5 * self.height_m))
        shape = Shape(kind="cylinder", size=(radius, self.height_m, 0.0), center=(0.0, 0.0, 0.5 * self.height_m))
        builder = MeshBuilder().add(soup, surface, smooth_deg=40.0)
        return rigid("pole", "pole", builder, [shape], mass_kg=max(12.0 * self.height_m, 5.0))
