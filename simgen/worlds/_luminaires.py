"""Lamps of worlds: flat panels that shine, and how much light they bring to a surface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from simgen.colorimetry import LUMINANCE, Color, scaled
from simgen.records.base import F8
from simgen.records.lights import Lamp
from simgen.records.mesh import Surface
from simgen.worlds._ground import Ground

#: how far below its panel a lamp stands, m
_BELOW_M = 0.02
#: thickness of a panel's case, m
_CASE_M = 0.08


def panel(center: tuple[float, float, float], half: tuple[float, float], color: Color, candela: float) -> Lamp:
    """A level panel that shines down: its centre, half edges along x and y, and the intensity straight down."""
    return Lamp(
        position=(center[0], center[1], center[2] - _BELOW_M),
        axis=(0.0, 0.0, -1.0),
        up=(1.0, 0.0, 0.0),
        intensity=scaled(color, candela),
        beam="area",
        half_u=(half[0], 0.0, 0.0),
        half_v=(0.0, half[1], 0.0),
    )


def opening(
    center: tuple[float, float, float],
    inward: tuple[float, float, float],
    half_u: tuple[float, float, float],
    half_v: tuple[float, float, float],
    area_m2: float,
) -> Lamp:
    """What lets daylight in, as a lamp of luminance 1 that looks inwards."""
    return Lamp(
        position=center,
        axis=inward,
        intensity=(area_m2, area_m2, area_m2),
        beam="area",
        half_u=half_u,
        half_v=half_v,
    )


def add_panels(ground: Ground, lamps: Sequence[Lamp], case: Surface) -> None:
    """The cases of panels, with faces that have the lamps' luminance."""
    for lamp in lamps:
        x, y, z = lamp.position[0], lamp.position[1], lamp.position[2] + _BELOW_M
        u, v = lamp.half_u[0], lamp.half_v[1]
        shine = scaled(lamp.intensity, 0.25 / (u * v))
        face = replace(case, base_color=(0.7, 0.7, 0.7), roughness=0.5, emission=shine, has_lamp=True)
        ground.box((x, y, z + 0.5 * _CASE_M + 0.002), (2.0 * u + 0.04, 2.0 * v + 0.04, _CASE_M), case, bottom=True)
        down = np.array([[[x - u, y - v, z], [x - u, y + v, z], [x + u, y + v, z], [x + u, y - v, z]]])
        ground.quads(down, face)


def level_illuminance(lamps: Sequence[Lamp], points: F8) -> F8:
    """Direct illuminance on level ground at points (N, 3), lx, every lamp taken as a small matt source."""
    total = np.zeros(len(points))
    for lamp in lamps:
        apart = np.array(lamp.position) - points
        distance2 = (apart * apart).sum(-1)
        level = sum(c * w for c, w in zip(lamp.intensity, LUMINANCE, strict=True))
        total += level * np.maximum(apart[:, 2], 0.0) ** 2 / distance2**2
    return total


def brought_to(lamps: Sequence[Lamp], points: F8, lux: float) -> tuple[Lamp, ...]:
    """The lamps, dimmed or brightened alike so that the points get so much light on average."""
    mean = float(level_illuminance(lamps, points).mean())
    return tuple(replace(lamp, intensity=scaled(lamp.intensity, lux / mean)) for lamp in lamps)
