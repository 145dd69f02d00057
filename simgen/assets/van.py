"""A van, as a minibus or with closed sides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from simgen.assets._car import Car, Paint
from simgen.assets._van import van_lines, van_shape
from simgen.records.model import Model
from simgen.registry import param, register


@register("asset", "van")
@dataclass(frozen=True, kw_only=True)
class Van(Car):
    """A delivery van or, with ``windows``, a minibus (class van).

    Source of the ranges: makers' data sheets of 2015-2024, from Ford Transit Custom to Mercedes-Benz Sprinter with a
    high roof. The length and height are those of the box; the width excludes mirrors, the box includes them.
    """

    door_names = ("front_left", "front_right")

    color: Paint = param("white", doc="name of a paint, or linear sRGB reflectances; fleet = one as often as on roads")
    length_m: float = param(5.30, ge=4.8, le=6.1, doc="bumper to bumper")
    width_m: float = param(1.95, ge=1.85, le=2.05, doc="without mirrors")
    height_m: float = param(2.10, ge=1.90, le=2.75, doc="ground to roof")
    windows: bool = param(False, doc="glass along the sides and in the rear doors")

    def build(self) -> Model:
        """Body, steering front wheels and rear wheels."""
        lines = van_lines(self.length_m, self.width_m, self.height_m, windows=self.windows)
        style: Any = replace(self.style(), chrome=False, exhausts=0, two_tone=False, antenna=2)
        return self.assembled(lines, style=style, class_name="van", **van_shape(windows=self.windows))
