"""A child on foot."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.person import build_person
from simgen.shapes.wardrobe import Clothes, Who

Paint = str | tuple[float, float, float]


@register("asset", "child")
@dataclass(frozen=True, kw_only=True)
class Child(Asset):
    """A child of about three to twelve years (class child): larger head and shorter legs than an adult's.

    Heights: WHO growth reference, median 0.95 m at 3 years to 1.50 m at 12. The head's share of the height falls from
    a fifth at 3 years to that of an adult (Drillis and Contini's 0.13 from chin to crown) when grown.
    """

    height_m: float = param(1.22, ge=0.9, le=1.55, doc="sole to crown")
    build_share: float = param(1.02, ge=0.85, le=1.3, doc="girth of trunk and limbs; 1 = the average")
    top: Paint = param("yellow", doc="shirt or jacket: a colour's name, or linear sRGB reflectances")
    trousers: Paint = param("denim", doc="likewise")
    shoes: Paint = param("white", doc="likewise")
    skin: Paint = param("fair", doc="a skin tone's name (light, fair, medium, tan, brown, dark), or reflectances")
    hair: Paint = param("brown", doc="black, brown, blond, red or grey, or reflectances")
    hair_style: str = param("short", doc="how it is worn", choices=("short", "long", "none"))
    short_sleeves: bool = param(True, doc="bare forearms")
    shorts: bool = param(False, doc="bare lower legs")
    backpack: bool = param(False, doc="carries a school bag")

    def __post_init__(self) -> None:
        self._clothes().surfaces()

    def _clothes(self) -> Clothes:
        return Clothes(
            class_name="child",
            top=self.top,
            trousers=self.trousers,
            skin=self.skin,
            hair=self.hair,
            shoes=self.shoes,
            extra="red",
            hair_style=self.hair_style,
            short_sleeves=self.short_sleeves,
            trousers_kind="shorts" if self.shorts else "trousers",
        )

    def build(self) -> Model:
        """Standing upright at rest, arms at the sides."""
        who = Who(height_m=self.height_m, age="child", build=self.build_share)
        mass = 15.8 * self.height_m**2 * self.build_share**2
        return build_person("child", who, self._clothes(), backpack=self.backpack, mass_kg=mass)
