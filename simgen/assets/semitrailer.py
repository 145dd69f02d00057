"""The trailer of an articulated lorry."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._lights import indicators_param, lights_param
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.semitrailers import BODIES, build_semitrailer


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
    lights: bool | str = lights_param()
    indicators: str = indicators_param()

    def build(self) -> Model:
        """Frame and body in one link, six wheels."""
        return build_semitrailer(self.body, self.variant)
