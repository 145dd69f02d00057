"""Collision parts of a model's links, and the mass properties that follow from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

import numpy as np

from simgen.errors import UserError
from simgen.geometry import F8, compose, matrix_from_quat, quat_from_matrix, quat_rotate, transform
from simgen.records.base import U4
from simgen.records.mesh import Mesh
from simgen.records.model import Link, Shape

#: more corners than this make a hull slow and no rounder
MAX_HULL_POINTS: Final = 128
#: thinnest hull, m: flat meshes (signs, sheets) become boxes of this thickness
MIN_THICKNESS_M: Final = 0.002

_NO_TURN: Final = (1.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """One convex piece, or a triangle mesh, in the frame of its owner.

    ``size``: half extents of a box; radius and height of a cylinder; radius of a sphere. ``points``: corners of a hull,
    or a mesh's vertices, about the part's own origin.
    """

    kind: Literal["box", "sphere", "cylinder", "hull", "mesh"]
    position: F8
    quaternion: F8
    size: tuple[float, float, float] = (0.0, 0.0, 0.0)
    points: F8 | None = None
    triangles: U4 | None = None

    def moved(self, position: F8, quaternion: F8) -> Part:
        """The same part seen from the frame in which its owner stands at a pose."""
        p, q = compose(position, quaternion, self.position, self.quaternion)
        return replace(self, position=p, quaternion=q)


def link_parts(link: Link, *, concave: bool) -> list[Part]:
    """What of a link can be hit: its shapes, or the hull of its mesh where it has none.

    ``concave`` keeps shapes of kind ``mesh`` as triangles (bodies that never move); otherwise they become hulls.
    """
    if link.shapes:
        return [part for shape in link.shapes for part in shape_parts(shape, link.mesh, concave=concave)]
    if link.mesh is not None and len(link.mesh.vertices):
        return [_hull_of_mesh(link.mesh)]
    return []


def shape_parts(shape: Shape, mesh: Mesh | None, *, concave: bool) -> Iterator[Part]:
    """The parts of one shape; ``mesh`` is its owner's, for shapes of kind ``mesh``.

    Raises:
        UserError: a mesh shape whose owner has no mesh.
    """
    position, quaternion = np.array(shape.center), np.array(shape.quaternion)
    if shape.kind == "box":
        half = (shape.size[0] / 2, shape.size[1] / 2, shape.size[2] / 2)
        yield Part(kind="box", position=position, quaternion=quaternion, size=half)
    elif shape.kind in ("sphere", "cylinder"):
        yield Part(kind=shape.kind, position=position, quaternion=quaternion, size=shape.size)
    elif shape.kind == "hull":
        yield hull(np.array(shape.points, np.float64)).moved(position, quaternion)
    elif mesh is None:
        raise UserError("a collision shape of kind 'mesh' belongs to a link without a mesh")
    elif concave:
        yield triangle_part(mesh)
    else:
        yield _hull_of_mesh(mesh)


def triangle_part(mesh: Mesh) -> Part:
    """A mesh, triangle by triangle, for what never moves."""
    corners = mesh.vertices.astype(np.float64)
    return Part(
        kind="mesh",
        position=np.zeros(3),
        quaternion=np.array(_NO_TURN),
        points=corners,
        triangles=mesh.triangles,
    )


@lru_cache(maxsize=1024)
def _hull_of_mesh(mesh: Mesh) -> Part:
    return hull(mesh.vertices.astype(np.float64))


def hull(points: F8) -> Part:
    """The convex hull of points (N, 3) as a part about their box's centre; flat ones become thin boxes."""
    low, high = points.min(0), points.max(0)
    center, half = (low + high) / 2, (high - low) / 2
    still = np.array(_NO_TURN)
    if half.min() < MIN_THICKNESS_M / 2:
        x, y, z = np.maximum(half, MIN_THICKNESS_M / 2)
        return Part(kind="box", position=center, quaternion=still, size=(float(x), float(y), float(z)))
    corners = np.unique(points - center, axis=0)
    if len(corners) > MAX_HULL_POINTS:
        corners = corners[_extreme(corners)]
    return Part(kind="hull", position=center, quaternion=still, points=corners)


def _extreme(points: F8) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Rows that lie farthest along directions spread evenly over the sphere (Fibonacci's spiral) and along the axes."""
    k = np.arange(MAX_HULL_POINTS - 6) + 0.5
    z = 1.0 - 2.0 * k / len(k)
    turn = np.pi * (1.0 + 5.0**0.5) * k
    r = np.sqrt(1.0 - z * z)
    directions = np.concatenate([np.stack([r * np.cos(turn), r * np.sin(turn), z], -1), np.eye(3), -np.eye(3)])
    best = [int(np.argmax(points[:, 0] * d[0] + points[:, 1] * d[1] + points[:, 2] * d[2])) for d in directions]
    return np.unique(best)


@dataclass(frozen=True, kw_only=True)
class MassProperties:
    """Centre of mass, principal axes and moments of a body of even density."""

    center: F8
    quaternion: F8
    moments: F8


def mass_properties(groups: list[tuple[list[Part], float]]) -> MassProperties:
    """Of things joined in one frame, each as its parts and its mass in kg, spread evenly over their volumes.

    Overlaps within a thing count twice. Parallel-axis theorem; principal axes by Jacobi's rotations.
    """
    solids = []
    for parts, mass_kg in groups:
        each = [_solid(part) for part in parts]
        density = mass_kg / sum(volume for volume, _, _ in each)
        solids += [(volume * density, center, second) for volume, center, second in each]
    total = sum(mass for mass, _, _ in solids)
    center = np.asarray(sum(mass * c for mass, c, _ in solids) / total)
    tensor = np.zeros((3, 3))
    for mass, c, second in solids:
        tensor += mass * (second + (c - center)[:, None] * (c - center)[None, :])
    inertia = np.trace(tensor) * np.eye(3) - tensor
    axes = _principal_axes(inertia)
    moments = np.array([(axes[:, k][:, None] * inertia * axes[:, k][None, :]).sum() for k in range(3)])
    return MassProperties(center=center, quaternion=quat_from_matrix(axes), moments=moments)


def _principal_axes(symmetric: F8) -> F8:
    """Eigenvectors of a symmetric 3x3 matrix as the columns of a rotation, by cyclic Jacobi rotations.

    Written out so that the bits do not depend on a linear algebra library. A diagonal matrix gives the identity.
    """
    a, axes = symmetric.copy(), np.eye(3)
    for _ in range(12):
        for i, j in ((0, 1), (0, 2), (1, 2)):
            if abs(a[i, j]) <= 1e-12 * abs(np.trace(a)):
                continue
            angle = 0.5 * np.arctan2(2.0 * a[i, j], a[j, j] - a[i, i])
            turn = np.eye(3)
            turn[i, i] = turn[j, j] = np.cos(angle)
            turn[i, j], turn[j, i] = np.sin(angle), -np.sin(angle)
            a = _product(_product(turn.T, a), turn)
            axes = _product(axes, turn)
    return axes


def _product(a: F8, b: F8) -> F8:
    return np.asarray((a[:, :, None] * b[None, :, :]).sum(1))


def _solid(part: Part) -> tuple[float, F8, F8]:
    """Volume, centre and second-moment tensor about the centre, both in the owner's frame."""
    volume, center, own = _own_solid(part)
    turn = matrix_from_quat(part.quaternion)
    rotated = np.zeros((3, 3))
    for i in range(3):
        for j in range(3):
            rotated[i, j] = (turn[i][:, None] * own * turn[j][None, :]).sum()
    return volume, transform(part.position, part.quaternion, center), rotated


def _own_solid(part: Part) -> tuple[float, F8, F8]:
    a, b, c = part.size
    if part.kind == "box":
        return 8 * a * b * c, np.zeros(3), np.diag([a * a / 3, b * b / 3, c * c / 3])
    if part.kind == "sphere":
        return 4 / 3 * np.pi * a**3, np.zeros(3), np.eye(3) * a * a / 5
    if part.kind == "cylinder":
        return np.pi * a * a * b, np.zeros(3), np.diag([a * a / 4, a * a / 4, b * b / 12])
    assert part.points is not None
    return _hull_solid(part.points)


def _hull_solid(points: F8) -> tuple[float, F8, F8]:
    """Sum over the tetrahedra between the hull's facets and a point inside (Tonon 2004, equations 5 to 9)."""
    from scipy.spatial import ConvexHull

    inside = points.mean(0)
    corners = points[ConvexHull(points).simplices] - inside
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    volumes = np.abs((a * np.cross(b, c)).sum(-1)) / 6
    total = float(volumes.sum())
    center = (volumes[:, None] * (a + b + c) / 4).sum(0) / total
    second = np.zeros((3, 3))
    whole = a + b + c
    for v in (a, b, c, whole):
        second += (volumes[:, None, None] * v[:, :, None] * v[:, None, :]).sum(0) / 20
    return total, center + inside, second / total - center[:, None] * center[None, :]


def bounds(part: Part) -> tuple[F8, F8]:
    """Lowest and highest corner of a part's box in its owner's frame (a little generous for spheres)."""
    if part.points is not None:
        corners = part.points
    else:
        a, b, c = part.size
        half = {"box": (a, b, c), "sphere": (a, a, a), "cylinder": (a, a, b / 2)}[part.kind]
        signs = np.array(np.meshgrid((-1, 1), (-1, 1), (-1, 1), indexing="ij")).reshape(3, 8).T
        corners = signs * np.array(half)
    placed = quat_rotate(part.quaternion, corners) + part.position
    return placed.min(0), placed.max(0)
