"""A three-box passenger car."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._car import Car, Paint
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.cars.lines import CarLines


@register("asset", "sedan")
@dataclass(frozen=True, kw_only=True)
class Sedan(Car):
    """A three-box passenger car (class car), by default as big as the mean of the European D segment.

    Source of the ranges: makers' data sheets of 2015-2024, from Toyota Yaris Sedan to Mercedes-Benz E class. The
    length and height are those of the box; the width excludes mirrors as in registration papers, the box includes
    them (0.25 m more).
    """

    color: Paint = param("silver", doc="name of a paint, or linear sRGB reflectances; fleet = one as often as on roads")
    length_m: float = param(4.70, ge=4.2, le=5.2, doc="bumper to bumper")
    width_m: float = param(1.82, ge=1.68, le=1.95, doc="without mirrors")
    height_m: float = param(1.45, ge=1.38, le=1.55, doc="ground to roof")

    def build(self) -> Model:
        """Body, steering front wheels and rear wheels; doors of their own where they stand open or move."""
        scale = self.length_m / 4.70
        lines = CarLines(
            length=self.length_m,
            width=self.width_m,
            height=self.height_m,
            wheelbase=2.76 * scale,
            front_overhang=0.87 * scale,
            wheel_radius=0.33,
            wheel_width=0.215,
            sill=0.2,
            shoulder=(
                (0.0, 0.69),
                (0.04, 0.712),
                (0.12, 0.718),
                (0.25, 0.71),
                (0.45, 0.69),
                (0.62, 0.672),
                (0.7, 0.66),
                (0.85, 0.625),
                (0.95, 0.583),
                (1.0, 0.53),
            ),
            mass_kg=1520.0 * scale,
        )
        return self.assembled(lines, rear_glass=(0.9, 0.07, 0.95))
