"""The head of a traffic light."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from simgen.assets._canvas import Canvas, Drawing, disc, fill, placed, skin_of, stroke
from simgen.assets._symbols import SYMBOLS
from simgen.assets.base import Asset
from simgen.colorimetry import scaled, tint
from simgen.records.base import F8
from simgen.records.lights import Lamp
from simgen.records.mesh import Surface
from simgen.records.model import Model, Shape
from simgen.registry import param, register
from simgen.shapes.builder import MeshBuilder, corner_normals
from simgen.shapes.colors import Color
from simgen.shapes.finish import box_of, hull, rigid, vector3
from simgen.shapes.lattice import lattice
from simgen.shapes.primitives import box, cylinder, ellipsoid
from simgen.shapes.soup import Soup, join

#: lenses when they do not shine: the colour of a lamp, darkened by its lens
LENSES: Final = (("red", (0.3, 0.012, 0.008)), ("yellow", (0.3, 0.15, 0.006)), ("green", (0.008, 0.26, 0.12)))

#: the colour of each lamp's light, within EN 12368's limits
_LIGHT: Final = {"red": tint(0.69, 0.305), "yellow": tint(0.575, 0.42), "green": tint(0.13, 0.5)}
#: luminance of a lit lens, cd/m2 (a 200 mm lamp of 300 cd)
LENS_LUMINANCE: Final = 9500.0


_STANDING: Final[Drawing] = (
    disc(0.0, 0.78, 0.18),
    fill(
        (-0.32, 0.52),
        (0.32, 0.52),
        (0.36, -0.1),
        (0.22, -0.1),
        (0.2, -0.95),
        (-0.2, -0.95),
        (-0.22, -0.1),
        (-0.36, -0.1),
    ),
)
_HAND: Final[Drawing] = (
    fill((-0.45, 0.1), (0.4, 0.1), (0.4, -0.5), (0.2, -0.9), (-0.25, -0.9), (-0.45, -0.5)),
    *(stroke(0.17, (x, 0.0), (x, y)) for x, y in ((-0.36, 0.6), (-0.12, 0.82), (0.11, 0.76), (0.32, 0.5))),
    stroke(0.17, (-0.36, -0.4), (-0.75, 0.05)),
)
FIGURES: Final = {"person": SYMBOLS["person"], "standing": _STANDING, "hand": _HAND}

#: of each set: colour of the housing, radius of a lens, height of a section (EN 12368: 200 mm; MUTCD 4D.07: 12 in)
_SETS: Final = {
    "vienna": ((0.015, 0.016, 0.015), 0.1, 0.29),
    "us": ((0.62, 0.36, 0.012), 0.15, 0.35),
}


@register("asset", "traffic_light")
@dataclass(frozen=True, kw_only=True)
class TrafficLight(Asset):
    """Lamps that face +x, in a housing with a bracket behind it (class traffic_light).

    The post is a thing of its own: an asset ``pole`` of 0.12 m diameter at the same place meets the bracket. Lamps of
    EN 12368 (200 mm) or of the MUTCD (12 in, yellow housing); each lens is a surface of its own, named by its state,
    which shines while its signal shows it. Pedestrians' heads have a red figure above a green one (or a hand above a
    white one).
    """

    height_m: float = param(3.3, ge=2.2, le=8.0, doc="ground to the head's top")
    backboard: bool = param(True, doc="a dark board with a white rim behind the head, for vehicles")
    kind: str = param("vehicle", doc="for whom", choices=("vehicle", "pedestrian"))
    set: str = param("vienna", doc="European, or of the US", choices=tuple(_SETS))
    horizontal: bool = param(False, doc="lamps side by side, red on the left, as in parts of the US and Japan")

    def build(self) -> Model:
        """Bracket, head, visors, lenses."""
        walkers = self.kind == "pedestrian"
        color, radius, pitch = _SETS["vienna" if walkers else self.set]
        dark = Surface(
            class_name="traffic_light",
            base_color=color,
            roughness=0.6,
            lidar_reflectance=0.1 if max(color) < 0.1 else None,
        )
        black = replace(dark, base_color=_SETS["vienna"][0], lidar_reflectance=0.1)
        states = (LENSES[0], LENSES[2]) if walkers else LENSES
        long, wide = pitch * len(states) + 0.03, max(2.0 * radius + 0.06, 0.3)
        wide, long = (long, wide) if self.horizontal else (wide, long)
        board = self.backboard and not walkers
        middle = np.array([0.2, 0.0, self.height_m - 0.5 * long - (0.13 if board else 0.0)])
        head = box((0.2, wide, long), 0.025).moved(middle)
        builder = MeshBuilder().add(head, dark, smooth_deg=30.0)
        # from the face of a post of 0.06 m radius at the origin into the housing
        arms = (0.0,) if self.horizontal else (-0.34 * long, 0.34 * long)
        bracket = join([box((0.08, 0.05, 0.05)).moved(np.add(middle, [-0.1, 0.0, z])) for z in arms])
        builder.add(bracket, black)
        shapes = [box_of(head.vertices), box_of(bracket.vertices)]
        if board:
            shapes.append(_board(builder, middle, wide, long, black))
        visors: list[Soup] = []
        lamps: list[Lamp] = []
        for k, (state, glass) in enumerate(states):
            off = pitch * (k - 0.5 * (len(states) - 1))
            at = np.add(middle, [0.1, off, 0.0] if self.horizontal else [0.1, 0.0, -off])
            self._lens(builder, state, glass, at, radius)
            lamps.append(_lamp(state, at))
            visors.append(_visor().scaled((1.0, radius / 0.1, radius / 0.1)).moved(at))
            builder.add(visors[-1], dark, smooth_deg=50.0)
        shapes.insert(2, hull(join(visors).vertices))
        return rigid(
            "traffic_light",
            "traffic_light",
            builder,
            shapes,
            lamps=tuple(lamps),
            mass_kg=18.0,
            attributes=(("kind", self.kind), ("set", self.set)),
        )

    def _lens(self, builder: MeshBuilder, state: str, glass: Color, at: F8, radius: float) -> None:
        """A curved lens, or for pedestrians a dark disc with a figure that shines."""
        lens = Surface(
            class_name="traffic_light",
            base_color=glass,
            roughness=0.25,
            clearcoat=1.0,
            emission=scaled(_LIGHT[state], LENS_LUMINANCE),
            has_lamp=True,
            lamp=state,
        )
        if self.kind == "vehicle":
            builder.add(ellipsoid((0.02, radius, radius), 20, 8).moved(at), lens)
            return
        walks = state == "green"
        figure = "person" if walks else "hand" if self.set == "us" else "standing"
        tone: Color = (0.5, 0.5, 0.5) if walks and self.set == "us" else (0.5, 0.2, 0.01) if figure == "hand" else glass
        light = (1.0, 1.0, 1.0) if walks and self.set == "us" else _LIGHT["yellow" if figure == "hand" else state]
        canvas = Canvas((-1.0, -1.0), (1.0, 1.0), (8, 8, 8), 64)
        canvas.draw(placed(FIGURES[figure], size=0.8), (255, 255, 255))
        shown, _ = skin_of("signal", canvas.rgba())
        soup = cylinder(radius, 0.012, 24).moved(quaternion=(0.5**0.5, 0.0, 0.5**0.5, 0.0)).moved(at)
        skin = replace(shown, glow=shown.color, tint=tone)
        flat = soup.vertices[soup.triangles]
        uv = 0.5 + 0.5 * (flat[..., 1:] - at[1:]) / radius
        builder.add_corners(soup, corner_normals(soup), replace(lens, skin=skin, emission=scaled(light, 6000.0)), uv=uv)


def _board(builder: MeshBuilder, middle: F8, wide: float, long: float, black: Surface) -> Shape:
    """The dark board and its white rim."""
    rim = Surface(class_name="traffic_light", base_color=(0.65, 0.65, 0.63), roughness=0.5, retro=0.1)
    board = box((0.012, wide + 0.26, long + 0.26)).moved(np.add(middle, [-0.04, 0.0, 0.0]))
    builder.add(board, rim)
    builder.add(box((0.016, wide + 0.22, long + 0.22)).moved(np.add(middle, [-0.04, 0.0, 0.0])), black)
    return box_of(board.vertices)


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
