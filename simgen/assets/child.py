"""A child on foot."""

from __future__ import annotations

from dataclasses import dataclass, replace

from simgen.assets._people import Paint, lower, overridden
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes import looks
from simgen.shapes.clothes import TOPS, TROUSERS_KINDS
from simgen.shapes.heads import HAIR_STYLES, HATS
from simgen.shapes.looks import Look
from simgen.shapes.person import build_person
from simgen.shapes.poses import POSES


@register("asset", "child")
@dataclass(frozen=True, kw_only=True)
class Child(Asset):
    """A child of about three to twelve years (class child): larger head and shorter legs than an adult's.

    Heights: WHO growth reference, median 0.95 m at 3 years to 1.50 m at 12; the body's shape follows the height.
    ``variant`` draws a child and its clothes; whatever else is given overrides it.
    """

    variant: int = param(0, ge=0, doc="which child; 0 wears yellow and denim")
    pose: str = param(
        "walk", doc="what it does; walk, run, push, push_bicycle, phone, wave and reach move its legs", choices=POSES
    )
    height_m: float | None = param(None, ge=0.9, le=1.55, doc="sole to crown; none = by the variant")
    build_share: float | None = param(None, ge=0.85, le=1.3, doc="mass against the average, squared")
    top: Paint | None = param(None, doc="shirt or jacket: a colour's name, or linear sRGB reflectances")
    top_kind: str | None = param(None, doc="what is worn above", choices=tuple(TOPS))
    trousers: Paint | None = param(None, doc="a colour, likewise")
    trousers_kind: str | None = param(None, doc="what is worn below", choices=(*TROUSERS_KINDS, "skirt"))
    shoes: Paint | None = param(None, doc="a colour, likewise")
    skin: Paint | None = param(
        None, doc="a skin tone's name (light, fair, medium, tan, brown, dark), or linear sRGB reflectances"
    )
    hair: Paint | None = param(None, doc="black, brown, blond, red or grey, or linear sRGB reflectances")
    hair_style: str | None = param(None, doc="how it is worn", choices=(*HAIR_STYLES, "none"))
    headwear: str | None = param(None, doc="what is on the head", choices=(*HATS, "none"))
    short_sleeves: bool | None = param(None, doc="bare forearms")
    shorts: bool | None = param(None, doc="bare lower legs")
    backpack: bool | None = param(None, doc="carries a school bag")

    def __post_init__(self) -> None:
        self._look().clothes.surfaces()

    def _look(self) -> Look:
        look = overridden(
            looks.child(self.variant, self.height_m), self.height_m, self.build_share, top=self.top,
            top_kind=self.top_kind, trousers=self.trousers, trousers_kind=lower(self.shorts, self.trousers_kind),
            shoes=self.shoes, skin=self.skin, hair=self.hair, hair_style=self.hair_style, headwear=self.headwear,
            short_sleeves=self.short_sleeves,
        )  # fmt: skip
        return look if self.backpack is None else replace(look, carried="backpack" if self.backpack else "none")

    def build(self) -> Model:
        """Standing upright at rest, arms at the sides, or in the pose."""
        look = self._look()
        return build_person("child", look, self.pose, 15.8 * look.who.height_m**2 * look.who.build**2)
