"""A police car."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from simgen.assets._car import Car, Paint
from simgen.assets._lights import beacons_param
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.cars.kinds import estate_lines, sedan_lines, suv_lines
from simgen.shapes.colors import Color, linear

_BLUE: Final[Color] = linear(16, 62, 150)
#: paint and the two colours of the livery
_LIVERIES: Final[dict[str, tuple[Color, Color, Color]]] = {
    "german": (linear(200, 203, 206), _BLUE, _BLUE),
    "uk": (linear(236, 236, 236), _BLUE, linear(214, 224, 40)),
    "us": (linear(24, 24, 26), linear(236, 236, 236), _BLUE),
}


@register("asset", "police_car")
@dataclass(frozen=True, kw_only=True)
class PoliceCar(Car):
    """A police car (class emergency_vehicle): livery, lettering, a light bar whose beacons flash.

    Sources: silver with a blue band and POLIZEI (Germany), Battenburg blocks (United Kingdom, Home Office PSDB 14/04),
    black and white (United States); beacons of UN R65. Dimensions as ``sedan``, ``estate`` and ``suv``.
    """

    livery: str = param("german", doc="country", choices=tuple(_LIVERIES))
    body: str = param("estate", doc="which car it is", choices=("sedan", "estate", "suv"))
    color: Paint = param("livery", doc="livery = that of the country; or as in other cars")
    beacons: str = beacons_param()

    def build(self) -> Model:
        """Body, steering front wheels and rear wheels; doors of their own where they stand open or move."""
        make = {"sedan": sedan_lines, "estate": estate_lines, "suv": suv_lines}[self.body]
        size = {"sedan": (4.75, 1.84, 1.46), "estate": (4.78, 1.84, 1.49), "suv": (4.8, 1.95, 1.72)}[self.body]
        hatch = self.body != "sedan"
        paint, second, third = _LIVERIES[self.livery]
        more: dict[str, Any] = {"paint": paint} if self.color == "livery" else {}
        style = replace(self.style(), two_tone=False, rails=0, cladding=(0.08, 0.0))
        return self.assembled(
            make(*size),
            class_name="emergency_vehicle",
            style=style,
            plate_style={"german": "eu"}.get(self.livery, self.livery)
            if self.plate_style == "eu"
            else self.plate_style,
            hatch=hatch,
            spoiler=hatch,
            rear_glass=(0.92, 0.06, 0.9) if hatch else (0.9, 0.07, 0.95),
            second=second,
            third=third,
            foil=0.15,
            livery=f"police_{self.livery}",
            roof="bar_red" if self.livery == "us" else "bar",
            **more,
        )
