"""A refuse collection vehicle."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._lights import beacons_param, indicators_param, lights_param
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.colors import linear
from simgen.shapes.rigid_lorries import build_garbage_truck


@register("asset", "garbage_truck")
@dataclass(frozen=True, kw_only=True)
class GarbageTruck(Asset):
    """A rear-loading refuse collection vehicle (class truck) with amber beacons and chevrons behind.

    Measures as in data sheets of Faun Variopress and Zoeller Medium bodies on two-axle chassis: 8.6 m long, 3.4 m high.
    """

    variant: int = param(0, ge=0, le=9999, doc="town's colours, grille and number plate")
    beacons: str = beacons_param()
    lights: bool | str = lights_param()
    indicators: str = indicators_param()

    def build(self) -> Model:
        """Cab, body and tailgate in one link, steering front wheels and twin rear wheels."""
        orange, white, green = linear(222, 96, 18), linear(232, 233, 231), linear(30, 110, 60)
        towns = ((orange, orange), (white, white), (white, green), (orange, white), (white, linear(30, 80, 140)))
        return build_garbage_truck(self.variant, *towns[self.variant % len(towns)])
