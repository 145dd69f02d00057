"""A compact car with a tailgate."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._car import Car, Paint
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.cars.kinds import hatchback_lines


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
        lines = hatchback_lines(self.length_m, self.width_m, self.height_m)
        return self.assembled(lines, hatch=True, spoiler=True, rear_glass=(0.92, 0.06, 0.9))
