"""A taxi."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from simgen.assets._car import Car, Paint
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.cars.kinds import estate_lines, sedan_lines
from simgen.shapes.colors import linear

#: RAL 1015 light ivory, which German law asked for until 2005 and most still have; New York's Dupont M6284; black
_PAINTS: Final = {"german": linear(230, 214, 184), "us": linear(245, 180, 10), "uk": linear(22, 22, 24)}


@register("asset", "taxi")
@dataclass(frozen=True, kw_only=True)
class Taxi(Car):
    """A taxi (class car): a sedan or an estate with a roof sign, in the paint of a country.

    Sources: BOKraft (light ivory, sign on the roof), NYC TLC (yellow). Dimensions as ``sedan`` and ``estate``.
    """

    livery: str = param("german", doc="ivory (german), yellow (us) or black (uk)", choices=tuple(_PAINTS))
    body: str = param("sedan", doc="which car it is", choices=("sedan", "estate"))
    color: Paint = param("livery", doc="livery = that of the country; or as in other cars")

    def build(self) -> Model:
        """Body, steering front wheels and rear wheels; doors of their own where they stand open or move."""
        estate = self.body == "estate"
        lines = estate_lines(4.8, 1.84, 1.48) if estate else sedan_lines(4.75, 1.83, 1.46)
        paint = {"paint": _PAINTS[self.livery]} if self.color == "livery" else {}
        return self.assembled(
            lines,
            plate_style={"german": "eu"}.get(self.livery, self.livery)
            if self.plate_style == "eu"
            else self.plate_style,
            hatch=estate,
            spoiler=estate,
            rear_glass=(0.92, 0.06, 0.9) if estate else (0.9, 0.07, 0.95),
            livery="taxi_us" if self.livery == "us" else "",
            roof="taxi",
            **paint,
        )
