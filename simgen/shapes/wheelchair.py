"""A manual wheelchair and whoever sits in it.

Measures in metres after ISO 7176-5 (length to 1.2, width to 0.7) and common self-propelled chairs: 24 inch wheels with
pushrims, 6 inch casters, seat 0.50 high and 0.42 wide.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from simgen.geometry import quat_from_axis_angle
from simgen.records.mesh import Surface
from simgen.records.model import Joint, Link, Model
from simgen.shapes.body import posed
from simgen.shapes.builder import MeshBuilder, Palette
from simgen.shapes.colors import Color
from simgen.shapes.finish import hull
from simgen.shapes.lattice import revolve, tube
from simgen.shapes.looks import Look
from simgen.shapes.person import dressed, figure
from simgen.shapes.primitives import box, cylinder
from simgen.shapes.rider import Seat, riding_pose
from simgen.shapes.soup import Soup, join
from simgen.shapes.wardrobe import body_of

WHEEL_RADIUS: Final = 0.305
CASTER_RADIUS: Final = 0.076
#: places of the left ones' centres; the right ones mirror them
WHEEL_AT: Final = (-0.12, 0.265, WHEEL_RADIUS)
CASTER_AT: Final = (0.3, 0.2, CASTER_RADIUS)
SEAT: Final = Seat(
    saddle=(-0.1, 0.0, 0.5), grip=(0.08, 0.3, 0.57), peg=(0.5, 0.09, 0.14), lean_rad=-0.08, foot_pitch_rad=0.1,
    knees_out=0.05, elbows_out=0.9,
)  # fmt: skip
METAL, RUBBER, CLOTH = range(3)
_SIDEWAYS: Final = quat_from_axis_angle([1.0, 0.0, 0.0], -0.5 * np.pi)


def _ring(radius: float, thick: float, segments: int, sides: int) -> Soup:
    angle = np.linspace(0.0, 2.0 * np.pi, sides + 1)
    return revolve(np.stack([radius + thick * np.cos(angle), thick * np.sin(angle)], -1), segments)


def wheel(sign: float) -> Soup:
    """A large wheel about the y axis with its pushrim outside."""
    tyre = _ring(WHEEL_RADIUS - 0.013, 0.013, 24, 5).tagged(RUBBER)
    rim = _ring(0.262, 0.009, 20, 4).moved((0.0, 0.0, sign * 0.035))
    hub = cylinder(0.03, 0.07, 10)
    angle = np.arange(10) * (2.0 * np.pi / 10)
    spokes = [
        tube(
            np.array([[0.028 * np.cos(a), 0.028 * np.sin(a), 0.0], [0.285 * np.cos(a), 0.285 * np.sin(a), 0.0]]),
            0.002,
            3,
        )
        for a in angle
    ]
    return join([tyre, rim, hub, *spokes]).moved(quaternion=_SIDEWAYS)


def frame() -> Soup:
    """Tubes, seat, back rest, push handles, foot rests."""
    parts: list[Soup] = []
    for sign in (1.0, -1.0):
        y = sign * 0.21
        lines = (
            [[-0.31, y, 0.93], [-0.24, y, 0.9], [-0.22, y, 0.5], [-0.12, y, 0.31]],
            [[-0.22, y, 0.47], [0.2, y, 0.47], [0.36, y, 0.3], [0.43, y * 0.8, 0.12]],
            [[-0.12, y, 0.31], [0.3, y, 0.26], [0.3, y, 0.17]],
            [[-0.22, y * 1.12, 0.7], [0.08, y * 1.12, 0.7], [0.1, y * 1.12, 0.5]],
        )
        parts += [tube(np.array(line), 0.012, 6) for line in lines]
        parts.append(box((0.16, 0.15, 0.012)).moved((0.47, sign * 0.09, 0.115)))
        parts.append(box((0.3, 0.05, 0.03)).moved((-0.06, y * 1.12, 0.715)).tagged(CLOTH))
        parts.append(tube(np.array([[-0.4, y, 0.945], [-0.31, y, 0.93]]), 0.016, 6).tagged(CLOTH))
    parts.append(box((0.42, 0.4, 0.035)).moved((-0.01, 0.0, 0.482)).tagged(CLOTH))
    parts.append(box((0.03, 0.4, 0.42)).moved((-0.235, 0.0, 0.7)).tagged(CLOTH))
    return join(parts)


def build_wheelchair_user(name: str, look: Look, color: Color, mass_kg: float) -> Model:
    """Somebody in a wheelchair whose wheels roll; the origin is below the chair's middle."""
    body = body_of(look.who)
    pose, hip = riding_pose(body, SEAT)
    pieces = dressed(body, look.clothes, carries="none")
    palette = Palette()
    class_name = look.clothes.class_name
    surfaces = (
        Surface(class_name=class_name, base_color=color, roughness=0.35, metallic=0.3, heat="body"),
        Surface(class_name=class_name, base_color=(0.02, 0.02, 0.02), roughness=0.85, heat="body"),
        Surface(class_name=class_name, base_color=(0.025, 0.025, 0.03), roughness=0.9, texture="fabric", heat="cloth"),
    )
    links = [Link(name="body"), _chair("chair", frame(), palette, surfaces, (0.0, 0.0, 0.0), 0.0)]
    for side, sign in (("left", 1.0), ("right", -1.0)):
        at, small = WHEEL_AT, CASTER_AT
        caster = cylinder(CASTER_RADIUS, 0.03, 12).tagged(RUBBER).moved(quaternion=_SIDEWAYS)
        place = (at[0], sign * at[1], at[2])
        links.append(_chair(f"{side}_wheel", wheel(sign), palette, surfaces, place, WHEEL_RADIUS))
        place = (small[0], sign * small[1], small[2])
        links.append(_chair(f"{side}_caster", caster, palette, surfaces, place, CASTER_RADIUS))
    frames = posed(body, pose, hip)
    return figure(name, look.clothes, pieces, frames, {}, links, {"pelvis": "body"}, mass_kg, palette=palette)


def _chair(
    name: str, soup: Soup, palette: Palette, surfaces: Sequence[Surface], at: tuple[float, float, float], radius: float
) -> Link:
    points = soup.vertices
    parts = [points] if radius else [points[points[:, 2] > 0.44], points[points[:, 2] < 0.52]]
    return Link(
        name=name,
        parent=0,
        position=at,
        mesh=MeshBuilder(palette).add(soup, *surfaces).mesh(),
        joint=Joint(kind="wheel", radius_m=radius) if radius else Joint(),
        shapes=tuple(hull(p) for p in parts),
    )
