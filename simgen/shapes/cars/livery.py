"""What tells taxis, police cars and ambulances from other cars: bands, blocks, lettering, roof signs, light bars."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from simgen.records.base import F8
from simgen.records.lights import Lamp
from simgen.records.mesh import Surface
from simgen.records.model import Shape
from simgen.records.picture import Skin
from simgen.shapes.beacons import add_light_bar
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.cars.lines import CarLines
from simgen.shapes.cars.tags import PAINT, SECOND, THIRD
from simgen.shapes.colors import Color
from simgen.shapes.finish import hull
from simgen.shapes.lettering import coverage, inked, picture
from simgen.shapes.primitives import box
from simgen.shapes.sheet import Field, Sheet, farthest, marked
from simgen.shapes.soup import Soup

_WHITE: Final[Color] = (0.78, 0.78, 0.77)
_BLACK: Final[Color] = (0.015, 0.015, 0.016)


def _between(low: float, high: float, axis: int) -> list[Field]:
    return [lambda p: np.asarray(p[..., axis] - low), lambda p: np.asarray(high - p[..., axis])]


def _beside(lines: CarLines) -> Field:
    return lambda p: np.asarray(p[..., 1] - 0.55 * lines.half)


def colored(wall: Sheet, house: Sheet, lines: CarLines, livery: str) -> tuple[Sheet, Sheet]:
    """The left half with its livery's bands and blocks."""
    front, rear = lines.front_x - 0.75, lines.rear_x + 0.3
    belt, sill = lines.belt, lines.sill
    tall = belt - sill
    if livery in ("police_uk", "ambulance_uk"):
        return _blocks(wall, lines, (rear, front)), house
    if livery == "police_us":
        doors = _between(lines.at(lines.doors[2]), lines.at(lines.doors[0]), 0)
        return marked(wall, [*doors, _beside(lines)], tag=SECOND, of=[PAINT]), house
    if livery in ("police_german", "ambulance_german", "ambulance_us"):
        low, high = (0.44, 0.74) if livery != "ambulance_us" else (0.56, 0.78)
        band = _between(sill + low * tall, sill + high * tall, 2)
        wall = marked(wall, [*band, *_between(rear - 0.2, front + 0.35, 0), _beside(lines)], tag=SECOND, of=[PAINT])
    if livery.startswith("ambulance"):
        top = lines.roof_edge
        band = _between(top - 0.3, top - 0.2, 2)
        house = marked(house, [*band, _beside(lines)], tag=SECOND, of=[PAINT])
    return wall, house


def _blocks(wall: Sheet, lines: CarLines, span: tuple[float, float]) -> Sheet:
    """Two rows of blocks that alternate (Battenburg markings: at least 300 mm high, twice as long)."""
    tall = lines.belt - lines.sill
    rows = (lines.sill + 0.2 * tall, lines.sill + 0.56 * tall, lines.sill + 0.92 * tall)
    count = max(round((span[1] - span[0]) / 0.6), 3)
    edges = np.linspace(*span, count + 1)
    # all in one colour first, then every other block
    wall = marked(wall, [*_between(rows[0], rows[2], 2), *_between(*span, 0), _beside(lines)], tag=THIRD, of=[PAINT])
    for k in range(count):
        row = k % 2
        cell = [*_between(rows[row], rows[row + 1], 2), *_between(float(edges[k]), float(edges[k + 1]), 0)]
        wall = marked(wall, [*cell, _beside(lines)], tag=SECOND, of=[THIRD])
    return wall


@lru_cache(maxsize=64)
def lettered(class_name: str, words: str, ink: Color, ground: Color, retro: float = 0.1, glow: float = 0.0) -> Surface:
    """A sheet with a line of letters."""
    light = inked(coverage(words, 256, 64, 0.1, 1.5), ink, ground)
    r, g, b = (float(round(c, 5)) for c in light.mean((0, 1)))
    shine = picture(f"{words} lit", light / light.max()) if glow else None
    return Surface(
        class_name=class_name,
        base_color=(r, g, b),
        roughness=0.4,
        retro=retro,
        heat="body",
        lidar_reflectance=0.5,
        emission=(glow, glow, 0.9 * glow),
        lamp="low_beam" if glow else "",
        skin=Skin(color=picture(words, light), glow=shine),
    )


def add_words(builder: MeshBuilder, corner: F8, surface: Surface) -> None:
    """A quad with letters: its corners from the lower left, counter-clockwise as read."""
    pick = np.array([[0, 1, 2], [0, 2, 3]])
    normal = np.cross(corner[1] - corner[0], corner[3] - corner[0])
    normal = normal / np.sqrt((normal**2).sum())
    uv = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    builder.add_corners(Soup.of(corner, pick), np.broadcast_to(normal, (2, 3, 3)).copy(), surface, uv=uv[pick])


def _side_words(
    builder: MeshBuilder, left: Sheet, surface: Surface, x: tuple[float, float], z: tuple[float, float]
) -> None:
    """The same words on both sides, just outside the skin."""
    ys = [farthest(left, 1, 1.0, (a, b)) for a in (*x, 0.5 * sum(x)) for b in (*z, 0.5 * sum(z))]
    y = max(v for v in ys if v is not None) + 0.005
    # from outside, the nose is to the left of the left side and to the right of the right one
    for side in (1.0, -1.0):
        a, b = (x[1], x[0]) if side > 0.0 else x
        add_words(
            builder,
            np.array([[a, side * y, z[0]], [b, side * y, z[0]], [b, side * y, z[1]], [a, side * y, z[1]]]),
            surface,
        )


def lettering(
    builder: MeshBuilder, left: Sheet, lines: CarLines, class_name: str, livery: str, second: Color, paint: Color
) -> None:
    """The words of a livery on the sides."""
    tall = lines.belt - lines.sill
    if livery == "police_german":
        z = (lines.sill + 0.47 * tall, lines.sill + 0.71 * tall)
        middle = lines.at(0.5 * (lines.doors[0] + lines.doors[1]))
        _side_words(builder, left, lettered(class_name, "POLIZEI", _WHITE, second), (middle - 0.45, middle + 0.42), z)
    if livery == "police_us":
        middle, z = lines.at(lines.doors[1]), (lines.sill + 0.5 * tall, lines.sill + 0.74 * tall)
        _side_words(builder, left, lettered(class_name, "POLICE", _BLACK, second), (middle + 0.08, middle + 0.98), z)
    if livery == "taxi_us":
        middle, z = lines.at(lines.doors[1]), (lines.sill + 0.46 * tall, lines.sill + 0.66 * tall)
        _side_words(builder, left, lettered(class_name, "TAXI", _BLACK, paint), (middle + 0.2, middle + 0.8), z)
    if livery.startswith("ambulance"):
        z = (lines.belt + 0.16, lines.belt + 0.48)
        x = (lines.rear_x + 0.6, lines.rear_x + 2.2)
        _side_words(builder, left, lettered(class_name, "AMBULANCE", second, paint), x, z)


def roof_sign(builder: MeshBuilder, lines: CarLines, class_name: str, kind: str) -> tuple[list[Shape], list[Lamp]]:
    """A taxi's sign or a light bar on the roof."""
    x = 0.5 * lines.glass_x[1] + 0.5 * lines.glass_x[2] + 0.15
    if kind == "taxi":
        z = lines.height - 0.012
        case = box((0.13, 0.42, 0.13), 0.02).moved((x, 0.0, z + 0.065))
        dark = Surface(class_name=class_name, base_color=(0.62, 0.5, 0.12), roughness=0.4, heat="body")
        builder.add(case, dark)
        sign = lettered(class_name, "TAXI", _BLACK, (0.78, 0.6, 0.08), 0.0, 260.0)
        for side in (1.0, -1.0):
            face = np.array(
                [[x + side * 0.0665, s * side * 0.18, z + h] for s, h in ((-1, 0.02), (1, 0.02), (1, 0.11), (-1, 0.11))]
            )
            add_words(builder, face, sign)
        return [hull(case.vertices)], []
    van = lines.height > 2.2
    x = lines.glass_x[1] - 0.35 if van else x
    colors = ("red", "blue") if kind == "bar_red" else ("blue", "blue")
    z = lines.height - (0.02 if van else 0.012)
    return add_light_bar(
        builder,
        class_name,
        position=(x, 0.0, z),
        width=min(1.2, 1.5 * lines.half * lines.glass_width[1]),
        colors=colors,
    )


__all__ = ["add_words", "colored", "lettered", "lettering", "roof_sign"]
