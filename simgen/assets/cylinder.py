"""An upright cylinder of any size, colour and class."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._primitive import Primitive
from simgen.records.model import Model, Shape
from simgen.registry import param, register
from simgen.shapes.primitives import cylinder


@register("asset", "cylinder")
@dataclass(frozen=True, kw_only=True)
class Cylinder(Primitive):
    """An upright cylinder that stands on the ground: the origin is below its middle.

    Colours are linear sRGB (IEC 61966-2-1).
    """

    radius_m: float = param(0.25, gt=0.0, le=100.0, doc="of the round side")
    height_m: float = param(0.5, gt=0.0, le=500.0, doc="along z")

    def build(self) -> Model:
        """One link with the exact shape."""
        soup = cylinder(self.radius_m, self.height_m, 48).moved((0.0, 0.0, 0.5 * self.height_m))
        shape = Shape(kind="cylinder", size=(self.radius_m, self.height_m, 0.0), center=(0.0, 0.0, 0.5 * self.height_m))
        return self.solid(soup, [shape])
