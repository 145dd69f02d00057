"""A table."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets.base import Asset
from simgen.errors import UserError
from simgen.records.mesh import Surface
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.colors import PAINTS, resolve
from simgen.shapes.finish import box_of, rigid
from simgen.shapes.primitives import box
from simgen.shapes.soup import join


@register("asset", "table")
@dataclass(frozen=True, kw_only=True)
class Table(Asset):
    """A table of four legs (class table); its top's upper side lies at ``height_m``. Heights of EN 527-1."""

    length_m: float = param(1.4, ge=0.3, le=6.0, doc="along x")
    width_m: float = param(0.8, ge=0.3, le=3.0, doc="along y")
    height_m: float = param(0.74, ge=0.2, le=1.5, doc="floor to the top's upper side")
    thickness_m: float = param(0.035, ge=0.01, le=0.15, doc="of the top")
    color: str | tuple[float, float, float] = param("wood", doc="wood, a colour's name, or linear sRGB reflectances")

    def __post_init__(self) -> None:
        if self.color != "wood":
            resolve("color", self.color, {**PAINTS, "wood": (0.0, 0.0, 0.0)})
        if self.thickness_m > 0.5 * self.height_m:
            raise UserError("table: the top is thicker than half the height; make thickness_m smaller")

    def build(self) -> Model:
        """Top, apron and legs; bodies collide with each of them."""
        wood = self.color == "wood"
        color = (0.33, 0.2, 0.1) if wood else resolve("color", self.color, PAINTS)
        texture = "wood" if wood else "plain"
        surface = Surface(class_name="table", base_color=color, roughness=0.45, texture=texture, lidar_reflectance=0.5)
        h, t = self.height_m, self.thickness_m
        leg = min(0.07, 0.15 * self.width_m)
        x, y = 0.5 * self.length_m - 0.8 * leg, 0.5 * self.width_m - 0.8 * leg
        top = box((self.length_m, self.width_m, t), min(0.006, 0.2 * t)).moved((0.0, 0.0, h - 0.5 * t))
        legs = [box((leg, leg, h - t), 0.004).moved((s * x, q * y, 0.5 * (h - t))) for s in (1, -1) for q in (1, -1)]
        drop = min(0.08, 0.3 * (h - t))
        apron = [box((2 * x, 0.02, drop)).moved((0.0, s * y, h - t - 0.5 * drop)) for s in (1, -1)]
        apron += [box((0.02, 2 * y, drop)).moved((s * x, 0.0, h - t - 0.5 * drop)) for s in (1, -1)]
        parts = [top, *legs, *apron]
        builder = MeshBuilder().add(join(parts), surface, smooth_deg=30.0)
        shapes = [box_of(part.vertices) for part in parts]
        return rigid(
            "table", "table", builder, shapes, mass_kg=700.0 * self.length_m * self.width_m * t + 6.0, friction=0.6
        )
