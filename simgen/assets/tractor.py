"""A farm tractor."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._lights import beacons_param, indicators_param, lights_param
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.machines import build_tractor


@register("asset", "tractor")
@dataclass(frozen=True, kw_only=True)
class Tractor(Asset):
    """A farm tractor of about 100 kW (class construction_vehicle, the nearest there is): lugged tyres, glazed cab.

    It tows a ``trailer``. Measures as in data sheets of John Deere 6M, Fendt 500 and New Holland T6: wheelbase 2.5 to
    2.7 m, 2.2 to 2.5 m wide, 2.8 to 3 m high, rear tyres of 1.7 m.
    """

    variant: int = param(0, ge=0, le=9999, doc="maker's colours and number plate")
    beacons: str = beacons_param()
    lights: bool | str = lights_param()
    indicators: str = indicators_param()

    def build(self) -> Model:
        """Body and cab in one link, steering front wheels and large rear wheels."""
        return build_tractor(self.variant)
