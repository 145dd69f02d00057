"""Four-legged animals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from simgen.assets._fur import COATS, Coat, hide_of
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.animal import links_of
from simgen.shapes.builder import Palette
from simgen.shapes.finish import finished
from simgen.shapes.quadruped import Skin, antlers, body, horns
from simgen.shapes.soup import Soup
from simgen.shapes.species import BUILDS, Build

#: height at the withers, m, and mass, kg, of grown animals: FCI standards of breeds for dogs; Grzimek for the rest
SIZES: Final[dict[str, tuple[float, float]]] = {
    "dog": (0.57, 32.0),
    "cat": (0.25, 4.5),
    "roe_deer": (0.7, 25.0),
    "red_deer": (1.2, 160.0),
    "cow": (1.42, 650.0),
    "horse": (1.6, 550.0),
    "wild_boar": (0.8, 90.0),
    "sheep": (0.7, 75.0),
}
#: breeds of dogs in the order of their coats: height at the withers
_DOGS: Final = (0.57, 0.62, 0.34, 0.57, 0.58)


@register("asset", "animal")
@dataclass(frozen=True, kw_only=True)
class Animal(Asset):
    """A four-legged animal (class animal) that walks or trots when moved, on feet that do not slip.

    Sizes at the withers: FCI breed standards for dogs (Labrador 0.57 m, shepherd 0.62 m, Jack Russell 0.3 m), Grzimek's
    Animal Life for the others; footfalls after Hildebrand (1965). ``variant`` picks the breed and the coat.
    """

    species: str = param("dog", doc="which animal", choices=tuple(BUILDS))
    variant: int = param(0, ge=0, le=100000, doc="breed and coat; patches are drawn from it")
    pose: str = param("standing", doc="what it does at rest", choices=("standing", "grazing", "lying"))
    gait: str = param("walk", doc="how it moves: its stride is longer at a trot", choices=("walk", "trot"))
    size_share: float = param(1.0, ge=0.4, le=1.3, doc="against a grown animal of its kind")

    def build(self) -> Model:
        """Body, ears, tail, horns, legs."""
        coats = COATS[self.species]
        which = self.variant % len(coats)
        build, coat = self._build(which), coats[which]
        height = (_DOGS[which] if self.species == "dog" else SIZES[self.species][0]) * self.size_share
        skin = body(build, height, 0.02 if self.pose == "grazing" else None)
        palette = Palette()
        hide = hide_of(coat, self.variant, round(skin.neck, 4), round(skin.head, 4))
        links = links_of(
            build, height, hide, palette, pose=self.pose, gait=self.gait, extra=self._horns(skin, height, which, coat)
        )
        mass = SIZES[self.species][1] * (height / SIZES[self.species][0]) ** 3
        return finished(
            "animal",
            "animal",
            links,
            palette.surfaces,
            mass_kg=mass,
            attributes=(("species", self.species), ("coat", coat.name), ("pose", self.pose)),
        )

    def _build(self, which: int) -> Build:
        """Breeds of dogs differ in ears and tail."""
        build = BUILDS[self.species]
        if self.species != "dog" or which in (0, 3):
            return build
        erect = (0.17, 0.06, 0.25, 0.0)
        if which == 2:
            return replace(
                build, ear=(0.15, 0.075, 0.35, 0.7), tail=((-0.5, 0.92), (-0.56, 1.05), (-0.57, 1.22)), thick=0.9
            )
        if which == 1:
            return replace(
                build,
                ear=erect,
                tail=((-0.5, 0.9), (-0.6, 0.82), (-0.68, 0.6), (-0.74, 0.42)),
                tail_radius=(0.04, 0.065, 0.06, 0.015),
            )
        curl = ((-0.5, 0.92), (-0.6, 1.05), (-0.52, 1.2), (-0.36, 1.2))
        return replace(build, ear=erect, tail=curl, tail_radius=(0.05, 0.07, 0.07, 0.02))

    def _horns(self, skin: Skin, height: float, which: int, coat: Coat) -> list[Soup]:
        if self.species == "red_deer" and coat.name == "stag":
            return [antlers(skin, height, 0.62, 5)]
        if self.species == "roe_deer":
            return [antlers(skin, height, 0.26, 2)] if coat.name == "summer" else []
        if self.species == "cow":
            return [horns(skin, height, 0.14, 0.12)]
        return []
