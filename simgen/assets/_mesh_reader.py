"""Reads mesh files through Open3D: triangles, normals and the materials' base colours."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from simgen.errors import UserError
from simgen.geometry import normalized, quat_rotate
from simgen.records.base import F8, I8
from simgen.shapes.builder import corner_normals
from simgen.shapes.colors import Color
from simgen.shapes.soup import Soup, join, weld

SUFFIXES: Final = (".obj", ".glb", ".gltf", ".stl", ".ply")
MAX_TRIANGLES: Final = 5_000_000
#: glTF stores linear colours; the others write what a screen shows
_LINEAR: Final = (".glb", ".gltf")
#: above this, normals are smoothed by vertex, for the angle test needs memory
_ANGLE_TEST: Final = 400_000


@dataclass(frozen=True, kw_only=True)
class Coat:
    """A colour found in a file, linear, with what it says about gloss."""

    color: Color
    roughness: float = 0.6
    metallic: float = 0.0


@dataclass(frozen=True, kw_only=True, eq=False)
class RawMesh:
    """A file's triangles; tags are rows of ``coats``. ``normals`` (T, 3, 3) are unit, one a corner."""

    soup: Soup
    normals: F8
    coats: tuple[Coat, ...]
    #: whether the file says anything about colour
    painted: bool
    textured: bool

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
        )


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_mesh(path: Path, who: str = "mesh_file") -> RawMesh:
    """Every triangle of a mesh file.

    Raises:
        UserError: no such file, unknown kind, nothing in it, broken vertices, or too many triangles.
    """
    if not path.is_file():
        raise UserError(f"{who}: no such file: {str(path)!r}")
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise UserError(f"{who}: {path.name!r} is not a mesh file; known: {', '.join(SUFFIXES)} (convert it to .obj)")
    raw = _read_plain(path) if suffix in (".stl", ".ply") else _read_model(path)
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
    rows, coats = _buckets(_decoded(colors[soup.triangles].mean(1)), 0.6, 0.0)
    tagged = Soup(soup.vertices, soup.triangles, rows)
    return RawMesh(soup=tagged, normals=_normals(soup, normals), coats=coats, painted=True, textured=True)


def _read_model(path: Path) -> RawMesh | None:
    import open3d

    with _quiet(open3d):
        read: Any = open3d.io.read_triangle_model  # its stub names another overload
        model = read(str(path))
    soups: list[Soup] = []
    normals: list[F8] = []
    coats: list[Coat] = []
    textured = False
    for part in model.meshes:
        if len(part.mesh.triangles) == 0:
            continue
        material = model.materials[part.material_idx] if part.material_idx < len(model.materials) else None
        soup = Soup.of(np.asarray(part.mesh.vertices), np.asarray(part.mesh.triangles))
        rows, found, image = _coats_of(part.mesh, material, path.suffix.lower() in _LINEAR, len(soup.triangles))
        textured = textured or image
        own = np.asarray(part.mesh.vertex_normals)[soup.triangles] if part.mesh.has_vertex_normals() else None
        soups.append(Soup(soup.vertices, soup.triangles, rows + len(coats)))
        normals.append(_normals(soup, own))
        coats += found
    if not soups:
        return None
    return RawMesh(
        soup=join(soups), normals=np.concatenate(normals), coats=tuple(coats), painted=True, textured=textured
    )


def _normals(soup: Soup, own: F8 | None) -> F8:
    """The file's normals where they are sound, else ours."""
    if own is not None and bool(np.isfinite(own).all()):
        length = np.sqrt((own**2).sum(-1))
        if bool((length > 0.5).all()):
            return normalized(own)
    finite = np.where(np.isfinite(soup.vertices), soup.vertices, 0.0)
    whole = Soup(finite, soup.triangles, soup.tags)
    return corner_normals(whole, 40.0 if len(soup.triangles) < _ANGLE_TEST else 180.0)


def _coats_of(mesh: Any, material: Any, linear: bool, count: int) -> tuple[I8, list[Coat], bool]:
    """Rows per triangle and the coats of one part of a file."""
    if material is None:
        return np.zeros(count, np.int64), [Coat(color=(0.5, 0.5, 0.5))], False
    base = np.asarray(material.base_color, np.float64)[:3]
    base = base if linear else _decoded(base)
    # an OBJ without gloss reads as roughness 1: fully matt plastic hardly exists
    roughness, metallic = (
        float(np.clip(material.base_roughness, 0.05, 0.9)),
        float(np.clip(material.base_metallic, 0.0, 1.0)),
    )
    image = None if material.albedo_img is None else np.asarray(material.albedo_img)
    if image is None or image.size == 0 or not mesh.has_triangle_uvs():
        r, g, b = (round(float(c), 5) for c in np.clip(base, 0.0, 1.0))
        return np.zeros(count, np.int64), [Coat(color=(r, g, b), roughness=roughness, metallic=metallic)], False
    colors = _decoded(_sampled(image, np.asarray(mesh.triangle_uvs).reshape(count, 3, 2)))
    rows, coats = _buckets(colors, roughness, metallic)
    return rows, list(coats), True


def _sampled(image: Any, uv: F8) -> F8:
    """The picture's colours (T, 3), 0..1, averaged over a triangle's middle and the middles towards its corners."""
    picture = image[..., :3].astype(np.float64) / (255.0 if image.dtype == np.uint8 else 1.0)
    if picture.ndim == 2 or picture.shape[-1] < 3:
        picture = np.repeat(picture.reshape(*picture.shape[:2], -1)[..., :1], 3, -1)
    middle = uv.mean(1, keepdims=True)
    places = np.concatenate([middle, 0.5 * (uv + middle)], 1)
    height, width = picture.shape[:2]
    places = np.where(np.isfinite(places), places, 0.0) % 1.0
    col = np.minimum((places[..., 0] * width).astype(np.int64), width - 1)
    row = np.minimum(((1.0 - places[..., 1]) * height).astype(np.int64), height - 1)
    return np.asarray(picture[row, col].mean(1))


def _buckets(colors: F8, roughness: float, metallic: float, levels: int = 12) -> tuple[I8, tuple[Coat, ...]]:
    """At most a few dozen coats that stand for many colours: cells of a grid in display space, each with its mean."""
    cells = np.round(np.clip(colors, 0.0, 1.0) ** (1.0 / 2.2) * levels).astype(np.int64)
    _, rows = np.unique(cells, axis=0, return_inverse=True)
    rows = rows.reshape(-1)
    if int(rows.max()) >= 256:
        return _buckets(colors, roughness, metallic, levels // 2)
    counts = np.bincount(rows)
    means = np.stack([np.bincount(rows, np.clip(colors[:, k], 0.0, 1.0)) / counts for k in range(3)], -1)
    table = [
        Coat(color=(round(float(r), 5), round(float(g), 5), round(float(b), 5)), roughness=roughness, metallic=metallic)
        for r, g, b in means
    ]
    return rows.astype(np.int64), tuple(table)


def _decoded(color: F8) -> F8:
    """Linear values of sRGB ones (IEC 61966-2-1)."""
    c = np.clip(np.asarray(color, np.float64), 0.0, 1.0)
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def decoded_color(rgb: tuple[float, float, float]) -> Color:
    """One sRGB colour, linear."""
    r, g, b = (round(float(v), 5) for v in _decoded(np.array(rgb)))
    return r, g, b


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
