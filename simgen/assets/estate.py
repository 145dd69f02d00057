"""A passenger car with a long roof."""

from __future__ import annotations

from dataclasses import dataclass, replace

from simgen.assets._car import Car, Paint
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.cars.kinds import estate_lines


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
        lines = estate_lines(self.length_m, self.width_m, self.height_m)
        return self.assembled(
            lines,
            hatch=True,
            spoiler=True,
            rear_glass=(0.92, 0.06, 0.9),
            style=replace(self.style(), rails=self.variant % 3),
        )
