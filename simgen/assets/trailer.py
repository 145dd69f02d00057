"""A trailer for a car."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._lights import indicators_param, lights_param
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.light_trailers import KINDS, build_trailer


@register("asset", "trailer")
@dataclass(frozen=True, kw_only=True)
class Trailer(Asset):
    """A one-axle trailer for a tow ball (class trailer); its origin is below the axle.

    Measures as in data sheets of Humbaur and Stema (boxes 2.1 to 2.5 m long), Hobby and Fendt (caravans 2.2 to 2.5 m
    wide, 2.6 m high), and boat trailers for runabouts of 5.5 to 6 m. The cup is 0.4 m high (UN R55).
    """

    kind: str = param("auto", doc="what it is; auto = by the variant", choices=("auto", *KINDS))
    variant: int = param(0, ge=0, le=9999, doc="kind, colours, length and number plate")
    lights: bool | str = lights_param()
    indicators: str = indicators_param()

    def build(self) -> Model:
        """Body and drawbar in one link, two wheels."""
        return build_trailer(self.kind, self.variant)
