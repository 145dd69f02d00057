"""A car's front and rear: lamps, grille, intakes, bumpers, the seams of bonnet and boot, both screens.

Shapes are convex polygons over the skin unrolled around the corner: across (from the middle outwards and around, in
halves of the car's width) and up (0 = sill, 1 = the body's upper edge).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from simgen.records.base import F8
from simgen.shapes.cars.lines import CarLines
from simgen.shapes.cars.style import Style
from simgen.shapes.cars.surfaces import under_glass
from simgen.shapes.cars.tags import (
    BEAM,
    BRAKE,
    CHROME,
    DRL,
    GLASS,
    GLOSS,
    GRILLE,
    HOUSING,
    LEFT,
    PAINT,
    PRIVACY,
    REFLEX,
    REVERSE,
    SEAM,
    SECOND,
    SLAT,
    TAIL,
    TRIM,
)
from simgen.shapes.sheet import Field, Sheet, convex, joined, marked, shifted, taken
from simgen.shapes.sheet_edges import ribbons

Points = tuple[tuple[float, float], ...]
#: metres that stand for one level, so that polygons keep their angles
_TALL: Final = 0.55

HEADLAMPS: Final[tuple[Points, ...]] = (
    ((0.52, 0.83), (0.6, 0.78), (1.0, 0.78), (1.3, 0.86), (1.42, 0.95), (1.0, 0.945), (0.55, 0.91)),
    ((0.56, 0.77), (0.66, 0.71), (1.04, 0.71), (1.24, 0.82), (1.36, 0.94), (0.98, 0.95), (0.6, 0.9)),
    ((0.5, 0.82), (0.62, 0.75), (1.08, 0.76), (1.3, 0.84), (1.3, 0.93), (0.52, 0.93)),
    ((0.58, 0.74), (0.64, 0.67), (0.98, 0.66), (1.16, 0.74), (1.2, 0.88), (1.08, 0.945), (0.68, 0.93)),
    ((0.48, 0.88), (0.58, 0.8), (1.06, 0.74), (1.2, 0.8), (1.46, 0.96), (1.1, 0.955), (0.5, 0.93)),
    ((0.6, 0.72), (0.7, 0.68), (1.02, 0.7), (1.22, 0.8), (1.26, 0.92), (0.64, 0.92)),
)
#: the upper grille, and whether it has a frame
GRILLES: Final[tuple[tuple[Points, bool], ...]] = (
    (((0.0, 0.62), (0.36, 0.62), (0.45, 0.72), (0.47, 0.86), (0.0, 0.88)), True),
    (((0.0, 0.73), (0.48, 0.74), (0.5, 0.87), (0.0, 0.88)), False),
    (((0.0, 0.45), (0.3, 0.45), (0.42, 0.62), (0.46, 0.8), (0.4, 0.9), (0.0, 0.91)), True),
    (((0.0, 0.66), (0.22, 0.66), (0.36, 0.76), (0.4, 0.87), (0.0, 0.89)), True),
    (((0.0, 0.6), (0.5, 0.62), (0.54, 0.82), (0.46, 0.88), (0.0, 0.9)), True),
    (((0.0, 0.7), (0.44, 0.71), (0.47, 0.88), (0.0, 0.89)), False),
)
INTAKES: Final[tuple[Points, ...]] = (
    ((0.0, 0.1), (0.62, 0.1), (0.72, 0.2), (0.62, 0.32), (0.0, 0.34)),
    ((0.0, 0.12), (0.5, 0.12), (0.62, 0.3), (0.56, 0.36), (0.0, 0.36)),
    ((0.0, 0.08), (0.78, 0.08), (0.84, 0.18), (0.0, 0.26)),
    ((0.0, 0.14), (0.44, 0.14), (0.36, 0.38), (0.0, 0.38)),
)
POCKETS: Final[Points] = ((0.86, 0.12), (1.02, 0.16), (1.1, 0.34), (0.94, 0.36), (0.84, 0.24))
TAILLAMPS: Final[tuple[Points, ...]] = (
    ((0.5, 0.66), (0.56, 0.62), (1.0, 0.62), (1.36, 0.72), (1.36, 0.84), (1.0, 0.88), (0.5, 0.86)),
    ((0.62, 0.6), (1.02, 0.6), (1.24, 0.7), (1.3, 0.92), (1.0, 0.93), (0.62, 0.86)),
    ((0.4, 0.72), (1.06, 0.7), (1.4, 0.78), (1.3, 0.88), (0.4, 0.86)),
    ((0.66, 0.54), (1.0, 0.54), (1.16, 0.66), (1.22, 0.9), (0.7, 0.9)),
    ((0.54, 0.68), (1.0, 0.6), (1.3, 0.76), (1.34, 0.9), (0.58, 0.84)),
)
#: upright ones beside a tailgate
TALL_LAMPS: Final[tuple[Points, ...]] = (
    ((0.74, 0.6), (1.02, 0.6), (1.24, 0.72), (1.26, 0.96), (0.8, 0.97)),
    ((0.56, 0.74), (1.02, 0.68), (1.3, 0.78), (1.34, 0.92), (0.58, 0.92)),
    ((0.8, 0.5), (1.02, 0.52), (1.18, 0.7), (1.2, 0.98), (0.84, 0.98)),
    ((0.66, 0.66), (1.02, 0.64), (1.26, 0.74), (1.3, 0.97), (0.72, 0.95)),
    ((0.48, 0.78), (1.04, 0.74), (1.34, 0.84), (1.26, 0.96), (0.52, 0.92)),
)


def unrolled(lines: CarLines, front: bool) -> Callable[[F8], F8]:
    """Coordinates (across, up) of points, in metres: see above."""
    end, sign = (lines.front_x, -1.0) if front else (lines.rear_x, 1.0)

    def coordinates(p: F8) -> F8:
        out = np.empty((*p.shape[:-1], 2))
        out[..., 0] = np.abs(p[..., 1]) + sign * (p[..., 0] - end)
        out[..., 1] = _TALL * lines.level(p)
        return out

    return coordinates


def patch(lines: CarLines, points: Points, front: bool, grow: float = 0.0) -> list[Field]:
    """The fields of a polygon at an end of the car, grown by metres."""
    corners = np.array(points) * np.array([lines.half, _TALL])
    # one that reaches the middle goes on across it
    corners[corners[:, 0] == 0.0, 0] = -0.3
    near = (lambda p: p[..., 0] - lines.front_x + 0.95) if front else (lambda p: lines.rear_x + 0.95 - p[..., 0])
    sides = convex(corners, unrolled(lines, front))
    return [near, *(shifted(f, grow) for f in sides)]


def _across(lines: CarLines, front: bool, low: float, high: float) -> list[Field]:
    """Between two places across, in metres."""
    u = unrolled(lines, front)
    return [lambda p: u(p)[..., 0] - low, lambda p: high - u(p)[..., 0]]


def _up(lines: CarLines, low: float, high: float) -> list[Field]:
    """Between two levels."""
    return [lambda p: _TALL * (lines.level(p) - low), lambda p: _TALL * (high - lines.level(p))]


def front(wall: Sheet, lines: CarLines, style: Style, lamp: Points | None = None) -> Sheet:
    """Grille, intakes, headlamps and the edge of the bonnet."""
    painted = [PAINT, TRIM]
    shape, framed = GRILLES[style.grille % len(GRILLES)]
    if framed and style.chrome and not lines.coarse:
        wall = marked(wall, patch(lines, shape, True, 0.014), tag=CHROME, of=painted)
    wall = marked(wall, patch(lines, shape, True), tag=GRILLE, of=[*painted, CHROME])
    levels = np.array(shape)[:, 1]
    bars = (3, 4, 5, 2, 6, 1)[style.grille % 6]
    step = (levels.max() - levels.min()) / (bars + 1)
    slats = []
    for k in range(0 if lines.coarse else bars):
        at = _up(lines, float(levels.min() + step * (k + 1)), 9.0)[:1]
        inner = patch(lines, shape, True, -0.012)
        slats.append(ribbons(wall, at, 0.007, tag=SLAT, of=[GRILLE], above_m=0.005, within=inner))
    wall = marked(wall, patch(lines, INTAKES[style.intake % len(INTAKES)], True), tag=GRILLE, of=painted)
    if style.fogs and not lines.coarse:
        wall = marked(wall, patch(lines, POCKETS, True), tag=GLOSS, of=painted)
    wall = headlamp(wall, lines, lamp or HEADLAMPS[style.lamp % len(HEADLAMPS)], style)
    near = [*_across(lines, True, -1.0, 1.25 * lines.half), patch(lines, shape, True)[0]]
    seam = ribbons(wall, _up(lines, 0.96, 9.0)[:1], 0.003, tag=SEAM, of=[PAINT], within=near)
    return joined([wall, *slats, seam])


def headlamp(wall: Sheet, lines: CarLines, shape: Points, style: Style) -> Sheet:
    """A dark housing with two reflectors, a running light along its edge and a clear indicator at its outer end."""
    wall = marked(wall, patch(lines, shape, True), tag=HOUSING, of=[PAINT, TRIM, CHROME])
    p = np.array(shape)
    inner, outer, low, high = p[:, 0].min(), p[:, 0].max(), p[:, 1].min(), p[:, 1].max()
    inset = patch(lines, shape, True, -0.012)
    across = [lines.half * (inner + t * (outer - inner)) for t in (0.0, 0.74, 1.0)]
    if style.lamp % 2:
        band = _up(lines, low + 0.014, low + 0.06)
    else:
        band = _up(lines, high - 0.06, high - 0.012)
    wall = marked(wall, [*inset, *band, *_across(lines, True, across[0], across[1])], tag=DRL, of=[HOUSING])
    wall = marked(wall, _across(lines, True, across[1], across[2])[:1], tag=LEFT, of=[HOUSING])
    level = (0.42 if style.lamp % 2 == 0 else 0.6) * (high - low) + low
    for k, t in enumerate((0.24, 0.54)):
        center = np.array([inner + t * (outer - inner), level + 0.02 * k])
        radius = np.array([0.052 / lines.half, 0.05 / _TALL]) * min(1.0, (high - low) / 0.2)
        angle = np.arange(6) * np.pi / 3
        ring = center + radius * np.stack([np.cos(angle), np.sin(angle)], -1)
        disc = patch(lines, tuple((float(a), float(b)) for a, b in ring), True)
        wall = marked(wall, disc, tag=BEAM, of=[HOUSING])
    return wall


def rear(wall: Sheet, lines: CarLines, style: Style, lamp: Points, hatch: bool, gate: bool = True) -> Sheet:
    """Tail lamps, the lower bumper, reflectors and the seam of boot or tailgate."""
    painted = [PAINT, TRIM]
    wall = marked(
        wall, patch(lines, ((0.0, -0.1), (0.86, -0.1), (0.74, 0.17), (0.0, 0.2)), False), tag=TRIM, of=painted
    )
    wall = taillamp(wall, lines, lamp)
    if lines.coarse:
        return wall
    reflex = ((0.7, 0.235), (0.92, 0.235), (0.92, 0.265), (0.7, 0.265))
    wall = marked(wall, patch(lines, reflex, False), tag=REFLEX, of=painted)
    if not gate:
        return wall
    wide, low = (0.8, 0.4) if hatch else (0.74, 0.46)
    lid = patch(lines, ((0.0, low), (wide, low), (wide + 0.02, 1.2), (0.0, 1.2)), False)
    return joined([wall, ribbons(wall, lid[1:], 0.003, tag=SEAM, of=[PAINT], within=lid[:1])])


def taillamp(wall: Sheet, lines: CarLines, shape: Points) -> Sheet:
    """A red lens with a brighter band for braking; below it a clear indicator and reversing lamp."""
    wall = marked(wall, patch(lines, shape, False), tag=TAIL, of=[PAINT, TRIM, SEAM])
    p = np.array(shape)
    inner, outer, low, high = p[:, 0].min(), p[:, 0].max(), p[:, 1].min(), p[:, 1].max()
    tall = high - low
    edge = lines.half * (inner + 0.3 * min(1.0 - inner, outer - inner))
    small = _up(lines, low + 0.1 * tall, low + 0.32 * tall)
    wall = marked(wall, [*small, *_across(lines, False, edge + 0.01, 9.0)[:1]], tag=LEFT, of=[TAIL])
    wall = marked(wall, [*small, *_across(lines, False, 0.0, edge)[1:]], tag=REVERSE, of=[TAIL])
    return marked(wall, _up(lines, low + 0.5 * tall, low + 0.78 * tall), tag=BRAKE, of=[TAIL])


def _screen(lines: CarLines, front: bool, share: float, low: float, high: float) -> list[Field]:
    """Between levels over belt (0) and roof's edge (1), within a share of the glasshouse's width."""
    _, top_front, top_rear, _ = lines.glass_x
    middle = 0.5 * (top_front + top_rear)
    wide, narrow = (share * w * lines.half for w in lines.glass_width)
    rise = lines.roof_edge - lines.belt

    def level(p: F8) -> F8:
        return np.asarray((p[..., 2] - lines.belt) / rise)

    return [
        (lambda p: p[..., 0] - middle) if front else (lambda p: middle - p[..., 0]),
        lambda p: wide + (narrow - wide) * level(p) - np.abs(p[..., 1]),
        lambda p: rise * (level(p) - low),
        lambda p: rise * (high - level(p)),
    ]


def screens(house: Sheet, lines: CarLines, style: Style, *, rear_glass: tuple[float, float, float]) -> Sheet:
    """Windscreen and rear window, each with a dark rim; ``rear_glass``: share of the width, lower and upper level."""
    drop = [d / (lines.roof_edge - lines.belt) for d in lines.roof_drop]
    rise = lines.roof_edge - lines.belt
    ahead = (0.93, -1.0, min(0.93 - drop[0], (lines.glass_top + 0.07 - lines.belt) / rise))
    house = marked(house, _screen(lines, True, *ahead), tag=GLOSS, of=[PAINT])
    house = marked(house, _screen(lines, True, ahead[0] - 0.035, -1.0, ahead[2] - 0.05), tag=GLASS, of=[GLOSS])
    share, low, high = rear_glass
    if share <= 0.0:
        return house
    house = marked(house, _screen(lines, False, share, low, high - drop[1]), tag=GLOSS, of=[PAINT])
    inner = _screen(lines, False, share - 0.045, low + 0.06, high - drop[1] - 0.06)
    return marked(house, inner, tag=PRIVACY if style.privacy else GLASS, of=[GLOSS])


def rear_doors(wall: Sheet, house: Sheet, lines: CarLines) -> tuple[Sheet, Sheet]:
    """The seams of two doors that reach from the bumper to the roof."""
    behind: Field = lambda p: lines.rear_x + 0.2 - p[..., 0]  # noqa: E731
    middle: Field = lambda p: p[..., 1] - 0.002  # noqa: E731
    edge: Field = lambda p: p[..., 1] - 0.84 * lines.half  # noqa: E731
    above: Field = lambda p: p[..., 2] - lines.sill - 0.3 * (lines.belt - lines.sill)  # noqa: E731
    below: Field = lambda p: lines.roof_edge - 0.1 - p[..., 2]  # noqa: E731
    glazed = [PAINT, SECOND, GLOSS, GLASS, PRIVACY]
    for line in (middle, edge):
        wall = joined([wall, ribbons(wall, [line], 0.004, tag=SEAM, of=[PAINT, SECOND], within=[behind, above])])
        house = joined([house, ribbons(house, [line], 0.004, tag=SEAM, of=glazed, within=[behind, below])])
    return wall, house


def top(lid: Sheet, lines: CarLines, boot: bool) -> Sheet:
    """Bonnet and deck: open under the glasshouse, a dark cowl before the windscreen, seams along their sides."""
    lid = marked(lid, [under_glass(lines, 0.09), _ahead_of(lines)], tag=GLOSS, of=[PAINT])
    lid = without_inside(lid, [under_glass(lines, -0.035)])
    seams: list[tuple[float, float, float, float]] = [(lines.glass_x[0] - 0.1, 0.84, lines.front_x, 0.66)]
    if boot:
        seams.append((lines.glass_x[3] + 0.2, 0.76, lines.rear_x, 0.76))
    found = [lid]
    for x0, share0, x1, share1 in seams:
        along, *ends = _stripe(lines, x0, share0, x1, share1)
        found.append(ribbons(lid, [along], 0.0035, tag=SEAM, of=[PAINT], within=ends))
    return joined(found)


def _ahead_of(lines: CarLines) -> Field:
    x = lines.glass_x[0] - 0.6 * lines.glass_depth[0]
    return lambda p: np.asarray(p[..., 0] - x)


def without_inside(sheet: Sheet, fields: Sequence[Field]) -> Sheet:
    """A sheet less what lies where all fields are positive."""
    return taken(sheet, fields)[1]


def _stripe(lines: CarLines, x0: float, share0: float, x1: float, share1: float) -> list[Field]:
    """A seam along a line in plan."""
    y0, y1 = share0 * lines.half, share1 * lines.half
    low, high = min(x0, x1), max(x0, x1)

    def off(p: F8) -> F8:
        return np.asarray(np.abs(p[..., 1]) - y0 - (y1 - y0) * (p[..., 0] - x0) / (x1 - x0))

    return [off, lambda p: p[..., 0] - low, lambda p: high - p[..., 0]]


__all__ = ["TAILLAMPS", "TALL_LAMPS", "front", "patch", "rear", "rear_doors", "screens", "top", "unrolled"]
