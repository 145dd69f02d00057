"""A sport utility vehicle."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._car import Car, Paint
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.cars.lines import CarLines


@register("asset", "suv")
@dataclass(frozen=True, kw_only=True)
class Suv(Car):
    """A sport utility vehicle (class car) with a tall, upright tail, most with dark cladding and roof rails.

    Source of the ranges: makers' data sheets of 2015-2024, from Volkswagen T-Cross to BMW X5. The length and height
    are those of the box; the width excludes mirrors, the box includes them.
    """

    rugged = True

    color: Paint = param("grey", doc="name of a paint, or linear sRGB reflectances; fleet = one as often as on roads")
    length_m: float = param(4.60, ge=4.1, le=5.1, doc="bumper to bumper")
    width_m: float = param(1.88, ge=1.74, le=2.02, doc="without mirrors")
    height_m: float = param(1.68, ge=1.55, le=1.85, doc="ground to roof rails")

    def build(self) -> Model:
        """Body, steering front wheels and rear wheels; doors of their own where they stand open or move."""
        scale = self.length_m / 4.60
        lines = CarLines(
            length=self.length_m,
            width=self.width_m,
            height=self.height_m,
            wheelbase=2.70 * scale,
            front_overhang=0.90 * scale,
            wheel_radius=0.365,
            wheel_width=0.235,
            sill=0.26,
            shoulder=(
                (0.0, 0.66),
                (0.03, 0.668),
                (0.3, 0.66),
                (0.68, 0.64),
                (0.76, 0.632),
                (0.88, 0.61),
                (0.96, 0.578),
                (1.0, 0.545),
            ),
            nose=((0.0, 0.12), (0.1, 0.05), (0.26, 0.0), (0.4, 0.0), (0.6, 0.012), (0.8, 0.03), (1.0, 0.08)),
            tail=((0.0, 0.12), (0.15, 0.03), (0.3, 0.0), (0.42, 0.01), (0.5, 0.05), (0.8, 0.05), (1.0, 0.07)),
            front_depth=0.52,
            front_power=2.9,
            rear_depth=0.42,
            glass_s=(0.755, 0.59, 0.085, 0.02),
            glass_depth=(0.48, 0.3),
            glass_width=(0.92, 0.735),
            roof_drop=(0.045, 0.04),
            side_glass=(0.34, 0.46),
            doors=(0.722, 0.498, 0.292),
            pillars=(0.272,),
            mass_kg=1750.0 * scale,
        )
        return self.assembled(lines, hatch=True, spoiler=True, rear_glass=(0.92, 0.06, 0.88))
