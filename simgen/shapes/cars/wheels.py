"""Car wheels: a tyre with rounded shoulders, a rim of several designs before a brake disc in a dark barrel."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from simgen.geometry import quat_from_axis_angle
from simgen.records.mesh import Surface
from simgen.records.model import Joint, Link, Shape
from simgen.shapes.builder import MeshBuilder, Palette
from simgen.shapes.lattice import lattice, revolve
from simgen.shapes.soup import Soup, join

SEGMENTS: Final = 18
TYRE, RIM, BARREL, DISC, HUB = range(5)
#: spokes of each design: how many, half width at hub and at rim as shares of the rim, twist in radians, pairs
DESIGNS: Final = (
    (5, 0.13, 0.17, 0.0, False),
    (10, 0.06, 0.075, 0.0, False),
    (5, 0.055, 0.06, 0.0, True),
    (7, 0.1, 0.1, 0.22, False),
    (14, 0.034, 0.038, 0.0, False),
    (6, 0.12, 0.11, 0.0, False),
    (9, 0.07, 0.1, 0.3, False),
)
_TURN: Final = quat_from_axis_angle([1.0, 0.0, 0.0], -0.5 * np.pi)
_RIMS: Final = ((0.55, 0.56, 0.58), (0.16, 0.165, 0.175), (0.02, 0.02, 0.022))


@lru_cache(maxsize=64)
def plain_wheel(radius: float, width: float, rim_share: float = 0.7) -> Soup:
    """The same from afar: a tyre and a dished rim."""
    r, rim, half = radius, rim_share * radius, 0.5 * width
    profile = np.array(
        [
            [0.0, -0.9 * half],
            [r, -0.7 * half],
            [r, 0.7 * half],
            [rim, 0.95 * half],
            [0.8 * rim, 0.5 * half],
            [0.0, 0.6 * half],
        ]
    )
    tags = np.array([BARREL, TYRE, TYRE, BARREL, RIM])
    return revolve(profile, 12, tags=tags, phase_rad=0.5 * np.pi).moved(quaternion=_TURN)


@lru_cache(maxsize=64)
def car_wheel(radius: float, width: float, design: int, rim_share: float = 0.7) -> Soup:
    """A wheel about the y axis, its outer face towards +y; a vertex lies at -z. Spokes have no backs."""
    r, rim, half = radius, rim_share * radius, 0.5 * width
    # the inner side is flat: nobody sees it
    profile = np.array(
        [
            [0.0, -0.85 * half],
            [r - 0.02, -0.85 * half],
            [r, -0.62 * half],
            [r, 0.62 * half],
            [r - 0.014, 0.85 * half],
            [0.55 * r + 0.45 * rim, half],
            [1.02 * rim, 0.95 * half],
            [0.94 * rim, 0.8 * half],
            [0.9 * rim, 0.15 * half],
            [0.64 * rim, 0.15 * half],
            [0.0, 0.15 * half],
        ]
    )
    tags = np.array([BARREL, *[TYRE] * 5, RIM, BARREL, BARREL, DISC])
    lathe = revolve(profile, SEGMENTS, tags=tags, phase_rad=0.5 * np.pi)
    hub = np.array([[0.19, 0.2], [0.2, 0.52], [0.1, 0.62], [0.0, 0.62]]) * np.array([rim, half])
    parts = [lathe, revolve(hub, 8, tags=np.array([RIM, RIM, HUB])), *_spokes(rim, half, design)]
    # z of the lathe becomes y of the wheel; x stays, so the phase puts a vertex straight below
    return join(parts).moved(quaternion=_TURN)


def _spokes(rim: float, half: float, design: int) -> list[Soup]:
    count, inner, outer, twist, pairs = DESIGNS[design % len(DESIGNS)]
    angles = 2.0 * np.pi * np.arange(count) / count
    if pairs:
        angles = np.concatenate([angles - 0.14, angles + 0.14])
    found = []
    for angle in angles:
        rings = []
        for at, wide, turn, top in (
            (0.15, inner, 0.0, 0.56),
            (0.6, 0.5 * (inner + outer), 0.5, 0.68),
            (0.95, outer, 1.0, 0.76),
        ):
            a = angle + turn * twist
            along, across = np.array([np.cos(a), np.sin(a), 0.0]), np.array([-np.sin(a), np.cos(a), 0.0])
            c, w = at * rim * along, wide * rim * across
            up = np.array([0.0, 0.0, 1.0])
            low = (top - 0.3) * half
            ring = [c + w + low * up, c + 0.75 * w + top * half * up, c - 0.75 * w + top * half * up, c - w + low * up]
            rings.append(np.array(ring))
        found.append(lattice(np.stack(rings), tags=RIM))
    return found


def wheel_surfaces(class_name: str, rim: int = 0, dirt: float = 0.0) -> tuple[Surface, ...]:
    """Tyre, rim, barrel, brake disc and hub cap, in the order of the tags."""

    def of(rgb: Sequence[float], rough: float, lidar: float, heat: str, metallic: float = 0.0) -> Surface:
        dust = (0.14, 0.12, 0.095)
        r, g, b = (round(c + 0.6 * dirt * (d - c), 5) for c, d in zip(rgb, dust, strict=True))
        return Surface(
            class_name=class_name, base_color=(r, g, b), roughness=min(rough + 0.4 * dirt, 0.95),
            metallic=round(metallic * (1.0 - dirt), 5), lidar_reflectance=lidar, heat=heat,
        )  # fmt: skip

    return (
        of((0.02, 0.02, 0.021), 0.9, 0.05, "tyre"),
        of(_RIMS[rim], 0.3, 0.35, "brake", 0.7 if rim < 2 else 0.2),
        of((0.01, 0.01, 0.011), 0.85, 0.04, "brake"),
        of((0.3, 0.29, 0.28), 0.38, 0.3, "brake", 0.9),
        of((0.06, 0.06, 0.065), 0.3, 0.1, "brake", 0.3),
    )


def axle(
    palette: Palette,
    surfaces: tuple[Surface, ...],
    *,
    first: int,
    x: float,
    y: float,
    radius: float,
    width: float,
    design: int,
    steer: bool,
    name: str,
) -> list[Link]:
    """The two wheels of an axle; a steered one turns in a knuckle of its own. ``first`` is the next link's index.

    A design of -1 is a plain wheel.
    """
    links: list[Link] = []
    soup = car_wheel(radius, width, design) if design >= 0 else plain_wheel(radius, width)
    shape = Shape(kind="cylinder", size=(radius, width, 0.0), quaternion=(0.5**0.5, 0.5**0.5, 0.0, 0.0))
    spin = Joint(kind="wheel", axis=(0.0, 1.0, 0.0), radius_m=radius)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        mesh = MeshBuilder(palette).add(soup.scaled((1.0, sign, 1.0)), *surfaces, smooth_deg=35.0).mesh()
        parent, position = 0, (x, sign * y, radius)
        if steer:
            turn = Joint(kind="steer", axis=(0.0, 0.0, 1.0))
            links.append(Link(name=f"{name}_{side}_knuckle", parent=0, position=position, joint=turn))
            parent, position = first + len(links) - 1, (0.0, 0.0, 0.0)
        links.append(
            Link(name=f"{name}_{side}_wheel", parent=parent, position=position, mesh=mesh, joint=spin, shapes=(shape,))
        )
    return links


__all__ = ["DESIGNS", "axle", "car_wheel", "plain_wheel", "wheel_surfaces"]
