"""Number plates with characters: a thin sheet that carries a picture.

Sizes: 520 x 110 mm in Germany (FZV, annex 4) and most of Europe, 520 x 111 mm in the United Kingdom (BS AU 145e; white
ahead, yellow behind), 12 x 6 inches in the United States (SAE J686).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from simgen.geometry import quat_from_axis_angle, quat_multiply, quat_rotate
from simgen.records.base import F8
from simgen.records.mesh import Surface
from simgen.records.model import Shape
from simgen.records.picture import Skin
from simgen.rng import Stream, stream
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.colors import Color
from simgen.shapes.finish import hull
from simgen.shapes.lettering import coverage, inked, picture
from simgen.shapes.primitives import box
from simgen.shapes.soup import Soup

#: width and height, m
SIZES: Final = {"eu": (0.52, 0.11), "uk": (0.52, 0.111), "us": (0.305, 0.152)}
STYLES: Final = tuple(SIZES)
#: no I, O or Q: read as 1 and 0
_LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"
_BAND: Final[Color] = (0.01, 0.045, 0.32)
_INK: Final[Color] = (0.02, 0.02, 0.022)
_US_INK: Final[Color] = (0.03, 0.05, 0.2)
_GROUNDS: Final[dict[str, Color]] = {"eu": (0.72, 0.72, 0.7), "uk": (0.72, 0.72, 0.7), "us": (0.66, 0.68, 0.7)}
_YELLOW: Final[Color] = (0.72, 0.48, 0.03)


def plate_text(variant: int, style: str = "eu") -> str:
    """A plausible registration of a style; other variants, other texts."""
    rng = stream(variant, "plate", style)
    if style == "uk":
        return f"{_some(rng, 2)}{int(rng.integers(2, 75)):02d} {_some(rng, 3)}"
    if style == "us":
        return f"{_some(rng, 3)} {int(rng.integers(0, 10000)):04d}"
    city = _some(rng, int(rng.integers(1, 4)))
    return f"{city}-{_some(rng, int(rng.integers(1, 3)))} {int(rng.integers(10, 10000))}"


def _some(rng: Stream, count: int) -> str:
    return "".join(_LETTERS[int(k)] for k in rng.integers(0, len(_LETTERS), count))


@lru_cache(maxsize=512)
def plate_surface_of(class_name: str, text: str, style: str = "eu", rear: bool = False) -> Surface:
    """The retro-reflective face of a plate with its text as a picture; its colour is the picture's mean."""
    ground = _YELLOW if style == "uk" and rear else _GROUNDS[style]
    light = _face(text, style, ground)
    r, g, b = (float(round(c, 5)) for c in light.mean((0, 1)))
    skin = Skin(color=picture(f"plate {text}", light))
    return Surface(
        class_name=class_name,
        base_color=(r, g, b),
        roughness=0.5,
        retro=0.3,
        heat="body",
        lidar_reflectance=0.6,
        skin=skin,
    )


def _face(text: str, style: str, ground: Color) -> F8:
    width, height = (128, 64) if style == "us" else (256, 64)
    light = np.broadcast_to(np.array(ground), (height, width, 3)).copy()
    band = 0 if style != "eu" else round(0.085 * width)
    light[:, :band] = _BAND
    if style == "us":
        light[:10], light[-8:] = 0.5 * np.array(_BAND) + 0.25, np.array(ground)
    ink = _US_INK if style == "us" else _INK
    cover = np.zeros((height, width))
    cover[:, band:] = coverage(text, width - band, height, 0.24 if style == "us" else 0.17, 1.6)
    light = inked(cover, ink, light)
    # a black rim
    light[[0, -1]], light[:, [0, -1]] = np.array(_INK), np.array(_INK)
    return light


def add_plate(
    builder: MeshBuilder,
    class_name: str,
    text: str,
    style: str,
    *,
    position: ArrayLike,
    rear: bool = False,
    lean_rad: float = 0.0,
) -> Shape:
    """A plate whose outer face's middle is at ``position``, facing ahead or behind; its collision shape.

    ``lean_rad``: how far its face looks up.
    """
    width, height = SIZES[style]
    turn = quat_from_axis_angle([0.0, 1.0, 0.0], -lean_rad)
    if rear:
        turn = quat_multiply(quat_from_axis_angle([0.0, 0.0, 1.0], np.pi), turn)
    sheet = box((0.008, width, height)).moved((-0.0045, 0.0, 0.0)).moved(position, turn)
    back = Surface(class_name=class_name, base_color=(0.03, 0.03, 0.03), roughness=0.6, heat="body")
    builder.add(sheet, back, smooth_deg=20.0)
    corner = np.array([[0.0, y * 0.5 * width, z * 0.5 * height] for y, z in ((-1, -1), (1, -1), (1, 1), (-1, 1))])
    # seen from ahead +y is to the right: u rises with y
    uv = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    pick = np.array([[0, 1, 2], [0, 2, 3]])
    placed = Soup.of(corner, pick).moved(position, turn)
    normal = np.broadcast_to(quat_rotate(turn, np.array([1.0, 0.0, 0.0])), (2, 3, 3))
    builder.add_corners(placed, normal, plate_surface_of(class_name, text, style, rear and style == "uk"), uv=uv[pick])
    return hull(sheet.vertices)


__all__ = ["SIZES", "STYLES", "add_plate", "plate_surface_of", "plate_text"]
