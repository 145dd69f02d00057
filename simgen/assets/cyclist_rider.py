"""Somebody who rides a bicycle."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.rider import build_rider
from simgen.shapes.wardrobe import Clothes, Who

Paint = str | tuple[float, float, float]


@register("asset", "cyclist_rider")
@dataclass(frozen=True, kw_only=True)
class CyclistRider(Asset):
    """A cyclist without the bicycle (class rider), seated, hands on the grips, feet on turning pedals.

    Its root frame is the bicycle's: give it the bicycle as parent and no offset. The legs turn once per 5.87 m, as the
    crank of ``bicycle`` does. Lengths after Drillis and Contini (1964).
    """

    height_m: float = param(1.76, ge=1.66, le=1.98, doc="standing height; the frame fits these")
    build_share: float = param(1.0, ge=0.85, le=1.25, doc="girth of trunk and limbs; 1 = the average")
    top: Paint = param("red", doc="shirt or jacket: a colour's name, or linear sRGB reflectances")
    trousers: Paint = param("charcoal", doc="likewise")
    shoes: Paint = param("white", doc="likewise")
    skin: Paint = param("fair", doc="a skin tone's name (light, fair, medium, tan, brown, dark), or reflectances")
    hair: Paint = param("brown", doc="black, brown, blond, red or grey, or reflectances")
    hair_style: str = param("short", doc="how it is worn", choices=("short", "long", "none"))
    helmet: bool = param(True, doc="wears a helmet")
    helmet_color: Paint = param("white", doc="helmet and pack: a colour's name, or linear sRGB reflectances")
    backpack: bool = param(False, doc="carries a day pack")

    def __post_init__(self) -> None:
        self._clothes().surfaces()

    def _clothes(self) -> Clothes:
        return Clothes(
            class_name="rider",
            top=self.top,
            trousers=self.trousers,
            skin=self.skin,
            hair=self.hair,
            shoes=self.shoes,
            extra=self.helmet_color,
            hat=self.helmet_color,
            headwear="helmet" if self.helmet else "none",
            hair_style=self.hair_style,
        )

    def build(self) -> Model:
        """Seated, the cranks level."""
        who = Who(height_m=self.height_m, build=self.build_share)
        mass = 23.0 * self.height_m**2 * self.build_share**2
        return build_rider("cyclist_rider", who, self._clothes(), backpack=self.backpack, mass_kg=mass)
