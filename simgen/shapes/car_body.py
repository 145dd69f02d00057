"""Bodies of cars and vans: a wall with wheel arches under a crowned bonnet and deck, and a glasshouse on top.

Lengths along the car are shares ``s`` of the length from the rear bumper, heights shares of the overall height, so a
body keeps its proportions when the three dimensions change; wheels do not scale.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from simgen.records.base import F8, I8
from simgen.shapes.lattice import curve
from simgen.shapes.shell import End, Outline, arch_columns, arch_height, floor, lid, rounding, wall
from simgen.shapes.soup import Soup, join

#: tags of a body's triangles
PAINT, TRIM, GLASS, HEAD, TAIL, GRILLE, GAP, UNDER, BRAKE, REVERSE, LEFT, RIGHT = range(12)

Table = tuple[tuple[float, float], ...]

ROWS: Final = (0.0, 0.05, 0.1, 0.2, 0.31, 0.42, 0.52, 0.61, 0.7, 0.8, 0.88, 0.94, 0.98, 1.0)
GLASS_ROWS: Final = (0.0, 0.12, 0.36, 0.6, 0.86, 0.93, 0.975, 1.0)


@dataclass(frozen=True, kw_only=True)
class CarSpec:
    """The lines of a car. Tables are (position, value) pairs, position rising."""

    class_name: str
    length: float
    width: float
    height: float
    wheelbase: float
    front_overhang: float
    wheel_radius: float
    wheel_width: float
    sill: float
    #: upper edge of the body along s, as share of the height: deck, belt line, bonnet
    shoulder: Table
    #: how far nose and tail draw back over the wall's height, metres
    nose: Table = ((0.0, 0.15), (0.12, 0.05), (0.35, 0.0), (0.6, 0.012), (0.85, 0.06), (1.0, 0.11))
    tail: Table = ((0.0, 0.13), (0.15, 0.04), (0.35, 0.0), (0.55, 0.02), (0.8, 0.05), (1.0, 0.08))
    #: how far the side draws in over the wall's height, metres
    flank: Table = ((0.0, 0.055), (0.1, 0.024), (0.3, 0.014), (0.5, 0.01), (0.7, 0.0), (0.82, 0.006), (1.0, 0.03))
    front_depth: float = 0.55
    front_power: float = 2.6
    rear_depth: float = 0.45
    rear_power: float = 2.8
    shoulder_radius: float = 0.06
    bonnet_crown: float = 0.045
    #: glasshouse: s of windscreen base, windscreen top, rear window top, rear window base
    glass_s: tuple[float, float, float, float] = (0.715, 0.55, 0.27, 0.12)
    #: half widths at the belt and at the roof's edge, as shares of half the width
    glass_width: tuple[float, float] = (0.9, 0.68)
    roof_crown: float = 0.055
    roof_drop: tuple[float, float] = (0.05, 0.045)
    #: side windows as spans of the side from front (0) to rear (1)
    windows: Table = ((0.05, 0.46), (0.5, 0.86))
    #: share of the half width that the windscreen and rear window take up; 0 = no rear window
    screens: tuple[float, float] = (0.9, 0.86)
    #: s of the door gaps, front to rear
    doors: tuple[float, ...] = (0.68, 0.465, 0.29)
    #: headlight, grille and tail light: (share from, share to, row from, row to)
    headlight: tuple[float, float, float, float] = (0.56, 0.985, 0.7, 0.88)
    grille: tuple[float, float, float, float] = (-0.1, 0.5, 0.42, 0.7)
    taillight: tuple[float, float, float, float] = (0.48, 0.985, 0.61, 0.88)
    #: upper edge of the unpainted trim at the bottom, as a row
    cladding: float = 0.05
    mass_kg: float = 1500.0
    extras: tuple[str, ...] = field(default=())

    @property
    def rear_x(self) -> float:
        """The rear bumper, from the rear axle."""
        return self.wheelbase + self.front_overhang - self.length

    def x(self, s: ArrayLike) -> F8:
        """Positions along the car of shares of its length."""
        return np.asarray(self.rear_x + np.asarray(s, np.float64) * self.length)

    def shoulder_z(self, x: ArrayLike) -> F8:
        """Height of the body's upper edge."""
        s, z = np.array(self.shoulder, np.float64).T
        return curve(x, self.x(s), z * self.height)

    @property
    def arch_radius(self) -> float:
        """Radius of the wheel arches."""
        return self.wheel_radius + 0.04


def _table(table: Table, at: ArrayLike) -> F8:
    t = np.array(table, np.float64)
    return curve(at, t[:, 0], t[:, 1])


def body_outline(spec: CarSpec) -> Outline:
    """The plan view, with columns over both wheels and along the door gaps."""
    front = End(x=spec.wheelbase + spec.front_overhang, depth=spec.front_depth, power=spec.front_power)
    rear = End(x=spec.rear_x, depth=spec.rear_depth, power=spec.rear_power)
    r = spec.arch_radius
    high, low = front.x - front.depth, rear.x + rear.depth
    arches = np.concatenate([arch_columns(spec.wheelbase, r, 10), arch_columns(0.0, r, 10)])
    between = np.linspace(spec.wheelbase - r - 0.2, r + 0.2, 6)
    gaps = np.concatenate([[g + 0.004, g - 0.004] for g in spec.x(spec.doors)]) if spec.doors else np.empty(0)
    free = between[(np.abs(between[:, None] - gaps[None]).min(1) > 0.06)] if len(gaps) else between
    x = np.concatenate([arches, gaps, free, [high, low]])
    x = np.unique(np.round(x[(x <= high) & (x >= low)], 6))[::-1]
    return Outline.of(front, rear, 0.5 * spec.width, x, barrel=0.035)


def body_points(spec: CarSpec, outline: Outline) -> F8:
    """The wall's half rings, (R, K, 3)."""
    x = outline.points[:, 0]
    top = spec.shoulder_z(x)
    sill = spec.sill + 0.05 * (outline.front + outline.rear) ** 2
    arches = [arch_height(x, c, spec.wheel_radius, spec.arch_radius) for c in (spec.wheelbase, 0.0)]
    in_side = (np.arange(len(x)) >= outline.side[0] - 4) & (np.arange(len(x)) < outline.side[1] + 4)
    bottom = np.maximum(sill, np.where(in_side, np.maximum(*arches), -np.inf))
    v = np.array(ROWS)[:, None]
    z = bottom + v * (top - bottom)
    # the flank's lines run level past the arches: they follow the height, not the row
    level = np.clip((z - sill) / (top - sill), 0.0, 1.0)
    inset = _table(spec.flank, level) + rounding(top - z, spec.shoulder_radius)
    xy = outline.points[None] - inset[..., None] * outline.normals[None]
    xy[..., 0] -= outline.front * _table(spec.nose, level) - outline.rear * _table(spec.tail, level)
    xy[:, [0, -1], 1] = 0.0
    return np.concatenate([xy, z[..., None]], -1)


def body_tags(spec: CarSpec, outline: Outline) -> I8:
    """What each quad of the wall is made of, (R - 1, K - 1)."""
    rows, x = np.array(ROWS), outline.points[:, 0]
    share = outline.points[:, 1] / (0.5 * spec.width)
    v, mid = 0.5 * (rows[:-1] + rows[1:])[:, None], 0.5 * (share[:-1] + share[1:])[None]
    column = np.arange(len(x) - 1)[None]
    nose, end = column < outline.side[0], column >= outline.side[1] - 1
    tags = np.full((len(rows) - 1, len(x) - 1), PAINT)
    tags[np.broadcast_to(v < spec.cladding, tags.shape)] = TRIM
    thin = np.abs(np.diff(x)) < 0.009
    doors = np.abs(x[:-1, None] - 0.004 - spec.x(spec.doors)[None]).min(1) < 0.001 if spec.doors else thin & False
    tags[(v > 0.1) & (thin & doors)[None]] = GAP
    tags[(v < 0.2) & (v > 0.05) & (mid < 0.7) & nose] = GRILLE
    for where, (a, b, low, high), tag in (
        (nose, spec.grille, GRILLE),
        (nose, spec.headlight, HEAD),
        (end, spec.taillight, TAIL),
    ):
        tags[where & (mid > a) & (mid < b) & (v > low) & (v < high)] = tag
    _lamp_parts(spec, tags, v, mid)
    tags[(v < 0.2) & end & (mid < 0.9)] = TRIM
    return tags


def _lamp_parts(spec: CarSpec, tags: I8, v: F8, mid: F8) -> None:
    """Indicators at the headlight's outer end; below the tail light brake light, reversing light and indicator."""
    a, b, low, high = spec.taillight
    within, tail = (v - low) / max(high - low, 1e-6), tags == TAIL
    innermost = float(np.where(tail.any(0), mid[0], 1.0).min())
    tags[tail & (within < 0.6)] = BRAKE
    tags[tail & (within < 0.3)] = REVERSE
    tags[tail & (within < 0.3) & (mid > max(a + 0.35 * (b - a), innermost))] = LEFT
    a, b, _, _ = spec.headlight
    tags[(tags == HEAD) & (mid > a + 0.8 * (b - a))] = LEFT


def lower_body(spec: CarSpec) -> Soup:
    """Wall, bonnet, deck and floor as one closed body."""
    outline = body_outline(spec)
    points = body_points(spec, outline)
    inner = np.full(len(outline.points), 0.5 * spec.width - spec.wheel_width - 0.09)
    skin = wall(points, body_tags(spec, outline))
    starboard = skin.vertices[skin.triangles][..., 1].sum(1) < 0.0
    skin.tags[(skin.tags == LEFT) & starboard] = RIGHT
    return join(
        [
            skin,
            lid(points[-1], spec.bonnet_crown, 7),
            floor(points[0], inner, spec.sill, UNDER),
        ]
    )


def glasshouse(spec: CarSpec) -> Soup:
    """Windscreen, side windows, pillars and roof, down to just below the belt line."""
    base_front, top_front, top_rear, base_rear = (float(v) for v in spec.x(spec.glass_s))
    half = 0.5 * spec.width
    low = _glass_ring(spec, base_front, base_rear, spec.glass_width[0] * half, 0.5)
    high = _glass_ring(spec, top_front, top_rear, spec.glass_width[1] * half, 0.28)
    v = np.array(GLASS_ROWS)[:, None]
    # never above the body's edge, or daylight would show under the windows
    bottom = np.minimum(spec.shoulder_z(low.points[:, 0]), spec.shoulder_z(0.5 * (base_front + base_rear))) - 0.03
    edge = spec.height - spec.roof_crown - spec.roof_drop[0] * high.front - spec.roof_drop[1] * high.rear
    z = bottom + v * (edge - bottom)
    bulge = 0.028 * 4.0 * v * (1.0 - v) - rounding(edge - z, 0.05)
    xy = low.points + v[..., None] * (high.points - low.points) + bulge[..., None] * low.normals
    xy[:, [0, -1], 1] = 0.0
    points = np.concatenate([xy, z[..., None]], -1)
    base = points[0] * np.array([1.0, 0.5, 1.0])
    return join(
        [
            wall(points, _glass_tags(spec, low)),
            lid(points[-1], spec.roof_crown, 7),
            floor(points[0], base[:, 1], float(bottom.min()), UNDER),
        ]
    )


def _glass_ring(spec: CarSpec, front: float, rear: float, half: float, depth: float) -> Outline:
    marks = sorted({0.0, 1.0, *(m for span in spec.windows for m in span)})
    ends = End(x=front, depth=depth, power=2.7), End(x=rear, depth=0.7 * depth, power=2.9)
    start, stop = front - ends[0].depth, rear + ends[1].depth
    side = start + (stop - start) * np.array(marks)
    return Outline.of(*ends, half, side, barrel=0.02)


def _glass_tags(spec: CarSpec, ring: Outline) -> I8:
    rows = np.array(GLASS_ROWS)
    first, last = ring.side
    share = ring.points[:, 1] / ring.points[:, 1].max()
    mid = 0.5 * (share[:-1] + share[1:])
    column = np.arange(len(mid))
    tags = np.full((len(rows) - 1, len(mid)), PAINT)
    glass = np.flatnonzero((rows[:-1] >= 0.1) & (rows[1:] <= 0.88))
    seen = ((column < first - 1) & (mid < spec.screens[0])) | ((column >= last) & (mid < spec.screens[1]))
    marks = np.array(sorted({0.0, 1.0, *(m for span in spec.windows for m in span)}))
    middle = 0.5 * (marks[:-1] + marks[1:])
    open_side = np.array([any(a < m < b for a, b in spec.windows) for m in middle])
    seen[first : last - 1] = open_side
    tags[np.ix_(glass, np.flatnonzero(seen))] = GLASS
    between = np.flatnonzero(~open_side & (middle > marks[1]) & (middle < marks[-2])) + first
    tags[np.ix_(glass, between)] = TRIM
    return tags
