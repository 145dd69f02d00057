"""A sport utility vehicle."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._car import Car, Paint
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.cars.kinds import suv_lines


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
        lines = suv_lines(self.length_m, self.width_m, self.height_m)
        return self.assembled(lines, hatch=True, spoiler=True, rear_glass=(0.92, 0.06, 0.88))
