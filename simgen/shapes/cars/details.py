"""What stands out of a car's skin: mirrors, handles, wipers, badges, rails, antenna, exhausts."""

from __future__ import annotations

import numpy as np

from simgen.geometry import quat_from_axis_angle
from simgen.shapes.cars.lines import CarLines
from simgen.shapes.cars.style import Style
from simgen.shapes.cars.tags import BRIGHT, CHROME, FRONT_LEFT, GLOSS, MIRROR, PAINT, REAR_LEFT, TRIM
from simgen.shapes.lattice import loft, revolve, tube
from simgen.shapes.primitives import box
from simgen.shapes.sheet import Sheet, farthest
from simgen.shapes.soup import Soup


def skin_y(sheet: Sheet, x: float, z: float) -> float:
    """How far out the skin is at a place seen from the side."""
    found = farthest(sheet, 1, 1.0, (x, z))
    return float(sheet.points[..., 1].max()) if found is None else found


def end_x(sheet: Sheet, y: float, z: float, side: float) -> float:
    """How far ahead (side 1) or behind (-1) the skin is at a place seen from the end."""
    found = farthest(sheet, 0, side, (y, z))
    return side * float((side * sheet.points[..., 0]).max()) if found is None else found


def mirror(lines: CarLines, style: Style) -> list[Soup]:
    """The left mirror: a shell like a teardrop, its glass, its foot."""
    x = float(lines.glass_x[0]) - 0.62 * lines.glass_depth[0]
    z = float(lines.shoulder_z(x)) + 0.1
    y = lines.half + 0.09
    at = np.array([-0.075, -0.02, 0.06, 0.1])
    wide, tall = np.array([0.1, 0.108, 0.08, 0.025]), np.array([0.068, 0.074, 0.056, 0.018])
    angle = 2.0 * np.pi * (np.arange(8) + 0.5) / 8
    c, s = np.cos(angle), np.sin(angle)
    cy, sz = (np.sign(v) * np.abs(v) ** 0.7 for v in (c, s))
    rings = np.stack(
        [at[:, None] + 0.0 * c, wide[:, None] * cy - 0.012 * at[:, None] / 0.1, tall[:, None] * sz], -1
    ) + np.array([x, y, z])
    shell = loft(rings).tagged(GLOSS if style.dark_mirrors else PAINT)
    pane = np.stack([np.full(8, -0.0765), 0.088 * cy, 0.058 * sz], -1) + np.array([x, y, z])
    glass = loft(np.stack([pane, pane + np.array([0.004, 0.0, 0.0])])).tagged(MIRROR)
    foot = tube([[x + 0.03, y - 0.2, z - 0.07], [x + 0.02, y - 0.07, z - 0.05]], 0.022, 5).tagged(TRIM)
    return [shell, glass, foot]


def handles(lines: CarLines, wall: Sheet) -> dict[int, Soup]:
    """Door handles of the left side, by the door's number."""
    found: dict[int, Soup] = {}
    for part, s in ((FRONT_LEFT, lines.doors[1]), (REAR_LEFT, lines.doors[2])):
        if s <= 0.0:
            continue
        x = lines.at(s) + (0.13 if s == lines.doors[1] else 0.16)
        z = lines.sill + 0.8 * (float(lines.shoulder_z(x)) - lines.sill)
        y = skin_y(wall, x, z)
        found[part] = box((0.19, 0.03, 0.026)).moved((x, y + 0.016, z)).tagged(PAINT)
    return found


def badge(wall: Sheet, x_side: float, z: float) -> Soup:
    """A round badge on nose or tail."""
    x = end_x(wall, 0.005, z, x_side)
    disc = revolve([[0.05, 0.0], [0.05, 0.008], [0.0, 0.014]], 8)
    turn = quat_from_axis_angle([0.0, 1.0, 0.0], 0.5 * np.pi * x_side)
    return disc.moved((x - 0.002 * x_side, 0.0, z), turn).tagged(CHROME)


def wipers(lines: CarLines, left: Sheet) -> list[Soup]:
    """Two arms that lie along the foot of the windscreen."""
    found = []
    ring = lines.glass_width[0] * lines.half
    for y0, y1 in ((0.42, -0.2), (-0.12, -0.72)):
        y = np.array([y0, 0.5 * (y0 + y1), y1]) * lines.half
        bend = lines.glass_depth[0] * (1.0 - (1.0 - (np.abs(y) / ring) ** 2.7) ** (1.0 / 2.7))
        x = lines.glass_x[0] - bend - np.array([0.05, 0.075, 0.1])
        heights = [farthest(left, 2, 1.0, (a, abs(b))) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
        z = np.array([lines.belt if h is None else h for h in heights])
        found.append(tube(np.stack([x, y, z + 0.008], -1), 0.008, 4).tagged(TRIM))
    return found


def roof_things(lines: CarLines, style: Style) -> tuple[list[Soup], list[Soup]]:
    """Antenna; and rails, which count for the height."""
    _, top_front, top_rear, _ = lines.glass_x
    found: list[Soup] = []
    if style.antenna == 1:
        fin = np.array([[0.1, 0.0], [-0.07, 0.0], [-0.09, 0.05], [-0.03, 0.042]])
        x = top_rear + 0.25
        z = lines.height - 0.03
        sides = [np.stack([x + fin[:, 0], np.full(4, y), z + fin[:, 1]], -1) for y in (-0.016, 0.016)]
        found.append(loft(np.stack(sides)).tagged(PAINT))
    if style.antenna == 2:
        x = top_rear + 0.25
        found.append(tube([[x, 0.0, lines.height - 0.03], [x - 0.09, 0.0, lines.height + 0.0]], 0.006, 4).tagged(TRIM))
    rails: list[Soup] = []
    if style.rails:
        y = lines.half * lines.glass_width[1] - 0.075
        along = np.array([top_rear + 0.06, top_rear + 0.16, top_front - 0.4, top_front - 0.28])
        low, high = lines.roof_edge - 0.02, lines.height - 0.018
        for sign in (1.0, -1.0):
            path = np.stack([along, np.full(4, sign * y), np.array([low, high, high, low])], -1)
            rails.append(tube(path, 0.018, 6).tagged(BRIGHT if style.rails == 1 else TRIM))
    return found, rails


def exhausts(lines: CarLines, style: Style) -> list[Soup]:
    """Tail pipes under the rear bumper."""
    pipe = np.array([[0.03, 0.0], [0.035, 0.1], [0.026, 0.1], [0.0, 0.03]])
    turn = quat_from_axis_angle([0.0, 1.0, 0.0], -0.5 * np.pi)
    sides = ((), (1.0,), (1.0, -1.0))[style.exhausts]
    at = [(lines.rear_x + 0.19, s * 0.62 * lines.half, lines.sill + 0.035) for s in sides]
    return [revolve(pipe, 8).moved(p, turn).tagged(CHROME) for p in at]


def spoiler(lines: CarLines) -> Soup:
    """A small wing over a tailgate's window."""
    _, _, top_rear, _ = lines.glass_x
    y = 0.62 * lines.half * lines.glass_width[1]
    z = lines.roof_edge - lines.roof_drop[1] + 0.012
    wing = np.array([[0.05, -0.05], [0.09, -0.004], [-0.085, -0.03], [-0.085, -0.046]])
    rings = [np.stack([top_rear + wing[:, 0], np.full(4, s), z + wing[:, 1]], -1) for s in (y, -y)]
    return loft(np.stack(rings)).tagged(PAINT)


__all__ = [
    "badge",
    "end_x",
    "exhausts",
    "handles",
    "mirror",
    "roof_things",
    "skin_y",
    "spoiler",
    "wipers",
]
