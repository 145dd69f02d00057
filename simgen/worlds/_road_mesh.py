"""The mesh of one road along a line: bands across it, markings, kerbs and guard rails."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.mesh import Surface
from simgen.records.model import Shape
from simgen.worlds._ground import Ground, dashes
from simgen.worlds._surfaces import (
    ASPHALT,
    GRASS,
    GUARD_RAIL,
    KERB_STONE,
    LINE_PAINT,
    PAINT_M,
    PARKING,
    PAVING,
    SHOULDER,
)

KERB_WIDTH_M = 0.15
GRASS_WIDTH_M = 120.0
_LINE_M = 0.15
_RAIL_TOP_M = 0.75
_POST_SPACING_M = 4.0
#: half the cross-section of the beam: (towards the road, height), from the bottom up; closed by its mirror behind
_RAIL_PROFILE = ((0.0, 0.45), (0.08, 0.50), (0.02, 0.60), (0.08, 0.70), (0.0, 0.75), (-0.03, 0.75), (-0.03, 0.45))


@dataclass(frozen=True, kw_only=True)
class Section:
    """A road's cross-section; lateral positions in metres, left of the reference line positive."""

    #: lanes from the right edge to the left: of the reference direction, then (two-way) of the other one
    lanes: int
    lane: float
    two_way: bool
    median: float
    parking: float
    shoulder: float
    sidewalk: float
    kerb: float
    rails: bool

    @property
    def right(self) -> float:
        """The right edge of the rightmost lane."""
        return -self.lanes * self.lane - (0.5 * self.median if self.two_way else 0.0)

    @property
    def left(self) -> float:
        """The left edge of the leftmost lane."""
        return -self.right if self.two_way else 0.0

    @property
    def beside(self) -> float:
        """Parking lane or shoulder, from the lanes to the road's edge."""
        return self.parking + self.shoulder

    def lane_center(self, index: int) -> float:
        """Of lane ``index`` (1 = rightmost) in the reference direction."""
        return self.right + (index - 0.5) * self.lane


def road_mesh(line: Polyline, s: Section) -> Ground:
    """Asphalt, grass, sidewalks, paint and rails along a line."""
    ground = Ground()
    beside: Surface = PARKING if s.parking else SHOULDER
    _band(ground, line, s.left, s.right, 0.0, 0.0, ASPHALT)
    if s.two_way and s.median:
        _median(ground, line, s)
    for side, edge in ((-1.0, s.right), (1.0, s.left)):
        outer = edge + side * s.beside
        if s.beside:
            _band(ground, line, *_ordered(edge, outer), 0.0, 0.0, beside)
        _verge(ground, line, s, side, outer)
        if s.rails:
            guard_rail(ground, line, outer + side * 0.5, -side)
    _paint(ground, line, s)
    return ground


def _ordered(a: float, b: float) -> tuple[float, float]:
    return (a, b) if a > b else (b, a)


def _band(
    ground: Ground, line: Polyline, left: float, right: float, z_left: float, z_right: float, what: Surface
) -> None:
    up = np.array([0.0, 0.0, 1.0])
    ground.strip(line.at(line.s, left) + z_left * up, line.at(line.s, right) + z_right * up, what)


def _verge(ground: Ground, line: Polyline, s: Section, side: float, outer: float) -> None:
    """From the road's edge outwards: kerb and sidewalk if there is one, then grass."""
    grass_from = outer
    if s.sidewalk:
        foot = line.at(line.s, outer)
        ground.wall(foot if side < 0.0 else foot[::-1], s.kerb, KERB_STONE)
        _band(ground, line, *_ordered(outer, outer + side * KERB_WIDTH_M), s.kerb, s.kerb, KERB_STONE)
        grass_from = outer + side * s.sidewalk
        _band(ground, line, *_ordered(outer + side * KERB_WIDTH_M, grass_from), s.kerb, s.kerb, PAVING)
    z = s.kerb if s.sidewalk else 0.0
    steps = (0.0, 10.0, 40.0, GRASS_WIDTH_M)
    for near, far in itertools.pairwise(steps):
        _band(ground, line, *_ordered(grass_from + side * near, grass_from + side * far), z, z, GRASS)


def _median(ground: Ground, line: Polyline, s: Section) -> None:
    """A raised strip of grass between two kerbs, 4 cm lower than a sidewalk's, with a rail for each direction."""
    half, height = 0.5 * s.median - 0.3, 0.08
    left, right = line.at(line.s, half), line.at(line.s, -half)
    ground.wall(left, height, KERB_STONE)
    ground.wall(right[::-1], height, KERB_STONE)
    _band(ground, line, half, half - KERB_WIDTH_M, height, height, KERB_STONE)
    _band(ground, line, half - KERB_WIDTH_M, KERB_WIDTH_M - half, height, height, GRASS)
    _band(ground, line, KERB_WIDTH_M - half, -half, height, height, KERB_STONE)
    if s.rails:
        guard_rail(ground, line, 0.35, 1.0)
        guard_rail(ground, line, -0.35, -1.0)


def _paint(ground: Ground, line: Polyline, s: Section) -> None:
    """Edge lines, lane lines and, without a median, the centre line."""
    dash, gap = (6.0, 12.0) if s.rails else (3.0, 6.0)
    inset = 0.5 * _LINE_M
    solid = [s.right + inset, s.left - inset]
    broken = [s.right + k * s.lane for k in range(1, s.lanes)]
    if s.two_way:
        broken += [-y for y in broken]
        if s.median:
            solid += [0.5 * s.median + inset, -0.5 * s.median - inset]
        elif s.lanes > 1:
            solid += [0.12, -0.12]
        else:
            broken.append(0.0)
    for y in solid:
        ground.quads(_dashes(line, y, 5.0, 0.0), LINE_PAINT)
    for y in broken:
        ground.quads(_dashes(line, y, dash, gap), LINE_PAINT)


def _dashes(line: Polyline, lateral: float, dash: float, gap: float) -> F8:
    return dashes(line.offset(lateral), 0.0, line.length, dash, gap, _LINE_M, PAINT_M)


def guard_rail(ground: Ground, line: Polyline, lateral: float, facing: float) -> None:
    """A W-beam on posts; ``facing`` = 1 if the road lies to the left of it."""
    profile = np.array(_RAIL_PROFILE)
    loop = np.concatenate([profile, profile[:1]])
    for (a, za), (b, zb) in itertools.pairwise(loop):
        low, high = line.at(line.s, lateral + facing * a), line.at(line.s, lateral + facing * b)
        low, high = low + np.array([0.0, 0.0, za]), high + np.array([0.0, 0.0, zb])
        ground.strip(*((low, high) if facing > 0.0 else (high, low)), GUARD_RAIL)
    s = np.arange(0.5 * _POST_SPACING_M, line.length, _POST_SPACING_M)
    posts = line.at(s, lateral - facing * 0.08)
    for point, yaw in zip(posts, line.heading(s), strict=True):
        middle = point + np.array([0.0, 0.0, 0.5 * (_RAIL_TOP_M - 0.05)])
        ground.box(middle, (0.10, 0.06, _RAIL_TOP_M - 0.05), GUARD_RAIL, float(yaw))


def road_shapes(line: Polyline, s: Section) -> tuple[Shape, ...]:
    """A slab under everything; boxes for raised verges and rails, one for each straight piece of the line."""
    reach = float(np.abs(line.points[:, :2]).max()) + GRASS_WIDTH_M + 50.0
    found = [Shape(kind="box", size=(2.0 * reach, 2.0 * reach, 1.0), center=(0.0, 0.0, -0.5))]
    for side, edge in ((-1.0, s.right), (1.0, s.left)):
        outer = edge + side * s.beside
        if s.sidewalk:
            width = GRASS_WIDTH_M + s.sidewalk
            found += _boxes(line, outer + side * 0.5 * width, width, s.kerb, 0.0)
        if s.rails:
            found += _boxes(line, outer + side * 0.5, 0.2, _RAIL_TOP_M, 0.0)
    if s.two_way and s.median:
        found += _boxes(line, 0.0, s.median - 0.6, 0.08, 0.0)
        if s.rails:
            found += _boxes(line, 0.0, 0.9, _RAIL_TOP_M, 0.0)
    return tuple(found)


def _boxes(line: Polyline, lateral: float, width: float, height: float, z: float) -> list[Shape]:
    parallel = line.offset(lateral)
    a, b = parallel.points[:-1], parallel.points[1:]
    middle, along = 0.5 * (a + b), b - a
    length, yaw = np.sqrt((along * along).sum(-1)), np.arctan2(along[:, 1], along[:, 0])
    return [
        Shape(
            kind="box",
            size=(float(n), width, height),
            center=(float(m[0]), float(m[1]), z + 0.5 * height),
            quaternion=(float(np.cos(0.5 * t)), 0.0, 0.0, float(np.sin(0.5 * t))),
        )
        for n, m, t in zip(length, middle, yaw, strict=True)
    ]
