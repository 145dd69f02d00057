"""A rigid lorry with a box body."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._lights import indicators_param, lights_param
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.colors import PAINTS, resolve
from simgen.shapes.rigid_lorries import build_box_truck


@register("asset", "truck")
@dataclass(frozen=True, kw_only=True)
class Truck(Asset):
    """A two-axle lorry, cab over engine, with a box body and twin rear tyres (class truck).

    Source of the ranges: data sheets of Iveco Eurocargo, MAN TGL and Mercedes-Benz Atego, 7.5 to 16 t. The length and
    height are those of the box; the width excludes mirrors.
    """

    color: str | tuple[float, float, float] = param("white", doc="the cab: a paint's name, or linear sRGB reflectances")
    box_color: str | tuple[float, float, float] | None = param(
        None, doc="the box body behind its firm's picture, likewise; None = the firm's"
    )
    variant: int = param(0, ge=0, le=9999, doc="grille, firm on the box, tank and number plate")
    length_m: float = param(8.2, ge=6.5, le=10.5, doc="bumper to bumper")
    width_m: float = param(2.50, ge=2.2, le=2.6, doc="of the box body, without mirrors")
    height_m: float = param(3.45, ge=2.9, le=4.0, doc="ground to the box body's roof")
    lights: bool | str = lights_param()
    indicators: str = indicators_param()

    def __post_init__(self) -> None:
        resolve("color", self.color, PAINTS)
        if self.box_color is not None:
            resolve("box_color", self.box_color, PAINTS)

    def build(self) -> Model:
        """Cab, frame and box in one link, steering front wheels and twin rear wheels."""
        box = None if self.box_color is None else resolve("box_color", self.box_color, PAINTS)
        size = (self.length_m, self.width_m, self.height_m)
        return build_box_truck(resolve("color", self.color, PAINTS), box, self.variant, size)
