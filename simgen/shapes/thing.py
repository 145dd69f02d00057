"""A thing in the making: its parts as they are seen, and beside each the convex pieces that bodies collide with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from simgen.records.base import F8
from simgen.records.mesh import Surface
from simgen.records.model import Model, Shape
from simgen.shapes.builder import MeshBuilder, corner_normals
from simgen.shapes.colors import Color
from simgen.shapes.finish import box_of, hull, rigid
from simgen.shapes.lattice import revolve
from simgen.shapes.soup import Soup, face_vectors

#: linear colours of common materials
STEEL: Color = (0.56, 0.56, 0.55)
CHROME: Color = (0.72, 0.73, 0.74)
BRASS: Color = (0.62, 0.45, 0.18)
BLACK: Color = (0.018, 0.018, 0.02)
WHITE: Color = (0.78, 0.78, 0.76)
KRAFT: Color = (0.42, 0.27, 0.14)
PINE: Color = (0.55, 0.38, 0.2)

#: bands of a wall that are shorter get no pieces of their own, m
_SHORTEST_BAND_M = 0.011


class Thing:
    """Gathers parts of one rigid thing of one class; every part is hit where it is seen, unless told otherwise."""

    def __init__(self, class_name: str) -> None:
        self.class_name = class_name
        self.builder = MeshBuilder()
        self.shapes: list[Shape] = []

    def matter(self, color: Color, roughness: float = 0.5, **more: Any) -> Surface:
        """A surface of this thing's class."""
        return Surface(class_name=self.class_name, base_color=color, roughness=roughness, **more)

    def metal(self, color: Color = STEEL, roughness: float = 0.3) -> Surface:
        """Bare metal."""
        return self.matter(color, roughness, metallic=1.0, lidar_reflectance=0.4)

    def glazed(self, color: Color) -> Surface:
        """Fired glaze, lacquer or polished plastic: a smooth, clear coat over a colour."""
        return self.matter(color, 0.5, clearcoat=1.0, clearcoat_roughness=0.05)

    def clear(self, color: Color = (0.02, 0.025, 0.025), transmission: float = 0.9) -> Surface:
        """Clear glass or plastic, as thin panes."""
        return self.matter(color, 0.03, transmission=transmission, heat="glass", lidar_reflectance=0.05)

    def add(
        self,
        soup: Soup,
        *surfaces: Surface,
        smooth_deg: float = 40.0,
        solid: Literal["hull", "box", "none"] = "hull",
    ) -> Thing:
        """A convex part (or one that may be hit as its hull or its box); ``none``: seen only."""
        self.builder.add(soup, *surfaces, smooth_deg=smooth_deg)
        if solid != "none":
            self.shapes.append(hull(soup.vertices) if solid == "hull" else box_of(soup.vertices))
        return self

    def pictured(self, soup: Soup, uv: F8, surface: Surface, *, smooth_deg: float = 40.0, solid: bool = True) -> Thing:
        """A convex part with a picture on it; ``uv`` (T, 3, 2) of the soup's own triangles."""
        kept = (face_vectors(soup) ** 2).sum(-1) > 4e-20
        clean = Soup(soup.vertices, soup.triangles[kept], soup.tags[kept])
        self.builder.add_corners(clean, corner_normals(clean, smooth_deg), surface, uv=uv[kept])
        if solid:
            self.shapes.append(hull(soup.vertices))
        return self

    def hollow(
        self, outer: ArrayLike, inner: ArrayLike, *surfaces: Surface, segments: int = 28, wedges: int = 8
    ) -> Thing:
        """An open vessel of revolution: profiles (R, 2) of (radius, height), both from the bottom up.

        The outside has tag 0, the inside the last surface's. Bodies meet a floor and ``wedges`` pieces of wall, each
        of one band between neighbouring points of the profiles, which must be as many.
        """
        out, into = np.asarray(outer, np.float64), np.asarray(inner, np.float64)
        profile = np.concatenate([[[0.0, out[0, 1]]], out, into[::-1], [[0.0, into[0, 1]]]])
        tags = np.zeros(len(profile) - 1, np.int64)
        tags[len(out) + 1 :] = len(surfaces) - 1
        self.builder.add(revolve(profile, segments, tags=tags), *surfaces)
        self.shapes += wall_hulls(out, into, wedges)
        return self

    def model(
        self,
        name: str,
        mass_kg: float,
        *,
        friction: float = 0.5,
        restitution: float = 0.1,
        rolling_m: float = 0.0004,
        **attributes: object,
    ) -> Model:
        """The finished model; what does not quite stand on z = 0 is put there."""
        low = -float(self.builder.soup.vertices[:, 2].min())
        return rigid(
            name,
            self.class_name,
            self.builder.shifted((0.0, 0.0, low)),
            [lifted(shape, low) for shape in self.shapes],
            mass_kg=mass_kg,
            friction=friction,
            restitution=restitution,
            rolling_m=rolling_m,
            attributes=tuple((key, str(value)) for key, value in attributes.items()),
        )


def lifted(shape: Shape, by: float) -> Shape:
    """The same shape, higher."""
    if shape.kind == "hull":
        return replace(shape, points=tuple((x, y, z + by) for x, y, z in shape.points))
    x, y, z = shape.center
    return replace(shape, center=(x, y, z + by))


def wall_hulls(outer: F8, inner: F8, wedges: int = 8) -> list[Shape]:
    """Convex pieces of a vessel of revolution: a floor as thick as it is, and its wall in wedges and bands."""
    angle = 2.0 * np.pi * np.arange(16) / 16
    rim = np.stack([np.cos(angle), np.sin(angle)], -1)
    low, high = outer[0], inner[0]
    radius = max(float(low[0]), float(np.interp(high[1], outer[:, 1], outer[:, 0])))
    disc = [np.concatenate([r * rim, np.full((16, 1), z)], 1) for r, z in ((low[0], low[1]), (radius, high[1]))]
    found = [hull(np.concatenate(disc))]
    first = 0
    for k in range(1, len(outer)):
        # a short band (a foot, a bead) goes with the next one
        if k == len(outer) - 1 or np.hypot(*(outer[k] - outer[first])) > _SHORTEST_BAND_M:
            found += [_wedge(outer[first : k + 1], inner[first : k + 1], w, wedges) for w in range(wedges)]
            first = k
    return found


def _wedge(outer: F8, inner: F8, index: int, wedges: int) -> Shape:
    turn = 2.0 * np.pi / wedges
    steps = turn * (index + np.array([0.0, 0.5, 1.0]))
    points = [[r * np.cos(a), r * np.sin(a), z] for r, z in outer for a in steps]
    points += [[r * np.cos(a), r * np.sin(a), z] for r, z in inner for a in steps[[0, 2]]]
    return hull(np.array(points))


def uv_round(soup: Soup, low: float, high: float, *, turn: float = 0.0) -> F8:
    """Texture coordinates (T, 3, 2) of something round about z: u around (0.75 looks to +x), v from low to high."""
    p = soup.vertices[soup.triangles]
    u = (np.arctan2(p[..., 1], p[..., 0]) / (2.0 * np.pi) + 0.75 + turn) % 1.0
    # triangles over the seam stay in one piece
    over = (u.max(1) - u.min(1)) > 0.5
    u[over] += u[over] < 0.5
    return np.stack([u, (p[..., 2] - low) / (high - low)], -1)


def uv_box(soup: Soup, tiles: Sequence[float] = (1.0, 1.0, 1.0)) -> F8:
    """Texture coordinates (T, 3, 2) of a box: a picture of three tiles side by side, of these relative widths.

    The tiles are for the faces across x, y and z; each reads upright from outside, top and bottom along x.
    """
    p = soup.vertices[soup.triangles]
    low, high = soup.vertices.min(0), soup.vertices.max(0)
    share = (p - low) / (high - low)
    normal = face_vectors(soup)
    axis = np.abs(normal).argmax(-1)
    side = np.take_along_axis(normal, axis[:, None], 1)[:, 0] > 0.0
    right = np.array([1, 0, 0])[axis]
    up = np.array([2, 2, 1])[axis]
    u = np.take_along_axis(share, right[:, None, None].repeat(3, 1), 2)[..., 0]
    v = np.take_along_axis(share, up[:, None, None].repeat(3, 1), 2)[..., 0]
    turned = np.where(axis == 1, side, ~side)
    u = np.where(turned[:, None], 1.0 - u, u)
    edges = np.concatenate([[0.0], np.cumsum(tiles)]) / np.sum(tiles)
    # half a texel or so away from the neighbour's picture
    width = edges[1:] - edges[:-1]
    u = edges[axis][:, None] + width[axis][:, None] * (0.004 + 0.992 * u)
    return np.stack([u, v], -1)


__all__ = [
    "BLACK", "BRASS", "CHROME", "KRAFT", "PINE", "STEEL", "WHITE",
    "Thing", "lifted", "uv_box", "uv_round", "wall_hulls",
]  # fmt: skip
