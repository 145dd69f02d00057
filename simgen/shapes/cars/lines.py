"""The lines of a car, and its uncut skin: a wall around the plan, bonnet and deck, a glasshouse, an underside.

Lengths along the car are shares ``s`` of the length from the rear bumper, heights shares of the overall height, so a
body keeps its proportions when the three dimensions change; wheels do not scale. Only the left half is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from simgen.records.base import F8
from simgen.shapes.cars.tags import PAINT, UNDER
from simgen.shapes.lattice import curve, lattice
from simgen.shapes.sheet import Field, Sheet
from simgen.shapes.shell import End, Outline, lid, rounding, wall
from simgen.shapes.soup import Soup

Table = tuple[tuple[float, float], ...]
Pair = tuple[float, float]

ROWS: Final = (0.0, 0.08, 0.26, 0.46, 0.63, 0.72, 0.83, 0.93, 1.0)
FEW_ROWS: Final = (0.0, 0.1, 0.46, 0.72, 0.93, 1.0)
FEW_GLASS_ROWS: Final = (0.0, 0.9, 1.0)
FEW_NOSE_SHARES: Final = (0.0, 0.5, 0.82, 0.97)
FEW_GLASS_SHARES: Final = (0.0, 0.6, 0.93)
GLASS_ROWS: Final = (0.0, 0.4, 0.76, 0.92, 1.0)
NOSE_SHARES: Final = (0.0, 0.3, 0.55, 0.73, 0.86, 0.945, 0.99)
GLASS_SHARES: Final = (0.0, 0.4, 0.7, 0.88, 0.975)


@dataclass(frozen=True, kw_only=True)
class CarLines:
    """The lines of a car. Tables are (position, value) pairs, position rising."""

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
    nose: Table = ((0.0, 0.13), (0.1, 0.06), (0.26, 0.0), (0.4, 0.008), (0.6, 0.03), (0.8, 0.055), (1.0, 0.12))
    tail: Table = ((0.0, 0.13), (0.15, 0.04), (0.35, 0.0), (0.48, 0.015), (0.56, 0.05), (0.85, 0.055), (1.0, 0.07))
    #: how far the side draws in over the wall's height, metres: below the crease it looks down a little, above it up
    flank: Table = (
        (0.0, 0.06), (0.07, 0.03), (0.22, 0.01), (0.42, 0.004), (0.6, 0.014), (0.7, 0.002), (0.74, 0.002),
        (0.88, 0.018), (1.0, 0.03),
    )  # fmt: skip
    front_depth: float = 0.6
    front_power: float = 2.7
    rear_depth: float = 0.48
    rear_power: float = 3.0
    shoulder_radius: float = 0.05
    bonnet_crown: float = 0.05
    #: glasshouse: s of windscreen base, windscreen top, rear window top, rear window base
    glass_s: tuple[float, float, float, float] = (0.715, 0.545, 0.26, 0.115)
    #: half widths at the belt and at the roof's edge, as shares of half the width
    glass_width: Pair = (0.915, 0.7)
    #: how far windscreen and rear window bend back at the belt, metres
    glass_depth: Pair = (0.5, 0.34)
    roof_crown: float = 0.05
    roof_drop: Pair = (0.045, 0.05)
    #: rear limit of the side windows, metres ahead of the rear window's base, at belt and roof
    side_glass: Pair = (0.5, 0.88)
    #: s of the front door's front edge, the edge between the doors, the rear door's rear edge (0 = no rear door)
    doors: tuple[float, float, float] = (0.68, 0.468, 0.262)
    #: fewer rows and columns, for cars that are seen from afar
    coarse: bool = False
    #: no glass above this height: high roofs
    glass_top: float = 9.0
    #: s at which side windows are parted by pillars besides those between doors
    pillars: tuple[float, ...] = ()
    mass_kg: float = 1500.0

    @property
    def half(self) -> float:
        """Half the width."""
        return 0.5 * self.width

    @property
    def front_x(self) -> float:
        """The front bumper, from the rear axle."""
        return self.wheelbase + self.front_overhang

    @property
    def rear_x(self) -> float:
        """The rear bumper, from the rear axle."""
        return self.front_x - self.length

    @property
    def arch_radius(self) -> float:
        """Radius of the wheel arches."""
        return self.wheel_radius + 0.045

    def x(self, s: ArrayLike) -> F8:
        """Positions along the car of shares of its length."""
        return np.asarray(self.rear_x + np.asarray(s, np.float64) * self.length)

    def at(self, s: float) -> float:
        """One position along the car."""
        return float(self.x(s))

    def shoulder_z(self, x: ArrayLike) -> F8:
        """Height of the body's upper edge."""
        places, heights = self._shoulder
        return np.asarray(np.interp(np.asarray(x, np.float64), places, heights))

    @cached_property
    def _shoulder(self) -> tuple[F8, F8]:
        """The upper edge as a fine polyline: what is asked for it again and again must be quick."""
        s, z = np.array(self.shoulder, np.float64).T
        at = np.linspace(0.0, 1.0, 161)
        return self.x(at), curve(at, s, z * self.height)

    def level(self, p: F8) -> F8:
        """How high points are between sill (0) and the body's upper edge (1)."""
        return np.asarray((p[..., 2] - self.sill) / (self.shoulder_z(p[..., 0]) - self.sill))

    @cached_property
    def glass_x(self) -> tuple[float, float, float, float]:
        """Windscreen base and top, rear window top and base along x."""
        a, b, c, d = (self.at(s) for s in self.glass_s)
        return a, b, c, d

    @cached_property
    def roof_edge(self) -> float:
        """Height of the roof's edge beside the seats."""
        return self.height - self.roof_crown

    @cached_property
    def belt(self) -> float:
        """Height of the belt line between the doors."""
        return float(self.shoulder_z(0.5 * (self.glass_x[1] + self.glass_x[2])))

    def arch(self, front: bool, grow: float = 0.0) -> Field:
        """How far within a wheel arch points are."""
        x, z, r = (self.wheelbase if front else 0.0), self.wheel_radius, self.arch_radius + grow
        return lambda p: np.asarray(r - np.hypot(p[..., 0] - x, p[..., 2] - z))


def _side_columns(lines: CarLines, high: float, low: float) -> F8:
    r = lines.arch_radius + 0.06
    arches = [np.linspace(c + r, c - r, 6 if lines.coarse else 8) for c in (lines.wheelbase, 0.0)]
    between = np.linspace(lines.wheelbase - r, r, 3 if lines.coarse else 5)[1:-1]
    ahead = np.arange(lines.wheelbase + r + 0.18, high, 0.2)
    behind = np.arange(-r - 0.25, low, -0.3)
    x = np.concatenate([*arches, between, ahead, behind, [high, low]])
    x = np.sort(x[(x <= high) & (x >= low)])[::-1]
    return np.asarray(x[np.concatenate([[True], -np.diff(x) > 0.05])])


def _table(table: Table, at: ArrayLike) -> F8:
    t = np.array(table, np.float64)
    return curve(at, t[:, 0], t[:, 1])


def _body_rings(lines: CarLines) -> F8:
    """The wall's half rings, (R, K, 3)."""
    shares = FEW_NOSE_SHARES if lines.coarse else NOSE_SHARES
    front = End(x=lines.front_x, depth=lines.front_depth, power=lines.front_power, shares=shares)
    rear = End(x=lines.rear_x, depth=lines.rear_depth, power=lines.rear_power, shares=shares)
    columns = _side_columns(lines, front.x - front.depth - 0.02, rear.x + rear.depth + 0.02)
    outline = Outline.of(front, rear, lines.half, columns, barrel=0.03)
    x = outline.points[:, 0]
    top, sill = lines.shoulder_z(x), lines.sill + 0.03 * (outline.front + outline.rear) ** 2
    level = np.array(FEW_ROWS if lines.coarse else ROWS)[:, None]
    z = sill + level * (top - sill)
    inset = _table(lines.flank, level) + rounding(top - z, lines.shoulder_radius) - _haunch(lines, x, z)
    xy = outline.points[None] - inset[..., None] * outline.normals[None]
    xy[..., 0] -= outline.front * _table(lines.nose, level) - outline.rear * _table(lines.tail, level)
    xy[:, [0, -1], 1] = 0.0
    return np.concatenate([xy, z[..., None]], -1)


def _haunch(lines: CarLines, x: F8, z: F8) -> F8:
    """How far the side swells out around the wheel arches."""
    r = lines.arch_radius
    away = [np.hypot(x - c, z - lines.wheel_radius) - r for c in (0.0, lines.wheelbase)]
    swell = [np.exp(-((np.minimum(d, 0.0) / 0.2) ** 2) - (np.maximum(d, 0.0) / 0.16) ** 2) for d in away]
    return 0.016 * np.asarray(np.maximum(*swell)) * np.clip((z - lines.sill) / 0.15, 0.0, 1.0)


@lru_cache(maxsize=8)
def body(lines: CarLines) -> tuple[Sheet, Sheet, Sheet]:
    """Wall, bonnet with deck, and underside, left half."""
    rings = _body_rings(lines)
    skin = wall(rings, np.full((rings.shape[0] - 1, rings.shape[1] - 1), PAINT))
    top = lid(rings[-1], lines.bonnet_crown, 5 if lines.coarse else 7, PAINT)
    edge = rings[0]
    across = np.stack([edge, edge * np.array([1.0, 0.0, 1.0])], axis=1)
    across[:, 1:, 2] = np.minimum(across[:, 1:, 2], lines.sill + 0.03)
    return _left(Sheet.of(skin, 32.0)), _left(Sheet.of(top, 40.0)), Sheet.of(lattice(across, tags=UNDER))


@lru_cache(maxsize=8)
def glasshouse(lines: CarLines) -> tuple[Sheet, Sheet]:
    """Windscreen, side windows, pillars and rear window down to just below the belt line; and the roof. Left half."""
    base_front, top_front, top_rear, base_rear = lines.glass_x
    low = _glass_ring(lines, base_front, base_rear, 0, 1.0)
    high = _glass_ring(lines, top_front, top_rear, 1, 0.56)
    v = np.array(FEW_GLASS_ROWS if lines.coarse else GLASS_ROWS)[:, None]
    # never above the body's edge, or daylight would show under the windows
    bottom = np.minimum(lines.shoulder_z(low.points[:, 0]), lines.belt) - 0.03
    edge = lines.roof_edge - lines.roof_drop[0] * high.front - lines.roof_drop[1] * high.rear
    z = bottom + v * (edge - bottom)
    bulge = 0.03 * 4.0 * v * (1.0 - v) - rounding(edge - z, 0.055)
    xy = low.points + v[..., None] * (high.points - low.points) + bulge[..., None] * low.normals
    xy[:, [0, -1], 1] = 0.0
    rings = np.concatenate([xy, z[..., None]], -1)
    skin = wall(rings, np.full((len(v) - 1, rings.shape[1] - 1), PAINT))
    roof = lid(rings[-1], lines.roof_crown, 5 if lines.coarse else 7, PAINT)
    return _left(Sheet.of(skin, 40.0)), _left(Sheet.of(roof, 40.0))


def _glass_ring(lines: CarLines, front: float, rear: float, which: int, depth: float) -> Outline:
    ends = (
        End(
            x=front,
            depth=depth * lines.glass_depth[0],
            power=2.7,
            shares=FEW_GLASS_SHARES if lines.coarse else GLASS_SHARES,
        ),
        End(
            x=rear,
            depth=depth * lines.glass_depth[1],
            power=2.9,
            shares=FEW_GLASS_SHARES if lines.coarse else GLASS_SHARES,
        ),
    )
    start, stop = front - ends[0].depth, rear + ends[1].depth
    return Outline.of(
        *ends, lines.glass_width[which] * lines.half, np.linspace(start, stop, 3 if lines.coarse else 5), barrel=0.025
    )


def under_glass(lines: CarLines, grow: float = 0.0) -> Field:
    """How far points are inside the glasshouse's foot in plan."""
    base_front, _, _, base_rear = lines.glass_x
    ring = _glass_ring(lines, base_front, base_rear, 0, 1.0).points
    order = np.argsort(ring[:, 0])
    x, y = ring[order, 0], ring[order, 1]

    def field(p: F8) -> F8:
        inside = np.interp(p[..., 0], x, y) - np.abs(p[..., 1])
        ends = np.minimum(base_front - p[..., 0], p[..., 0] - base_rear)
        return np.asarray(np.minimum(inside, ends)) + grow

    return field


def _left(sheet: Sheet) -> Sheet:
    return sheet.where(sheet.points[..., 1].min(1) > -1e-9)


def line_x(low: tuple[float, float], high: tuple[float, float]) -> Field:
    """How far points are ahead of a straight line through two (x, z), seen from the side."""
    slope = (high[0] - low[0]) / (high[1] - low[1])
    return lambda p: np.asarray(p[..., 0] - low[0] - slope * (p[..., 2] - low[1]))


def soup_half(soup: Soup) -> Sheet:
    """The left half of a soup that is alike on both sides."""
    return _left(Sheet.of(soup, 40.0))
