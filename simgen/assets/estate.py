"""A passenger car with a long roof."""

from __future__ import annotations

from dataclasses import dataclass, replace

from simgen.assets._car import Car, Paint
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.cars.lines import CarLines


@register("asset", "estate")
@dataclass(frozen=True, kw_only=True)
class Estate(Car):
    """An estate or station wagon (class car): a sedan's front, a roof to the tail, three side windows.

    Source of the ranges: makers' data sheets of 2015-2024, from Skoda Fabia Combi to Volvo V90. The length and height
    are those of the box; the width excludes mirrors, the box includes them.
    """

    color: Paint = param("fleet", doc="name of a paint, or linear sRGB reflectances; fleet = one as often as on roads")
    length_m: float = param(4.72, ge=4.25, le=4.95, doc="bumper to bumper")
    width_m: float = param(1.83, ge=1.72, le=1.92, doc="without mirrors")
    height_m: float = param(1.48, ge=1.42, le=1.56, doc="ground to roof")

    def build(self) -> Model:
        """Body, steering front wheels and rear wheels; doors of their own where they stand open or move."""
        scale = self.length_m / 4.72
        lines = CarLines(
            length=self.length_m,
            width=self.width_m,
            height=self.height_m,
            wheelbase=2.76 * scale,
            front_overhang=0.88 * scale,
            wheel_radius=0.33,
            wheel_width=0.215,
            sill=0.2,
            shoulder=(
                (0.0, 0.675),
                (0.04, 0.685),
                (0.3, 0.685),
                (0.6, 0.665),
                (0.7, 0.652),
                (0.85, 0.618),
                (0.95, 0.575),
                (1.0, 0.525),
            ),
            tail=((0.0, 0.1), (0.15, 0.03), (0.3, 0.0), (0.44, 0.01), (0.5, 0.05), (0.8, 0.06), (1.0, 0.09)),
            rear_depth=0.42,
            glass_s=(0.71, 0.545, 0.085, 0.018),
            glass_depth=(0.5, 0.3),
            glass_width=(0.915, 0.71),
            roof_drop=(0.045, 0.05),
            side_glass=(0.28, 0.42),
            doors=(0.678, 0.468, 0.262),
            pillars=(0.255,),
            mass_kg=1580.0 * scale,
        )
        return self.assembled(
            lines,
            hatch=True,
            spoiler=True,
            rear_glass=(0.92, 0.06, 0.9),
            style=replace(self.style(), rails=self.variant % 3),
        )
