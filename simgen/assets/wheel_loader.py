"""A wheel loader."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._lights import beacons_param, indicators_param, lights_param
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.machines import build_wheel_loader


@register("asset", "wheel_loader")
@dataclass(frozen=True, kw_only=True)
class WheelLoader(Asset):
    """A wheel loader of 13 t with its bucket low (class construction_vehicle).

    Its front wheels steer; a real one bends in the middle. Measures as in data sheets of Volvo L90, Caterpillar 938 and
    Liebherr L 538: 7 to 8 m long, 2.5 m wide, 3.2 to 3.4 m high, wheelbase 3 m.
    """

    variant: int = param(0, ge=0, le=9999, doc="shade of yellow and number plate")
    beacons: str = beacons_param()
    lights: bool | str = lights_param()
    indicators: str = indicators_param()

    def build(self) -> Model:
        """Body, cab, arms and bucket in one link, four lugged wheels."""
        return build_wheel_loader(self.variant)
