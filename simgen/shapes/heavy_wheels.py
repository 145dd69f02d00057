"""Wheels of lorries, buses and machines: tall tyres with grooves on steel discs, single, twin or steered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.geometry import quat_from_axis_angle
from simgen.records.mesh import Surface
from simgen.records.model import Joint, Link, Shape
from simgen.shapes.builder import MeshBuilder, Palette
from simgen.shapes.lattice import revolve
from simgen.shapes.primitives import box
from simgen.shapes.soup import Soup, join

SEGMENTS: Final = 16
_SIDEWAYS: Final = quat_from_axis_angle([1.0, 0.0, 0.0], -0.5 * np.pi)
_ACROSS: Final = (0.5**0.5, 0.5**0.5, 0.0, 0.0)


@dataclass(frozen=True, kw_only=True)
class Axle:
    """Two wheels: where, how large, and whether they are twins, steer, or have their discs bulge outwards."""

    name: str
    x: float
    #: half the distance between the outer faces
    outer: float
    radius: float = 0.5
    width: float = 0.3
    twin: bool = False
    steer: bool = False
    bulge: bool = False
    #: share of the radius that the rim takes up
    rim: float = 0.58
    #: bars of a field tyre's tread, on each half of its width; 0 = a road tyre
    lugs: int = 0
    #: a plain steel wheel without a tyre (rails)
    steel: bool = False

    @property
    def whole_width(self) -> float:
        """Of a wheel or a pair of twins."""
        return 2.0 * self.width + 0.04 if self.twin else self.width


def heavy_wheel(axle: Axle) -> Soup:
    """A wheel about the y axis, its outer face towards +y; tags are tyre, rim, dark gap. A vertex lies at -z."""
    r, half = axle.radius, 0.5 * axle.whole_width
    if axle.steel:
        flat = np.array([[0.0, -half], [r, -half], [r, half], [0.8 * r, 0.6 * half], [0.0, 0.6 * half]])
        return revolve(flat, SEGMENTS, tags=1, phase_rad=0.5 * np.pi).moved(quaternion=_SIDEWAYS)
    rim = axle.rim * r
    tread = _treads(axle, half)
    # the disc: bulged like a steered wheel's, or a deep dish with the hub inside
    face = half - 0.16 if axle.twin else half * (1.0 if axle.bulge else 0.35)
    hub = min(face + (0.05 if axle.bulge else 0.11), half + 0.02)
    profile = [
        [0.0, -0.5 * half],
        [rim, -0.5 * half],
        *tread,
        [rim, 0.94 * half],
        [0.93 * rim, 0.9 * half],
        [0.86 * rim, min(face, 0.85 * half)],
        [0.66 * rim, face],
        [0.42 * rim, face + 0.01],
        [0.36 * rim, hub],
        [0.18 * rim, hub + 0.015],
        [0.0, hub + 0.015],
    ]
    count = len(tread)
    tags = np.array([2, *[0] * (count + 1), 1, 1, 1, 1, 1, 1, 1])
    quad = np.repeat(tags[:, None], SEGMENTS, axis=1)
    # hand holes in the disc: every other sector is dark
    quad[count + 5, (np.arange(SEGMENTS) % 2) == 0] = 2
    lathe = revolve(np.array(profile), SEGMENTS, tags=quad, phase_rad=0.5 * np.pi)
    whole = join([lathe, *_lugs(axle)]) if axle.lugs else lathe
    return whole.moved(quaternion=_SIDEWAYS)


def _lugs(axle: Axle) -> list[Soup]:
    """Slanted bars whose corners lie at the radius, one of them straight below."""
    w, r, half, slant = axle.width, axle.radius, 0.025, 0.6
    bar = box((0.09, 2.0 * half, 0.56 * w)).moved(quaternion=quat_from_axis_angle([1.0, 0.0, 0.0], slant))
    across = half * float(np.cos(slant)) + 0.28 * w * float(np.sin(slant))
    top = float(np.sqrt(r**2 - across**2)) - 0.045
    first = 0.5 * np.pi - float(np.arcsin(across / r))
    found = []
    for k in range(2 * axle.lugs):
        side = 1.0 if k % 2 else -1.0
        turn = quat_from_axis_angle([0.0, 0.0, 1.0], first + np.pi * k / axle.lugs)
        found.append(bar.scaled((1.0, side, 1.0)).moved((top, 0.0, side * 0.24 * w)).moved(quaternion=turn))
    return found


def _treads(axle: Axle, half: float) -> list[list[float]]:
    """Side walls and tread of one tyre, or of two with a gap between."""
    r, w = axle.radius - (0.035 if axle.lugs else 0.0), axle.width
    low = axle.rim * r + 0.3 * (r - axle.rim * r)

    def tyre(a: float, b: float) -> list[list[float]]:
        return [[low, a], [r - 0.02, a + 0.06 * w], [r, a + 0.16 * w], [r, b - 0.16 * w], [r - 0.02, b - 0.06 * w],
                [low, b]]  # fmt: skip

    if not axle.twin:
        return tyre(-half, half)
    return [*tyre(-half, -half + w), *tyre(half - w, half)]


def tyre_surfaces(class_name: str, rim: tuple[float, float, float] = (0.42, 0.42, 0.43)) -> tuple[Surface, ...]:
    """Tyre, rim and gap, in the order of the tags."""
    return (
        Surface(
            class_name=class_name, base_color=(0.024, 0.024, 0.025), roughness=0.92, lidar_reflectance=0.05, heat="tyre"
        ),
        Surface(
            class_name=class_name, base_color=rim, roughness=0.38, metallic=0.6, lidar_reflectance=0.35, heat="brake"
        ),
        Surface(
            class_name=class_name, base_color=(0.012, 0.012, 0.013), roughness=0.8, lidar_reflectance=0.04, heat="brake"
        ),
    )


def axle_links(palette: Palette, surfaces: tuple[Surface, ...], axle: Axle, first: int) -> list[Link]:
    """The two wheels of an axle; a steered one turns in a knuckle. ``first`` is the next link's index."""
    links: list[Link] = []
    soup = heavy_wheel(axle)
    y = axle.outer - 0.5 * axle.whole_width
    shape = Shape(kind="cylinder", size=(axle.radius, axle.whole_width, 0.0), quaternion=_ACROSS)
    spin = Joint(kind="wheel", axis=(0.0, 1.0, 0.0), radius_m=axle.radius)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        mesh = MeshBuilder(palette).add(soup.scaled((1.0, sign, 1.0)), *surfaces, smooth_deg=35.0).mesh()
        parent, position = 0, (axle.x, sign * y, axle.radius)
        if axle.steer:
            turn = Joint(kind="steer", axis=(0.0, 0.0, 1.0))
            links.append(Link(name=f"{axle.name}_{side}_knuckle", parent=0, position=position, joint=turn))
            parent, position = first + len(links) - 1, (0.0, 0.0, 0.0)
        name = f"{axle.name}_{side}_wheel"
        links.append(Link(name=name, parent=parent, position=position, mesh=mesh, joint=spin, shapes=(shape,)))
    return links


__all__ = ["Axle", "axle_links", "heavy_wheel", "tyre_surfaces"]
