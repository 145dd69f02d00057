"""The head of a traffic light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.assets.base import Asset
from simgen.colorimetry import scaled, tint
from simgen.records.base import F8
from simgen.records.lights import Lamp
from simgen.records.mesh import Surface
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.finish import box_of, hull, rigid, vector3
from simgen.shapes.lattice import lattice
from simgen.shapes.primitives import box, ellipsoid
from simgen.shapes.soup import Soup, join

#: lenses when they do not shine: the colour of a lamp, darkened by its lens
LENSES: Final = (("red", (0.3, 0.012, 0.008)), ("yellow", (0.3, 0.15, 0.006)), ("green", (0.008, 0.26, 0.12)))

#: the colour of each lamp's light, within EN 12368's limits
_LIGHT: Final = {"red": tint(0.69, 0.305), "yellow": tint(0.575, 0.42), "green": tint(0.13, 0.5)}
#: luminance of a lit lens, cd/m2 (a 200 mm lamp of 300 cd)
LENS_LUMINANCE: Final = 9500.0


@register("asset", "traffic_light")
@dataclass(frozen=True, kw_only=True)
class TrafficLight(Asset):
    """Three 200 mm lamps that face +x, in a housing with a bracket behind it (class traffic_light).

    The post is a thing of its own: an asset ``pole`` of 0.12 m diameter at the same place meets the bracket. Lamps of
    EN 12368; each lens is a surface of its own, named by its state, which shines while its signal shows it.
    """

    height_m: float = param(3.3, ge=2.2, le=8.0, doc="ground to the head's top")
    backboard: bool = param(True, doc="a dark board with a white rim behind the head")

    def build(self) -> Model:
        """Bracket, head, visors, lenses."""
        dark = Surface(
            class_name="traffic_light", base_color=(0.015, 0.016, 0.015), roughness=0.6, lidar_reflectance=0.1
        )
        rim = Surface(class_name="traffic_light", base_color=(0.65, 0.65, 0.63), roughness=0.5, retro=0.1)
        middle = np.array([0.2, 0.0, self.height_m - (0.58 if self.backboard else 0.45)])
        head = box((0.2, 0.3, 0.9), 0.025).moved(middle)
        builder = MeshBuilder().add(head, dark, smooth_deg=30.0)
        # from the face of a post of 0.06 m radius at the origin into the housing
        bracket = join([box((0.08, 0.05, 0.05)).moved(np.add(middle, [-0.1, 0.0, z])) for z in (-0.3, 0.3)])
        builder.add(bracket, dark)
        board = box((0.012, 0.56, 1.16)).moved(np.add(middle, [-0.04, 0.0, 0.0]))
        if self.backboard:
            builder.add(board, rim)
            builder.add(box((0.016, 0.52, 1.12)).moved(np.add(middle, [-0.04, 0.0, 0.0])), dark)
        visors: list[Soup] = []
        lamps: list[Lamp] = []
        for k, (state, color) in enumerate(LENSES):
            at = np.add(middle, [0.1, 0.0, 0.29 - 0.29 * k])
            shine = scaled(_LIGHT[state], LENS_LUMINANCE)
            lens = Surface(
                class_name="traffic_light",
                base_color=color,
                roughness=0.25,
                clearcoat=1.0,
                emission=shine,
                has_lamp=True,
                lamp=state,
            )
            builder.add(ellipsoid((0.02, 0.1, 0.1), 20, 8).moved(at), lens)
            lamps.append(_lamp(state, at))
            visors.append(_visor().moved(at))
            builder.add(visors[-1], dark, smooth_deg=50.0)
        shapes = [
            box_of(head.vertices),
            box_of(bracket.vertices),
            hull(join(visors).vertices),
        ]
        if self.backboard:
            shapes.append(box_of(board.vertices))
        return rigid("traffic_light", "traffic_light", builder, shapes, lamps=tuple(lamps), mass_kg=18.0)


def _lamp(state: str, at: F8) -> Lamp:
    """Narrow but with light to the sides, as EN 12368 wants it of 200 mm signals: 200 cd ahead at least."""
    return Lamp(
        position=vector3(np.add(at, [0.05, 0.0, 0.0])),
        intensity=scaled(_LIGHT[state], 300.0),
        beam="spot",
        cone_deg=(15.0, 30.0),
        radius_m=0.09,
        state=state,
    )


def _visor() -> Soup:
    """The upper two thirds of a tube around a lens: outside and inside."""
    angle = np.radians(np.linspace(-30.0, 210.0, 13))
    arc = np.stack([np.cos(angle), np.sin(angle)], -1)
    rings = [
        np.stack([np.full(13, x), r * arc[:, 0], r * arc[:, 1]], -1)
        for x, r in ((0.0, 0.118), (0.17, 0.118), (0.17, 0.112), (0.0, 0.112))
    ]
    return lattice(np.stack(rings))
