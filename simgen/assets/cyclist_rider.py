"""Somebody who rides a bicycle."""

from __future__ import annotations

from dataclasses import dataclass, replace

from simgen.assets._people import Paint, overridden
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes import looks
from simgen.shapes.heads import HAIR_STYLES
from simgen.shapes.looks import Look
from simgen.shapes.rider import build_rider


@register("asset", "cyclist_rider")
@dataclass(frozen=True, kw_only=True)
class CyclistRider(Asset):
    """A cyclist without the bicycle (class rider), seated, hands on the grips, feet on turning pedals.

    Its root frame is the bicycle's: give it the bicycle as parent and no offset. The legs turn once per 5.87 m, as the
    crank of ``bicycle`` does. ``variant`` draws who it is, as it does for ``pedestrian``.
    """

    variant: int = param(0, ge=0, doc="which person; 0 is a man in red with a white helmet")
    height_m: float | None = param(None, ge=1.66, le=1.98, doc="standing height; the frame fits these")
    build_share: float | None = param(None, ge=0.85, le=1.25, doc="girth of trunk and limbs; 1 = the average")
    top: Paint | None = param(None, doc="shirt or jacket: a colour's name, or linear sRGB reflectances")
    trousers: Paint | None = param(None, doc="a colour, likewise")
    shoes: Paint | None = param(None, doc="a colour, likewise")
    skin: Paint | None = param(
        None, doc="a skin tone's name (light, fair, medium, tan, brown, dark), or linear sRGB reflectances"
    )
    hair: Paint | None = param(None, doc="black, brown, blond, red or grey, or linear sRGB reflectances")
    hair_style: str | None = param(None, doc="how it is worn", choices=(*HAIR_STYLES, "none"))
    helmet: bool | None = param(None, doc="wears a helmet; none = by the variant")
    helmet_color: Paint | None = param(None, doc="helmet and pack: a colour's name, or linear sRGB reflectances")
    backpack: bool | None = param(None, doc="carries a day pack")

    def __post_init__(self) -> None:
        self._look().clothes.surfaces()

    def _look(self) -> Look:
        look = looks.cyclist(self.variant)
        helmet = None if self.helmet is None else "helmet" if self.helmet else "none"
        look = overridden(
            look, self.height_m, self.build_share, top=self.top, trousers=self.trousers, shoes=self.shoes,
            skin=self.skin, hair=self.hair, hair_style=self.hair_style, headwear=helmet, hat=self.helmet_color,
            extra=self.helmet_color,
        )  # fmt: skip
        return look if self.backpack is None else replace(look, carried="backpack" if self.backpack else "none")

    def build(self) -> Model:
        """Seated, the cranks level."""
        look = self._look()
        mass = 23.0 * look.who.height_m**2 * look.who.build**2
        packed = look.carried == "backpack"
        return build_rider("cyclist_rider", look.who, look.clothes, backpack=packed, mass_kg=mass)
