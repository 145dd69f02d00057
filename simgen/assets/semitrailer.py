"""The trailer of an articulated lorry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from simgen.assets._canvas import skin_of
from simgen.assets._lights import indicators_param, lights_param
from simgen.assets._photographs import road_picture
from simgen.assets.base import Asset
from simgen.errors import UserError
from simgen.records.mesh import Surface
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.semitrailers import BODIES, build_semitrailer

TAILS: Final = ("doors", "road")


@register("asset", "semitrailer")
@dataclass(frozen=True, kw_only=True)
class Semitrailer(Asset):
    """A three-axle semitrailer (class trailer) for a ``tractor_unit``; its origin is below the middle axle.

    13.6 m long, 2.55 m wide (a refrigerated box 2.6 m), at most 4 m high: Directive 96/53/EC; kingpin 1.62 m from the
    front and 1.15 m high, 7.7 m before the middle axle (ISO 1726, data sheets of Kögel, Krone and Schmitz
    Cargobull). A container is a 40 ft one of ISO 668 (12.192 x 2.438 x 2.591 m) on a skeletal frame.
    """

    body: str = param("auto", doc="what it carries; auto = by the variant", choices=("auto", *BODIES))
    variant: int = param(0, ge=0, le=9999, doc="body, firm, colours and number plate")
    polished: bool = param(False, doc="tanker: of stainless steel that is polished to a mirror")
    tail: str = param(
        "doors", doc="box, curtain: what is on its rear; road = a photograph of a road with a car", choices=TAILS
    )
    lights: bool | str = lights_param()
    indicators: str = indicators_param()

    def __post_init__(self) -> None:
        if self.polished and self.body != "tanker":
            raise UserError("semitrailer: only a tanker is polished: add body: tanker")
        if self.tail != "doors" and self.body not in ("box", "curtain"):
            raise UserError("semitrailer: a picture on the tail needs body: box or curtain")

    def build(self) -> Model:
        """Frame and body in one link, six wheels."""
        road = None
        if self.tail == "road":
            skin, mean = skin_of("tail", road_picture(self.variant))
            road = Surface(class_name="trailer", base_color=mean, roughness=0.4, skin=skin, heat="body")
        return build_semitrailer(self.body, self.variant, polished=self.polished, tail=road)
