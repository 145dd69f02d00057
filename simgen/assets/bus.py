"""A city bus."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._lights import indicators_param, lights_param
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.buses import build_city_bus
from simgen.shapes.colors import PAINTS, resolve


@register("asset", "bus")
@dataclass(frozen=True, kw_only=True)
class Bus(Asset):
    """A rigid low-floor city bus (class bus) with doors on the right, a destination display and seats behind glass.

    Source of the ranges: data sheets of Mercedes-Benz Citaro, MAN Lion's City and Solaris Urbino; 2.55 m is the legal
    width in Europe (Directive 96/53/EC). The length and height are those of the box; the width excludes mirrors.
    """

    color: str | tuple[float, float, float] = param("red", doc="name of a paint, or linear sRGB reflectances")
    variant: int = param(0, ge=0, le=9999, doc="second colour, line, destination, adverts and number plate")
    length_m: float = param(12.0, ge=9.0, le=13.5, doc="bumper to bumper")
    width_m: float = param(2.55, ge=2.3, le=2.6, doc="without mirrors")
    height_m: float = param(3.05, ge=2.8, le=3.4, doc="ground to roof")
    lights: bool | str = lights_param()
    indicators: str = indicators_param()

    def __post_init__(self) -> None:
        resolve("color", self.color, PAINTS)

    def build(self) -> Model:
        """Body, steering front wheels and twin rear wheels."""
        color = resolve("color", self.color, PAINTS)
        return build_city_bus(color, self.variant, self.length_m, self.width_m, self.height_m)
