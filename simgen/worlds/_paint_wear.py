"""Road markings of a built world, worn away in patches: what is left, exactly as much as was asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from simgen.polyline import Polyline
from simgen.records.base import F8, I8, Array, Bool
from simgen.records.layout import WorldLayout
from simgen.records.mesh import Mesh, Surface
from simgen.records.roads import Lane
from simgen.rng import Stream, stream
from simgen.shapes.ground_surfaces import ASPHALT

#: classes of paint on roads
PAINT: Final = ("lane_marking", "crosswalk")
#: paint is cut into triangles with no longer edge before some of them go, m
_PIECE_M: Final = 0.4
#: sizes of the noise that wears paint, m, and how much each counts: stretches of road, and flakes
_STRETCH_M, _FLAKE_M, _FLAKES = 9.0, 0.35, 0.8
_NODES: Final = 64
#: a marking belongs to a lane if it lies within so much of its edge, m
_EDGE_M: Final = 0.5


def worn_paint(layout: WorldLayout, left: float, contrast: float, seed: int, *, crosswalks: bool) -> WorldLayout:
    """The layout with that share of its paint left (by area), of that contrast; its lanes say what became of theirs."""
    mesh, names = layout.mesh, np.array([s.class_name for s in layout.surfaces])
    paint = np.isin(names, PAINT if crosswalks else PAINT[:1])[mesh.surface]
    corners, parent = _pieces(mesh.vertices[mesh.triangles[paint]].astype(np.float64))
    area = _area(corners)
    stays = _stays(corners.mean(1), area, left, stream(seed, "world", "worn paint"))
    count = int(paint.sum())
    whole = np.asarray(np.bincount(parent, area, minlength=count), np.float64)
    kept = np.asarray(np.bincount(parent[stays], area[stays], minlength=count), np.float64)
    middles = mesh.vertices[mesh.triangles[paint]].astype(np.float64).mean(1)
    lanes = tuple(_told(lane, middles, whole, kept, contrast) for lane in layout.map.lanes)
    surfaces = tuple(_faded(s, contrast) if s.class_name in PAINT else s for s in layout.surfaces)
    rows = mesh.surface[paint][parent[stays]]
    return replace(
        layout,
        mesh=with_triangles(mesh, ~paint, corners[stays], mesh.normals[mesh.triangles[paint, 0]][parent[stays]], rows),
        surfaces=surfaces,
        map=replace(layout.map, lanes=lanes),
    )


def _pieces(corners: F8) -> tuple[F8, I8]:
    """Triangles (T, 3, 3) halved across their longest edges until none is too long, and the one each came from."""
    parent = np.arange(len(corners))
    while len(corners):
        edges = np.roll(corners, -1, axis=1) - corners
        length = np.sqrt((edges * edges).sum(-1))
        long = length.max(1) > _PIECE_M
        if not long.any():
            break
        # turned so that the longest edge runs from the first corner to the second
        turn = np.argmax(length[long], axis=1)[:, None] + np.arange(3)
        a, b, c = np.moveaxis(np.take_along_axis(corners[long], (turn % 3)[..., None], axis=1), 1, 0)
        middle = 0.5 * (a + b)
        halves = np.concatenate([np.stack([a, middle, c], 1), np.stack([middle, b, c], 1)])
        corners = np.concatenate([corners[~long], halves])
        parent = np.concatenate([parent[~long], parent[long], parent[long]])
    return corners, parent


def _area(corners: F8) -> F8:
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    return np.asarray(0.5 * np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]))


def _stays(places: F8, area: F8, left: float, rng: Stream) -> Bool:
    """Which pieces stay: those where the noise is lowest, until the share of the area is reached."""
    if left >= 1.0 or left <= 0.0 or not len(places):
        return np.full(len(places), left > 0.5)
    noise = _noise(places[:, :2] / _STRETCH_M, rng) + _FLAKES * _noise(places[:, :2] / _FLAKE_M, rng)
    order = np.argsort(noise, kind="stable")
    stays = np.zeros(len(places), bool)
    stays[order[np.cumsum(area[order]) <= left * area.sum()]] = True
    return stays


def _noise(at: F8, rng: Stream) -> F8:
    """Smooth noise of about one cell's size, (N,), over a lattice that repeats."""
    values, low = rng.random((_NODES, _NODES)), np.floor(at).astype(np.int64)
    part = at - low
    u, v = (part * part * (3.0 - 2.0 * part)).T
    i, j = (low % _NODES).T
    k, m = (i + 1) % _NODES, (j + 1) % _NODES
    lower, upper = values[i, j] * (1 - u) + values[k, j] * u, values[i, m] * (1 - u) + values[k, m] * u
    return np.asarray(lower * (1 - v) + upper * v)


def _told(lane: Lane, middles: F8, whole: F8, kept: F8, contrast: float) -> Lane:
    """A lane that says how much is left of the markings beside it."""
    if lane.kind not in ("driving", "bike") or not len(middles):
        return lane
    low, high = lane.centerline.min(0) - lane.width_m - _EDGE_M, lane.centerline.max(0) + lane.width_m + _EDGE_M
    near = ((middles[:, :2] > low[:2]) & (middles[:, :2] < high[:2])).all(1)
    s, lateral = Polyline(lane.centerline).closest(middles[near])
    beside = (np.abs(lateral) < 0.5 * lane.width_m + _EDGE_M) & (s > 0.0)
    there = float(whole[near][beside].sum())
    if there == 0.0:
        return lane
    return replace(lane, paint_left=float(kept[near][beside].sum()) / there, paint_contrast=contrast)


def _faded(paint: Surface, contrast: float) -> Surface:
    """Paint nearer to the road that it lies on, with fewer of its glass beads."""
    if contrast >= 1.0:
        return paint
    pairs = zip(paint.base_color, ASPHALT.base_color, strict=True)
    r, g, b = (road + contrast * (color - road) for color, road in pairs)
    beam, under = paint.lidar_reflectance or r, ASPHALT.lidar_reflectance or ASPHALT.base_color[0]
    return replace(
        paint, base_color=(r, g, b), lidar_reflectance=under + contrast * (beam - under), retro=contrast * paint.retro
    )


def with_triangles(mesh: Mesh, stays: Bool, corners: F8, normals: Array, surface: Array) -> Mesh:
    """A mesh without some of its triangles and with others, whose corners (T, 3, 3) share a normal each."""
    count = len(mesh.vertices)
    added = np.arange(3 * len(corners)).reshape(-1, 3) + count
    new = corners.reshape(-1, 3)
    uv = None if mesh.uv is None else np.concatenate([mesh.uv, np.zeros((len(new), 2), np.float32)])
    return mesh.replace(
        vertices=np.concatenate([mesh.vertices, new]).astype(np.float32),
        normals=np.concatenate([mesh.normals, np.repeat(normals, 3, axis=0)]).astype(np.float32),
        triangles=np.concatenate([mesh.triangles[stays], added]).astype(np.uint32),
        surface=np.concatenate([mesh.surface[stays], surface]).astype(np.uint16),
        uv=uv,
    )
