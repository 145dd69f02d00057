"""A shop-window dummy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from simgen.assets.base import Asset
from simgen.records.mesh import Surface
from simgen.records.model import Link, Model
from simgen.registry import param, register
from simgen.shapes import looks
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.colors import Color
from simgen.shapes.finish import box_of, rest_vertices, vector3
from simgen.shapes.person import build_person
from simgen.shapes.primitives import cylinder

_PLASTICS: Final[dict[str, Color]] = {
    "white": (0.72, 0.71, 0.69),
    "skin": (0.58, 0.39, 0.28),
    "grey": (0.28, 0.28, 0.29),
    "black": (0.02, 0.02, 0.021),
}
_STEEL: Final = Surface(
    class_name="object", base_color=(0.5, 0.5, 0.51), roughness=0.25, metallic=0.9, lidar_reflectance=0.35
)


@register("asset", "mannequin")
@dataclass(frozen=True, kw_only=True)
class Mannequin(Asset):
    """A dummy of life size, dressed or bare, on a steel plate (class object): the shape of a person, and not one.

    The body is that of ``pedestrian`` with the same ``variant``, bald, of one smooth plastic, with neither warmth nor
    keypoints; x is where it faces. Dummies weigh 10 to 20 kg (makers' data sheets).
    """

    variant: int = param(0, ge=0, doc="which body and clothes, as of a pedestrian")
    plastic: str = param("skin", doc="colour of the plastic", choices=tuple(_PLASTICS))
    dressed: bool = param(True, doc="wears clothes and shoes")

    def build(self) -> Model:
        """One body that stands still, arms at its sides."""
        look = looks.adult(self.variant, None, "adult")
        kind = {"dress": "blouse", "coat": "jacket"}.get(look.clothes.top_kind, look.clothes.top_kind)
        below = "trousers" if look.clothes.trousers_kind == "skirt" else look.clothes.trousers_kind
        clothes = replace(look.clothes, hair_style="none", headwear="none", top_kind=kind, trousers_kind=below)
        person = build_person("mannequin", replace(look, clothes=clothes, carried="none"), "stand", 15.0)
        return self._on_a_plate(person)

    def _on_a_plate(self, person: Model) -> Model:
        plate = cylinder(0.19, 0.012, 28).moved((-0.02, 0.0, 0.006))
        builder = MeshBuilder().add(plate, _STEEL, smooth_deg=30.0)
        surfaces = (*(self._plastic(s) for s in person.surfaces), _STEEL)
        base = builder.mesh()
        base = base.replace(surface=(base.surface * 0 + len(person.surfaces)).astype(base.surface.dtype))
        stand = Link(name="plate", parent=0, mesh=base, shapes=(box_of(plate.vertices),))
        links = (*person.links, stand)
        points = rest_vertices(links)
        low, high = points.min(0), points.max(0)
        return replace(
            person, class_name="object", links=links, surfaces=surfaces, keypoints=(), sway=None,
            size=vector3(high - low), box_center=vector3(0.5 * (low + high)),
            attributes=(("plastic", self.plastic),),
        )  # fmt: skip

    def _plastic(self, surface: Surface) -> Surface:
        """The person's surface as the dummy has it: cloth stays cloth, all else is plastic."""
        if surface.heat == "cloth" and self.dressed:
            return replace(surface, class_name="object", heat="")
        color = _PLASTICS[self.plastic]
        return replace(
            surface, class_name="object", base_color=color, roughness=0.3, skin=None, texture="plain", heat="",
            lidar_reflectance=0.1 + 0.6 * sum(color) / 3.0,
        )  # fmt: skip
