"""Somebody in a wheelchair."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from simgen.assets._people import Paint, overridden
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes import looks
from simgen.shapes.colors import PAINTS, resolve
from simgen.shapes.looks import Look
from simgen.shapes.wheelchair import build_wheelchair_user

_BENT: Final = {"skirt": "leggings"}


@register("asset", "wheelchair_user")
@dataclass(frozen=True, kw_only=True)
class WheelchairUser(Asset):
    """An adult in a manual wheelchair (class wheelchair_user): wheels and casters roll, hands rest on the pushrims.

    Measures of the chair after ISO 7176-5: 24 inch wheels, seat 0.5 m high, about 1.0 m long and 0.62 m wide.
    ``variant`` draws who it is, as it does for ``pedestrian``.
    """

    variant: int = param(0, ge=0, doc="which person")
    sex: str = param("", doc="empty = by the variant", choices=("", "female", "male"))
    age: str = param("", doc="empty = by the variant", choices=("", "adult", "elderly"))
    height_m: float | None = param(None, ge=1.5, le=1.95, doc="standing height; none = by the variant")
    top: Paint | None = param(None, doc="shirt or jacket: a colour's name, or linear sRGB reflectances")
    trousers: Paint | None = param(None, doc="a colour, likewise")
    color: Paint = param("grey", doc="of the chair's tubes: a paint's name, or linear sRGB reflectances")

    def __post_init__(self) -> None:
        self._look().clothes.surfaces()
        resolve("color", self.color, PAINTS)

    def _look(self) -> Look:
        look = looks.adult(self.variant, None if not self.sex else self.sex == "female", self.age)
        clothes = look.clothes
        dress = clothes.top_kind == "dress"
        clothes = replace(
            clothes,
            class_name="wheelchair_user",
            top_kind={"dress": "blouse", "coat": "jacket"}.get(clothes.top_kind, clothes.top_kind),
            trousers_kind="leggings" if dress else _BENT.get(clothes.trousers_kind, clothes.trousers_kind),
        )
        tall = min(max(look.who.height_m, 1.5), 1.95) if self.height_m is None else self.height_m
        return overridden(replace(look, clothes=clothes), tall, None, top=self.top, trousers=self.trousers)

    def build(self) -> Model:
        """Seated, feet on the rests."""
        look = self._look()
        mass = 23.0 * look.who.height_m**2 * look.who.build**2 + 15.0
        return build_wheelchair_user("wheelchair_user", look, resolve("color", self.color, PAINTS), mass)
