"""Reads mesh files through Open3D: triangles, normals and the materials' base colours."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from simgen.assets._coats import Coat, buckets, coats_of, decoded, skinned, solid_parts
from simgen.assets._gltf import Gltf
from simgen.assets._mtl import Mtl
from simgen.assets._paints import Paints
from simgen.assets._pictures import UnreachableError
from simgen.errors import UserError
from simgen.geometry import normalized, quat_rotate
from simgen.records.base import F8
from simgen.shapes.builder import corner_normals
from simgen.shapes.soup import Soup, face_vectors, join, weld

SUFFIXES: Final = (".obj", ".glb", ".gltf", ".stl", ".ply")
MAX_TRIANGLES: Final = 5_000_000
#: glTF stores linear colours; the others write what a screen shows
_LINEAR: Final = (".glb", ".gltf")
#: above this, normals are smoothed by vertex, for the angle test needs memory
_ANGLE_TEST: Final = 400_000
#: texture coordinates beyond this lose the picture in rounding
_FARTHEST_UV: Final = 10_000.0


@dataclass(frozen=True, kw_only=True, eq=False)
class RawMesh:
    """A file's triangles; tags are rows of ``coats``. ``normals`` (T, 3, 3) are unit, one a corner."""

    soup: Soup
    normals: F8
    coats: tuple[Coat, ...]
    #: whether the file says anything about colour
    painted: bool
    textured: bool
    #: (T, 3, 2) texture coordinates of the corners, where a coat has a skin
    uv: F8 | None = None

    def moved(self, scale: F8, quaternion: Any, offset: Any) -> RawMesh:
        """Scaled along the file's axes, turned, shifted; a mirroring scale turns the winding over."""
        mirrored = float(np.prod(scale)) < 0.0
        soup = self.soup.scaled(scale).moved(offset, quaternion)
        corners = self.normals[:, ::-1] if mirrored else self.normals
        return RawMesh(
            soup=soup,
            normals=normalized(quat_rotate(quaternion, normalized(corners / scale))),
            coats=self.coats,
            painted=self.painted,
            textured=self.textured,
            uv=self.uv[:, ::-1] if mirrored and self.uv is not None else self.uv,
        )


def file_digest(path: Path) -> str:
    """SHA-256 of a file and of the material and picture files that it names, in hex."""
    digest = hashlib.sha256(path.read_bytes())
    for part in paints_of(path).files:
        digest.update(hashlib.sha256(part.read_bytes()).digest())
    return digest.hexdigest()


def read_mesh(path: Path, who: str = "mesh_file", skins: bool = True, seen: bool = True) -> RawMesh:
    """Every triangle of a mesh file. Without ``skins`` pictures become a few coats, by the mean of each triangle.

    What is not ``seen``, a collision shape, may ask for pictures that are not there.

    Raises:
        UserError: no such file, unknown kind, nothing in it, broken vertices or texture coordinates, too many
            triangles, or pictures that are missing, outside its folder, damaged or huge.
    """
    if not path.is_file():
        raise UserError(f"{who}: no such file: {str(path)!r}")
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise UserError(f"{who}: {path.name!r} is not a mesh file; known: {', '.join(SUFFIXES)} (convert it to .obj)")
    raw = _read_plain(path) if suffix in (".stl", ".ply") else _read_model(path, who, skins, seen)
    if raw is None or len(raw.soup.triangles) == 0:
        raise UserError(f"{who}: {path.name!r} has no triangles; it may be a point cloud, empty or damaged")
    if len(raw.soup.triangles) > MAX_TRIANGLES:
        raise UserError(
            f"{who}: {path.name!r} has {len(raw.soup.triangles)} triangles, more than {MAX_TRIANGLES}; "
            "thin it out first"
        )
    if not bool(np.isfinite(raw.soup.vertices).all()):
        raise UserError(f"{who}: {path.name!r} has vertices that are not finite numbers; repair it first")
    return raw


@contextmanager
def _quiet(open3d: Any) -> Iterator[None]:
    """Open3D tells the terminal what we say ourselves."""
    level = open3d.utility.get_verbosity_level()
    open3d.utility.set_verbosity_level(open3d.utility.VerbosityLevel.Error)
    try:
        yield
    finally:
        open3d.utility.set_verbosity_level(level)


def _read_plain(path: Path) -> RawMesh | None:
    import open3d

    with _quiet(open3d):
        mesh = open3d.io.read_triangle_mesh(path)
    if len(mesh.triangles) == 0:
        return None
    soup = Soup.of(np.asarray(mesh.vertices), np.asarray(mesh.triangles))
    normals = np.asarray(mesh.vertex_normals)[soup.triangles] if mesh.has_vertex_normals() else None
    colors = np.asarray(mesh.vertex_colors)
    if path.suffix.lower() == ".stl":
        normals = None  # a reader's per-facet copies; ours are smooth where the shape is
    if len(colors) == 0:
        return RawMesh(
            soup=soup,
            normals=_normals(soup, normals),
            coats=(Coat(color=(0.5, 0.5, 0.5)),),
            painted=False,
            textured=False,
        )
    rows, coats = buckets(decoded(colors[soup.triangles].mean(1)), 0.6, 0.0)
    tagged = Soup(soup.vertices, soup.triangles, rows)
    return RawMesh(soup=tagged, normals=_normals(soup, normals), coats=coats, painted=True, textured=True)


def _read_model(path: Path, who: str, skins: bool, seen: bool) -> RawMesh | None:
    import open3d

    # before Open3D opens pictures: it follows any path and takes any size
    try:
        paints = paints_of(path, who)
    except UnreachableError:
        if seen:
            raise
        paints = Paints()
    with _quiet(open3d):
        read: Any = open3d.io.read_triangle_model  # its stub names another overload
        model = read(str(path))
    soups: list[Soup] = []
    normals: list[F8] = []
    coats: list[Coat] = []
    uvs: list[F8] = []
    textured = False
    matched = paints.matched(model.materials)
    for part in model.meshes:
        if len(part.mesh.triangles) == 0:
            continue
        known = part.material_idx < len(model.materials)
        material, paint = (model.materials[part.material_idx], matched[part.material_idx]) if known else (None, None)
        soup = Soup.of(np.asarray(part.mesh.vertices), np.asarray(part.mesh.triangles))
        uv = _uv_of(part.mesh, len(soup.triangles), f"{who}: {path.name!r}")
        linear = path.suffix.lower() in _LINEAR
        if skins and uv is not None and paint is not None and paint.pictured:
            rows, found, image = (
                np.zeros(len(soup.triangles), np.int64),
                [skinned(paint, material, uv, areas(soup), linear)],
                True,
            )
        else:
            rows, found, image = coats_of(uv, material, linear, len(soup.triangles))
        textured = textured or image
        own = np.asarray(part.mesh.vertex_normals)[soup.triangles] if part.mesh.has_vertex_normals() else None
        there = solid_parts(paint, uv, len(soup.triangles))
        soups.append(Soup(soup.vertices, soup.triangles[there], rows[there] + len(coats)))
        normals.append(_normals(soup, own)[there])
        uvs.append((np.zeros((len(soup.triangles), 3, 2)) if uv is None else uv)[there])
        coats += found
    if not soups:
        return None
    return RawMesh(
        soup=join(soups),
        normals=np.concatenate(normals),
        coats=tuple(coats),
        painted=True,
        textured=textured,
        uv=np.concatenate(uvs) if any(c.skin is not None for c in coats) else None,
    )


def paints_of(path: Path, who: str = "mesh_file") -> Paints:
    """The materials of an OBJ or glTF file; nothing for other kinds, and for damaged ones.

    Raises:
        UserError: a picture is missing, outside the folder, damaged, huge, or laid on in a way that is not supported.
    """
    suffix = path.suffix.lower()
    if suffix == ".obj":
        return Mtl(path, who).paints()
    return Gltf(path, who).paints() if suffix in (".glb", ".gltf") else Paints()


def areas(soup: Soup) -> F8:
    """Area of every triangle, m2; a little more than nothing for those without."""
    return np.asarray(0.5 * np.sqrt((face_vectors(soup) ** 2).sum(-1)) + 1e-30)


def _uv_of(mesh: Any, count: int, whose: str) -> F8 | None:
    """Texture coordinates of the corners, (T, 3, 2)."""
    if not mesh.has_triangle_uvs():
        return None
    uv = np.asarray(mesh.triangle_uvs, np.float64).reshape(count, 3, 2)
    # NaN fails the comparison too
    if not bool((np.abs(uv) <= _FARTHEST_UV).all()):
        raise UserError(
            f"{whose} has texture coordinates that are not finite numbers, or beyond {_FARTHEST_UV:g}; repair it first"
        )
    return uv


def _normals(soup: Soup, own: F8 | None) -> F8:
    """The file's normals where they are sound, else ours."""
    if own is not None and bool(np.isfinite(own).all()):
        length = np.sqrt((own**2).sum(-1))
        if bool((length > 0.5).all()):
            return normalized(own)
    finite = np.where(np.isfinite(soup.vertices), soup.vertices, 0.0)
    whole = Soup(finite, soup.triangles, soup.tags)
    return corner_normals(whole, 40.0 if len(soup.triangles) < _ANGLE_TEST else 180.0)


def thinned(raw: RawMesh, triangles: int) -> RawMesh:
    """At most so many triangles (quadric decimation, Garland and Heckbert 1997), coloured as the nearest was."""
    if len(raw.soup.triangles) <= triangles:
        return raw
    import open3d

    tensor: Any = open3d.core.Tensor
    welded = weld(raw.soup)
    mesh = open3d.geometry.TriangleMesh(
        open3d.utility.Vector3dVector(welded.vertices), open3d.utility.Vector3iVector(welded.triangles.astype(np.int32))
    )
    small = mesh.simplify_quadric_decimation(target_number_of_triangles=triangles)
    soup = Soup.of(np.asarray(small.vertices), np.asarray(small.triangles))
    middles = raw.soup.vertices[raw.soup.triangles].mean(1)
    tree = open3d.core.nns.NearestNeighborSearch(tensor(middles))
    tree.knn_index()
    nearest, _ = tree.knn_search(tensor(soup.vertices[soup.triangles].mean(1)), 1)
    tagged = Soup(soup.vertices, soup.triangles, raw.soup.tags[nearest.numpy().reshape(-1)])
    return RawMesh(
        soup=tagged, normals=corner_normals(tagged), coats=raw.coats, painted=raw.painted, textured=raw.textured
    )
