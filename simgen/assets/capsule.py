"""An upright capsule of any size, colour and class."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._primitive import Primitive
from simgen.errors import UserError
from simgen.records.model import Model, Shape
from simgen.registry import param, register
from simgen.shapes.primitives import capsule


@register("asset", "capsule")
@dataclass(frozen=True, kw_only=True)
class Capsule(Primitive):
    """An upright capsule that stands on the ground: the origin is below its middle.

    Colours are linear sRGB (IEC 61966-2-1).
    """

    radius_m: float = param(0.2, gt=0.0, le=100.0, doc="of the half spheres")
    height_m: float = param(0.8, gt=0.0, le=500.0, doc="overall, along z")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.height_m < 2.0 * self.radius_m:
            raise UserError("capsule: height_m must be at least twice radius_m")

    def build(self) -> Model:
        """One link with the exact shape."""
        length = self.height_m - 2.0 * self.radius_m
        soup = capsule(self.radius_m, length, 32, 16).moved((0.0, 0.0, 0.5 * self.height_m))
        r, middle = self.radius_m, 0.5 * self.height_m
        balls = [Shape(kind="sphere", size=(r, 0.0, 0.0), center=(0.0, 0.0, z)) for z in (r, self.height_m - r)]
        tube = [Shape(kind="cylinder", size=(r, length, 0.0), center=(0.0, 0.0, middle))] if length > 0.0 else []
        return self.solid(soup, [*balls, *tube])
