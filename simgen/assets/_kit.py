"""What street furniture is put together from: parts that bring their surface and their collision shape along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from simgen.assets._canvas import Canvas, skin_of
from simgen.records.base import F8, U1
from simgen.records.mesh import Surface
from simgen.records.model import Joint, Link, Model, Shape
from simgen.shapes.builder import MeshBuilder, Palette, corner_normals
from simgen.shapes.colors import Color
from simgen.shapes.finish import box_of, finished, hull, vector3
from simgen.shapes.primitives import box
from simgen.shapes.soup import Soup

STEEL: Final[Color] = (0.42, 0.43, 0.44)
DARK: Final[Color] = (0.03, 0.031, 0.033)
WHITE: Final[Color] = (0.72, 0.72, 0.7)
RED: Final[Color] = (0.45, 0.02, 0.015)
ORANGE: Final[Color] = (0.62, 0.13, 0.012)
YELLOW: Final[Color] = (0.68, 0.4, 0.012)
BLUE: Final[Color] = (0.012, 0.07, 0.3)
CONCRETE: Final[Color] = (0.4, 0.39, 0.37)
WOOD: Final[Color] = (0.2, 0.13, 0.075)


def steel(class_name: str, color: Color = STEEL) -> Surface:
    """Galvanised."""
    return Surface(class_name=class_name, base_color=color, roughness=0.42, metallic=0.75, lidar_reflectance=0.35)


def painted(class_name: str, color: Color, roughness: float = 0.4) -> Surface:
    """Painted metal or plastic."""
    return Surface(class_name=class_name, base_color=color, roughness=roughness)


def sheeting(class_name: str, color: Color) -> Surface:
    """Retro-reflective."""
    return Surface(class_name=class_name, base_color=color, roughness=0.45, retro=0.25)


def concrete(class_name: str) -> Surface:
    """Cast."""
    return Surface(
        class_name=class_name, base_color=CONCRETE, roughness=0.9, texture="concrete", texture_scale_m=2.0,
        lidar_reflectance=0.4,
    )  # fmt: skip


def wooden(class_name: str, color: Color = WOOD) -> Surface:
    """Planks and poles."""
    return Surface(
        class_name=class_name, base_color=color, roughness=0.85, texture="wood", texture_scale_m=0.5,
        lidar_reflectance=0.4,
    )  # fmt: skip


def glass(class_name: str) -> Surface:
    """A clear pane; a ray meets both its faces."""
    return Surface(
        class_name=class_name, base_color=(0.03, 0.035, 0.035), roughness=0.03, lidar_reflectance=0.01,
        transmission=0.85**0.5,
    )  # fmt: skip


class Kit:
    """Collects the parts of a thing of one link."""

    def __init__(self, class_name: str, palette: Palette | None = None) -> None:
        self.class_name = class_name
        self.builder = MeshBuilder(palette)
        self.shapes: list[Shape] = []

    def add(self, soup: Soup, *surfaces: Surface, shape: str = "hull", smooth_deg: float = 40.0) -> Kit:
        """A part; ``shape``: its convex hull, its bounding ``box``, or ``none``."""
        self.builder.add(soup, *surfaces, smooth_deg=smooth_deg)
        if shape != "none":
            points = soup.vertices[np.unique(soup.triangles)]
            self.shapes.append(box_of(points) if shape == "box" else hull(points))
        return self

    def beam(self, low: Sequence[float], high: Sequence[float], surface: Surface, bevel: float = 0.0) -> Kit:
        """An upright box between two corners."""
        a, b = np.asarray(low, np.float64), np.asarray(high, np.float64)
        return self.add(box(b - a, bevel).moved(0.5 * (a + b)), surface, shape="box")

    def picture(self, corners: F8, canvas: Canvas | U1, surface: Surface) -> Kit:
        """A flat picture on a quadrilateral (4, 3): lower left, lower right, upper right, upper left as one sees it."""
        soup = Soup.of(corners, [[0, 1, 2], [0, 2, 3]])
        uv = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])[soup.triangles]
        skin, mean = skin_of("picture", canvas.rgba() if isinstance(canvas, Canvas) else canvas)
        fields = {k: getattr(surface, k) for k in ("class_name", "roughness", "retro", "emission", "lamp", "has_lamp")}
        self.builder.add_corners(soup, corner_normals(soup), Surface(base_color=mean, skin=skin, **fields), uv=uv)
        return self

    def model(self, name: str, mass_kg: float, *, more: Sequence[Link] = (), **fields: Any) -> Model:
        """The thing."""
        link = Link(name="body", mesh=self.builder.mesh(), shapes=tuple(self.shapes))
        return finished(name, self.class_name, [link, *more], self.builder.palette.surfaces, mass_kg=mass_kg, **fields)

    def link(self, name: str, position: Sequence[float], joint: Joint, parent: int = 0) -> Link:
        """The parts as a link of another kit's model, which must share the palette."""
        return Link(
            name=name, parent=parent, position=vector3(position), mesh=self.builder.mesh(), joint=joint,
            shapes=tuple(self.shapes),
        )  # fmt: skip
