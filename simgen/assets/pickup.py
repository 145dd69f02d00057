"""A pick-up."""

from __future__ import annotations

from dataclasses import dataclass, replace

from simgen.assets._car import Car, Paint
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.cars.kinds import pickup_lines


@register("asset", "pickup")
@dataclass(frozen=True, kw_only=True)
class Pickup(Car):
    """A pick-up with a double cab and an open bed (class car).

    Source of the ranges: makers' data sheets of 2015-2024, from Toyota Hilux and Ford Ranger to Ram 1500. The length
    and height are those of the box; the width excludes mirrors, the box includes them.
    """

    rugged = True

    color: Paint = param("fleet", doc="name of a paint, or linear sRGB reflectances; fleet = one as often as on roads")
    length_m: float = param(5.30, ge=5.1, le=5.9, doc="bumper to bumper")
    width_m: float = param(1.87, ge=1.8, le=2.08, doc="without mirrors")
    height_m: float = param(1.80, ge=1.75, le=1.97, doc="ground to roof")

    def build(self) -> Model:
        """Body, steering front wheels and rear wheels; doors of their own where they stand open or move."""
        lines = pickup_lines(self.length_m, self.width_m, self.height_m)
        style = replace(self.style(), rails=0, exhausts=0, two_tone=False, antenna=2)
        return self.assembled(
            lines,
            style=style,
            bed=(0.035, 0.355),
            rear_glass=(0.86, 0.1, 0.9),
            taillamp=((0.86, 0.5), (1.02, 0.5), (1.1, 0.58), (1.1, 0.95), (0.88, 0.95)),
            plate_levels=(0.4, 0.3),
        )
