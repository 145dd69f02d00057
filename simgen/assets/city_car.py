"""A small car for towns."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._car import Car, Paint
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.cars.lines import CarLines


@register("asset", "city_car")
@dataclass(frozen=True, kw_only=True)
class CityCar(Car):
    """A small, tall car with a short nose (class car).

    Source of the ranges: makers' data sheets of 2015-2024 of the European A segment, from Smart Forfour to Hyundai i10
    and Fiat Panda. The length and height are those of the box; the width excludes mirrors, the box includes them.
    """

    color: Paint = param("fleet", doc="name of a paint, or linear sRGB reflectances; fleet = one as often as on roads")
    length_m: float = param(3.60, ge=3.4, le=3.8, doc="bumper to bumper")
    width_m: float = param(1.64, ge=1.59, le=1.7, doc="without mirrors")
    height_m: float = param(1.50, ge=1.45, le=1.6, doc="ground to roof")

    def build(self) -> Model:
        """Body, steering front wheels and rear wheels; doors of their own where they stand open or move."""
        scale = self.length_m / 3.60
        lines = CarLines(
            length=self.length_m,
            width=self.width_m,
            height=self.height_m,
            wheelbase=2.4 * scale,
            front_overhang=0.68 * scale,
            wheel_radius=0.285,
            wheel_width=0.175,
            sill=0.19,
            shoulder=(
                (0.0, 0.66),
                (0.04, 0.67),
                (0.3, 0.655),
                (0.7, 0.63),
                (0.8, 0.62),
                (0.9, 0.588),
                (0.97, 0.548),
                (1.0, 0.515),
            ),
            nose=((0.0, 0.1), (0.1, 0.04), (0.26, 0.0), (0.45, 0.01), (0.7, 0.04), (1.0, 0.11)),
            tail=((0.0, 0.08), (0.15, 0.02), (0.3, 0.0), (0.5, 0.03), (0.8, 0.04), (1.0, 0.06)),
            front_depth=0.5,
            rear_depth=0.36,
            glass_s=(0.815, 0.64, 0.075, 0.018),
            glass_depth=(0.46, 0.26),
            glass_width=(0.915, 0.74),
            side_glass=(0.78, 0.92),
            doors=(0.775, 0.5, 0.262),
            mass_kg=950.0 * scale,
        )
        return self.assembled(lines, hatch=True, spoiler=True, rear_glass=(0.92, 0.05, 0.88))
