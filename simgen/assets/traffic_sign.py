"""A traffic sign on a post."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from simgen.assets.base import Asset
from simgen.records.mesh import Surface
from simgen.records.model import Model, Shape
from simgen.registry import param, register
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.colors import Color
from simgen.shapes.finish import hull, rigid
from simgen.shapes.primitives import cylinder
from simgen.shapes.signs import plate, regular, text
from simgen.shapes.soup import Soup

KINDS: Final = ("stop", "yield", "priority", "speed_30", "speed_50", "speed_80", "no_entry", "parking")

_WHITE: Final[Color] = (0.72, 0.72, 0.7)
_RED: Final[Color] = (0.42, 0.015, 0.015)
_BLUE: Final[Color] = (0.012, 0.07, 0.3)
_YELLOW: Final[Color] = (0.75, 0.45, 0.01)
_BLACK: Final[Color] = (0.02, 0.02, 0.02)


@register("asset", "traffic_sign")
@dataclass(frozen=True, kw_only=True)
class TrafficSign(Asset):
    """A retro-reflective sign that faces +x (class traffic_sign) on a grey post (class pole).

    Shapes and sizes of the Vienna Convention on Road Signs (1968): 0.6 m discs, 0.9 m triangles.
    """

    kind: str = param("stop", doc="which sign", choices=KINDS)
    height_m: float = param(2.3, ge=1.2, le=5.0, doc="ground to the plate's middle")

    def build(self) -> Model:
        """Post, plate and what is painted on it."""
        grey = Surface(class_name="pole", base_color=(0.33, 0.34, 0.35), roughness=0.45, metallic=0.6)
        top = self.height_m + 0.3
        post = cylinder(0.03, top, 12).moved((0.0, 0.0, 0.5 * top))
        builder = MeshBuilder().add(post, grey, smooth_deg=50.0)
        layers = self._layers()
        for soup, color in layers:
            sheet = Surface(class_name="traffic_sign", base_color=color, roughness=0.45, retro=0.3)
            builder.add(soup.moved((0.0, 0.0, self.height_m)), sheet, smooth_deg=20.0)
        shapes = [
            Shape(kind="cylinder", size=(0.03, top, 0.0), center=(0.0, 0.0, 0.5 * top)),
            hull(layers[0][0].moved((0.0, 0.0, self.height_m)).vertices),
        ]
        return rigid("traffic_sign", "traffic_sign", builder, shapes, mass_kg=25.0, attributes=(("kind", self.kind),))

    def _layers(self) -> list[tuple[Soup, Color]]:
        face, next_face, top_face = 0.042, 0.045, 0.048
        if self.kind == "stop":
            return [
                (plate(regular(8, 0.42, 22.5), face), _WHITE),
                (plate(regular(8, 0.395, 22.5), next_face), _RED),
                (text("STOP", 0.22, top_face), _WHITE),
            ]
        if self.kind == "yield":
            return [(plate(regular(3, 0.52, -90.0), face), _RED), (plate(regular(3, 0.34, -90.0), next_face), _WHITE)]
        if self.kind == "priority":
            return [(plate(regular(4, 0.42, 0.0), face), _WHITE), (plate(regular(4, 0.33, 0.0), next_face), _YELLOW)]
        if self.kind == "no_entry":
            bar = [[-0.22, -0.055], [0.22, -0.055], [0.22, 0.055], [-0.22, 0.055]]
            return [(plate(regular(32, 0.3), face), _RED), (plate(bar, next_face), _WHITE)]
        if self.kind == "parking":
            square = [[-0.3, -0.3], [0.3, -0.3], [0.3, 0.3], [-0.3, 0.3]]
            return [(plate(square, face), _BLUE), (text("P", 0.36, next_face), _WHITE)]
        return [
            (plate(regular(32, 0.3), face), _RED),
            (plate(regular(32, 0.235), next_face), _WHITE),
            (text(self.kind.split("_")[1], 0.24, top_face), _BLACK),
        ]
