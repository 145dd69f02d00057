"""A belt conveyor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.assets.base import Asset
from simgen.errors import UserError
from simgen.records.mesh import Surface
from simgen.records.model import Link, Model, Shape
from simgen.registry import param, register
from simgen.shapes.builder import MeshBuilder, Palette
from simgen.shapes.colors import PAINTS, resolve
from simgen.shapes.finish import box_of, finished, hull
from simgen.shapes.lattice import loft
from simgen.shapes.primitives import box, cylinder
from simgen.shapes.soup import Soup, join

#: of the belt's body from its upper to its lower run, m
_BELT_M = 0.1


@register("asset", "conveyor")
@dataclass(frozen=True, kw_only=True)
class Conveyor(Asset):
    """A belt on a frame with legs and side guides, along x, running towards +x (class furniture).

    What lies on the belt is carried by friction: it starts at rest, gains ``mu g`` until it goes with the belt, ``mu``
    being the product of both frictions. The belt is plain, so nothing of its own motion is seen. Working heights of
    0.7 to 0.9 m and belts of 300 to 1200 mm are common (ISO 5048 treats wider ones).
    """

    length_m: float = param(3.0, ge=0.5, le=30.0, doc="along x")
    width_m: float = param(0.6, ge=0.15, le=2.0, doc="of the belt")
    height_m: float = param(0.8, ge=0.25, le=2.0, doc="floor to the belt's upper side")
    speed_m_s: float = param(0.4, ge=-5.0, le=5.0, doc="of the belt; negative runs towards -x")
    guide_m: float = param(0.06, ge=0.0, le=0.5, doc="how high the side guides stand over the belt")
    friction: float = param(1.0, ge=0.05, le=5.0, doc="of the belt")
    color: str | tuple[float, float, float] = param("blue", doc="of the frame: a name, or linear sRGB reflectances")

    def __post_init__(self) -> None:
        resolve("color", self.color, PAINTS)
        if self.height_m < _BELT_M + 0.1:
            raise UserError(f"conveyor: the belt needs {_BELT_M + 0.1:g} m below it; raise height_m")

    def build(self) -> Model:
        """Frame, legs and motor in one link, the belt in another."""
        palette = Palette()
        paint = Surface(class_name="furniture", base_color=resolve("color", self.color, PAINTS), roughness=0.4)
        steel = Surface(
            class_name="furniture", base_color=(0.5, 0.5, 0.5), roughness=0.35, metallic=1.0, lidar_reflectance=0.4
        )
        rubber = Surface(class_name="furniture", base_color=(0.022, 0.024, 0.024), roughness=0.75)
        frame, shapes = MeshBuilder(palette), []
        x, y, z = 0.5 * self.length_m, 0.5 * self.width_m, self.height_m
        for s in (1.0, -1.0):
            rail = box((self.length_m, 0.04, _BELT_M + 0.02), 0.004).moved(
                (0.0, s * (y + 0.03), z - 0.5 * _BELT_M - 0.01)
            )
            frame.add(rail, paint, smooth_deg=20.0)
            shapes.append(box_of(rail.vertices))
            if self.guide_m:
                guide = box((self.length_m, 0.012, self.guide_m), 0.002).moved(
                    (0.0, s * (y + 0.016), z + 0.5 * self.guide_m)
                )
                frame.add(guide, steel, smooth_deg=20.0)
                shapes.append(box_of(guide.vertices))
        for at in np.linspace(-x + 0.25, x - 0.25, max(int(self.length_m / 1.5) + 1, 2)):
            legs = [
                box((0.06, 0.05, z - _BELT_M), 0.003).moved((at, s * (y + 0.03), 0.5 * (z - _BELT_M))) for s in (1, -1)
            ]
            feet = [box((0.12, 0.09, 0.01)).moved((at, s * (y + 0.03), 0.005)) for s in (1, -1)]
            brace = box((0.04, 2 * y, 0.04), 0.003).moved((at, 0.0, 0.25))
            frame.add(join([*legs, *feet, brace]), paint, smooth_deg=20.0)
            shapes += [box_of(part.vertices) for part in (*legs, brace)]
        motor = cylinder(0.07, 0.2, 20, 0.006).moved(quaternion=(0.5**0.5, 0.5**0.5, 0.0, 0.0))
        motor = motor.moved((x - 0.12, 0.0, z - _BELT_M - 0.08))
        frame.add(motor, steel)
        shapes.append(hull(motor.vertices))
        belt = MeshBuilder(palette).add(_belt(x, y, z), rubber, smooth_deg=35.0)
        r = 0.5 * _BELT_M
        run = Shape(kind="box", size=(2 * x - 2 * r, 2 * y, _BELT_M), center=(0.0, 0.0, z - r))
        drums = [
            Shape(
                kind="cylinder",
                size=(r, 2 * y, 0.0),
                center=(s * (x - r), 0.0, z - r),
                quaternion=(0.5**0.5, 0.5**0.5, 0, 0),
            )
            for s in (1.0, -1.0)
        ]
        links = [
            Link(name="frame", mesh=frame.mesh(), shapes=tuple(shapes)),
            Link(name="belt", parent=0, mesh=belt.mesh(), shapes=(run, *drums), belt_m_s=(self.speed_m_s, 0.0, 0.0)),
        ]
        mass = 40.0 + 60.0 * self.length_m * self.width_m
        return finished("conveyor", "furniture", links, palette.surfaces, mass_kg=mass, friction=self.friction)


def _belt(x: float, y: float, z: float) -> Soup:
    """The closed loop, seen from outside: flat above and below, round about the drums."""
    r = 0.5 * _BELT_M
    turn = np.linspace(0.0, np.pi, 9)
    front = np.stack([x - r + r * np.sin(turn), z - r + r * np.cos(turn)], -1)
    back = np.stack([-x + r - r * np.sin(turn), z - r - r * np.cos(turn)], -1)
    outline = np.concatenate([front, back])
    rings = [np.stack([outline[:, 0], np.full(len(outline), s * y), outline[:, 1]], -1) for s in (-1.0, 1.0)]
    return loft(np.stack(rings)[:, ::-1])
