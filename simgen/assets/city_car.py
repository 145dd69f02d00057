"""A small car for towns."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._car import Car, Paint
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.cars.kinds import city_car_lines


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
        lines = city_car_lines(self.length_m, self.width_m, self.height_m)
        return self.assembled(lines, hatch=True, spoiler=True, rear_glass=(0.92, 0.05, 0.88))
