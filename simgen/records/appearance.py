"""How far a scene's looks depart from what its assets, world and light say: one level for each kind of change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from simgen.registry import param

#: how much is changed: nothing; what the real world would show; what a robust model must bear; what nothing looks like
LEVELS: Final = ("off", "sensible", "wide", "absurd")


def level_param(doc: str) -> Any:
    """A level."""
    return param("off", doc=doc, choices=LEVELS)


@dataclass(frozen=True, kw_only=True)
class Appearance:
    """Levels of change of what things look like; what exactly changes is drawn from the scene's seed, thing by thing.

    Geometry, classes and ids stay. Changes apply to surfaces of entities and of the world, to lamps, sun and sky.
    """

    colors: str = level_param("hue, saturation and brightness of paints, cloths, walls and ground")
    materials: str = level_param("roughness, gloss, coats, and reflectance for lidars")
    textures: str = level_param("size of textures, and which ones there are")
    wear: str = level_param("dirt and ageing: darker, rougher, duller sheeting")
    lights: str = level_param("brightness and colour of sun, sky and lamps")

    @property
    def unchanged(self) -> bool:
        """Whether everything looks as it says."""
        return self == Appearance()
