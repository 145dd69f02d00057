"""Somebody who rides an e-scooter, standing."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.rng import stream
from simgen.shapes.colors import CLOTHES
from simgen.shapes.small_wheels import FRONT_FOOT, GRIP, REAR_FOOT
from simgen.shapes.standing_rider import build_standing
from simgen.shapes.wardrobe import Clothes, Who


@register("asset", "e_scooter_rider")
@dataclass(frozen=True, kw_only=True)
class EScooterRider(Asset):
    """A standing rider (class rider), one foot before the other on the deck, hands on the bar.

    Its root frame is the scooter's: give it the ``e_scooter`` as parent and no offset.
    """

    variant: int = param(0, ge=0, le=9999, doc="body, clothes, helmet, backpack")
    height_m: float = param(1.75, ge=1.55, le=1.95, doc="standing height")

    def build(self) -> Model:
        """Standing, at rest."""
        rng = stream(self.variant, "e_scooter_rider")
        female = bool(rng.uniform() < 0.4)
        names = tuple(CLOTHES)
        clothes = Clothes(
            class_name="rider", top=names[int(rng.integers(0, len(names)))],
            trousers=("denim", "charcoal", "black", "khaki", "navy")[int(rng.integers(0, 5))],
            skin=("light", "fair", "medium", "tan", "brown", "dark")[int(rng.integers(0, 6))],
            hair=("black", "brown", "blond")[int(rng.integers(0, 3))],
            shoes=("white", "black")[int(rng.integers(0, 2))],
            hat="white", headwear="helmet" if rng.uniform() < 0.4 else "none", female=female,
        )  # fmt: skip
        who = Who(height_m=self.height_m, female=female, build=float(rng.uniform(0.9, 1.15)))
        return build_standing(
            "e_scooter_rider", who, clothes, left_foot=FRONT_FOOT, right_foot=REAR_FOOT, grip=GRIP, mass_kg=72.0,
            backpack=bool(rng.uniform() < 0.4),
        )  # fmt: skip
