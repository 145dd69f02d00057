"""Pictures on the sides of lorries, buses and trailers: invented firms, bands of colour, lettering, display text."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from simgen.records.base import F8
from simgen.records.mesh import Surface
from simgen.records.picture import Skin
from simgen.rng import stream
from simgen.shapes.colors import Color
from simgen.shapes.lettering import coverage, inked, picture

#: none of them is a firm that we know of
FIRMS: Final = (
    "NORDVALE", "TRANSOLA", "KIRBEX", "MAROVIA", "FRIGOLUX", "ALTHEIM", "BRAVENT", "CARGONIS", "ELMSTAD", "POLARIX",
    "VIATORA", "HALDEN & CO", "OKTOVIA", "SUNDERAL", "TERRAMOS", "ZEPHIRA",
)  # fmt: skip
PLACES: Final = (
    "CENTRAL STATION",
    "AIRPORT",
    "CITY HALL",
    "HARBOUR",
    "OLD TOWN",
    "UNIVERSITY",
    "STADIUM",
    "NORTH PARK",
)
#: ground, and two colours on it
SCHEMES: Final[tuple[tuple[Color, Color, Color], ...]] = (
    ((0.75, 0.75, 0.74), (0.02, 0.07, 0.3), (0.55, 0.02, 0.02)),
    ((0.03, 0.09, 0.33), (0.78, 0.78, 0.77), (0.75, 0.5, 0.02)),
    ((0.7, 0.42, 0.02), (0.03, 0.03, 0.035), (0.76, 0.76, 0.75)),
    ((0.45, 0.03, 0.03), (0.78, 0.78, 0.77), (0.74, 0.5, 0.03)),
    ((0.03, 0.2, 0.09), (0.78, 0.78, 0.76), (0.72, 0.62, 0.05)),
    ((0.74, 0.74, 0.73), (0.03, 0.28, 0.1), (0.04, 0.05, 0.06)),
    ((0.12, 0.13, 0.15), (0.72, 0.3, 0.02), (0.75, 0.75, 0.75)),
    ((0.72, 0.73, 0.74), (0.5, 0.2, 0.01), (0.02, 0.03, 0.05)),
)


def scheme_of(variant: int) -> tuple[Color, Color, Color]:
    """The colours of a firm."""
    return SCHEMES[int(stream(variant, "livery", "scheme").integers(0, len(SCHEMES)))]


@lru_cache(maxsize=128)
def side_picture(class_name: str, variant: int, roughness: float = 0.45) -> Surface:
    """A firm's long side: 4 to 1."""
    ground, first, second = scheme_of(variant)
    rng = stream(variant, "livery", "side")
    height, width = 128, 512
    x, y = np.meshgrid((np.arange(width) + 0.5) / height, 1.0 - (np.arange(height) + 0.5) / height)
    light = np.broadcast_to(np.array(ground), (height, width, 3)).copy()
    kind = int(rng.integers(0, 5))
    if kind == 0:
        light[y < 0.24] = first
        light[(y > 0.26) & (y < 0.3)] = second
    elif kind == 1:
        light[x + 0.6 * y < 1.1] = first
        light[(x + 0.6 * y > 1.16) & (x + 0.6 * y < 1.26)] = second
    elif kind == 2:
        wave = 0.22 + 0.16 * np.sin(1.7 * x)
        light[y < wave] = first
        light[(y > wave + 0.03) & (y < wave + 0.09)] = second
    elif kind == 3:
        light[(x - 0.62) ** 2 + (y - 0.5) ** 2 < 0.115] = first
        light[(x - 0.62) ** 2 + (y - 0.56) ** 2 < 0.03] = second
    else:
        light[(x > 3.1) & (y + 0.5 * x > 2.0)] = first
    firm = FIRMS[int(rng.integers(0, len(FIRMS)))]
    ink = second if kind in (0, 2) else first
    left, right = (150, 490) if kind in (1, 3) else (30, 400)
    light[24:84, left:right] = inked(coverage(firm, right - left, 60, 0.06, 1.5), ink, light[24:84, left:right])
    return painted(class_name, f"side {variant}", light, roughness)


@lru_cache(maxsize=128)
def lettered(class_name: str, words: str, ground: Color, ink: Color, aspect: int = 4, glow: float = 0.0) -> Surface:
    """Text on a sheet ``aspect`` (a power of two) times as wide as high; with ``glow`` (cd/m2) the ink shines."""
    cover = coverage(words, 64 * aspect, 64, 0.14, 1.5)
    light = inked(cover, ink, ground)
    surface = painted(class_name, f"text {words}", light, 0.4)
    if glow <= 0.0:
        return surface
    shine = picture(f"glow {words}", inked(cover, ink, (0.0, 0.0, 0.0)))
    skin = Skin(color=surface.skin.color if surface.skin else None, glow=shine)
    return Surface(
        class_name=class_name,
        base_color=surface.base_color,
        roughness=0.3,
        emission=(glow,) * 3,
        skin=skin,
        heat="body",
    )


@lru_cache(maxsize=16)
def chevrons(class_name: str, first: Color = (0.5, 0.02, 0.02), second: Color = (0.7, 0.6, 0.03)) -> Surface:
    """Slanted stripes that meet in the middle, retro-reflective: the rear of service vehicles."""
    x, y = np.meshgrid(np.abs(np.linspace(-1.0, 1.0, 128)), np.linspace(1.0, 0.0, 64))
    band = ((x + y * 0.6) * 4.0) % 1.0 < 0.5
    light = np.where(band[..., None], np.array(first), np.array(second))
    return painted(class_name, "chevrons", light, 0.5, retro=0.25)


def painted(class_name: str, name: str, light: F8, roughness: float, retro: float = 0.0) -> Surface:
    """A surface that carries a picture in linear light; its colour is the picture's mean."""
    r, g, b = (float(round(c, 5)) for c in light.mean((0, 1)))
    return Surface(
        class_name=class_name,
        base_color=(r, g, b),
        roughness=roughness,
        retro=retro,
        heat="body",
        skin=Skin(color=picture(name, light)),
    )


__all__ = ["FIRMS", "PLACES", "chevrons", "lettered", "painted", "scheme_of", "side_picture"]
