"""From soups and surfaces to a mesh: shading normals, surface rows, one array of each."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from simgen.geometry import normalized
from simgen.records.base import F8, I8
from simgen.records.mesh import Mesh, Surface
from simgen.shapes.soup import Soup, distinct, face_vectors, grid_cells, without_slivers


class Palette:
    """A model's list of surfaces; equal surfaces share a row."""

    def __init__(self) -> None:
        self._rows: dict[Surface, int] = {}

    def row(self, surface: Surface) -> int:
        """The row of a surface, entered if it is new."""
        return self._rows.setdefault(surface, len(self._rows))

    @property
    def surfaces(self) -> tuple[Surface, ...]:
        """Every surface, in the order in which they came."""
        return tuple(self._rows)


class MeshBuilder:
    """Collects parts, each a soup with its surfaces, and returns one mesh.

    Links of one model share a palette, so that their triangles name rows of one list.
    """

    def __init__(self, palette: Palette | None = None) -> None:
        self.palette = palette if palette is not None else Palette()
        self._parts: list[tuple[Soup, F8, F8 | None]] = []

    def add(self, soup: Soup, *surfaces: Surface, smooth_deg: float = 40.0) -> MeshBuilder:
        """Add a part; a triangle's tag picks among ``surfaces``. Edges sharper than ``smooth_deg`` stay sharp."""
        if len(soup.triangles) == 0:
            return self
        rows = np.array([self.palette.row(s) for s in surfaces], np.int64)
        clean = without_slivers(soup)
        solid = Soup(clean.vertices, clean.triangles, rows[clean.tags])
        self._parts.append((solid, corner_normals(solid, smooth_deg), None))
        return self

    def add_shaded(self, soup: Soup, normals: F8, *surfaces: Surface) -> MeshBuilder:
        """Add a part with shading normals of its own, one a vertex (V, 3): leaves that are lit as a crown is."""
        return self.add_corners(without_slivers(soup), normals[without_slivers(soup).triangles], *surfaces)

    def add_corners(self, soup: Soup, normals: F8, *surfaces: Surface, uv: F8 | None = None) -> MeshBuilder:
        """Add a part with the normals of its triangles' corners, (T, 3, 3), as a file gives them.

        ``uv`` (T, 3, 2) are the corners' texture coordinates, if it has any.
        """
        rows = np.array([self.palette.row(s) for s in surfaces], np.int64)
        self._parts.append((Soup(soup.vertices, soup.triangles, rows[soup.tags]), normals, uv))
        return self

    def shifted(self, offset: ArrayLike) -> MeshBuilder:
        """Everything added so far, moved."""
        other = MeshBuilder(self.palette)
        other._parts = [(soup.moved(offset), normals, uv) for soup, normals, uv in self._parts]
        return other

    @property
    def parts(self) -> tuple[tuple[Soup, F8, F8 | None], ...]:
        """What was added: soups whose tags are palette rows, corner normals, texture coordinates."""
        return tuple(self._parts)

    def add_rows(self, soup: Soup, normals: F8, uv: F8 | None = None) -> MeshBuilder:
        """Add a part as :attr:`parts` of another builder with the same palette gives it."""
        self._parts.append((soup, normals, uv))
        return self

    @property
    def soup(self) -> Soup:
        """Everything added so far; tags are palette rows."""
        parts = [part for part, _, _ in self._parts]
        starts = np.cumsum([0, *(len(s.vertices) for s in parts[:-1])])
        return Soup(
            np.concatenate([s.vertices for s in parts]),
            np.concatenate([s.triangles + start for s, start in zip(parts, starts, strict=True)]),
            np.concatenate([s.tags for s in parts]),
        )

    def mesh(self) -> Mesh:
        """One mesh of all parts; corners with equal position and normal share a vertex.

        Raises:
            ValueError: nothing was added.
        """
        soup = self.soup
        return indexed(soup, np.concatenate([normals for _, normals, _ in self._parts]), self._uv())

    def _uv(self) -> F8 | None:
        if all(uv is None for _, _, uv in self._parts):
            return None
        return np.concatenate([np.zeros((len(s.triangles), 3, 2)) if uv is None else uv for s, _, uv in self._parts])


def corner_normals(soup: Soup, smooth_deg: float = 40.0) -> F8:
    """Unit shading normals of every triangle's corners, (T, 3, 3): the area-weighted mean over the faces around the
    vertex that lean less than ``smooth_deg`` from the triangle itself.
    """
    first, vertex = distinct(grid_cells(soup.vertices))
    face = face_vectors(soup)
    unit = normalized(face)
    corner_vertex = vertex[soup.triangles].reshape(-1)
    corner_face = np.repeat(np.arange(len(unit)), 3)
    order = np.argsort(corner_vertex, kind="stable")
    counts = np.bincount(corner_vertex, minlength=len(first))
    starts = np.cumsum(counts) - counts
    # every ordered pair of corners that meet in a vertex
    size = counts[corner_vertex]
    owner = np.repeat(np.arange(len(corner_vertex)), size)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(size) - size, size)
    other = corner_face[order[starts[corner_vertex[owner]] + within]]
    cosine = (unit[corner_face[owner]] * unit[other]).sum(-1)
    weight = (cosine >= np.cos(np.radians(smooth_deg)) - 1e-12)[:, None] * face[other]
    total = np.stack([np.bincount(owner, weight[:, k], minlength=len(corner_vertex)) for k in range(3)], -1)
    return normalized(total).reshape(-1, 3, 3)


def indexed(soup: Soup, normals: F8, uv: F8 | None = None) -> Mesh:
    """A mesh from triangles, their corner normals (T, 3, 3) and texture coordinates (T, 3, 2)."""
    corners = soup.vertices[soup.triangles].reshape(-1, 3)
    flat = normals.reshape(-1, 3)
    key = np.concatenate([np.round(corners * 1e6), np.round(flat * 1e4)], -1).astype(np.int64)
    if uv is not None:
        # both coordinates in one column, to a hundred-thousandth of the picture
        pair = np.round(uv.reshape(-1, 2) * 1e5).astype(np.int64)
        key = np.concatenate([key, (pair[:, :1] << 32) + (pair[:, 1:] & 0xFFFFFFFF)], -1)
    # vertices in the order of their first use: neighbours in the mesh stay neighbours in memory
    kept, corner = distinct(key)
    return Mesh(
        vertices=np.ascontiguousarray(corners[kept], np.float32),
        normals=np.ascontiguousarray(flat[kept], np.float32),
        triangles=np.ascontiguousarray(corner.reshape(-1, 3), np.uint32),
        surface=np.ascontiguousarray(soup.tags, np.uint16),
        uv=None if uv is None else np.ascontiguousarray(uv.reshape(-1, 2)[kept], np.float32),
    )


def mesh_of(soup: Soup, *surfaces: Surface, smooth_deg: float = 40.0) -> tuple[Mesh, tuple[Surface, ...]]:
    """A mesh of one part and its surfaces."""
    builder = MeshBuilder()
    builder.add(soup, *surfaces, smooth_deg=smooth_deg)
    return builder.mesh(), builder.palette.surfaces


def soup_of(mesh: Mesh) -> Soup:
    """A mesh's triangles as a soup; tags are its surface rows."""
    tags: I8 = mesh.surface.astype(np.int64)
    return Soup.of(mesh.vertices, mesh.triangles, tags)
