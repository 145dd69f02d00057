"""A car's sides: wheel arches and wells, cladding, doors and their seams, side windows with frames and pillars."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np

from simgen.records.base import F8
from simgen.shapes.cars.lines import CarLines, line_x
from simgen.shapes.cars.style import Style
from simgen.shapes.cars.surfaces import body, glasshouse
from simgen.shapes.cars.tags import (
    CHROME,
    FRONT_LEFT,
    GLASS,
    GLOSS,
    PAINT,
    PRIVACY,
    REAR_LEFT,
    SEAM,
    TRIM,
    UNDER,
)
from simgen.shapes.lattice import fan
from simgen.shapes.primitives import box
from simgen.shapes.sheet import Field, Sheet, joined, marked, seamed, shifted, split, taken
from simgen.shapes.sheet_edges import ribbons, rim
from simgen.shapes.soup import Soup

#: half a door gap as it looks: the gap and the shade of its rounded edges
GAP_M: Final = 0.0035
#: how far in wheel wells reach behind the tyres, rear and front (which steer)
WELLS_M: Final = (0.1, 0.22)


def arches(wall: Sheet, floor: Sheet, lines: CarLines) -> tuple[Sheet, Sheet]:
    """Wall and underside with holes over the wheels, and the wells behind them."""
    liners = []
    for front in (False, True):
        x, inner = (lines.wheelbase if front else 0.0), lines.half - lines.wheel_width - WELLS_M[front]
        arch = lines.arch(front)
        _, wall = taken(wall, [arch, _out(0.4 * lines.half)])
        liners.append(rim(wall, arch, _to_y(inner), UNDER).labelled(UNDER))
        reach = float(np.sqrt(max(lines.arch_radius**2 - (lines.wheel_radius - lines.sill) ** 2, 0.0)))
        _, floor = taken(floor, [_near_x(x, reach), _out(inner)])
        angle = np.linspace(-0.35, np.pi + 0.35, 15)
        # a little larger than the arch, whose edge has corners of its own
        r = lines.arch_radius + 0.02
        ring = np.stack([x + r * np.cos(angle), np.full(15, inner), np.sin(angle)], -1)
        ring[:, 2] = np.maximum(lines.wheel_radius + r * ring[:, 2], lines.sill)
        liners.append(Sheet.of(fan(ring, UNDER).flipped()))
    unknown = [replace(s, origins=np.full(len(s.tags), -1)) for s in liners]
    return joined([wall, *unknown]), floor


def _out(y: float) -> Field:
    return lambda p: np.asarray(p[..., 1] - y)


def _to_y(y: float) -> Callable[[F8], F8]:
    return lambda p: np.stack([p[..., 0], np.full(p.shape[:-1], y), p[..., 2]], -1)


def _near_x(x: float, reach: float) -> Field:
    return lambda p: np.asarray(reach - np.abs(p[..., 0] - x))


def cladding(wall: Sheet, lines: CarLines, style: Style) -> Sheet:
    """Sill trim, and on rugged cars dark rings around the arches."""
    low, ring = style.cladding
    side = [lambda p: lines.front_x - 0.4 - p[..., 0], lambda p: p[..., 0] - lines.rear_x - 0.4]
    if low > 0.01:
        wall = marked(wall, [lambda p: np.asarray(lines.sill + 0.55 * low - p[..., 2])], tag=TRIM, of=[PAINT])
    for front in (False, True) if ring > 0.0 else ():
        wall = marked(wall, [lines.arch(front, ring), *side], tag=TRIM, of=[PAINT])
    return wall


def bed(lid: Sheet, lines: CarLines, span: tuple[float, float]) -> Sheet:
    """The deck with an open bed let into it between two shares of the length."""
    rear, front, half = lines.at(span[0]), lines.at(span[1]), lines.half - 0.1
    _, lid = taken(lid, [_ahead(rear), _behind(front), lambda p: np.asarray(half - p[..., 1])])
    top, low = lines.belt, lines.sill + 0.32
    box_ = box((front - rear, 2.0 * half, top - low)).moved((0.5 * (front + rear), 0.0, 0.5 * (top + low))).flipped()
    keep = box_.vertices[box_.triangles][..., 2].min(1) < top - 1e-6
    open_box = Sheet.of(Soup(box_.vertices, box_.triangles[keep], box_.tags[keep]).tagged(TRIM), 20.0)
    _, half_box = split(open_box, lambda p: -p[..., 1])
    return joined([lid, replace(half_box, origins=np.full(len(half_box.tags), -1))])


class Daylight:
    """The outline of the side windows, as fields of points."""

    def __init__(self, lines: CarLines) -> None:
        self.lines = lines
        base_front, top_front, _, base_rear = lines.glass_x
        bend = lines.glass_depth[0]
        belt, roof = lines.belt, lines.roof_edge
        self.a_line = line_x((base_front - 0.76 * bend, belt), (top_front - 0.42 * bend, roof))
        low, high = lines.side_glass
        self.c_line = line_x((base_rear + low, belt), (base_rear + high, roof))

    def low(self, p: F8) -> F8:
        """Above the waist."""
        return np.asarray(p[..., 2] - self.lines.shoulder_z(p[..., 0]) - 0.03)

    def high(self, p: F8) -> F8:
        """Below the frame under the roof's edge, which drops towards the windscreen."""
        lines, (_, top_front, top_rear, _) = self.lines, self.lines.glass_x
        d = [0.56 * v for v in lines.glass_depth]
        f = np.clip((p[..., 0] - top_front + d[0]) / d[0], 0.0, 1.3)
        r = np.clip((top_rear + d[1] - p[..., 0]) / d[1], 0.0, 1.3)
        drop = lines.roof_drop[0] * f * f + lines.roof_drop[1] * r * r
        return np.asarray(np.minimum(lines.roof_edge - 0.062 - drop, lines.glass_top) - p[..., 2])

    def front(self, p: F8) -> F8:
        """Behind the A-pillar."""
        return -self.a_line(p)

    def rear(self, p: F8) -> F8:
        """Ahead of the rearmost pillar."""
        return self.c_line(p)

    def fields(self, inset: float = 0.0) -> list[Field]:
        """All four, drawn in."""
        return [shifted(f, -inset) for f in (self.low, self.high, self.front, self.rear)]


def _ahead(x: float) -> Field:
    return lambda p: np.asarray(p[..., 0] - x)


def _behind(x: float) -> Field:
    return lambda p: np.asarray(x - p[..., 0])


def windows(house: Sheet, lines: CarLines, style: Style, panes: Sequence[tuple[float, float]]) -> Sheet:
    """Side windows between (rear, front) positions in one dark surround, with a bright line along the waist."""
    light = Daylight(lines)
    beside = [_out(0.3 * lines.half)]
    if style.chrome:
        strip = [lambda p: light.low(p) + 0.02, *light.fields(-0.008)[2:], lambda p: -light.low(p), *beside]
        house = marked(house, strip, tag=CHROME, of=[PAINT])
    house = marked(house, [*light.fields(), *beside], tag=GLOSS, of=[PAINT])
    house = marked(house, [*light.fields(0.014), *beside], tag=GLASS, of=[GLOSS])
    for (rear, _), (_, front) in pairwise(panes):
        house = marked(house, [_ahead(front), _behind(rear), *beside], tag=GLOSS, of=[GLASS])
    if style.privacy and len(panes) > 1:
        house = marked(house, [_behind(panes[1][1] + 0.01), *beside], tag=PRIVACY, of=[GLASS])
    return house


def panes_of(lines: CarLines) -> list[tuple[float, float]]:
    """Where side windows lie along x, front first: between doors' edges and further pillars."""
    far = lines.glass_x[3], lines.glass_x[0]
    marks = [lines.at(s) for s in (lines.doors[1], *lines.pillars) if s > 0.0]
    ends = [far[1] + 1.0, *marks, far[0] - 1.0]
    half = [0.034, *[0.024] * len(lines.pillars)]
    gaps = [0.0, *half[: len(marks)], 0.0]
    return [(ends[k + 1] + gaps[k + 1], ends[k] - gaps[k]) for k in range(len(ends) - 1)]


def door_fields(lines: CarLines, rear_door: bool) -> tuple[list[Field], list[Field]]:
    """The outline of a door on the wall, and on the glasshouse."""
    light = Daylight(lines)
    first, middle, last = (lines.at(s) for s in lines.doors)
    low = [lambda p: np.asarray(p[..., 2] - lines.sill - 0.075), _out(0.5 * lines.half)]
    top: list[Field] = [lambda p: light.high(p) + 0.03, _out(0.3 * lines.half)]
    if not rear_door:
        off = lines.arch(True, 0.05)
        wall = [_ahead(middle), _behind(first), lambda p: -off(p), *low]
        return wall, [_ahead(middle), lambda p: light.front(p) + 0.032, *top]
    arch = lines.arch(False, 0.05)
    wall = [_behind(middle), _ahead(last), lambda p: -arch(p), *low]
    behind: Field = _ahead(lines.at(lines.pillars[0])) if lines.pillars else (lambda p: light.rear(p) + 0.05)
    return wall, [_behind(middle), behind, *top]


def doors(wall: Sheet, house: Sheet, lines: CarLines, parted: Collection[int], tall: bool = False) -> list[Sheet]:
    """Wall and glasshouse with seams around the side doors. A door that can open is cut out and gets its number."""
    seams: list[Sheet] = []
    for rear_door, part in ((False, FRONT_LEFT), (True, REAR_LEFT)):
        if rear_door and lines.doors[2] <= 0.0:
            continue
        on_wall, on_house = door_fields(lines, rear_door)
        if tall and rear_door:
            # a sliding door reaches up to the roof's edge
            first, last = lines.at(lines.doors[1]), lines.at(lines.doors[2])
            on_house = [_behind(first), _ahead(last), lambda p: lines.roof_edge - 0.16 - p[..., 2], _out(0.3)]
        if part in parted:
            wall = seamed(wall, on_wall, GAP_M, tag=SEAM, of=_tags(wall), part=part)
            house = seamed(house, on_house, GAP_M, tag=SEAM, of=_tags(house), part=part)
        else:
            # along the uncut skin, which has the fewest triangles
            seams.append(ribbons(body(lines)[0], on_wall, GAP_M, tag=SEAM, of=[PAINT]))
            seams.append(ribbons(glasshouse(lines)[0], on_house, GAP_M, tag=SEAM, of=[PAINT]))
    return [wall, house, *seams]


def _tags(sheet: Sheet) -> list[int]:
    return sorted(set(sheet.tags.tolist()) - {UNDER, SEAM})


def empty() -> Sheet:
    """No triangles."""
    none = np.zeros((0, 3, 3))
    return Sheet(none, none, *(np.zeros(0, np.int64) for _ in range(3)))


__all__ = ["Daylight", "arches", "cladding", "door_fields", "doors", "empty", "panes_of", "windows"]
