"""Surfaces of leaves in three tints, by season."""

from __future__ import annotations

from typing import Final

from simgen.records.mesh import Surface
from simgen.shapes.colors import Color

SEASONS: Final = ("summer", "spring", "autumn", "winter")
#: factors on the colour of leaves in the sun, between and deep inside a crown
_TINTS: Final = ((1.22, 1.15, 1.05), (1.0, 1.0, 1.0), (0.62, 0.66, 0.7))


def leaf_surfaces(color: Color, scale_m: float = 0.4) -> tuple[Surface, ...]:
    """In the order of the tags of :mod:`simgen.shapes.foliage`."""
    return tuple(
        Surface(
            class_name="vegetation",
            base_color=(
                round(min(color[0] * tint[0], 1.0), 5),
                round(min(color[1] * tint[1], 1.0), 5),
                round(min(color[2] * tint[2], 1.0), 5),
            ),
            roughness=0.75,
            texture="foliage",
            texture_scale_m=scale_m,
            # leaves send back about half of the light at 905 nm (Jacquemoud and Baret 1990, PROSPECT)
            lidar_reflectance=0.48,
        )
        for tint in _TINTS
    )


def seasonal(color: Color, autumn: Color | None, season: str) -> Color:
    """A leaf's colour in a season; evergreens keep theirs."""
    if season == "autumn" and autumn is not None:
        return autumn
    if season == "spring" and autumn is not None:
        return color[0] * 1.35, color[1] * 1.35, color[2] * 1.1
    return color
