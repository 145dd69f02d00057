"""A fire engine."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._lights import beacons_param, indicators_param, lights_param
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.colors import linear
from simgen.shapes.rigid_lorries import build_fire_engine


@register("asset", "fire_engine")
@dataclass(frozen=True, kw_only=True)
class FireEngine(Asset):
    """A pumper with a crew cab (class emergency_vehicle): roller shutters, ladder, blue lights, reflecting stripes.

    Measures as in data sheets of Rosenbauer AT and Magirus (H)LF 20: 8 m long, 2.5 m wide, 3.3 m high (EN 1846).
    """

    variant: int = param(0, ge=0, le=9999, doc="shade of red, grille, lettering and number plate")
    beacons: str = beacons_param()
    lights: bool | str = lights_param()
    indicators: str = indicators_param()

    def build(self) -> Model:
        """Cab, body and gear in one link, steering front wheels and twin rear wheels."""
        reds = (linear(176, 20, 22), linear(196, 30, 16), linear(150, 14, 22))
        return build_fire_engine(self.variant, reds[self.variant // 3 % 3])
