"""Closed primitives, centred on the origin unless said otherwise, wound outwards."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from simgen.geometry import cross
from simgen.records.base import F8, I8
from simgen.shapes.lattice import lattice, loft, revolve, section
from simgen.shapes.soup import Soup, join


def box(size: ArrayLike, bevel_m: float = 0.0) -> Soup:
    """A box of full edge lengths; a bevel cuts its edges and corners at 45 degrees."""
    half = 0.5 * np.asarray(size, np.float64)
    cut = min(bevel_m, 0.49 * float(half.min()) * 2.0)
    if cut <= 0.0:
        return _corner_box(half)
    return _bevelled_box(half, cut)


def _corner_box(half: F8) -> Soup:
    signs = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float64)
    quads = np.array([[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]])
    return Soup.of(signs * half, np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]))


def _bevelled_box(half: F8, cut: float) -> Soup:
    """Octagonal rings along z: two lids inset by the cut, two full rings between."""
    a, b, c = half
    outline = np.array(
        [
            [a, -b + cut],
            [a, b - cut],
            [a - cut, b],
            [-a + cut, b],
            [-a, b - cut],
            [-a, -b + cut],
            [-a + cut, -b],
            [a - cut, -b],
        ]
    )
    lid = np.sign(outline) * np.minimum(np.abs(outline), np.array([a - cut, b - cut]))
    heights = (-c, -c + cut, c - cut, c)
    flat = (lid, outline, outline, lid)
    return loft(np.stack([np.concatenate([o, np.full((8, 1), z)], -1) for o, z in zip(flat, heights, strict=True)]))


def sphere(radius_m: float, segments: int = 24, rings: int = 12) -> Soup:
    """A sphere of latitude rings, poles on z."""
    angle = np.linspace(-np.pi / 2, np.pi / 2, rings + 1)
    profile = np.stack([np.cos(angle), np.sin(angle)], -1) * radius_m
    profile[[0, -1], 0] = 0.0
    return revolve(profile, segments)


def ellipsoid(half: ArrayLike, segments: int = 16, rings: int = 10) -> Soup:
    """An ellipsoid of half axes."""
    return sphere(1.0, segments, rings).scaled(half)


def cylinder(radius_m: float, height_m: float, segments: int = 24, bevel_m: float = 0.0) -> Soup:
    """A cylinder along z, its rims bevelled if asked."""
    return cone(radius_m, radius_m, height_m, segments, bevel_m)


def cone(bottom_m: float, top_m: float, height_m: float, segments: int = 24, bevel_m: float = 0.0) -> Soup:
    """A cone or frustum along z, from -height/2 to height/2."""
    h, cut = 0.5 * height_m, min(bevel_m, 0.4 * height_m, 0.9 * max(bottom_m, top_m))
    if cut <= 0.0 or min(bottom_m, top_m) <= cut:
        return revolve(np.array([[0, -h], [bottom_m, -h], [top_m, h], [0, h]]), segments)
    rim = [[0, -h], [bottom_m - cut, -h], [bottom_m, -h + cut], [top_m, h - cut], [top_m - cut, h], [0, h]]
    return revolve(np.array(rim), segments)


def capsule(radius_m: float, length_m: float, segments: int = 24, rings: int = 12) -> Soup:
    """A cylinder of the given length along z with half spheres on both ends."""
    angle = np.linspace(-np.pi / 2, np.pi / 2, 2 * (rings // 2) + 2)
    shift = np.where(np.arange(len(angle)) < len(angle) // 2, -0.5, 0.5) * length_m
    # the equator is there twice, once for each half sphere
    bend = np.concatenate([np.linspace(-np.pi / 2, 0, len(angle) // 2), np.linspace(0, np.pi / 2, len(angle) // 2)])
    profile = np.stack([radius_m * np.cos(bend), radius_m * np.sin(bend) + shift], -1)
    profile[[0, -1], 0] = 0.0
    return revolve(profile, segments)


def plane(size_x: float, size_y: float, cells_x: int = 1, cells_y: int = 1) -> Soup:
    """A flat grid at z = 0 that faces up."""
    x = np.linspace(-0.5 * size_x, 0.5 * size_x, cells_x + 1)
    y = np.linspace(-0.5 * size_y, 0.5 * size_y, cells_y + 1)
    gx, gy = np.meshgrid(x, y)
    return lattice(np.stack([gx, gy, np.zeros_like(gx)], -1))


def prism(outline: ArrayLike, bottom_m: float, top_m: float) -> Soup:
    """A polygon (P, 2), counter-clockwise and simple, raised from one height to another."""
    flat = np.asarray(outline, np.float64)
    low = np.concatenate([flat, np.full((len(flat), 1), bottom_m)], -1)
    high = np.concatenate([flat, np.full((len(flat), 1), top_m)], -1)
    lid = triangulate(flat)
    walls = lattice(np.stack([low, high]), wrap=True)
    return join([walls, Soup.of(high, lid), Soup.of(low, lid[:, ::-1])])


def triangulate(outline: ArrayLike) -> I8:
    """Triangles (P - 2, 3) of a simple counter-clockwise polygon (P, 2), by ear clipping (Meisters 1975).

    The loop runs once a corner, which polygons have few of; the tests inside are vectorised.

    Raises:
        ValueError: the polygon crosses itself or winds clockwise.
    """
    p = np.asarray(outline, np.float64)
    left, triangles = np.arange(len(p)), []
    while len(left) > 3:
        a, b, c = np.roll(left, 1), left, np.roll(left, -1)
        convex = _turn(p[a], p[b], p[c]) > 1e-15
        inside = _inside(p[left][None], p[a][:, None], p[b][:, None], p[c][:, None])
        own = (left[None] == a[:, None]) | (left[None] == b[:, None]) | (left[None] == c[:, None])
        ears = np.flatnonzero(convex & ~(inside & ~own).any(1))
        if len(ears) == 0:
            raise ValueError("the polygon must be simple and counter-clockwise")
        k = int(ears[0])
        triangles.append([a[k], b[k], c[k]])
        left = np.delete(left, k)
    if float(_turn(p[left[0]], p[left[1]], p[left[2]])) <= 0.0:
        raise ValueError("the polygon must be simple and counter-clockwise")
    return np.array([*triangles, list(left)], np.int64)


def _turn(a: F8, b: F8, c: F8) -> F8:
    out = (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1]) - (b[..., 1] - a[..., 1]) * (c[..., 0] - a[..., 0])
    return np.asarray(out)


def _inside(p: F8, a: F8, b: F8, c: F8) -> F8:
    return np.asarray((_turn(a, b, p) >= 0) & (_turn(b, c, p) >= 0) & (_turn(c, a, p) >= 0))


def rounded_rectangle(width_x: float, width_y: float, radius_m: float, steps: int = 4) -> F8:
    """Outline (4 (steps + 1), 2), counter-clockwise, of a rectangle with round corners."""
    r = min(radius_m, 0.5 * width_x, 0.5 * width_y)
    angle = np.linspace(0.0, np.pi / 2, steps + 1)
    corners = [(1, 1, 0.0), (-1, 1, np.pi / 2), (-1, -1, np.pi), (1, -1, 1.5 * np.pi)]
    arcs = [
        np.stack(
            [sx * (0.5 * width_x - r) + r * np.cos(angle + t), sy * (0.5 * width_y - r) + r * np.sin(angle + t)], -1
        )
        for sx, sy, t in corners
    ]
    return np.concatenate(arcs)


def bar(start: ArrayLike, end: ArrayLike, width_m: float, depth_m: float) -> Soup:
    """A straight rectangular bar between two points: width across (level if it can be), depth the other way."""
    a, b = np.asarray(start, np.float64), np.asarray(end, np.float64)
    along = (b - a) / np.sqrt(((b - a) ** 2).sum())
    helper = np.array([0.0, 0.0, 1.0]) if abs(float(along[2])) < 0.99 else np.array([1.0, 0.0, 0.0])
    u = cross(helper, along)
    u = u / np.sqrt((u * u).sum())
    v = cross(along, u)
    corner = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]], np.float64) * 0.5
    ring = corner[:, :1] * width_m * u + corner[:, 1:] * depth_m * v
    return loft(np.stack([a + ring, b + ring]))


__all__ = [
    "bar",
    "box",
    "capsule",
    "cone",
    "cylinder",
    "ellipsoid",
    "plane",
    "prism",
    "rounded_rectangle",
    "section",
    "sphere",
    "triangulate",
]
