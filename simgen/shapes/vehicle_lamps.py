"""What shines in a vehicle: the surfaces of its lamps and the light that they send out.

Luminous intensities lie within the limits of UN R112 (dipped and main beam, class B), R7 (tail 4-17 cd, brake
60-260 cd), R6 (indicators 175-1000 cd ahead, 50-500 cd behind) and R23 (reversing 80-600 cd).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from simgen.colorimetry import Color, planckian, scaled, tint
from simgen.records.base import F8
from simgen.records.lights import Lamp
from simgen.records.mesh import Surface
from simgen.shapes.finish import vector3
from simgen.shapes.soup import Soup, face_vectors

_HEAD_COLOR: Final = planckian(4600.0)
_RED: Final = tint(0.685, 0.312)
_AMBER: Final = tint(0.58, 0.415)
_WHITE: Final = planckian(4000.0)
#: signals shine ahead or behind, not on the road: half is left 12 degrees from the axis (R6, R7: 20 % at 10)
_SIGNAL_CONE_DEG: Final = (12.0, 24.0)
#: how far before the skin a lamp stands, so that its own lens does not shade it, m
_BEFORE_M: Final = 0.03


@dataclass(frozen=True, kw_only=True)
class Light:
    """A kind of lamp: what switches it on, how it spreads its light, and how bright its lens then looks."""

    state: str
    beam: str
    color: Color
    candela: float
    #: luminance of the lens, cd/m2
    luminance: float
    lens: Color
    roughness: float = 0.12
    retro: float = 0.0


#: dipped beam: 16.9 kcd at its brightest; the lens shows what glare is left over in other directions
LOW_BEAM: Final = Light(
    state="low_beam",
    beam="low_beam",
    color=_HEAD_COLOR,
    candela=17_000.0,
    luminance=60_000.0,
    lens=(0.5, 0.52, 0.55),
    roughness=0.08,
)
HIGH_BEAM: Final = Light(
    state="high_beam", beam="high_beam", color=_HEAD_COLOR, candela=50_000.0, luminance=0.0, lens=LOW_BEAM.lens
)
TAIL: Final = Light(
    state="tail", beam="spot", color=_RED, candela=8.0, luminance=500.0, lens=(0.62, 0.02, 0.02), retro=0.15
)
BRAKE: Final = Light(state="brake", beam="spot", color=_RED, candela=110.0, luminance=6_000.0, lens=(0.6, 0.018, 0.018))
LEFT: Final = Light(state="left", beam="spot", color=_AMBER, candela=250.0, luminance=14_000.0, lens=(0.55, 0.22, 0.02))
RIGHT: Final = Light(
    state="right", beam="spot", color=_AMBER, candela=250.0, luminance=14_000.0, lens=(0.55, 0.22, 0.02)
)
REVERSE: Final = Light(
    state="reverse", beam="lambert", color=_WHITE, candela=200.0, luminance=10_000.0, lens=(0.6, 0.6, 0.58)
)
#: clear lenses: what is seen of them while they are dark is their silvered inside
CLEAR_LEFT: Final = replace(LEFT, lens=(0.42, 0.4, 0.37))
CLEAR_RIGHT: Final = replace(RIGHT, lens=CLEAR_LEFT.lens)
#: UN R87: 400-1200 cd, from a strip of some 40 cm2
DRL: Final = Light(
    state="drl", beam="spot", color=_HEAD_COLOR, candela=600.0, luminance=40_000.0, lens=(0.72, 0.74, 0.76)
)


def lens_surface(class_name: str, light: Light) -> Surface:
    """The lens of a lamp, dark until its state lights it."""
    return Surface(
        class_name=class_name,
        base_color=light.lens,
        roughness=light.roughness,
        clearcoat=1.0,
        emission=scaled(light.color, light.luminance),
        has_lamp=True,
        lamp=light.state,
        heat="body",
        retro=light.retro,
        lidar_reflectance=0.4 if light in (LOW_BEAM, REVERSE) else None,
    )


def vehicle_lamps(soup: Soup, surfaces: Sequence[Surface]) -> tuple[Lamp, ...]:
    """The lamps behind a body's lenses: one for each lens on each side and end; tags are rows of ``surfaces``."""
    lamps: list[Lamp] = []
    for light in (LOW_BEAM, TAIL, BRAKE, LEFT, RIGHT, REVERSE, DRL):
        rows = [k for k, s in enumerate(surfaces) if s.lamp == light.state]
        for end, place in _lenses(soup, rows):
            lamps.append(_lamp(light, place, end))
            if light is LOW_BEAM:
                lamps.append(_lamp(HIGH_BEAM, place, end))
    return tuple(lamps)


def _lamp(light: Light, place: F8, end: float) -> Lamp:
    return Lamp(
        position=vector3(place),
        axis=(end, 0.0, 0.0),
        intensity=scaled(light.color, light.candela),
        beam=light.beam,
        cone_deg=_SIGNAL_CONE_DEG,
        radius_m=0.04,
        state=light.state,
    )


def _lenses(soup: Soup, rows: list[int]) -> list[tuple[float, F8]]:
    """Which way each lens looks (1 = ahead, -1 = behind), and a place just before it."""
    chosen = np.isin(soup.tags, rows)
    area = face_vectors(soup)[chosen]
    middle = soup.vertices[soup.triangles[chosen]].mean(1)
    found = []
    for end in (1.0, -1.0):
        for side in (1.0, -1.0):
            # by the share that faces along the car: a lens that wraps around the corner shines ahead all the same
            weight = np.maximum(end * area[:, 0], 0.0) * (side * middle[:, 1] > 0.0) * (end * middle[:, 0] > 0.0)
            if weight.sum() > 1e-4:
                place = (middle * weight[:, None]).sum(0) / weight.sum()
                ahead = (end * middle[weight > 0.0, 0]).max() + _BEFORE_M
                found.append((end, np.array([end * ahead, place[1], place[2]])))
    return found
