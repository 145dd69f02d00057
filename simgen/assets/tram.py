"""A tram."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._lights import indicators_param, lights_param
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.colors import PAINTS, resolve
from simgen.shapes.trams import build_tram


@register("asset", "tram")
@dataclass(frozen=True, kw_only=True)
class Tram(Asset):
    """A low-floor tram in three sections with a pantograph (class tram). It is one rigid body, whatever the bend.

    Its origin is on the rails below the rear bogie. Measures as in data sheets of Siemens Combino and Avenio and
    Bombardier Flexity: 2.3 to 2.65 m wide, 20 to 37 m long, roof at 3.3 to 3.6 m.
    """

    color: str | tuple[float, float, float] | None = param(
        None, doc="name of a paint, or linear sRGB reflectances; None = by the variant"
    )
    variant: int = param(0, ge=0, le=9999, doc="town's colours, line, destination, adverts")
    length_m: float = param(27.0, ge=20.0, le=37.0, doc="buffer to buffer")
    width_m: float = param(2.4, ge=2.3, le=2.65, doc="of the body")
    lights: bool | str = lights_param()
    indicators: str = indicators_param()

    def __post_init__(self) -> None:
        if self.color is not None:
            resolve("color", self.color, PAINTS)

    def build(self) -> Model:
        """Three sections in one link, twelve wheels."""
        color = None if self.color is None else resolve("color", self.color, PAINTS)
        return build_tram(color, self.variant, self.length_m, self.width_m)
