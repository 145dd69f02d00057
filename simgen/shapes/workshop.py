"""Where heavy vehicles are put together: parts with their surfaces and collision shapes, lenses, plates, axles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from simgen.records.lights import Lamp
from simgen.records.mesh import Surface
from simgen.records.model import Link, Model, Shape
from simgen.shapes.beacons import add_beacon, add_light_bar
from simgen.shapes.builder import MeshBuilder, Palette
from simgen.shapes.coachwork import Shell, shell_shapes, shell_soup
from simgen.shapes.colors import Color
from simgen.shapes.finish import finished, hull
from simgen.shapes.heavy_wheels import Axle, axle_links, tyre_surfaces
from simgen.shapes.lattice import tube
from simgen.shapes.plates import add_plate, plate_text
from simgen.shapes.primitives import box
from simgen.shapes.soup import Soup, join
from simgen.shapes.vehicle_lamps import BRAKE, LEFT, REVERSE, RIGHT, TAIL, Light, lens_surface, vehicle_lamps
from simgen.shapes.vehicles import body_surfaces, mirror_surface, paint

#: tags after those of a car's body: a second paint, bare metal, a third paint, glowing signs
SECOND, METAL, THIRD, LINING, SEAT, FLOOR = range(12, 18)

_STEEL: Final[Color] = (0.42, 0.43, 0.44)


def _matt(class_name: str, color: Color, roughness: float = 0.6, **more: Any) -> Surface:
    return Surface(class_name=class_name, base_color=color, roughness=roughness, heat="body", **more)


class Workshop:
    """One vehicle in the making. Everything goes into its first link; wheels get links of their own."""

    def __init__(self, class_name: str, color: Color, second: Color | None = None, third: Color | None = None) -> None:
        self.class_name = class_name
        self.palette = Palette()
        self.builder = MeshBuilder(self.palette)
        self.solid: list[Shape] = []
        self.lamps: list[Lamp] = []
        self.surfaces: tuple[Surface, ...] = (
            *body_surfaces(class_name, color),
            paint(class_name, second if second is not None else color),
            _matt(class_name, _STEEL, 0.35, metallic=0.8, lidar_reflectance=0.35),
            paint(class_name, third if third is not None else color),
            _matt(class_name, (0.5, 0.49, 0.47), 0.9, lidar_reflectance=0.5),
            _matt(class_name, (0.03, 0.05, 0.12), 0.95, lidar_reflectance=0.25),
            _matt(class_name, (0.09, 0.09, 0.095), 0.9, lidar_reflectance=0.15),
        )

    def add(self, soup: Soup, tag: int | Surface = 1, *, solid: bool = True, smooth_deg: float = 30.0) -> None:
        """A part of one surface, by tag or itself; a solid one collides as its hull."""
        surface = tag if isinstance(tag, Surface) else self.surfaces[tag]
        self.builder.add(soup.tagged(0), surface, smooth_deg=smooth_deg)
        if solid:
            self.solid.append(hull(soup.vertices))

    def each(self, soups: Sequence[Soup], tag: int | Surface = 1, *, smooth_deg: float = 30.0) -> None:
        """Convex parts, each of which collides as its own hull."""
        if soups:
            self.add(join(soups), tag, solid=False, smooth_deg=smooth_deg)
            self.solid += [hull(s.vertices) for s in soups]

    def shell(self, shell: Shell, smooth_deg: float = 32.0) -> Soup:
        """A body whose tags are this workshop's surfaces."""
        soup = shell_soup(shell)
        self.builder.add(soup, *self.surfaces, smooth_deg=smooth_deg)
        self.solid += shell_shapes(shell, soup)
        return soup

    def lens(self, light: Light, center: ArrayLike, size: ArrayLike) -> None:
        """A lamp's glass as a box that stands out."""
        self.add(box(size, 0.008).moved(center), lens_surface(self.class_name, light))

    def rear_lamps(self, x: float, outer: float, z: float, height: float = 0.13, width: float = 0.1) -> None:
        """From the outside in: indicator, tail, brake and reversing lamp, on both sides; faces look back from ``x``."""
        for side in (1.0, -1.0):
            row = (RIGHT if side < 0.0 else LEFT, TAIL, BRAKE, REVERSE)
            for k, light in enumerate(row):
                y = side * (outer - (k + 0.5) * (width + 0.008))
                self.lens(light, (x + 0.02, y, z), (0.04, width, height))

    def side_markers(self, xs: Sequence[float], y: float, z: float) -> None:
        """Amber reflectors along both sides (UN R48: no more than 3 m apart)."""
        amber = Surface(class_name=self.class_name, base_color=(0.55, 0.2, 0.01), roughness=0.15, retro=0.25)
        self.each([box((0.1, 0.02, 0.045)).moved((x, s * y, z)) for x in xs for s in (1.0, -1.0)], amber)

    def contour(self, boxes: Sequence[Soup], color: Color = (0.72, 0.6, 0.02)) -> None:
        """Strips of retro-reflective tape (UN R104)."""
        self.add(join(list(boxes)), Surface(class_name=self.class_name, base_color=color, roughness=0.5, retro=0.25),
                 solid=False)  # fmt: skip

    def plate(self, position: ArrayLike, variant: int, *, rear: bool = False, style: str = "eu") -> None:
        """A number plate that faces ahead or behind."""
        text = plate_text(variant, style)
        self.solid.append(add_plate(self.builder, self.class_name, text, style, position=position, rear=rear))

    def mirror(self, x: float, y: float, z: float, foot: ArrayLike, size: tuple[float, float, float]) -> None:
        """A mirror in its housing on an arm, on both sides; ``foot``: where the left arm meets the body."""
        for s in (1.0, -1.0):
            flip = np.array([1.0, s, 1.0])
            case = box(size, 0.03).moved((x, s * y, z))
            self.add(case)
            self.add(tube(np.array([np.asarray(foot), [x, y, z + 0.42 * size[2]]]) * flip, 0.022, 6))
            face = box((0.01, 0.8 * size[1], 0.86 * size[2])).moved((x - 0.5 * size[0], s * y, z))
            self.add(face, mirror_surface(self.class_name), solid=False)

    def beacon(self, position: ArrayLike, color: str = "amber", state: str = "beacon", radius: float = 0.08) -> None:
        """A flashing dome."""
        shape, lamp = add_beacon(
            self.builder, self.class_name, position=position, color=color, state=state, radius=radius, height=2 * radius
        )
        self.solid.append(shape)
        self.lamps.append(lamp)

    def light_bar(self, position: ArrayLike, width: float, color: str) -> None:
        """A light bar across."""
        shapes, lamps = add_light_bar(
            self.builder, self.class_name, position=position, width=width, colors=(color, color)
        )
        self.solid += shapes
        self.lamps += lamps

    def sheet(self, corners: ArrayLike, surface: Surface) -> None:
        """A picture on a flat sheet: corners low left, low right, high right, high left, seen from where it faces."""
        p = np.asarray(corners, np.float64)
        pick = np.array([[0, 1, 2], [0, 2, 3]])
        uv = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])[pick]
        soup = Soup.of(p, pick)
        a, b, c = p[0], p[1], p[3]
        normal = np.cross(b - a, c - a)
        normal = normal / np.sqrt((normal**2).sum())
        self.builder.add_corners(soup, np.broadcast_to(normal, (2, 3, 3)), surface, uv=uv)

    def model(
        self,
        name: str,
        axles: Sequence[Axle],
        *,
        rim: Color = (0.42, 0.42, 0.43),
        links: Sequence[Link] = (),
        **fields: Any,
    ) -> Model:
        """The finished vehicle; ``links``: further ones whose parent is the body."""
        lamps = (*vehicle_lamps(self.builder.soup, self.palette.surfaces), *self.lamps)
        made = [Link(name="body", mesh=self.builder.mesh(), shapes=tuple(self.solid)), *links]
        rubber = tyre_surfaces(self.class_name, rim)
        for axle in axles:
            made += axle_links(self.palette, rubber, axle, len(made))
        return finished(name, self.class_name, made, self.palette.surfaces, lamps=lamps, **fields)


__all__ = ["FLOOR", "LINING", "METAL", "SEAT", "SECOND", "THIRD", "Workshop"]
