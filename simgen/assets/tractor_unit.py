"""The tractor of an articulated lorry."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._lights import indicators_param, lights_param
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.colors import PAINTS, resolve
from simgen.shapes.tractor_units import build_tractor_unit


@register("asset", "tractor_unit")
@dataclass(frozen=True, kw_only=True)
class TractorUnit(Asset):
    """A two-axle tractor with a sleeper cab over the engine and a fifth wheel (class truck).

    Give it a ``semitrailer`` as ``trailer``: together they are 16.5 m long, 2.55 m wide and 4 m high, the limits of
    Directive 96/53/EC; the fifth wheel is 1.15 m high and clears the trailer's corner (ISO 1726). Measures as in data
    sheets of DAF XF, MAN TGX, Mercedes-Benz Actros, Scania R and Volvo FH 4x2 tractors.
    """

    color: str | tuple[float, float, float] | None = param(
        None, doc="the cab: a paint's name, or linear sRGB reflectances; None = by the variant"
    )
    variant: int = param(0, ge=0, le=9999, doc="colour, grille, roof and number plate")
    cab: str = param("auto", doc="high or low roof; auto = by the variant", choices=("auto", "high", "low"))
    lights: bool | str = lights_param()
    indicators: str = indicators_param()

    def __post_init__(self) -> None:
        if self.color is not None:
            resolve("color", self.color, PAINTS)

    def build(self) -> Model:
        """Cab, frame, tanks and fifth wheel in one link, four wheels, the front ones steered."""
        return build_tractor_unit(self.color, self.variant, self.cab)
