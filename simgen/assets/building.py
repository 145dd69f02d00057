"""A house."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets.base import Asset
from simgen.records.mesh import Surface
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.colors import PAINTS, Color, resolve
from simgen.shapes.finish import hull, rigid
from simgen.shapes.houses import house, solids


@register("asset", "building")
@dataclass(frozen=True, kw_only=True)
class Building(Asset):
    """A house with storeys of about 3 m, window openings, a door, and a flat or pitched roof (class building).

    Its front faces +x; depth runs along x, width along y. Storey and bay sizes as common in European housing
    (Neufert, "Architects' Data").
    """

    width_m: float = param(14.0, ge=4.0, le=120.0, doc="along the street (y)")
    depth_m: float = param(11.0, ge=4.0, le=80.0, doc="away from the street (x)")
    height_m: float = param(12.0, ge=3.0, le=200.0, doc="ground to the roof's top")
    color: str | tuple[float, float, float] = param("beige", doc="walls: a name, or linear sRGB reflectances")
    roof: str = param("auto", doc="auto = pitched below 13 m", choices=("auto", "flat", "gable"))
    wall: str = param(
        "auto", doc="auto = brick where the colour is reddish", choices=("auto", "plaster", "brick", "concrete")
    )

    def __post_init__(self) -> None:
        resolve("color", self.color, PAINTS)

    def build(self) -> Model:
        """One link; bodies collide with its walls, roof and chimney."""
        gable = self.roof == "gable" or (self.roof == "auto" and self.height_m < 13.0)
        size = (self.depth_m, self.width_m, self.height_m)
        soup = house(size, gable=gable)
        builder = MeshBuilder().add(soup, *self._surfaces(resolve("color", self.color, PAINTS)), smooth_deg=20.0)
        shapes = [hull(part) for part in solids(size, gable=gable)]
        mass = 350.0 * self.depth_m * self.width_m * self.height_m
        return rigid("building", "building", builder, shapes, mass_kg=mass)

    def _surfaces(self, color: Color) -> tuple[Surface, ...]:
        """Wall, glass, frame, plinth, roof, door: in the order of the tags."""
        kind = self.wall
        if kind == "auto":
            kind = "brick" if color[0] > 1.8 * color[1] else "plaster"
        texture = {"plaster": "paint", "brick": "brick", "concrete": "concrete"}[kind]

        def of(
            rgb: Color,
            roughness: float,
            texture: str = "plain",
            scale: float = 1.0,
            lidar: float = 0.35,
            heat: str = "",
        ) -> Surface:
            return Surface(
                class_name="building",
                base_color=rgb,
                roughness=roughness,
                texture=texture,
                texture_scale_m=scale,
                lidar_reflectance=lidar,
                heat=heat,
            )

        return (
            of(color, 0.9, texture, 1.0 if kind == "brick" else 2.0, 0.5),
            of((0.02, 0.025, 0.03), 0.05, lidar=0.08, heat="glass"),
            of((0.6, 0.6, 0.58), 0.5, lidar=0.6),
            of((0.16, 0.155, 0.15), 0.9, "concrete", 2.0, 0.3),
            of((0.17, 0.06, 0.04), 0.85, lidar=0.3),
            of((0.09, 0.05, 0.03), 0.5, "wood", 1.0, 0.3),
        )
