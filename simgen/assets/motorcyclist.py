"""Somebody who rides a motorcycle or a scooter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.rng import stream
from simgen.shapes.colors import CLOTHES, resolve
from simgen.shapes.helmets import with_helmet
from simgen.shapes.motorbikes import SEATS, STYLES, drawn_style
from simgen.shapes.rider import build_riding
from simgen.shapes.wardrobe import Clothes, Who

_JACKETS: Final = ("black", "charcoal", "navy", "red", "black", "grey", "blue", "hi_vis", "olive")
_HELMETS: Final = ("white", "black", "red", "silver", "blue", "yellow", "black")


@register("asset", "motorcyclist")
@dataclass(frozen=True, kw_only=True)
class Motorcyclist(Asset):
    """A rider without the machine (class rider): hands on the grips, feet on the pegs or the floor, full-face helmet.

    Its root frame is the machine's: give it the ``motorcycle`` or ``scooter`` as parent, with its style and variant.
    """

    style: str = param(
        "auto", doc="what it fits: a motorcycle's style (auto = by the variant), or scooter",
        choices=("auto", *STYLES, "scooter"),
    )  # fmt: skip
    variant: int = param(0, ge=0, le=9999, doc="of the machine; also draws body, clothes and helmet")
    height_m: float = param(1.75, ge=1.6, le=1.95, doc="standing height")
    helmet_color: str | tuple[float, float, float] | None = param(
        None, doc="a colour's name, or linear sRGB reflectances; None = by the variant"
    )

    def __post_init__(self) -> None:
        if self.helmet_color is not None:
            resolve("helmet_color", self.helmet_color, CLOTHES)

    def build(self) -> Model:
        """Seated, at rest."""
        rng = stream(self.variant, "motorcyclist")
        female = bool(rng.uniform() < 0.25)
        jacket = _JACKETS[int(rng.integers(0, len(_JACKETS)))]
        clothes = Clothes(
            class_name="rider", top=jacket, trousers=("black", "charcoal", "denim")[int(rng.integers(0, 3))],
            skin=("fair", "medium", "tan", "brown")[int(rng.integers(0, 4))], hair="brown", shoes="black",
            hair_style="none", female=female,
        )  # fmt: skip
        who = Who(height_m=self.height_m, female=female, build=float(rng.uniform(0.92, 1.15)))
        seat = SEATS[self.style if self.style == "scooter" else drawn_style(self.style, self.variant)]
        color = self.helmet_color or _HELMETS[int(rng.integers(0, len(_HELMETS)))]
        body = build_riding("motorcyclist", who, clothes, seat, mass_kg=78.0)
        return with_helmet(body, resolve("helmet_color", color, CLOTHES))
