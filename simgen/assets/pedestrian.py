"""An adult on foot."""

from __future__ import annotations

from dataclasses import dataclass, replace

from simgen.assets._people import Paint, lower, overridden
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes import looks
from simgen.shapes.carried import CARRIED
from simgen.shapes.clothes import TOPS, TROUSERS_KINDS
from simgen.shapes.heads import HAIR_STYLES, HATS
from simgen.shapes.looks import Look
from simgen.shapes.person import build_person
from simgen.shapes.poses import POSES


@register("asset", "pedestrian")
@dataclass(frozen=True, kw_only=True)
class Pedestrian(Asset):
    """An adult (class person) who walks when moved, feet rolling on the ground without slipping, or holds a pose.

    ``variant`` draws age, sex, body, skin, hair and clothes as one meets them in a European street; whatever else is
    given overrides it. Bodies are MakeHuman's (CC0), blended; heights are normal about 1.635 m (women) and 1.765 m
    (men; NCD-RisC 2016); gait after Perry and Burnfield (2010), running after Novacheck (1998). Labels of keypoints
    are COCO's seventeen.
    """

    variant: int = param(0, ge=0, doc="which person; 0 is a plain man in navy and charcoal")
    sex: str = param("", doc="empty = by the variant", choices=("", "female", "male"))
    age: str = param("", doc="empty = by the variant", choices=("", "adult", "elderly"))
    role: str = param("", doc="in working clothes", choices=("", "construction_worker", "police_officer"))
    vest: bool | None = param(None, doc="a reflective vest over it")
    pose: str = param(
        "walk", doc="what they do; walk, run, push, push_bicycle, phone, wave and reach move their legs", choices=POSES
    )
    height_m: float | None = param(None, ge=1.45, le=2.05, doc="sole to crown; none = by the variant")
    build_share: float | None = param(None, ge=0.82, le=1.35, doc="girth of trunk and limbs; 1 = the average")
    top: Paint | None = param(None, doc="shirt or jacket: a colour's name, or linear sRGB reflectances")
    top_kind: str | None = param(None, doc="what is worn above", choices=tuple(TOPS))
    trousers: Paint | None = param(None, doc="a colour, likewise")
    trousers_kind: str | None = param(None, doc="what is worn below", choices=(*TROUSERS_KINDS, "skirt"))
    shoes: Paint | None = param(None, doc="a colour, likewise")
    clothes_reflectance: float | None = param(
        None, ge=0.01, le=0.95, doc="grey of this linear reflectance where no colour of top, trousers or shoes is given"
    )
    skin: Paint | None = param(
        None, doc="a skin tone's name (light, fair, medium, tan, brown, dark), or linear sRGB reflectances"
    )
    hair: Paint | None = param(None, doc="black, brown, blond, red or grey, or linear sRGB reflectances")
    hair_style: str | None = param(None, doc="how it is worn", choices=(*HAIR_STYLES, "none"))
    headwear: str | None = param(None, doc="what is on the head", choices=(*HATS, "none"))
    short_sleeves: bool | None = param(None, doc="bare forearms")
    shorts: bool | None = param(None, doc="bare lower legs")
    backpack: bool | None = param(None, doc="carries a day pack")
    carries: str | None = param(None, doc="what they carry", choices=CARRIED)

    def __post_init__(self) -> None:
        self._look().clothes.surfaces()

    def _look(self) -> Look:
        look = looks.adult(self.variant, None if not self.sex else self.sex == "female", self.age)
        if self.role:
            look = looks.at_work(look, self.role)
        top, trousers, shoes = (paint or self._grey for paint in (self.top, self.trousers, self.shoes))
        look = overridden(
            look, self.height_m, self.build_share, top=top, top_kind=self.top_kind, trousers=trousers,
            trousers_kind=lower(self.shorts, self.trousers_kind), shoes=shoes, skin=self.skin, hair=self.hair,
            hair_style=self.hair_style, headwear=self.headwear, short_sleeves=self.short_sleeves,
        )  # fmt: skip
        if self.vest is not None:
            extra = look.clothes.extra if self.role else "hi_vis"
            look = replace(look, clothes=replace(look.clothes, vest=self.vest, extra=extra))
        if self.backpack is not None:
            look = replace(look, carried="backpack" if self.backpack else "none")
        return look if self.carries is None else replace(look, carried=self.carries)

    @property
    def _grey(self) -> Paint | None:
        grey = self.clothes_reflectance
        return None if grey is None else (grey, grey, grey)

    def build(self) -> Model:
        """Standing upright at rest, arms at the sides, or in the pose."""
        look = self._look()
        mass = 23.0 * look.who.height_m**2 * look.who.build**2
        return build_person("pedestrian", look, self.pose, mass)
