"""Animals as they go."""

from __future__ import annotations

from typing import Final

from simgen import registry
from simgen.assets.base import Asset

#: usual speeds of those who cross a road: deer, boar and dogs trot (Heglund, Taylor 1988, J. exp. Biol. 138, 301: trot
#: between 1.5 and 4 m/s for 10 to 200 kg), cattle and sheep are driven at a walk
PACES_M_S: Final[dict[str, float]] = {
    "dog": 3.0,
    "cat": 2.5,
    "roe_deer": 3.8,
    "red_deer": 3.8,
    "cow": 1.2,
    "horse": 1.7,
    "wild_boar": 3.2,
    "sheep": 1.1,
}
#: from this speed on they trot
_TROT_M_S: Final = 2.0


def animal_of(species: str, variant: int, speed_m_s: float) -> Asset:
    """The animal, with the gait of a speed."""
    gait = "trot" if speed_m_s >= _TROT_M_S else "walk"
    asset: Asset = registry.get("asset", "animal")(species=species, variant=variant, gait=gait)
    return asset
