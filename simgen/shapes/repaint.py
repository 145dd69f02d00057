"""Domain randomisation of surfaces and lamps (Tobin et al. 2017): drawn by thing, from sensible to absurd.

Surfaces of one colour in one thing are painted alike: a car's doors keep the colour of its roof.
"""

from __future__ import annotations

import colorsys
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from simgen.records.appearance import LEVELS, Appearance
from simgen.records.lights import Lamp
from simgen.records.mesh import Surface
from simgen.rng import Stream, stream

Color = tuple[float, float, float]

#: by level (off, sensible, wide, absurd): half the range of hues, and factors on saturation and brightness up or down
_HUE: Final = (0.0, 0.03, 0.15, 0.5)
_SATURATION: Final = (1.0, 1.25, 2.0, 4.0)
_BRIGHTNESS: Final = (1.0, 1.3, 2.2, 4.0)
#: half the range of roughness, factor on the lidar's reflectance, chances of bare metal and of a coat
_ROUGHNESS: Final = (0.0, 0.08, 0.35, 1.0)
_REFLECTANCE: Final = (1.0, 1.2, 2.0, 5.0)
_METAL: Final = (0.0, 0.0, 0.1, 0.35)
_COAT: Final = (0.0, 0.0, 0.15, 0.35)
#: factor on the size of textures, and chance of another texture
_CELL: Final = (1.0, 1.25, 2.0, 6.0)
_OTHER: Final = (0.0, 0.0, 0.4, 1.0)
#: the most dirt
_DIRT: Final = (0.0, 0.2, 0.5, 1.0)
#: factor on brightness of lamps, and half the range of their colour's channels
_POWER: Final = (1.0, 1.25, 2.0, 6.0)
_TINT: Final = (0.0, 0.05, 0.25, 0.8)
#: textures that any solid may have, and the size of their cells by default, m
_TEXTURES: Final = (
    ("plain", 1.0),
    ("concrete", 0.5),
    ("brick", 1.0),
    ("wood", 1.0),
    ("paint", 2.0),
    ("fabric", 0.01),
    ("gravel", 1.0),
    ("tiles", 1.0),
    ("grass", 1.0),
    ("snow", 1.0),
    ("asphalt", 1.0),
)
_SOIL: Final = (0.16, 0.13, 0.095)


def level_of(word: str) -> int:
    """0 (off) to 3 (absurd)."""
    return LEVELS.index(word)


def repainted(surfaces: Sequence[Surface], look: Appearance, seed: int, name: str) -> tuple[Surface, ...]:
    """The surfaces of a thing as they look in a sequence of that seed; ``name`` is the thing's."""
    worn = float(stream(seed, "wear", name).random()) * _DIRT[level_of(look.wear)]
    return tuple(_one(s, look, seed, name, worn) for s in surfaces)


def _one(surface: Surface, look: Appearance, seed: int, name: str, worn: float) -> Surface:
    if surface.lamp or any(e > 0.0 for e in surface.emission):
        return surface
    key = ",".join(f"{c:.4f}" for c in surface.base_color)
    changed = _recolored(surface, level_of(look.colors), stream(seed, "colors", name, key))
    solid = surface.transmission <= 0.0
    if solid:
        changed = _remade(changed, level_of(look.materials), stream(seed, "materials", name, key))
        changed = _retextured(changed, level_of(look.textures), stream(seed, "textures", name, key))
    return _soiled(changed, worn) if worn > 0.0 else changed


def _recolored(surface: Surface, level: int, rng: Stream) -> Surface:
    if level == 0:
        return surface
    color = _random_color(rng) if level == 3 else _shifted(surface.base_color, level, rng)
    skin = surface.skin
    if skin is not None:
        # pictures keep their drawing: their factors change as the mean does
        old = np.maximum(np.array(surface.base_color), 0.02)
        r, g, b = (float(c) for c in np.clip(np.array(skin.tint) * np.array(color) / old, 0.0, 4.0))
        skin = replace(skin, tint=(r, g, b))
    factor = sum(color[:2]) / max(sum(surface.base_color[:2]), 0.02)
    lidar = surface.lidar_reflectance
    near = None if lidar is None else float(np.clip(lidar * np.clip(factor, 0.7, 1.4), 0.01, 0.95))
    return replace(surface, base_color=color, skin=skin, lidar_reflectance=near)


def _shifted(color: Color, level: int, rng: Stream) -> Color:
    h, s, v = colorsys.rgb_to_hsv(*color)
    h = (h + _HUE[level] * float(rng.uniform(-1.0, 1.0))) % 1.0
    s = min(s * _spread(_SATURATION[level], rng), 0.98)
    v = min(v * _spread(_BRIGHTNESS[level], rng), 0.9)
    r, g, b = colorsys.hsv_to_rgb(h, s, v)
    return (r, g, b)


def _random_color(rng: Stream) -> Color:
    r, g, b = colorsys.hsv_to_rgb(float(rng.random()), float(rng.random()) ** 0.5, float(rng.uniform(0.02, 0.9)))
    return (r, g, b)


def _spread(factor: float, rng: Stream) -> float:
    """Between 1 / factor and factor, by logarithm."""
    return float(factor ** rng.uniform(-1.0, 1.0))


def _remade(surface: Surface, level: int, rng: Stream) -> Surface:
    if level == 0:
        return surface
    shift, bare, coat = float(rng.uniform(-1.0, 1.0)), float(rng.random()), float(rng.random())
    lidar = surface.lidar_reflectance
    known = 0.5 * sum(surface.base_color[:2]) if lidar is None else lidar
    return replace(
        surface,
        roughness=float(np.clip(surface.roughness + _ROUGHNESS[level] * shift, 0.04, 1.0)),
        metallic=float(rng.uniform(0.6, 1.0)) if bare < _METAL[level] else surface.metallic,
        clearcoat=1.0 if coat < _COAT[level] else surface.clearcoat,
        lidar_reflectance=float(np.clip(known * _spread(_REFLECTANCE[level], rng), 0.01, 0.95)),
    )


def _retextured(surface: Surface, level: int, rng: Stream) -> Surface:
    if level == 0 or surface.skin is not None:
        return surface
    other, index, cell = float(rng.random()), int(rng.integers(len(_TEXTURES))), _spread(_CELL[level], rng)
    texture, scale = surface.texture, surface.texture_scale_m
    if other < _OTHER[level]:
        texture, scale = _TEXTURES[index]
    return replace(surface, texture=texture, texture_scale_m=scale * cell)


def _soiled(surface: Surface, worn: float) -> Surface:
    r, g, b = (float(c + 0.75 * worn * (d - c)) for c, d in zip(surface.base_color, _SOIL, strict=True))
    skin = surface.skin
    if skin is not None:
        tr, tg, tb = (float(t * (1.0 - 0.5 * worn)) for t in skin.tint)
        skin = replace(skin, tint=(tr, tg, tb))
    return replace(
        surface,
        base_color=(r, g, b),
        skin=skin,
        roughness=surface.roughness + worn * (0.9 - surface.roughness) if surface.transmission <= 0.0 else 0.02,
        clearcoat=surface.clearcoat * (1.0 - worn),
        retro=surface.retro * (1.0 - 0.7 * worn),
        transmission=surface.transmission * (1.0 - 0.4 * worn),
    )


def gains(look: Appearance, seed: int, name: str) -> Color:
    """Factors on the light of a lamp, or of sun and sky, linear RGB: of mean luminance about that of before."""
    level = level_of(look.lights)
    if level == 0:
        return (1.0, 1.0, 1.0)
    rng = stream(seed, "lights", name)
    power = _spread(_POWER[level], rng)
    r, g, b = (power * max(1.0 + _TINT[level] * float(rng.uniform(-1.0, 1.0)), 0.05) for _ in range(3))
    return (r, g, b)


def relamped(lamps: Sequence[Lamp], look: Appearance, seed: int, name: str) -> tuple[Lamp, ...]:
    """The lamps of a thing as they shine in a sequence of that seed."""
    if look.lights == "off":
        return tuple(lamps)
    r, g, b = gains(look, seed, name)
    return tuple(replace(p, intensity=(p.intensity[0] * r, p.intensity[1] * g, p.intensity[2] * b)) for p in lamps)
