"""The ground around roads: it joins their rims and rolls away from them."""

from __future__ import annotations

import numpy as np
import shapely

from simgen.records.base import F8, I8
from simgen.rng import stream
from simgen.roads.heights import EdgeHeights
from simgen.roads.look import MATERIALS, Style
from simgen.roads.planar import cut_out, grid_lines, triangulated
from simgen.shapes.ground_parts import Ground


class TerrainHeight:
    """Heights of the ground: exact on the rims of roads, their weighted mean between them, hills far from them."""

    def __init__(self, joints: list[F8], style: Style, seed: int) -> None:
        """From lines (N, 3)."""
        self._edges = EdgeHeights(joints)
        self._style = style
        self._relief = _Relief(style, seed)
        self.flat = self._edges.flat and style.relief_m == 0.0

    def at(self, xy: F8) -> F8:
        """Heights (N,) at points (N, 2)."""
        q = np.asarray(xy, np.float64).reshape(-1, 2)
        z, gap = self._edges.near(q[:1] if self.flat else q)
        if self.flat:
            return np.full(len(q), float(z[0]))
        away = np.clip((gap - 2.0) / self._style.relief_from_m, 0.0, 1.0)
        return np.asarray(z + self._relief.at(q) * away * away * (3.0 - 2.0 * away))


class _Relief:
    """Hills: a sum of waves of drawn directions."""

    def __init__(self, style: Style, seed: int) -> None:
        rng = stream(seed, "world", "relief")
        angle, phase = rng.uniform(0.0, 2.0 * np.pi, 9), rng.uniform(0.0, 2.0 * np.pi, 9)
        wave = 2.0 * np.pi / (style.relief_wave_m * rng.uniform(0.6, 1.8, 9))
        self._wave = np.stack([wave * np.cos(angle), wave * np.sin(angle)], -1)
        self._phase = phase
        # nine waves of equal height: their sum stays within its height nearly always
        self._height = 0.5 * style.relief_m / 3.0

    def at(self, xy: F8) -> F8:
        x = xy[:, :1] * self._wave[:, 0] + xy[:, 1:] * self._wave[:, 1] + self._phase
        return np.asarray(self._height * np.sin(x).sum(-1))


def add_terrain(ground: Ground, hole: shapely.Geometry, height: TerrainHeight, style: Style, seed: int) -> None:
    """Triangles from the rims outwards to the edge of the world."""
    x0, y0, x1, y1 = hole.bounds
    cell = max(style.cell_m, max(x1 - x0, y1 - y0) / 110.0)
    xs = grid_lines(x0 - 2.0 * cell, x1 + 2.0 * cell, cell, style.margin_m)
    ys = grid_lines(y0 - 2.0 * cell, y1 + 2.0 * cell, cell, style.margin_m)
    whole, pieces = cut_out(xs, ys, hole)
    parcel = _parcels(whole, (len(xs), len(ys)), style, seed)
    i, j = whole.T
    corners = np.stack([xs[i], ys[j], xs[i + 1], ys[j], xs[i + 1], ys[j + 1], xs[i], ys[j + 1]], -1).reshape(-1, 2)
    first = 4 * np.arange(len(whole))[:, None]
    quads = np.stack([first + np.array([0, 1, 2]), first + np.array([0, 2, 3])], 1).reshape(-1, 3)
    flat, index, count = [corners], [quads], len(corners)
    for piece in pieces:
        xy, triangles = triangulated(piece)
        flat.append(xy)
        index.append(triangles + count)
        count += len(xy)
    owner = np.concatenate([np.repeat(parcel, 2), np.zeros(sum(len(t) for t in index[1:]), np.int64)])
    # one vertex a place, so that the shading is smooth
    xy, triangles = np.concatenate(flat), np.concatenate(index)
    _, kept, name = np.unique(np.round(xy * 1e4).astype(np.int64), axis=0, return_index=True, return_inverse=True)
    xyz = np.concatenate([xy[kept], height.at(xy[kept])[:, None]], 1)
    triangles = np.ravel(name)[triangles]
    ground.add_many(xyz, triangles, owner, [MATERIALS[m] for m in (style.terrain, *style.fields)])


def _parcels(whole: I8, shape: tuple[int, int], style: Style, seed: int) -> I8:
    """Which material each whole cell has: parcels of some cells, drawn for each."""
    if not style.fields:
        return np.zeros(len(whole), np.int64)
    rng = stream(seed, "world", "fields")
    choices = rng.integers(0, len(style.fields) + 1, (shape[0] // 4 + 2, shape[1] // 3 + 2))
    shift = rng.integers(0, 4, 2)
    return np.asarray(choices[(whole[:, 0] + shift[0]) // 4, (whole[:, 1] + shift[1]) // 3], np.int64)
