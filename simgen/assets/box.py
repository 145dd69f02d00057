"""A box of any size, colour and class."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._primitive import Primitive
from simgen.errors import UserError
from simgen.records.model import Model, Shape
from simgen.registry import param, register
from simgen.shapes.primitives import box


@register("asset", "box")
@dataclass(frozen=True, kw_only=True)
class Box(Primitive):
    """A box that stands on the ground: the origin is below its middle. Colours are linear sRGB (IEC 61966-2-1)."""

    size_m: tuple[float, float, float] = param((0.5, 0.5, 0.5), doc="length, width, height")

    def __post_init__(self) -> None:
        super().__post_init__()
        if min(self.size_m) <= 0.0:
            raise UserError(f"box: size_m must be positive, not {self.size_m!r}")

    def build(self) -> Model:
        """One link with the exact shape."""
        x, y, z = self.size_m
        soup = box(self.size_m, min(0.004, 0.02 * min(self.size_m))).moved((0.0, 0.0, 0.5 * z))
        shape = Shape(kind="box", size=(x, y, z), center=(0.0, 0.0, 0.5 * z))
        return self.solid(soup, [shape])
