"""The uncut skin of a car: a wall around the plan, bonnet and deck, a glasshouse, an underside; left half."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from simgen.records.base import F8
from simgen.shapes.cars.lines import CarLines, Table
from simgen.shapes.cars.tags import PAINT, UNDER
from simgen.shapes.lattice import curve, lattice
from simgen.shapes.sheet import Field, Sheet
from simgen.shapes.shell import End, Outline, lid, rounding, wall

ROWS: Final = (0.0, 0.08, 0.26, 0.46, 0.63, 0.72, 0.83, 0.93, 1.0)


GLASS_ROWS: Final = (0.0, 0.52, 0.9, 1.0)


NOSE_SHARES: Final = (0.0, 0.34, 0.62, 0.82, 0.935, 0.99)


GLASS_SHARES: Final = (0.0, 0.4, 0.7, 0.88, 0.975)


FEW_ROWS: Final = (0.0, 0.1, 0.46, 0.72, 0.93, 1.0)


FEW_GLASS_ROWS: Final = (0.0, 0.9, 1.0)


FEW_NOSE_SHARES: Final = (0.0, 0.5, 0.82, 0.97)


FEW_GLASS_SHARES: Final = (0.0, 0.6, 0.93)


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


__all__ = ["body", "glasshouse", "under_glass"]
