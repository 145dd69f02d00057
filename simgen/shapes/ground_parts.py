"""Building blocks of worlds: strips, fans, quads and walls of triangles, gathered into one mesh."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from simgen.geometry import cross, normalized
from simgen.polyline import Polyline
from simgen.records.base import F8, I8
from simgen.records.mesh import Mesh, Surface


class Ground:
    """Collects parts; shading normals are smooth within a part and sharp between parts."""

    def __init__(self) -> None:
        self._rows: dict[Surface, int] = {}
        self._parts: list[tuple[F8, F8, I8, I8]] = []
        self._count = 0

    def add(self, vertices: ArrayLike, triangles: ArrayLike, surface: Surface) -> None:
        """A part of vertices (V, 3) and triangles (T, 3), wound counter-clockwise; triangles of no area are dropped."""
        self.add_many(vertices, triangles, None, (surface,))

    def add_many(
        self, vertices: ArrayLike, triangles: ArrayLike, owner: I8 | None, surfaces: Sequence[Surface]
    ) -> None:
        """The same for a part of several surfaces: ``owner`` (T,) says which one each triangle has."""
        v = np.asarray(vertices, np.float64).reshape(-1, 3)
        t = np.asarray(triangles, np.int64).reshape(-1, 3)
        face = cross(v[t[:, 1]] - v[t[:, 0]], v[t[:, 2]] - v[t[:, 0]])
        keep = (face * face).sum(-1) > 1e-16
        t, face = t[keep], face[keep]
        mine = np.zeros(len(t), np.int64) if owner is None else np.asarray(owner, np.int64)[keep]
        weights = np.concatenate([face, face, face])
        corners = t.T.ravel()
        normals = np.stack([np.bincount(corners, weights[:, k], minlength=len(v)) for k in range(3)], -1)
        rows = np.array([self._rows.setdefault(surface, len(self._rows)) for surface in surfaces], np.int64)
        self._parts.append((v, normalized(normals), t + self._count, rows[mine]))
        self._count += len(v)

    def strip(self, left: ArrayLike, right: ArrayLike, surface: Surface) -> None:
        """Between two lines of as many points (N, 3); faces up where ``left`` is on the left in their direction."""
        a, b = np.asarray(left, np.float64), np.asarray(right, np.float64)
        k, n = np.arange(len(a) - 1), len(a)
        lower = np.stack([k, k + n, k + n + 1], -1)
        upper = np.stack([k, k + n + 1, k + 1], -1)
        self.add(np.concatenate([a, b]), np.stack([lower, upper], 1), surface)

    def bands(self, lines: Sequence[F8], surfaces: Sequence[Surface]) -> None:
        """Strips between neighbouring lines, from the leftmost line to the rightmost."""
        for left, right, surface in zip(lines[:-1], lines[1:], surfaces, strict=True):
            self.strip(left, right, surface)

    def fan(self, center: ArrayLike, rim: ArrayLike, surface: Surface, *, closed: bool = False) -> None:
        """Triangles from a centre to a rim (N, 3) that runs counter-clockwise."""
        r = np.asarray(rim, np.float64)
        if closed:
            r = np.concatenate([r, r[:1]])
        k = np.arange(1, len(r))
        vertices = np.concatenate([np.asarray(center, np.float64)[None], r])
        self.add(vertices, np.stack([np.zeros_like(k), k, k + 1], -1), surface)

    def quads(self, corners: ArrayLike, surface: Surface) -> None:
        """Separate quads (K, 4, 3), each counter-clockwise."""
        q = np.asarray(corners, np.float64)
        first = 4 * np.arange(len(q))[:, None]
        self.add(q, np.stack([first + np.array([0, 1, 2]), first + np.array([0, 2, 3])], 1), surface)

    def wall(self, foot: ArrayLike, height_m: float, surface: Surface) -> None:
        """Upright from a line's foot; faces to the left of the line's direction."""
        low = np.asarray(foot, np.float64)
        self.strip(low, low + np.array([0.0, 0.0, height_m]), surface)

    def box(
        self, center: ArrayLike, size: ArrayLike, surface: Surface, yaw_rad: float = 0.0, *, bottom: bool = False
    ) -> None:
        """A box with sharp edges; its bottom is left out unless asked for."""
        c, s = np.cos(yaw_rad), np.sin(yaw_rad)
        faces = np.concatenate([_BOX_FACES, _BOX_FACES[4:, ::-1] * [1.0, 1.0, -1.0]]) if bottom else _BOX_FACES
        local = faces * 0.5 * np.asarray(size, np.float64)
        x, y = c * local[..., 0] - s * local[..., 1], s * local[..., 0] + c * local[..., 1]
        self.quads(np.stack([x, y, local[..., 2]], -1) + np.asarray(center, np.float64), surface)

    def mesh(self) -> Mesh:
        """Everything as one mesh."""
        return Mesh(
            vertices=np.concatenate([p[0] for p in self._parts]).astype(np.float32),
            normals=np.concatenate([p[1] for p in self._parts]).astype(np.float32),
            triangles=np.concatenate([p[2] for p in self._parts]).astype(np.uint32),
            surface=np.concatenate([p[3] for p in self._parts]).astype(np.uint16),
        )

    @property
    def surfaces(self) -> tuple[Surface, ...]:
        """The surfaces that the mesh's rows name."""
        return tuple(self._rows)


#: faces of the box of half size one: four sides and the top, (5, 4, 3)
_BOX_FACES: F8 = np.array(
    [
        [[1, -1, -1], [1, 1, -1], [1, 1, 1], [1, -1, 1]],
        [[-1, 1, -1], [-1, -1, -1], [-1, -1, 1], [-1, 1, 1]],
        [[1, 1, -1], [-1, 1, -1], [-1, 1, 1], [1, 1, 1]],
        [[-1, -1, -1], [1, -1, -1], [1, -1, 1], [-1, -1, 1]],
        [[-1, -1, 1], [1, -1, 1], [1, 1, 1], [-1, 1, 1]],
    ],
    np.float64,
)


def dashes(line: Polyline, start_m: float, end_m: float, dash_m: float, gap_m: float, width_m: float, z: float) -> F8:
    """Quads (K, 4, 3) of a broken line; ``gap_m`` = 0 gives one unbroken line of pieces ``dash_m`` long."""
    begin = np.arange(start_m, end_m - 1e-6, dash_m + gap_m)
    finish = np.minimum(begin + dash_m, end_m)
    half = 0.5 * width_m
    corners = [line.at(begin, half), line.at(begin, -half), line.at(finish, -half), line.at(finish, half)]
    quads = np.stack(corners, axis=1)
    quads[..., 2] += z
    return quads


def rectangle(x_min: float, y_min: float, x_max: float, y_max: float, z: float) -> F8:
    """A quad (1, 4, 3) with sides along the axes."""
    return np.array([[[x_min, y_min, z], [x_max, y_min, z], [x_max, y_max, z], [x_min, y_max, z]]])


def quarter_turns(points: ArrayLike, count: int) -> F8:
    """Points (..., 3) turned by quarter turns about z, exactly."""
    p = np.array(points, np.float64)
    for _ in range(count % 4):
        p = np.stack([-p[..., 1], p[..., 0], p[..., 2]], axis=-1)
    return p
