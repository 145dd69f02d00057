"""Walls of buildings: openings, windows, doors, shop fronts, balconies and curtain walls of glass.

Everything is built in the frame of a front: its plane is x = 0 and faces +x, y runs to the right as seen from outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from simgen.records.base import F8
from simgen.rng import Stream
from simgen.shapes.kit import (
    DOOR,
    FRAME,
    LIT_PANE,
    METAL,
    PANE,
    PLINTH,
    SHOP_GLASS,
    TRIM,
    WALL,
    Kit,
    block,
    boxes,
    cells_uv,
    flat_faces,
    together,
    upright,
)
from simgen.shapes.lattice import lattice
from simgen.shapes.soup import Soup, join

#: panes lie so deep in the wall, and sills stand out by so much of it: collision shapes lie half way between
REVEAL_M: Final = 0.085
OUT_M: Final = 0.028
#: pictures of what is behind panes: cells of homes and of offices, columns and rows
PANES: Final = (4, 4)
OFFICES: Final = (4, 2)
#: names over shops: columns and rows
SIGNS: Final = (2, 16)


@dataclass(frozen=True, kw_only=True)
class Window:
    """How a building's windows look; shares are of a storey's height and a bay's width."""

    width: float = 0.42
    widest_m: float = 1.35
    sill: float = 0.31
    head: float = 0.80
    upright_bars: int = 1
    #: height of a level bar as a share of the window; 0 = none
    level_bar: float = 0.0
    sills: bool = True
    #: a moulding of another colour around it
    moulding: bool = False


def punched(width: float, spans_z: ArrayLike, low: float, high: float, spans_y: ArrayLike, tag: int = WALL) -> Soup:
    """A wall of a width, from one height to another, with an opening at every crossing of spans (N, 2) in y and z."""
    y_edges, z_edges = np.asarray(spans_y, np.float64).reshape(-1), np.asarray(spans_z, np.float64).reshape(-1)
    y = np.concatenate([[-0.5 * width], y_edges, [0.5 * width]])
    z = np.concatenate([[low], z_edges, [high]])
    grid = np.stack(np.meshgrid([0.0], y, z, indexing="ij"), -1)[0].transpose(1, 0, 2)
    holes = np.zeros((len(z) - 1, len(y) - 1), np.int64)
    holes[np.ix_(np.arange(1, len(z) - 1, 2), np.arange(1, len(y) - 1, 2))] = 1
    skin = lattice(grid, tags=holes)
    solid = skin.tags == 0
    return Soup(skin.vertices, skin.triangles[solid], np.full(int(solid.sum()), tag, np.int64))


def crossings(spans_y: ArrayLike, spans_z: ArrayLike) -> F8:
    """The openings (N, 4) of :func:`punched`: y from, y to, z from, z to, storey by storey."""
    y, z = np.asarray(spans_y, np.float64).reshape(-1, 2), np.asarray(spans_z, np.float64).reshape(-1, 2)
    return np.concatenate([np.tile(y, (len(z), 1)), np.repeat(z, len(y), axis=0)], -1)


def bays_of(width: float, count: int, share: float, widest: float) -> F8:
    """Spans (count, 2) of openings, one in the middle of each bay."""
    cell = width / count
    half = 0.5 * min(widest, share * cell)
    middle = -0.5 * width + cell * (np.arange(count) + 0.5)
    return np.stack([middle - half, middle + half], -1)


def reveals(rects: F8, depth: float, frame: float, tag: int = WALL) -> Soup:
    """Sides of openings down to a depth, and a frame around what closes them."""
    count = len(rects)
    corner = np.array([[0, 2], [1, 2], [1, 3], [0, 3]])

    def ring(inset: float, x: float) -> F8:
        inner = rects + np.array([inset, -inset, inset, -inset])
        yz = inner[:, corner]
        return np.concatenate([np.full((count, 4, 1), x), yz], -1)

    rings = np.stack([ring(0.0, 0.0), ring(0.0, -depth), ring(frame, -depth)], 1)
    k = np.arange(4)
    base = 12 * np.arange(count)[:, None, None]
    parts = []
    for level, face in ((0, tag), (1, FRAME)):
        a, b = 4 * level + k, 4 * level + (k + 1) % 4
        quad = np.stack([a, b, b + 4, a, b + 4, a + 4], -1).reshape(-1, 3)
        parts.append(Soup.of(rings.reshape(-1, 3), (quad[None] + base).reshape(-1, 3), face))
    return join(parts)


def windows(rects: F8, style: Window, lit_share: float, rng: Stream, frame: float = 0.055) -> Kit:
    """Windows in openings (N, 4): reveals, frames, bars, sills, mouldings, and panes with what is behind them."""
    inner = rects + np.array([frame, -frame, frame, -frame])
    parts = [reveals(rects, REVEAL_M, frame)]
    y0, y1, z0, z1 = inner.T
    depth = -REVEAL_M + 0.012
    for k in range(style.upright_bars):
        y = y0 + (y1 - y0) * (k + 1) / (style.upright_bars + 1)
        parts.append(flat_faces(np.stack([y - 0.03, y + 0.03, z0, z1], -1), depth, FRAME))
    if style.level_bar:
        z = z0 + (z1 - z0) * style.level_bar
        parts.append(flat_faces(np.stack([y0, y1, z - 0.03, z + 0.03], -1), depth + 0.001, FRAME))
    edges = np.zeros(len(rects))
    if style.sills:
        low = np.stack([edges - REVEAL_M + 0.005, rects[:, 0] - 0.06, rects[:, 2] - 0.07], -1)
        high = np.stack([edges + OUT_M, rects[:, 1] + 0.06, rects[:, 2] + 0.012], -1)
        parts.append(boxes(low, high, TRIM, faces="front"))
    if style.moulding:
        parts.append(_moulding(rects))
    panes = _panes(inner, lit_share, rng, (PANE, LIT_PANE), PANES)
    return together([Kit.of(*parts), panes])


def _moulding(rects: F8, wide: float = 0.13) -> Soup:
    """A raised band on both sides of openings and over them."""
    zero = np.zeros(len(rects))
    y0, y1, z0, z1 = rects.T
    spans = [(y0 - wide, y0, z0, z1), (y1, y1 + wide, z0, z1), (y0 - wide - 0.05, y1 + wide + 0.05, z1, z1 + 0.2)]
    return join(
        [
            boxes(np.stack([zero, a, c], -1), np.stack([zero + OUT_M - 0.006, b, d], -1), TRIM, faces="front")
            for a, b, c, d in spans
        ]
    )


def _panes(rects: F8, lit_share: float, rng: Stream, tags: tuple[int, int], grid: tuple[int, int]) -> Kit:
    """Panes at the back of reveals; neighbours look different, and a share is lit after dusk."""
    lit = rng.random(len(rects)) < lit_share
    cells = rng.integers(grid[0] * grid[1], size=len(rects))
    uv = cells_uv(cells, *grid)
    # half of them the other way round
    swap = rng.random(len(rects)) < 0.5
    uv[swap] = uv[swap][:, [1, 0, 3, 2]]
    return Kit.pictures(upright(rects, -REVEAL_M), uv, np.where(lit, tags[1], tags[0]))


def door(rect: ArrayLike, *, glazed: bool = False, depth: float = 0.22) -> Kit:
    """A front door in an opening: a leaf with two panels, a fanlight, and a step before it."""
    y0, y1, z0, z1 = (float(v) for v in np.asarray(rect, np.float64))
    top = z1 - (0.42 if z1 - z0 > 2.5 else 0.06)
    parts = [reveals(np.array([[y0, y1, z0, z1]]), depth, 0.07)]
    leaf = np.array([[y0 + 0.07, y1 - 0.07, z0 + 0.02, top]])
    parts.append(flat_faces(leaf, -depth - 0.01, SHOP_GLASS if glazed else DOOR))
    parts.append(flat_faces([[y0 + 0.07, y1 - 0.07, top - 0.06, top]], -depth + 0.004, FRAME))
    middle, bar = 0.5 * (y0 + y1), np.array([[-0.03, 0.03]])
    if not glazed:
        panels = [[y0 + 0.2, middle - 0.06], [middle + 0.06, y1 - 0.2]]
        low = [[-depth - 0.01, a, z] for a, _ in panels for z in (z0 + 0.25, z0 + 1.15)]
        high = [[-depth + 0.02, b, z] for _, b in panels for z in (z0 + 0.95, top - 0.22)]
        parts.append(boxes(low, high, DOOR, faces="front"))
    parts.append(boxes([[-depth, y1 - 0.24, z0 + 0.95]], [[-depth + 0.06, y1 - 0.19, z0 + 1.2]], METAL))
    parts.append(flat_faces([[middle + bar[0, 0], middle + bar[0, 1], top, z1 - 0.07]], -depth + 0.004, FRAME))
    kit = Kit.of(*parts)
    if z1 - z0 > 2.5:
        light = Kit.pictures(upright([[y0 + 0.07, y1 - 0.07, top, z1 - 0.07]], -depth), cells_uv([0], *PANES), PANE)
        return together([kit, light])
    return kit


def steps(y0: float, y1: float, top: float, foot: float = 0.0) -> Kit:
    """Steps before a door, each as high as building codes allow at most (0.18 m)."""
    count = max(int(np.ceil((top - foot) / 0.18)), 1)
    rise = (top - foot) / count
    return together(
        [
            block((-0.05, y0 - 0.15, foot + k * rise), (0.3 * (count - k), y1 + 0.15, foot + (k + 1) * rise), PLINTH)
            for k in range(count)
        ]
    )
