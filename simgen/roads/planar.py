"""Polygons in the plane: pieces on a grid, and triangles of pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import shapely

from simgen.records.base import F8, I8

_SNAP_M = 1e-4
#: slivers that snapping leaves
_LEAST_M2 = 1e-3


def polygon(ring: F8) -> shapely.Geometry:
    """A valid polygon from a ring (N, 2 or 3), even if it touches itself."""
    shape = shapely.Polygon(np.asarray(ring)[:, :2])
    return shape if shape.is_valid else shapely.make_valid(shape)


def is_simple(ring: F8) -> bool:
    """Whether a ring neither crosses itself nor runs clockwise."""
    shape = shapely.Polygon(np.asarray(ring)[:, :2])
    return bool(shape.is_valid and shape.exterior.is_ccw)


def union(rings: Sequence[F8]) -> shapely.Geometry:
    """Everything that any of the rings encloses."""
    return shapely.union_all([polygon(r) for r in rings], grid_size=_SNAP_M)


def cells(shape: shapely.Geometry, size_m: float) -> Iterator[shapely.Geometry]:
    """A polygon cut along a grid."""
    if shape.is_empty:
        return
    x0, y0, x1, y1 = shape.bounds
    if max(x1 - x0, y1 - y0) <= size_m:
        yield from polygons_of(shape)
        return
    xs, ys = (np.arange(np.floor(a / size_m), np.ceil(b / size_m) + 1) * size_m for a, b in ((x0, x1), (y0, y1)))
    i, j = (a.ravel() for a in np.meshgrid(np.arange(len(xs) - 1), np.arange(len(ys) - 1), indexing="ij"))
    boxes = shapely.box(xs[i], ys[j], xs[i + 1], ys[j + 1])
    for piece in shapely.intersection(boxes, shape):
        yield from polygons_of(piece)


def polygons_of(shape: shapely.Geometry) -> Iterator[shapely.Geometry]:
    """Its polygons, slivers left out."""
    for part in shapely.get_parts(shape):
        if shapely.get_type_id(part) == 3 and shapely.area(part) > _LEAST_M2:
            yield part
        elif shapely.get_type_id(part) in (6, 7):
            yield from polygons_of(part)


def triangulated(shape: shapely.Geometry) -> tuple[F8, I8]:
    """Vertices (V, 2) and counter-clockwise triangles (T, 3) of a polygon, holes included; no vertex is added."""
    parts = shapely.get_parts(shapely.constrained_delaunay_triangles(shape))
    if len(parts) == 0:
        return np.zeros((0, 2)), np.zeros((0, 3), np.int64)
    corners = shapely.get_coordinates(parts).reshape(-1, 4, 2)[:, :3]
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    corners = np.where((area < 0.0)[:, None, None], corners[:, ::-1], corners)[np.abs(area) > 1e-7]
    xy, index = np.unique(corners.reshape(-1, 2), axis=0, return_inverse=True)
    return xy, np.asarray(index.reshape(-1, 3), np.int64)


def grid_lines(low: float, high: float, cell_m: float, margin_m: float) -> F8:
    """Grid lines: even between ``low`` and ``high``, ever wider over a margin on both sides."""
    inner = np.arange(np.floor(low / cell_m), np.ceil(high / cell_m) + 1) * cell_m
    steps: list[float] = []
    reach, step = 0.0, cell_m
    while reach < margin_m:
        step *= 1.35
        reach += step
        steps.append(reach)
    outer = np.array(steps)
    return np.concatenate([inner[0] - outer[::-1], inner, inner[-1] + outer])


def cut_out(xs: F8, ys: F8, hole: shapely.Geometry) -> tuple[I8, list[shapely.Geometry]]:
    """The grid less a hole: whole cells (C, 2) by their indices, and the pieces of those that its rim crosses."""
    i, j = (a.ravel() for a in np.meshgrid(np.arange(len(xs) - 1), np.arange(len(ys) - 1), indexing="ij"))
    boxes = shapely.box(xs[i], ys[j], xs[i + 1], ys[j + 1])
    shapely.prepare(hole)
    touched = shapely.intersects(hole, boxes)
    partly = touched & ~shapely.contains_properly(hole, boxes)
    pieces: list[shapely.Geometry] = []
    # the hole has thousands of corners: first cut it down to blocks
    block = 8
    for bi in range(0, len(xs) - 1, block):
        for bj in range(0, len(ys) - 1, block):
            mine = partly & (i >= bi) & (i < bi + block) & (j >= bj) & (j < bj + block)
            if not mine.any():
                continue
            pad = shapely.union_all(boxes[mine]).envelope.buffer(1.0, join_style="mitre")
            local = shapely.intersection(hole, pad)
            for piece in shapely.difference(boxes[mine], local):
                pieces += list(polygons_of(piece))
    return np.stack([i[~touched], j[~touched]], -1), pieces
