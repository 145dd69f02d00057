"""What is seen through a car's windows and open doors: seats, dashboard, steering wheel, linings, people."""

from __future__ import annotations

import numpy as np

from simgen.records.base import F8
from simgen.shapes.cars.lines import CarLines
from simgen.shapes.cars.tags import LINING, SEAT, TRIM
from simgen.shapes.lattice import loft, tube
from simgen.shapes.primitives import box, ellipsoid
from simgen.shapes.soup import Soup, join

#: from the windscreen's upper edge back to the first row's backs, and from row to row, m
FIRST_ROW_M, ROW_M = 0.3, 0.86
SHIRT, SKIN, HAIR = range(3)


def rows_of(lines: CarLines) -> list[float]:
    """Where rows of seats have their backs, front first."""
    base_front, top_front, _, base_rear = lines.glass_x
    last = max(base_rear + 0.35, lines.rear_x + 0.5)
    first = min(top_front - FIRST_ROW_M, base_front - 1.05)
    return [float(x) for x in np.arange(first, last, -ROW_M)[:2]]


def cabin(lines: CarLines, rows: list[float]) -> list[Soup]:
    """Seats, dashboard with steering wheel, lining under the roof."""
    base_front, top_front, top_rear, _ = lines.glass_x
    parts: list[Soup] = []
    wide = 0.23 * lines.width
    for k, x in enumerate(rows):
        parts += [_seat(lines, x, s * 0.42 * lines.half, wide, k) for s in (1.0, -1.0)]
    desk = base_front - 0.42
    z = lines.belt + 0.0
    top = np.array([[0.0, -0.2], [0.22, 0.0], [-0.02, 0.055], [-0.3, 0.03], [-0.34, -0.02], [-0.3, -0.22]])
    y = 0.84 * lines.half * lines.glass_width[0]
    rings = [np.stack([desk + top[:, 0], np.full(6, s), z - 0.02 + top[:, 1]], -1) for s in (y, -y)]
    parts.append(loft(np.stack(rings)[:, ::-1]).tagged(TRIM))
    parts.append(_wheel(desk - 0.42, 0.42 * lines.half, z + 0.0))
    parts.append(
        box((0.03, 0.2, 0.06))
        .moved((top_front + 0.02, 0.0, min(lines.roof_edge - 0.1, lines.glass_top - 0.04)))
        .tagged(TRIM)
    )
    long = top_front - top_rear - 0.3
    if long > 0.3:
        size = (long, 1.7 * lines.half * lines.glass_width[1], 0.012)
        parts.append(box(size).moved((0.5 * (top_front + top_rear), 0.0, lines.roof_edge - 0.035)).tagged(LINING))
    return parts


def tub(lines: CarLines) -> Soup:
    """Floor and linings up to the belt, seen from within: a box without a lid."""
    front, rear = lines.glass_x[0] - 0.3, max(lines.glass_x[3] + 0.12, lines.rear_x + 0.12)
    half, low, top = lines.half * lines.glass_width[0] - 0.035, lines.sill + 0.1, lines.belt - 0.035
    shell = box((front - rear, 2.0 * half, top - low)).flipped()
    keep = shell.vertices[shell.triangles][..., 2].min(1) < 0.0
    open_box = Soup(shell.vertices, shell.triangles[keep], shell.tags[keep])
    return open_box.moved((0.5 * (front + rear), 0.0, 0.5 * (low + top))).tagged(LINING)


def _seat(lines: CarLines, x: float, y: float, wide: float, row: int) -> Soup:
    """A cushion, a backrest that leans back, a headrest."""
    low = lines.sill + 0.1
    hip = low + 0.24
    top = min(hip + 0.56, lines.roof_edge - 0.24)
    lean = (np.cos(0.12), 0.0, -np.sin(0.12), 0.0)
    back = box((0.13, wide, top - hip + 0.06), 0.03).moved((0.0, 0.0, -0.5 * (top - hip)), lean).moved((x, y, top))
    head = box((0.09, 0.52 * wide, 0.17)).moved((x - 0.03, y, min(top + 0.09, lines.roof_edge - 0.12)))
    cushion = box((0.5, wide, 0.16)).moved((x + 0.27, y, hip - 0.02))
    return join([cushion, back, head]).tagged(SEAT)


def _wheel(x: float, y: float, z: float) -> Soup:
    """A steering wheel's rim, tilted towards the driver."""
    a = np.linspace(0.0, 1.96 * np.pi, 11)
    up = 0.185 * np.sin(a)
    path = np.stack([x - 0.4 * up, y + 0.185 * np.cos(a), z + 0.92 * up], -1)
    spoke = box((0.02, 0.34, 0.05)).moved((x, y, z))
    return join([tube(path, 0.014, 4), spoke]).tagged(TRIM)


def places(lines: CarLines, rows: list[float], count: int) -> list[F8]:
    """Hips of the first ``count`` people: driver, beside, then the second row."""
    hip = lines.sill + 0.36
    spots = [(0, 1.0), (0, -1.0), (1, -1.0), (1, 1.0), (1, 0.0)]
    return [np.array([rows[r] + 0.2, s * 0.42 * lines.half, hip]) for r, s in spots if r < len(rows)][:count]


def person(hip: F8, tallest_z: float, driver: bool, desk_x: float) -> Soup:
    """A seated body: torso, head, arms towards the wheel or the lap; tags are shirt, skin, hair."""
    tall = float(np.clip(tallest_z - hip[2], 0.62, 0.84))
    s = tall / 0.84
    rise = np.array([0.0, 0.18, 0.36, 0.5, 0.55]) * s
    half_x, half_y = np.array([0.11, 0.11, 0.12, 0.09, 0.05]), np.array([0.17, 0.16, 0.2, 0.19, 0.07])
    angle = 2.0 * np.pi * np.arange(8) / 8
    rings = np.stack(
        [
            hip[0] - 0.12 * rise[:, None] / 0.55 + half_x[:, None] * np.cos(angle),
            hip[1] + half_y[:, None] * np.sin(angle),
            hip[2] + rise[:, None] + 0.0 * angle,
        ],
        -1,
    )
    head = hip + np.array([-0.09, 0.0, 0.72 * s])
    parts = [
        loft(rings).tagged(SHIRT),
        ellipsoid((0.095, 0.075, 0.118), 8, 6).moved(head).tagged(SKIN),
        ellipsoid((0.1, 0.083, 0.1), 8, 4).moved(head + np.array([-0.018, 0.0, 0.035])).tagged(HAIR),
        tube([head - np.array([0.0, 0.0, 0.16]), head], 0.055, 5).tagged(SKIN),
    ]
    for side in (1.0, -1.0):
        shoulder = hip + np.array([-0.08, side * 0.19, 0.46 * s])
        lap = hip + np.array([0.3, side * 0.1, 0.1])
        hand = np.array([desk_x - 0.4, hip[1] + side * 0.17, hip[2] + 0.4 * s]) if driver else lap
        elbow = 0.5 * (shoulder + hand) + np.array([0.0, side * 0.07, -0.14])
        parts.append(tube([shoulder, elbow], 0.05, 5).tagged(SHIRT))
        parts.append(tube([elbow, hand], [0.04, 0.035], 5).tagged(SKIN))
    return join(parts)


__all__ = ["HAIR", "SHIRT", "SKIN", "cabin", "person", "places", "rows_of", "tub"]
