"""A coach for long journeys."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._lights import indicators_param, lights_param
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.buses import build_coach
from simgen.shapes.colors import PAINTS, resolve
from simgen.shapes.liveries import scheme_of


@register("asset", "coach")
@dataclass(frozen=True, kw_only=True)
class Coach(Asset):
    """A high-decker coach (class bus): luggage bays below a band of dark glass, three axles from 12.6 m on.

    Source of the ranges: data sheets of Setra ComfortClass, Mercedes-Benz Tourismo, MAN Lion's Coach; 2.55 m wide.
    """

    color: str | tuple[float, float, float] | None = param(
        None, doc="name of a paint, or linear sRGB reflectances; None = by the variant"
    )
    variant: int = param(0, ge=0, le=9999, doc="colour, firm and number plate")
    length_m: float = param(13.0, ge=12.0, le=14.0, doc="bumper to bumper")
    height_m: float = param(3.7, ge=3.5, le=3.9, doc="ground to roof")
    lights: bool | str = lights_param()
    indicators: str = indicators_param()

    def __post_init__(self) -> None:
        if self.color is not None:
            resolve("color", self.color, PAINTS)

    def build(self) -> Model:
        """Body, steering front wheels, twin rear wheels and a trailing axle."""
        color = scheme_of(self.variant)[0] if self.color is None else resolve("color", self.color, PAINTS)
        return build_coach(color, self.variant, self.length_m, self.height_m)
