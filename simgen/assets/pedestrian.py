"""An adult on foot."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.person import build_person
from simgen.shapes.wardrobe import Clothes, Who

Paint = str | tuple[float, float, float]


@register("asset", "pedestrian")
@dataclass(frozen=True, kw_only=True)
class Pedestrian(Asset):
    """An adult (class person) who walks when moved: fifteen links, feet that roll on the ground without slipping.

    Heights cover the 1st to 99th percentile of adults (NCD-RisC 2016); segment lengths after Drillis and Contini
    (1964), gait after Perry and Burnfield (2010).
    """

    height_m: float = param(1.74, ge=1.45, le=2.05, doc="sole to crown")
    build_share: float = param(1.0, ge=0.82, le=1.35, doc="girth of trunk and limbs; 1 = the average")
    top: Paint = param("navy", doc="shirt or jacket: a colour's name, or linear sRGB reflectances")
    trousers: Paint = param("charcoal", doc="likewise")
    shoes: Paint = param("black", doc="likewise")
    skin: Paint = param("fair", doc="a skin tone's name (light, fair, medium, tan, brown, dark), or reflectances")
    hair: Paint = param("brown", doc="black, brown, blond, red or grey, or reflectances")
    hair_style: str = param("short", doc="how it is worn", choices=("short", "long", "none"))
    short_sleeves: bool = param(False, doc="bare forearms")
    shorts: bool = param(False, doc="bare lower legs")
    backpack: bool = param(False, doc="carries a day pack")

    def __post_init__(self) -> None:
        self._clothes().surfaces()

    def _clothes(self) -> Clothes:
        return Clothes(
            class_name="person",
            top=self.top,
            trousers=self.trousers,
            skin=self.skin,
            hair=self.hair,
            shoes=self.shoes,
            hair_style=self.hair_style,
            short_sleeves=self.short_sleeves,
            trousers_kind="shorts" if self.shorts else "trousers",
        )

    def build(self) -> Model:
        """Standing upright at rest, arms at the sides."""
        who = Who(height_m=self.height_m, build=self.build_share)
        mass = 23.0 * self.height_m**2 * self.build_share**2
        return build_person("pedestrian", who, self._clothes(), backpack=self.backpack, mass_kg=mass)
