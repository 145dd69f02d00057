"""A three-box passenger car."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._car import Car, Paint
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.cars.kinds import sedan_lines


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
        lines = sedan_lines(self.length_m, self.width_m, self.height_m)
        return self.assembled(lines, rear_glass=(0.9, 0.07, 0.95))
