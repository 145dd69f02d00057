"""Triangle soups: what every primitive and loft returns before normals and surfaces are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import ArrayLike

from simgen.geometry import cross, quat_rotate
from simgen.records.base import F8, I8


@dataclass(frozen=True, eq=False)
class Soup:
    """Triangles that wind counter-clockwise seen from outside.

    vertices (V, 3) f8 in metres; triangles (T, 3) i8 indices; tags (T,) i8: which of a part's surfaces each one has.
    """

    vertices: F8
    triangles: I8
    tags: I8

    @classmethod
    def of(cls, vertices: ArrayLike, triangles: ArrayLike, tags: ArrayLike | int = 0) -> Self:
        """A soup from anything that becomes arrays of the right shape."""
        tri = np.asarray(triangles, np.int64).reshape(-1, 3)
        tag = np.broadcast_to(np.asarray(tags, np.int64), (len(tri),)).copy()
        return cls(np.asarray(vertices, np.float64).reshape(-1, 3), tri, tag)

    def moved(self, offset: ArrayLike = (0.0, 0.0, 0.0), quaternion: ArrayLike = (1.0, 0.0, 0.0, 0.0)) -> Soup:
        """Rotated first, then shifted."""
        return Soup(quat_rotate(quaternion, self.vertices) + np.asarray(offset, np.float64), self.triangles, self.tags)

    def scaled(self, factors: ArrayLike) -> Soup:
        """Scaled along the axes; a mirroring scale turns the winding over, so that outside stays outside."""
        f = np.broadcast_to(np.asarray(factors, np.float64), (3,))
        triangles = self.triangles[:, ::-1] if float(f[0] * f[1] * f[2]) < 0.0 else self.triangles
        return Soup(self.vertices * f, np.ascontiguousarray(triangles), self.tags)

    def flipped(self) -> Soup:
        """The same triangles, facing the other way."""
        return Soup(self.vertices, np.ascontiguousarray(self.triangles[:, ::-1]), self.tags)

    def tagged(self, tag: int) -> Soup:
        """Every triangle with one tag."""
        return Soup(self.vertices, self.triangles, np.full(len(self.triangles), tag, np.int64))


def join(soups: Sequence[Soup]) -> Soup:
    """All triangles in one soup, tags kept."""
    starts = np.cumsum([0, *(len(s.vertices) for s in soups[:-1])])
    return Soup(
        np.concatenate([s.vertices for s in soups]),
        np.concatenate([s.triangles + start for s, start in zip(soups, starts, strict=True)]),
        np.concatenate([s.tags for s in soups]),
    )


def face_vectors(soup: Soup) -> F8:
    """Twice each triangle's area as a vector along its outward normal, (T, 3) f8."""
    p = soup.vertices[soup.triangles]
    return cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0])


def signed_volume(soup: Soup) -> float:
    """Volume inside a closed soup in m3, positive when it winds outwards (divergence theorem)."""
    p = soup.vertices[soup.triangles]
    return float((p[:, 0] * cross(p[:, 1], p[:, 2])).sum() / 6.0)


def without_slivers(soup: Soup, area_m2: float = 1e-10) -> Soup:
    """Triangles of no area left out."""
    keep = np.sqrt((face_vectors(soup) ** 2).sum(-1)) > 2.0 * area_m2
    return Soup(soup.vertices, soup.triangles[keep], soup.tags[keep])


def grid_cells(points: F8, tolerance_m: float = 1e-6) -> I8:
    """Points (N, 3) as whole numbers of tolerances; equal ones are one vertex."""
    return np.round(points / tolerance_m).astype(np.int64)


def weld(soup: Soup, tolerance_m: float = 1e-6) -> Soup:
    """Vertices nearer than the tolerance become one; the first of each keeps its place."""
    cells = grid_cells(soup.vertices, tolerance_m)
    _, first, inverse = np.unique(cells, axis=0, return_index=True, return_inverse=True)
    return Soup(soup.vertices[first], inverse.reshape(-1)[soup.triangles], soup.tags)


#: odd multipliers with well-mixed bits (the golden ratio and the square roots of 2, 3, 5, 6, 7 and 11, each times 2^64)
_MIX: Final = (
    0x9E3779B97F4A7C15,
    0x6A09E667F3BCC909,
    0xBB67AE8584CAA73B,
    0x3C6EF372FE94F82B,
    0x7311C2812425CFA1,
    0xA54FF53A5F1D36F1,
    0x510E527FADE682D1,
)


def distinct(rows: I8) -> tuple[I8, I8]:
    """The distinct rows of (N, up to 7) integers in the order of their first use.

    Returns the index of each one's first use (rising), and for every row which of them it is, (N,). Rows are sorted by
    a hash, ten times as quick as comparing them; should two rows ever share one, they are compared after all.
    """
    key = np.zeros(len(rows), np.uint64)
    for column, factor in zip(rows.view(np.uint64).T, _MIX, strict=False):
        key += column * np.uint64(factor)
        key ^= key >> np.uint64(29)
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    if not np.array_equal(rows[first[inverse]], rows):
        _, first, inverse = np.unique(rows, axis=0, return_index=True, return_inverse=True)
        inverse = inverse.reshape(-1)
    order = np.argsort(first)
    rank = np.empty(len(first), np.int64)
    rank[order] = np.arange(len(first))
    return first[order], rank[inverse]


def open_edges(soup: Soup) -> int:
    """How many directed edges lack their partner after welding: 0 = closed and consistently wound."""
    welded = without_slivers(weld(soup))
    tri = welded.triangles
    edges = np.concatenate([tri[:, [0, 1]], tri[:, [1, 2]], tri[:, [2, 0]]])
    size = len(welded.vertices) + 1
    forward, counts = np.unique(edges[:, 0] * size + edges[:, 1], return_counts=True)
    backward, counts_back = np.unique(edges[:, 1] * size + edges[:, 0], return_counts=True)
    if len(forward) != len(backward) or bool((forward != backward).any()):
        return len(np.setxor1d(forward, backward))
    return int(np.abs(counts - counts_back).sum())
