"""A house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from simgen.assets.base import Asset
from simgen.records.mesh import Surface
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.rng import stream
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.colors import PAINTS, Color, resolve
from simgen.shapes.finish import hull, rigid
from simgen.shapes.houses import behind_panes, house, solids

#: a lit room of 150 lx seen through a pane, and one with a reading lamp behind a curtain; warm white (2700 K)
BRIGHT_CD_M2: Final[Color] = (62.0, 38.0, 17.0)
DIM_CD_M2: Final[Color] = (17.0, 10.0, 4.2)


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

    lit_share: float = param(0.3, ge=0.0, le=1.0, doc="share of the windows with light behind them after dusk")
    variant: int = param(0, ge=0, doc="draws which windows are lit, curtained or have a blind")

    def __post_init__(self) -> None:
        resolve("color", self.color, PAINTS)

    def build(self) -> Model:
        """One link; bodies collide with its walls, roof and chimney."""
        gable = self.roof == "gable" or (self.roof == "auto" and self.height_m < 13.0)
        size = (self.depth_m, self.width_m, self.height_m)
        soup = behind_panes(house(size, gable=gable), self.lit_share, stream(self.variant, "windows"))
        builder = MeshBuilder().add(soup, *self._surfaces(resolve("color", self.color, PAINTS)), smooth_deg=20.0)
        shapes = [hull(part) for part in solids(size, gable=gable)]
        mass = 350.0 * self.depth_m * self.width_m * self.height_m
        return rigid("building", "building", builder, shapes, mass_kg=mass)

    def _surfaces(self, color: Color) -> tuple[Surface, ...]:
        """Wall, glass, frame, plinth, roof, door, and what is behind panes: in the order of the tags."""
        kind = self.wall
        if kind == "auto":
            kind = "brick" if color[0] > 1.8 * color[1] else "plaster"
        texture = {"plaster": "paint", "brick": "brick", "concrete": "concrete"}[kind]

        def pane(rgb: Color, glow: Color = (0.0, 0.0, 0.0)) -> Surface:
            # what is behind is painted on the pane: rays end there
            lit = "dusk" if any(glow) else ""
            return of(rgb, 0.05, lidar=0.08, heat="glass", emission=glow, lamp=lit)

        def of(
            rgb: Color,
            roughness: float,
            texture: str = "plain",
            scale: float = 1.0,
            lidar: float = 0.35,
            heat: str = "",
            emission: Color = (0.0, 0.0, 0.0),
            lamp: str = "",
        ) -> Surface:
            return Surface(
                class_name="building",
                base_color=rgb,
                roughness=roughness,
                texture=texture,
                texture_scale_m=scale,
                lidar_reflectance=lidar,
                heat=heat,
                emission=emission,
                lamp=lamp,
            )

        return (
            of(color, 0.9, texture, 1.0 if kind == "brick" else 2.0, 0.5),
            pane((0.02, 0.025, 0.03)),
            of((0.6, 0.6, 0.58), 0.5, lidar=0.6),
            of((0.16, 0.155, 0.15), 0.9, "concrete", 2.0, 0.3),
            of((0.17, 0.06, 0.04), 0.85, "tiles", lidar=0.3),
            of((0.09, 0.05, 0.03), 0.5, "wood", 1.0, 0.3),
            pane((0.24, 0.23, 0.21)),
            pane((0.13, 0.12, 0.10)),
            pane((0.24, 0.23, 0.21), BRIGHT_CD_M2),
            pane((0.13, 0.12, 0.10), DIM_CD_M2),
        )
