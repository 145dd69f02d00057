"""A compact car with a tailgate."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._car import Car, Paint
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.cars.lines import CarLines


@register("asset", "hatchback")
@dataclass(frozen=True, kw_only=True)
class Hatchback(Car):
    """A compact car with a tailgate (class car).

    Source of the ranges: makers' data sheets of 2015-2024, from Toyota Aygo to Volkswagen Golf. The length and height
    are those of the box; the width excludes mirrors, the box includes them.
    """

    color: Paint = param("blue", doc="name of a paint, or linear sRGB reflectances; fleet = one as often as on roads")
    length_m: float = param(4.15, ge=3.5, le=4.45, doc="bumper to bumper")
    width_m: float = param(1.76, ge=1.60, le=1.85, doc="without mirrors")
    height_m: float = param(1.47, ge=1.40, le=1.58, doc="ground to roof")

    def build(self) -> Model:
        """Body, steering front wheels and rear wheels; doors of their own where they stand open or move."""
        scale = self.length_m / 4.15
        lines = CarLines(
            length=self.length_m,
            width=self.width_m,
            height=self.height_m,
            wheelbase=2.58 * scale,
            front_overhang=0.83 * scale,
            wheel_radius=0.315,
            wheel_width=0.205,
            sill=0.19,
            shoulder=(
                (0.0, 0.68),
                (0.04, 0.69),
                (0.3, 0.675),
                (0.66, 0.655),
                (0.76, 0.645),
                (0.88, 0.612),
                (0.96, 0.572),
                (1.0, 0.525),
            ),
            tail=((0.0, 0.1), (0.15, 0.03), (0.3, 0.0), (0.44, 0.01), (0.52, 0.05), (0.8, 0.06), (1.0, 0.09)),
            front_depth=0.55,
            rear_depth=0.42,
            glass_s=(0.775, 0.6, 0.1, 0.025),
            glass_depth=(0.5, 0.3),
            glass_width=(0.915, 0.71),
            side_glass=(0.86, 1.06),
            doors=(0.735, 0.487, 0.262),
            mass_kg=1200.0 * scale,
        )
        return self.assembled(lines, hatch=True, spoiler=True, rear_glass=(0.92, 0.06, 0.9))
