"""A ball to play with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.assets.base import Asset
from simgen.records.base import I8
from simgen.records.mesh import Surface
from simgen.records.model import Joint, Link, Model, Shape
from simgen.registry import param, register
from simgen.shapes.builder import MeshBuilder, Palette
from simgen.shapes.colors import CLOTHES, resolve
from simgen.shapes.finish import finished
from simgen.shapes.primitives import sphere
from simgen.shapes.soup import Soup

#: radius, m, mass, kg, and roughness: IFAB Law 2 and FIBA size 7; play and beach balls as sold
_KINDS: Final = {
    "football": (0.11, 0.43, 0.35),
    "basketball": (0.121, 0.6, 0.8),
    "play_ball": (0.115, 0.2, 0.4),
    "beach_ball": (0.2, 0.1, 0.3),
}
_GOLDEN: Final = 0.5 * (1.0 + 5.0**0.5)


@register("asset", "ball")
@dataclass(frozen=True, kw_only=True)
class Ball(Asset):
    """A ball for play in the street (class ball) that rolls without slipping when it is moved.

    Football: twelve dark panels about the corners of an icosahedron, 0.22 m (IFAB Law 2); basketball: 0.242 m with
    black seams (FIBA, size 7); play ball and beach ball: plain and in sectors. The origin is below the middle.
    """

    kind: str = param("football", doc="which ball", choices=tuple(_KINDS))
    color: str | tuple[float, float, float] = param(
        "", doc="a colour's name, or linear sRGB reflectances; empty = the usual one"
    )

    def __post_init__(self) -> None:
        if self.color:
            resolve("color", self.color, CLOTHES)

    def build(self) -> Model:
        """One sphere that turns about its middle."""
        radius, mass, rough = _KINDS[self.kind]
        soup = sphere(radius, 64, 32)
        soup = Soup(soup.vertices, soup.triangles, self._panels(soup))
        palette = Palette()
        mesh = MeshBuilder(palette).add(soup, *self._surfaces(rough), smooth_deg=60.0).mesh()
        skin = (Shape(kind="sphere", size=(radius, 0.0, 0.0)),)
        rolls = Joint(kind="wheel", axis=(0.0, 1.0, 0.0), radius_m=radius)
        links = (
            Link(name="body"),
            Link(name="skin", parent=0, position=(0.0, 0.0, radius), mesh=mesh, joint=rolls, shapes=skin),
        )
        return finished("ball", "ball", links, palette.surfaces, mass_kg=mass, attributes=(("kind", self.kind),))

    def _panels(self, soup: Soup) -> I8:
        """0 or 1 for every triangle: on which of two colours it lies."""
        middle = soup.vertices[soup.triangles].mean(1)
        unit = middle / np.sqrt((middle * middle).sum(-1, keepdims=True))
        if self.kind == "football":
            a, b = 1.0 / np.sqrt(1.0 + _GOLDEN**2), _GOLDEN / np.sqrt(1.0 + _GOLDEN**2)
            corners = [np.roll((0.0, i * a, k * b), turn) for i in (-1, 1) for k in (-1, 1) for turn in range(3)]
            return np.asarray((unit @ np.array(corners).T).max(1) > np.cos(np.radians(20.0)), np.int64)
        if self.kind == "basketball":
            near = np.minimum(np.abs(unit).min(1), np.abs(np.abs(unit[:, 0]) - 0.62))
            return np.asarray(near < 0.045, np.int64)
        if self.kind == "beach_ball":
            return np.asarray(np.floor(np.arctan2(unit[:, 1], unit[:, 0]) / (np.pi / 3.0)) % 2, np.int64)
        return np.asarray(np.abs(unit[:, 2]) < 0.12, np.int64)

    def _surfaces(self, rough: float) -> tuple[Surface, Surface]:
        usual = {"football": ("white", "black"), "basketball": ("orange", "black"), "play_ball": ("red", "white")}
        first, second = usual.get(self.kind, ("red", "white"))
        colors = (resolve("color", self.color or first, CLOTHES), resolve("color", second, CLOTHES))
        return tuple(  # type: ignore[return-value]
            Surface(class_name="ball", base_color=color, roughness=rough, clearcoat=0.3) for color in colors
        )
