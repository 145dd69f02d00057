"""A motorcycle."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._lights import indicators_param, lights_param
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.colors import PAINTS, resolve
from simgen.shapes.motorbikes import STYLES, build_motorcycle


@register("asset", "motorcycle")
@dataclass(frozen=True, kw_only=True)
class Motorcycle(Asset):
    """A motorcycle with 17 inch wheels (class motorcycle): naked, sport with a fairing, or tourer with cases.

    Put a ``motorcyclist`` on it with the same ``style`` and ``variant``. Measures as in data sheets of Honda CB650R,
    Yamaha R6 and BMW R 1250 RT: wheelbase 1.38 to 1.5 m, 2.0 to 2.25 m long, saddle 0.8 to 0.85 m high.
    """

    style: str = param("auto", doc="kind; auto = by the variant", choices=("auto", *STYLES))
    color: str | tuple[float, float, float] | None = param(
        None, doc="name of a paint, or linear sRGB reflectances; None = by the variant"
    )
    variant: int = param(0, ge=0, le=9999, doc="style, colour and number plate")
    lights: bool | str = lights_param()
    indicators: str = indicators_param()

    def __post_init__(self) -> None:
        if self.color is not None:
            resolve("color", self.color, PAINTS)

    def build(self) -> Model:
        """Frame, rear wheel, and the steered fork with the front wheel."""
        color = None if self.color is None else resolve("color", self.color, PAINTS)
        return build_motorcycle(self.style, self.variant, color)
