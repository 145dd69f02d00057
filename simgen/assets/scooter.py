"""A motor scooter."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._lights import indicators_param, lights_param
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.colors import PAINTS, resolve
from simgen.shapes.motorbikes import build_scooter


@register("asset", "scooter")
@dataclass(frozen=True, kw_only=True)
class Scooter(Asset):
    """A step-through scooter with 12 inch wheels (class motorcycle), some with a delivery box.

    Put a ``motorcyclist`` of the style ``scooter`` on it. Measures as in data sheets of Vespa Primavera and Honda
    Vision: wheelbase 1.28 to 1.34 m, 1.8 to 1.9 m long, saddle 0.77 to 0.8 m high.
    """

    color: str | tuple[float, float, float] | None = param(
        None, doc="name of a paint, or linear sRGB reflectances; None = by the variant"
    )
    variant: int = param(0, ge=0, le=9999, doc="colour, box and number plate")
    lights: bool | str = lights_param()
    indicators: str = indicators_param()

    def __post_init__(self) -> None:
        if self.color is not None:
            resolve("color", self.color, PAINTS)

    def build(self) -> Model:
        """Body, rear wheel, and the steered fork with the front wheel."""
        color = None if self.color is None else resolve("color", self.color, PAINTS)
        return build_scooter(self.variant, color)
