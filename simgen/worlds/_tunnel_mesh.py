"""The mesh of a tunnel through a hill, along the x axis: road, lining, portals and the hill itself."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.polyline import Polyline
from simgen.records.base import F8
from simgen.records.mesh import Surface
from simgen.records.model import Shape
from simgen.worlds._ground import Ground, dashes
from simgen.worlds._surfaces import (
    ASPHALT,
    GRASS,
    KERB_STONE,
    LINE_PAINT,
    PAINT_M,
    PAVING,
    ROCK,
    SHOULDER,
    TUNNEL_CONCRETE,
    TUNNEL_PANEL,
)

_LINE_M: Final = 0.15
_KERB_M: Final = 0.15
#: height of the wall's panels, of the walkways, and of the spring of the vault
PANEL_M, WALKWAY_M, SPRING_M = 3.0, 0.15, 3.4
#: how far the portal's wall reaches beyond the opening, to the sides and up, and how thick it is
_PORTAL_SIDE_M, _PORTAL_TOP_M, _PORTAL_DEPTH_M = 4.0, 2.5, 0.6
#: half the width of the hill's foot, and how much it rises behind the portals over what length
_HILL_M, _HILL_RISE_M, _HILL_RUN_M = 55.0, 6.0, 40.0
_VERGE_M: Final = 110.0


@dataclass(frozen=True, kw_only=True)
class Bore:
    """Measures in metres; the tunnel lies between ``-half_length`` and ``half_length``, the ground reaches further."""

    half_length: float
    edge: float
    #: half the carriageway, and half the tunnel's width, walkways included
    half_road: float
    half_width: float
    height: float
    lane: float
    lanes: int
    two_way: bool

    def vault(self, y: float) -> float:
        """Height of the lining over the road at a lateral position."""
        return float(SPRING_M + (self.height - SPRING_M) * np.sqrt(max(1.0 - (y / self.half_width) ** 2, 0.0)))

    def profile(self, steps: int = 24) -> F8:
        """(y, z) of the vault from the right spring over the crown to the left one."""
        angle = np.linspace(np.pi, 0.0, steps + 1)
        return np.stack([self.half_width * np.cos(angle), SPRING_M + (self.height - SPRING_M) * np.sin(angle)], -1)


def tunnel_mesh(bore: Bore) -> Ground:
    """Everything that is seen of the tunnel but its lamps."""
    ground = Ground()
    _lining(ground, bore)
    _road(ground, bore)
    for side in (-1.0, 1.0):
        _portal(ground, bore, side)
    _hill(ground, bore)
    return ground


def _stations(bore: Bore, step: float = 10.0) -> F8:
    return np.linspace(-bore.half_length, bore.half_length, max(round(2.0 * bore.half_length / step), 1) + 1)


def _skin(ground: Ground, a: F8, b: F8, surface: Surface, toward: F8) -> None:
    """A strip between two lines of as many points whose outside looks in a direction."""
    across, along = b[0] - a[0], a[-1] - a[0]
    normal = np.array(
        [
            across[1] * along[2] - across[2] * along[1],
            across[2] * along[0] - across[0] * along[2],
            across[0] * along[1] - across[1] * along[0],
        ]
    )
    ground.strip(*((a, b) if float((normal * toward).sum()) > 0.0 else (b, a)), surface)


def _grid(ground: Ground, points: F8, surface: Surface) -> None:
    """A smooth surface through points (R, C, 3); its outside is where columns turn left from rows."""
    rows, columns = points.shape[:2]
    k = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = k[:-1, :-1], k[1:, :-1], k[1:, 1:], k[:-1, 1:]
    faces = np.stack([np.stack([a, b, c], -1), np.stack([a, c, d], -1)], 2)
    ground.add(points.reshape(-1, 3), faces.reshape(-1, 3), surface)


def _extruded(profile: F8, x: F8) -> F8:
    """A profile (P, 2) of y and z along stations, (P, S, 3)."""
    y, z = profile[:, 0, None], profile[:, 1, None]
    return np.stack(np.broadcast_arrays(x[None, :], y, z), -1)


def _lining(ground: Ground, bore: Bore) -> None:
    x = _stations(bore)
    for side in (-1.0, 1.0):
        y = side * bore.half_width
        for low, high, surface in ((WALKWAY_M, PANEL_M, TUNNEL_PANEL), (PANEL_M, SPRING_M, TUNNEL_CONCRETE)):
            lines = [np.stack(np.broadcast_arrays(x, y, z), -1) for z in (low, high)]
            _skin(ground, lines[0], lines[1], surface, np.array([0.0, -side, 0.0]))
    _grid(ground, _extruded(bore.profile(), x), TUNNEL_CONCRETE)


def _band(ground: Ground, x: F8, left: float, right: float, z: float, surface: Surface) -> None:
    lines = [np.stack(np.broadcast_arrays(x, y, z), -1) for y in (left, right)]
    ground.strip(lines[0], lines[1], surface)


def _road(ground: Ground, bore: Bore) -> None:
    """Asphalt and paint all along; walkways inside, shoulders and grass outside."""
    inside = _stations(bore)
    whole = np.unique(np.concatenate([[-bore.edge, bore.edge], inside]))
    _band(ground, whole, bore.half_road, -bore.half_road, 0.0, ASPHALT)
    for side in (-1.0, 1.0):
        kerb, wall = side * bore.half_road, side * bore.half_width
        foot = [np.stack(np.broadcast_arrays(inside, kerb, z), -1) for z in (0.0, WALKWAY_M)]
        _skin(ground, foot[0], foot[1], KERB_STONE, np.array([0.0, -side, 0.0]))
        stone = kerb + side * _KERB_M
        for near, far, surface in ((kerb, stone, KERB_STONE), (stone, wall, PAVING)):
            _band(ground, inside, max(near, far), min(near, far), WALKWAY_M, surface)
        for end in (-1.0, 1.0):
            outside = np.sort(end * np.linspace(bore.half_length, bore.edge, 9))
            for near, far, surface in ((0.0, 1.0, SHOULDER), (1.0, 12.0, GRASS), (12.0, _VERGE_M, GRASS)):
                edges = sorted((kerb + side * near, kerb + side * far), reverse=True)
                _band(ground, outside, edges[0], edges[1], 0.0, surface)
            # the ends of the walkways
            at = end * bore.half_length
            step = [np.array([[at, kerb, z], [at, wall, z]]) for z in (0.0, WALKWAY_M)]
            _skin(ground, step[0], step[1], KERB_STONE, np.array([end, 0.0, 0.0]))
    _paint(ground, bore)


def _paint(ground: Ground, bore: Bore) -> None:
    line = Polyline([(-bore.edge, 0.0), (bore.edge, 0.0)])
    edge = bore.half_road - 0.25
    solid, broken = [edge, -edge], [edge - k * bore.lane for k in range(1, round(2.0 * edge / bore.lane))]
    if bore.two_way:
        broken = [y for y in broken if abs(y) > 0.01]
        solid += [0.12, -0.12]
    for y in solid:
        ground.quads(dashes(line.offset(y), 0.0, line.length, 5.0, 0.0, _LINE_M, PAINT_M), LINE_PAINT)
    for y in broken:
        ground.quads(dashes(line.offset(y), 0.0, line.length, 3.0, 6.0, _LINE_M, PAINT_M), LINE_PAINT)


def _opening(bore: Bore) -> F8:
    """(y, z) around the opening from the right foot to the left one."""
    foot = np.array([[-bore.half_width, 0.0]])
    return np.concatenate([foot, bore.profile(), foot * np.array([-1.0, 1.0])])


def _portal(ground: Ground, bore: Bore, side: float) -> None:
    """A concrete wall around the opening, and the rock to both sides of it."""
    wide, tall = portal_size(bore)
    inner = _opening(bore)
    grown = np.stack([inner[:, 0] * wide / bore.half_width, inner[:, 1] * tall / bore.height], -1)
    # out to the wall's own outline: straight sides and top
    grown[1:-1, 0] = np.clip(1.6 * grown[1:-1, 0], -wide, wide)
    grown[1:-1, 1] = np.where(np.abs(grown[1:-1, 0]) < wide - 1e-9, tall, np.minimum(grown[1:-1, 1] * 1.1, tall))
    at, out = side * bore.half_length, np.array([side, 0.0, 0.0])
    front = side * (bore.half_length + _PORTAL_DEPTH_M)
    faces = [np.concatenate([np.full((len(p), 1), front), p], -1) for p in (inner, grown)]
    for k in range(len(inner) - 1):
        _quad(ground, [faces[0][k], faces[0][k + 1], faces[1][k + 1], faces[1][k]], TUNNEL_CONCRETE, out)
    back = [p * np.array([0.0, 1.0, 1.0]) + np.array([at, 0.0, 0.0]) for p in faces]
    center = np.array([0.0, 0.0, 2.0])
    for k in range(len(inner) - 1):
        for face, behind, sign in ((faces[0], back[0], -1.0), (faces[1], back[1], 1.0)):
            away = sign * (0.5 * (face[k] + face[k + 1]) - center) * np.array([0.0, 1.0, 1.0])
            _quad(ground, [face[k], face[k + 1], behind[k + 1], behind[k]], TUNNEL_CONCRETE, away)
    for hand in (-1.0, 1.0):
        y = hand * np.linspace(wide - 0.05, _HILL_M, 18)
        foot = np.stack(np.broadcast_arrays(at, y, 0.0), -1)
        top = foot + np.stack([0.0 * y, 0.0 * y, hill_height(bore, np.array(at), y)], -1)
        _skin(ground, foot, top, ROCK, out)


def _quad(ground: Ground, corners: list[F8], surface: Surface, toward: F8) -> None:
    a, b, c, _ = corners
    u, v = b - a, c - a
    normal = np.array([u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]])
    ordered = corners if float((normal * toward).sum()) >= 0.0 else corners[::-1]
    ground.quads(np.array([ordered]), surface)


def portal_size(bore: Bore) -> tuple[float, float]:
    """Half the width and the height of the portal's wall."""
    return bore.half_width + _PORTAL_SIDE_M, bore.height + _PORTAL_TOP_M


def hill_height(bore: Bore, x: F8, y: F8) -> F8:
    """Height of the hill over the tunnel."""
    wide, tall = portal_size(bore)
    run = np.clip((bore.half_length - np.abs(x)) / _HILL_RUN_M, 0.0, 1.0)
    fall = np.clip((np.abs(y) - wide) / (_HILL_M - wide), 0.0, 1.0)
    level = tall - 0.3 + _HILL_RISE_M * run * run * (3.0 - 2.0 * run)
    return np.asarray(level * (1.0 - fall * fall * (3.0 - 2.0 * fall)))


def _hill(ground: Ground, bore: Bore) -> None:
    x, y = _stations(bore, 5.0), np.linspace(-_HILL_M, _HILL_M, 45)
    grid = np.stack([*np.meshgrid(x, y, indexing="ij"), np.zeros((len(x), len(y)))], -1)
    grid[..., 2] = hill_height(bore, grid[..., 0], grid[..., 1])
    _grid(ground, grid, GRASS)


def tunnel_shapes(bore: Bore) -> tuple[Shape, ...]:
    """A slab under everything, the walkways, the walls, the vault's top and the portals."""
    length, wide = 2.0 * bore.half_length, 2.0 * (_VERGE_M + bore.half_road)
    found = [Shape(kind="box", size=(2.0 * bore.edge, wide, 1.0), center=(0.0, 0.0, -0.5))]
    walk = bore.half_width - bore.half_road
    for side in (-1.0, 1.0):
        middle = side * (bore.half_road + 0.5 * walk)
        found.append(Shape(kind="box", size=(length, walk, WALKWAY_M), center=(0.0, middle, 0.5 * WALKWAY_M)))
        y = side * (bore.half_width + 2.0)
        found.append(Shape(kind="box", size=(length, 4.0, bore.height), center=(0.0, y, 0.5 * bore.height)))
    for (y0, z0), (y1, z1) in itertools.pairwise(bore.profile(8)):
        points = [
            (x, float(y), float(z))
            for x in (-bore.half_length, bore.half_length)
            for y, z in ((y0, z0), (y1, z1), (y0, z0 + 0.5), (y1, z1 + 0.5))
        ]
        found.append(Shape(kind="hull", points=tuple(points)))
    return tuple(found)
