"""Road wheels: a tyre with a flat tread and rounded shoulders, a dished rim with spokes that show the spin."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.geometry import quat_from_axis_angle
from simgen.records.base import I8
from simgen.records.mesh import Surface
from simgen.records.model import Joint, Link, Shape
from simgen.shapes.builder import MeshBuilder, Palette
from simgen.shapes.lattice import revolve
from simgen.shapes.soup import Soup

SEGMENTS: Final = 25
TYRE, RIM, GAP = 0, 1, 2


def wheel_soup(radius: float, width: float, rim_share: float = 0.66, spokes: int = 5) -> Soup:
    """A wheel about the y axis, its outer face towards +y; tags are tyre, rim, dark gap. A vertex lies at -z."""
    r, rim, half = radius, rim_share * radius, 0.5 * width
    profile = np.array(
        [
            [0.0, -0.6 * half],
            [rim, -0.6 * half],
            [0.5 * (r + rim), -half],
            [r - 0.014, -0.84 * half],
            [r, -0.66 * half],
            [r, 0.66 * half],
            [r - 0.014, 0.84 * half],
            [0.5 * (r + rim), half],
            [rim, 0.9 * half],
            [0.88 * rim, 0.62 * half],
            [0.3 * rim, 0.56 * half],
            [0.2 * rim, 0.72 * half],
            [0.0, 0.72 * half],
        ]
    )
    tags = np.array([GAP, *[TYRE] * 7, RIM, RIM, RIM, RIM])
    lathe = revolve(profile, SEGMENTS, tags=_spoked(tags, spokes), phase_rad=0.5 * np.pi)
    # z of the lathe becomes y of the wheel; x stays, so the phase puts a vertex straight below
    return lathe.moved(quaternion=quat_from_axis_angle([1.0, 0.0, 0.0], -0.5 * np.pi))


def _spoked(span_tags: I8, spokes: int) -> I8:
    quad = np.repeat(span_tags[:, None], SEGMENTS, axis=1)
    per = SEGMENTS // spokes
    gap = (np.arange(SEGMENTS) % per) >= per // 2
    quad[-3, gap] = GAP
    return quad


def wheel_surfaces(class_name: str, rim_color: tuple[float, float, float] = (0.55, 0.56, 0.58)) -> tuple[Surface, ...]:
    """Tyre, rim and gap, in the order of the tags."""

    def of(
        rgb: tuple[float, float, float], roughness: float, lidar: float, heat: str, metallic: float = 0.0
    ) -> Surface:
        return Surface(
            class_name=class_name,
            base_color=rgb,
            roughness=roughness,
            metallic=metallic,
            lidar_reflectance=lidar,
            heat=heat,
        )

    return (
        of((0.022, 0.022, 0.024), 0.92, 0.05, "tyre"),
        of(rim_color, 0.32, 0.35, "brake", metallic=0.7),
        of((0.012, 0.012, 0.013), 0.8, 0.04, "brake"),
    )


def wheel_links(
    palette: Palette,
    surfaces: tuple[Surface, ...],
    *,
    first: int,
    x: float,
    y: float,
    radius: float,
    width: float,
    steer: bool,
    name: str,
    spokes: int = 5,
) -> list[Link]:
    """The two wheels of an axle; a steered one turns in a knuckle of its own. ``first`` is the next link's index."""
    links: list[Link] = []
    soup = wheel_soup(radius, width, spokes=spokes)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        mesh = MeshBuilder(palette).add(soup.scaled((1.0, sign, 1.0)), *surfaces, smooth_deg=35.0).mesh()
        shape = Shape(kind="cylinder", size=(radius, width, 0.0), quaternion=(0.5**0.5, 0.5**0.5, 0.0, 0.0))
        parent, position = 0, (x, sign * y, radius)
        if steer:
            links.append(
                Link(
                    name=f"{name}_{side}_knuckle",
                    parent=0,
                    position=position,
                    joint=Joint(kind="steer", axis=(0.0, 0.0, 1.0)),
                )
            )
            parent, position = first + len(links) - 1, (0.0, 0.0, 0.0)
        spin = Joint(kind="wheel", axis=(0.0, 1.0, 0.0), radius_m=radius)
        links.append(
            Link(name=f"{name}_{side}_wheel", parent=parent, position=position, mesh=mesh, joint=spin, shapes=(shape,))
        )
    return links
