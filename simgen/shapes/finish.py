"""The last steps of a model: its box at rest, and collision shapes that agree with what is seen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from simgen.geometry import compose, transform
from simgen.records.base import F8
from simgen.records.mesh import Surface
from simgen.records.model import Link, Model, Shape, Vector3
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.soup import Soup

#: PyBullet is quick with hulls of this many points
HULL_POINTS = 64


def vector3(values: ArrayLike) -> Vector3:
    """Three Python floats."""
    x, y, z = (float(v) for v in np.asarray(values, np.float64).reshape(3))
    return x, y, z


def rest_poses(links: Sequence[Link]) -> list[tuple[F8, F8]]:
    """Pose of every link in the root frame with all joints at zero; parents stand before their children."""
    poses: list[tuple[F8, F8]] = []
    for link in links:
        own = np.array(link.position, np.float64), np.array(link.quaternion, np.float64)
        poses.append(own if link.parent < 0 else compose(*poses[link.parent], *own))
    return poses


def rest_vertices(links: Sequence[Link]) -> F8:
    """Every vertex at rest in the root frame, (V, 3) f8.

    Raises:
        ValueError: no link has a mesh.
    """
    pairs = zip(links, rest_poses(links), strict=True)
    return np.concatenate([transform(*pose, link.mesh.vertices) for link, pose in pairs if link.mesh is not None])


def finished(name: str, class_name: str, links: Sequence[Link], surfaces: tuple[Surface, ...], **fields: Any) -> Model:
    """A model whose box is the exact bounds of all its triangles at rest, mirrors and handles included."""
    points = rest_vertices(links)
    low, high = points.min(0), points.max(0)
    return Model(
        name=name,
        class_name=class_name,
        links=tuple(links),
        surfaces=surfaces,
        size=vector3(high - low),
        box_center=vector3(0.5 * (low + high)),
        **fields,
    )


def rigid(name: str, class_name: str, builder: MeshBuilder, shapes: Sequence[Shape], **fields: Any) -> Model:
    """A model of one link: a thing that does not move in itself."""
    link = Link(name="body", mesh=builder.mesh(), shapes=tuple(shapes))
    return finished(name, class_name, [link], builder.palette.surfaces, **fields)


def hull(points: ArrayLike, limit: int = HULL_POINTS) -> Shape:
    """A hull shape through at most ``limit`` of the points: the extreme ones in directions spread over the sphere."""
    p = np.asarray(points, np.float64).reshape(-1, 3)
    span = p.max(0) - p.min(0)
    x, y, z = ((p - p.min(0)) / np.where(span > 0.0, span, 1.0)).T
    u, v, w = _directions()
    reach = u[:, None] * x
    reach += v[:, None] * y
    reach += w[:, None] * z
    chosen, first = np.unique(np.argmax(reach, axis=1), return_index=True)
    kept = np.sort(chosen[np.argsort(first, kind="stable")][:limit])
    return Shape(kind="hull", points=tuple((a, b, c) for a, b, c in p[kept].tolist()))


@cache
def _directions() -> F8:
    """Unit vectors (3, D), the most telling first: a cube's corners, edges and faces, then tilted faces.

    Those are for flat sides with rounded rims.
    """
    steps = (-1.0, 0.0, 1.0)
    cube = [[x, y, z] for x in steps for y in steps for z in steps if x or y or z]
    tilts = [(t * u, t * v) for t in (0.35, 0.12) for u in steps for v in steps if u or v]
    faces = [np.roll([side, u, v], axis) for u, v in tilts for axis in range(3) for side in (1.0, -1.0)]
    k = np.arange(64) + 0.5
    height = 1.0 - 2.0 * k / len(k)
    angle, flat = np.pi * (1.0 + 5.0**0.5) * k, np.sqrt(1.0 - height**2)
    spiral = np.stack([flat * np.cos(angle), flat * np.sin(angle), height], -1)
    whole = np.concatenate([np.array(cube), np.array(faces), spiral])
    return np.ascontiguousarray((whole / np.sqrt((whole**2).sum(-1, keepdims=True))).T)


def slab(soup: Soup, axis: int, low: float, high: float) -> F8:
    """The corners of what is left of a soup between two planes across an axis, (P, 3) f8."""
    return _slab(soup, _corners(soup), axis, low, high)


def _corners(soup: Soup) -> F8:
    return soup.vertices[np.unique(soup.triangles)]


def _slab(soup: Soup, p: F8, axis: int, low: float, high: float) -> F8:
    """As :func:`slab`, with the soup's corners at hand: many slabs are cut from one soup."""
    parts = [p[(p[:, axis] >= low) & (p[:, axis] <= high)]]
    edges = soup.triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    a, b = soup.vertices[edges[:, 0]], soup.vertices[edges[:, 1]]
    for cut in (low, high):
        da, db = a[:, axis] - cut, b[:, axis] - cut
        crosses = da * db < 0.0
        t = (da / np.where(crosses, da - db, 1.0))[crosses, None]
        parts.append(a[crosses] + t * (b - a)[crosses])
    return np.concatenate(parts)


def slab_hulls(soup: Soup, cuts: Sequence[float], axis: int = 0) -> tuple[Shape, ...]:
    """One hull for each span between neighbouring cuts: a body that is convex slice by slice."""
    corners = _corners(soup)
    slices = [_slab(soup, corners, axis, low, high) for low, high in pairwise(cuts)]
    return tuple(hull(points) for points in slices if len(points) >= 4 and bool((np.ptp(points, axis=0) > 1e-4).all()))


def box_of(points: ArrayLike) -> Shape:
    """The box around points."""
    p = np.asarray(points, np.float64).reshape(-1, 3)
    low, high = p.min(0), p.max(0)
    return Shape(kind="box", size=vector3(high - low), center=vector3(0.5 * (low + high)))
