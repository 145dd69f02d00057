"""A ball of any size, colour and class."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._primitive import Primitive
from simgen.records.model import Model, Shape
from simgen.registry import param, register
from simgen.shapes.primitives import sphere


@register("asset", "sphere")
@dataclass(frozen=True, kw_only=True)
class Sphere(Primitive):
    """A ball that stands on the ground: the origin is below its middle. Colours are linear sRGB (IEC 61966-2-1)."""

    radius_m: float = param(0.25, gt=0.0, le=100.0, doc="of the ball")

    def build(self) -> Model:
        """One link with the exact shape."""
        soup = sphere(self.radius_m, 40, 20).moved((0.0, 0.0, self.radius_m))
        shape = Shape(kind="sphere", size=(self.radius_m, 0.0, 0.0), center=(0.0, 0.0, self.radius_m))
        return self.solid(soup, [shape])
