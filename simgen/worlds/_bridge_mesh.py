"""A valley with a river, and the deck, piers, railings and trusses of a bridge over it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.mesh import Surface
from simgen.shapes.ground_parts import Ground, dashes, rectangle
from simgen.shapes.ground_surfaces import ASPHALT, GRASS, KERB_STONE, LINE_PAINT, PAINT_M, PAVING
from simgen.shapes.primitives import bar
from simgen.worlds._railings import STEEL, railing

CONCRETE: Final = Surface(
    class_name="bridge", base_color=(0.36, 0.35, 0.33), roughness=0.9, texture="concrete", texture_scale_m=2.0,
    lidar_reflectance=0.32,
)  # fmt: skip
PAINTED: Final = Surface(
    class_name="bridge", base_color=(0.10, 0.17, 0.15), roughness=0.5, metallic=0.3, lidar_reflectance=0.3
)
WATER: Final = Surface(class_name="water", base_color=(0.018, 0.030, 0.026), roughness=0.06, lidar_reflectance=0.02)
#: thickness of the deck; how far the valley's slopes reach beyond the bridge's ends; of wing walls
_DECK_M, _SLOPE_M, _WING_M = 1.5, 34.0, 3.0
_TRUSS_M = 5.6
_KERB_M = 0.14


@dataclass(frozen=True, kw_only=True)
class Span:
    """Measures: the bridge runs along x over the origin."""

    half: float
    depth: float
    #: half the carriageway, and the outer edge of the sidewalks
    carriage: float
    edge: float
    reach: float
    broad: float

    def valley(self, x: F8) -> F8:
        """Height of the valley far from the road."""
        far = self.half + _SLOPE_M
        return np.asarray(-0.5 * self.depth * (1.0 + np.cos(np.pi * np.clip(x / far, -1.0, 1.0))))

    def ground(self, x: F8, y: float) -> F8:
        """Height of the ground: an embankment carries the road up to the bridge."""
        into = np.clip((self.half - np.abs(x)) / 9.0, 0.0, 1.0)
        under = (1.0 - into) * -_DECK_M + into * self.valley(x)
        up = np.clip((np.abs(x) - self.half) / _WING_M, 0.0, 1.0)
        road = np.where(np.abs(x) < self.half, under, -_DECK_M + up * (_DECK_M + _KERB_M))
        share = np.clip((abs(y) - self.edge) / 16.0, 0.0, 1.0)
        share = share * share * (3.0 - 2.0 * share)
        return np.asarray(road + share * (self.valley(x) - road))

    def stations(self) -> F8:
        """Where the ground has its vertices along x."""
        fine = np.linspace(-self.half - _SLOPE_M, self.half + _SLOPE_M, 61)
        marks = [s * v for s in (-1, 1) for v in (self.half, self.half + _WING_M, self.half - 9.0, self.reach)]
        return np.unique(np.round(np.concatenate([fine, marks]), 4))


def bridge_mesh(s: Span, lanes: int, lane: float, kind: str) -> Ground:
    """Everything."""
    ground = Ground()
    _terrain(ground, s)
    _deck(ground, s)
    _paint(ground, s, lanes, lane)
    _piers(ground, s, kind)
    for turn in (1.0, -1.0):
        line = Polyline([(-turn * s.reach, -turn * s.edge, _KERB_M), (turn * s.reach, -turn * s.edge, _KERB_M)])
        a = s.reach - s.half - 6.0
        railing(ground, line, (a, 2.0 * s.reach - a), -0.14, STEEL, top_m=1.1, bar_m=0.3 if s.half > 60.0 else 0.18)
        if kind == "truss":
            _truss(ground, s, turn * (s.edge - 0.3))
    return ground


def _line(x: F8, y: float, z: ArrayLike) -> F8:
    return np.stack([x, np.full_like(x, y), np.broadcast_to(np.asarray(z, np.float64), x.shape)], -1)


def _terrain(ground: Ground, s: Span) -> None:
    """Ground on both sides and under the bridge, and the river."""
    x = s.stations()
    rows = [s.edge, s.edge + 4.0, s.edge + 8.0, s.edge + 12.0, s.edge + 16.0, 60.0, s.broad]
    for near, far in pairwise(rows):
        ground.strip(_line(x, far, s.ground(x, far)), _line(x, near, s.ground(x, near)), GRASS)
        ground.strip(_line(x, -near, s.ground(x, near)), _line(x, -far, s.ground(x, far)), GRASS)
    under = x[np.abs(x) <= s.half + 1e-6]
    # the last ones lie under the deck's ends
    z = np.minimum(s.ground(under * (1.0 - 1e-9), 0.0), -_DECK_M)
    ground.strip(_line(under, s.edge, z), _line(under, -s.edge, z), GRASS)
    level = -s.depth + 1.3
    wet = float(np.abs(x[s.valley(x) < level + 0.4]).max(initial=3.0))
    for y in np.arange(-s.broad, s.broad, 20.0):
        ground.quads(rectangle(-wet, float(y), wet, float(y) + 20.0, level), WATER)


def _deck(ground: Ground, s: Span) -> None:
    """Carriageway, kerbs and sidewalks from end to end; the sides and the underside of the bridge."""
    x = np.unique(np.concatenate([np.linspace(-s.reach, s.reach, 41), [-s.half, s.half]]))
    flat = {y: _line(x, y, z) for y, z in ((s.carriage, 0.0), (-s.carriage, 0.0))}
    ground.strip(flat[s.carriage], flat[-s.carriage], ASPHALT)
    for sign in (1.0, -1.0):
        foot = flat[sign * s.carriage]
        ground.wall(foot[::-1] if sign > 0.0 else foot, _KERB_M, KERB_STONE)
        bands = [_line(x, sign * y, _KERB_M) for y in (s.carriage, s.carriage + 0.15, s.edge)]
        if sign > 0.0:
            ground.bands(bands[::-1], [PAVING, KERB_STONE])
        else:
            ground.bands(bands, [KERB_STONE, PAVING])
        wing = x[np.abs(x) <= s.half + 1e-6]
        wing = np.concatenate([[-s.half - _WING_M], wing, [s.half + _WING_M]])
        side = _line(wing, sign * s.edge, -_DECK_M)
        ground.wall(side if sign > 0.0 else side[::-1], _DECK_M + _KERB_M, CONCRETE)
    span = x[np.abs(x) <= s.half + 1e-6]
    ground.strip(_line(span, -s.edge, -_DECK_M), _line(span, s.edge, -_DECK_M), CONCRETE)


def _paint(ground: Ground, s: Span, lanes: int, lane: float) -> None:
    middle = Polyline([(-s.reach, 0.0), (s.reach, 0.0)])

    def line(y: float, dash: float, gap: float) -> None:
        ground.quads(dashes(middle.offset(y), 0.0, middle.length, dash, gap, 0.12, PAINT_M), LINE_PAINT)

    for y in (lanes * lane, -lanes * lane):
        line(y, 5.0, 0.0)
    for k in range(1, lanes):
        line(k * lane, 3.0, 6.0)
        line(-k * lane, 3.0, 6.0)
    if lanes > 1:
        line(0.12, 5.0, 0.0)
        line(-0.12, 5.0, 0.0)
    else:
        line(0.0, 3.0, 6.0)


def _piers(ground: Ground, s: Span, kind: str) -> None:
    """Two round-edged legs and a head every 24 m; none under a truss shorter than 70 m."""
    if kind == "truss" and s.half < 35.0:
        return
    count = max(round(2.0 * s.half / 24.0), 2)
    for x in np.linspace(-s.half, s.half, count + 1)[1:-1]:
        low = float(s.valley(np.array([x]))[0]) - 0.5
        for y in (-0.55 * s.edge, 0.55 * s.edge):
            ground.box((x, y, 0.5 * (low - _DECK_M)), (1.0, 1.3, -_DECK_M - low), CONCRETE)
        ground.box((x, 0.0, -_DECK_M - 0.45), (1.3, 1.7 * s.edge, 0.9), CONCRETE, bottom=True)


def _truss(ground: Ground, s: Span, y: float) -> None:
    """A Warren truss with posts: chords, posts and diagonals of painted steel."""
    count = 2 * max(round(s.half / 6.0), 2)
    x = np.linspace(-s.half, s.half, count + 1)
    low, high = 0.3, _TRUSS_M
    members = [((x[0], low), (x[-1], low), 0.34), ((x[1], high), (x[-2], high), 0.34)]
    members += [((v, low), (v, high), 0.2) for v in x[1:-1]]
    members += [((x[0], low), (x[1], high), 0.34), ((x[-1], low), (x[-2], high), 0.34)]
    for k in range(1, count - 1):
        a, b = (low, high) if k % 2 else (high, low)
        members.append(((x[k], a), (x[k + 1], b), 0.22))
    for (x0, z0), (x1, z1), size in members:
        part = bar((x0, y, z0), (x1, y, z1), size, size)
        # each of its faces alone: they are flat
        corners = part.vertices[part.triangles].reshape(-1, 3)
        ground.add(corners, np.arange(len(corners)).reshape(-1, 3), PAINTED)
