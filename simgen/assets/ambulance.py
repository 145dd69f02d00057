"""An ambulance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from simgen.assets._car import Car, Paint
from simgen.assets._lights import beacons_param
from simgen.assets._van import van_lines, van_shape
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.colors import Color, linear

_RED: Final[Color] = linear(190, 28, 24)
#: paint and the two colours of the livery
_LIVERIES: Final[dict[str, tuple[Color, Color, Color]]] = {
    "german": (linear(238, 238, 236), linear(236, 60, 26), linear(236, 60, 26)),
    "uk": (linear(236, 222, 40), linear(0, 112, 62), linear(226, 224, 30)),
    "us": (linear(238, 238, 236), _RED, _RED),
}


@register("asset", "ambulance")
@dataclass(frozen=True, kw_only=True)
class Ambulance(Car):
    """An ambulance on a van's chassis (class emergency_vehicle): high roof, livery, lettering, flashing beacons.

    Source of the ranges: EN 1789 type C on Mercedes-Benz Sprinter, Fiat Ducato and Ford Transit (makers' data sheets
    of 2015-2024); beacons of UN R65. The length and height are those of the box, light bar included.
    """

    door_names = ("front_left", "front_right")

    livery: str = param("german", doc="country", choices=tuple(_LIVERIES))
    color: Paint = param("livery", doc="livery = that of the country; or as in other cars")
    length_m: float = param(5.95, ge=5.3, le=6.3, doc="bumper to bumper")
    width_m: float = param(2.02, ge=1.95, le=2.08, doc="without mirrors")
    height_m: float = param(2.75, ge=2.5, le=2.95, doc="ground to the light bar's top")
    beacons: str = beacons_param()

    def build(self) -> Model:
        """Body, steering front wheels and rear wheels."""
        lines = van_lines(self.length_m, self.width_m, self.height_m - 0.11, windows=False)
        style = replace(self.style(), chrome=False, exhausts=0, two_tone=False, antenna=0)
        paint, second, third = _LIVERIES[self.livery]
        more: dict[str, Any] = {"paint": paint} if self.color == "livery" else {}
        return self.assembled(
            lines,
            style=style,
            class_name="emergency_vehicle",
            second=second,
            third=third,
            foil=0.15,
            livery=f"ambulance_{self.livery}",
            roof="bar_red" if self.livery == "us" else "bar",
            plate_style={"german": "eu"}.get(self.livery, self.livery)
            if self.plate_style == "eu"
            else self.plate_style,
            **{**van_shape(windows=False), **more},
        )
