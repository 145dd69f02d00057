"""What lorries and trailers carry below: frames, tanks, mudguards, guards, boxes, axles' beams."""

from __future__ import annotations

import numpy as np

from simgen.geometry import quat_from_axis_angle
from simgen.shapes.car_body import TRIM, UNDER
from simgen.shapes.finish import slab_hulls
from simgen.shapes.lattice import lattice
from simgen.shapes.primitives import box, cylinder, prism
from simgen.shapes.soup import Soup, join
from simgen.shapes.workshop import METAL, Workshop

_SIDEWAYS = tuple(float(c) for c in quat_from_axis_angle([1.0, 0.0, 0.0], -0.5 * np.pi))
_ALONG = tuple(float(c) for c in quat_from_axis_angle([0.0, 1.0, 0.0], 0.5 * np.pi))


def add_frame(shop: Workshop, low: float, high: float, z: float, depth: float = 0.26, half: float = 0.42) -> None:
    """A ladder frame from ``low`` to ``high`` along x, its top at ``z``."""
    rails = [box((high - low, 0.09, depth)).moved((0.5 * (low + high), s * half, z - 0.5 * depth)) for s in (1.0, -1.0)]
    ties = [
        box((0.1, 2.0 * half - 0.09, 0.5 * depth)).moved((float(x), 0.0, z - 0.5 * depth))
        for x in np.linspace(low + 0.1, high - 0.1, max(int((high - low) / 1.3), 2))
    ]
    shop.each([*rails, *ties], UNDER)


def add_beam(shop: Workshop, x: float, radius: float, width: float) -> None:
    """An axle's beam with its differential or hub cover."""
    shop.add(cylinder(0.09, width, 8).moved((x, 0.0, radius), _SIDEWAYS), UNDER)


def add_tank(shop: Workshop, x: float, y: float, z: float, length: float, *, side: float, round_: bool = True) -> None:
    """A fuel tank with straps: a lying cylinder, or a box with rounded edges."""
    if round_:
        body = cylinder(0.32, length, 16, 0.03).moved((x, side * y, z), _ALONG)
    else:
        body = box((length, 0.56, 0.58), 0.08).moved((x, side * y, z))
    shop.add(body, METAL, smooth_deg=40.0)
    strap = cylinder(0.33, 0.05, 16).moved(quaternion=_ALONG) if round_ else box((0.05, 0.58, 0.6), 0.08)
    straps = [strap.moved((x + d * length, side * y, z)) for d in (-0.3, 0.3)]
    shop.add(join(straps), TRIM, solid=False)


def add_mudguard(shop: Workshop, x: float, radius: float, outer: float, width: float, span_deg: float = 74.0) -> None:
    """Bands over the wheels of an axle, with flaps behind."""
    a = np.radians(np.linspace(90.0 - span_deg, 90.0 + span_deg, 9))
    r = radius + 0.07
    for s in (1.0, -1.0):
        y = s * np.array([outer, outer - width])
        low = np.stack([x + r * np.cos(a), np.full(9, y.min()), radius + r * np.sin(a)], -1)
        high = np.stack([x + r * np.cos(a), np.full(9, y.max()), radius + r * np.sin(a)], -1)
        thick = np.array([np.cos(a), np.zeros(9), np.sin(a)]).T * 0.012
        sheet = lattice(np.stack([low, high, high + thick, low + thick, low]))
        shop.add(sheet.flipped(), TRIM, solid=False)
        shop.solid += slab_hulls(sheet, (x + r * np.cos(a[::-2])).tolist())
        end = radius + r * np.sin(a[-1])
        flap = box((0.02, width, max(end - 0.25, 0.1))).moved(
            (x + r * np.cos(a[-1]), float(y.mean()), 0.5 * (end + 0.25))
        )
        shop.add(flap, TRIM)


def add_side_guard(shop: Workshop, low: float, high: float, y: float, heights: tuple[float, ...] = (0.5, 0.78)) -> None:
    """Rails that keep people from the wheels (UN R73), on both sides."""
    middle, long = 0.5 * (low + high), high - low
    rails = [box((long, 0.03, 0.11)).moved((middle, s * y, z)) for s in (1.0, -1.0) for z in heights]
    posts = [
        box((0.05, 0.04, 0.55)).moved((float(x), s * (y - 0.03), 0.72))
        for s in (1.0, -1.0)
        for x in np.linspace(low + 0.15, high - 0.15, 3)
    ]
    shop.each([*rails, *posts], METAL)


def add_underrun(shop: Workshop, x: float, width: float, z: float = 0.5) -> None:
    """The rear underrun bar (UN R58: no higher than 0.55 m) on its hangers."""
    bar = box((0.09, width, 0.12), 0.01).moved((x + 0.05, 0.0, z))
    hangers = [box((0.07, 0.06, 0.5)).moved((x + 0.1, s * 0.42, z + 0.26)) for s in (1.0, -1.0)]
    shop.each([bar, *hangers], UNDER)


def box_side(low: float, high: float, bottom: float, top: float, y: float) -> np.ndarray:
    """Corners of a sheet on the left (y > 0) or right side, as seen from there: for pictures."""
    a, b = (high, low) if y > 0.0 else (low, high)
    return np.array([[a, y, bottom], [b, y, bottom], [b, y, top], [a, y, top]])


def lying(profile: np.ndarray, low: float, high: float) -> Soup:
    """A closed body from one profile (P, 2) of (y, z), counter-clockwise seen from ahead, drawn along x."""
    body = prism(profile, low, high)
    return Soup(body.vertices[:, [2, 0, 1]], body.triangles, body.tags)
