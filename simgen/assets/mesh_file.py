"""Any mesh from a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from simgen.assets._coats import Coat
from simgen.assets._mesh_reader import RawMesh, file_digest, read_mesh, thinned
from simgen.assets.base import Asset
from simgen.errors import UserError
from simgen.geometry import quat_from_axis_angle
from simgen.records.mesh import Surface
from simgen.records.model import Model, Shape
from simgen.records.picture import Skin
from simgen.registry import param, register
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.colors import CLOTHES, resolve
from simgen.shapes.finish import hull, rigid, vector3
from simgen.shapes.soup import face_vectors
from simgen.taxonomy import class_id

#: largest and smallest extent of a sane import, metres
LARGEST_M, SMALLEST_M = 2000.0, 1e-4


@register("asset", "mesh_file")
@dataclass(frozen=True, kw_only=True)
class MeshFile(Asset):
    """A mesh read from an OBJ, GLB, glTF, STL or PLY file (through Open3D).

    Colours, roughness and metalness come from the file's materials (glTF 2.0; .mtl with Pr and Pm), and so do pictures
    of them, filtered by the pixels that see them. The file and all that it names enter the dataset by their SHA-256
    (FIPS 180-4).
    """

    path: str = param(doc="the file, relative to the scene file or absolute", reference="file")
    class_name: str = param("object", doc="class of the taxonomy")
    scale: float = param(1.0, gt=0.0, doc="metres a unit of the file (0.001 for millimetres)")
    up_axis: str = param("z", doc="which axis of the file points up", choices=("z", "y"))
    origin: str = param(
        "bottom", doc="bottom = below the middle, on the ground; file = as the file says", choices=("bottom", "file")
    )
    base_color: str | tuple[float, float, float] | None = param(
        None, doc="overrides the file's colours: a name, or linear sRGB reflectances"
    )
    roughness: float | None = param(None, ge=0.02, le=1.0, doc="overrides the file's")
    metallic: float | None = param(None, ge=0.0, le=1.0, doc="overrides the file's")
    reflectivity: float | None = param(
        None, ge=0.0, le=1.0, doc="diffuse reflectance at 905 nm; none = that of the colour"
    )
    emission_cd_m2: float = param(
        200.0, ge=0.0, le=1e6, doc="luminance of what the file makes shine at full, as a bright screen"
    )
    max_triangles: int = param(0, ge=0, doc="thin the mesh out to so many; 0 = keep all")
    collision: str = param("hull", doc="hull = convex; mesh = its triangles (static only)", choices=("hull", "mesh"))
    mass_kg: float = param(1.0, gt=0.0, doc="for physics")
    friction: float = param(0.8, ge=0.0, le=5.0, doc="for physics, lateral")
    restitution: float = param(0.0, ge=0.0, le=1.0, doc="for physics: 1 bounces back to the same height")

    def __post_init__(self) -> None:
        class_id(self.class_name)
        if self.base_color is not None:
            resolve("base_color", self.base_color, CLOTHES)

    def build(self) -> Model:
        """Read, place and check the mesh.

        Raises:
            UserError: the file is missing, empty, damaged, or of an absurd size.
        """
        path = Path(self.path)
        raw = read_mesh(path)
        if 0 < self.max_triangles < len(raw.soup.triangles):
            # fewer triangles cannot carry the pictures: each takes their mean
            raw = thinned(read_mesh(path, skins=False), self.max_triangles)
        raw = self._placed(raw)
        points = raw.soup.vertices[np.unique(raw.soup.triangles)]
        collision: Literal["hull", "mesh"] = "mesh" if self.collision == "mesh" else "hull"
        shape = Shape(kind="mesh") if collision == "mesh" else hull(points)
        return rigid(
            "mesh_file",
            self.class_name,
            painted(raw, [self._surface(coat) for coat in raw.coats]),
            [shape],
            mass_kg=self.mass_kg,
            friction=self.friction,
            restitution=self.restitution,
            attributes=(("file", path.name), ("sha256", file_digest(path))),
        )

    def _placed(self, raw: RawMesh) -> RawMesh:
        tilt = 0.5 * np.pi if self.up_axis == "y" else 0.0
        raw = raw.moved(np.full(3, self.scale), quat_from_axis_angle([1.0, 0.0, 0.0], tilt), np.zeros(3))
        points = raw.soup.vertices[np.unique(raw.soup.triangles)]
        low, high = points.min(0), points.max(0)
        across = float((high - low).max())
        if not SMALLEST_M <= across <= LARGEST_M:
            raise UserError(
                f"mesh_file: {Path(self.path).name!r} is {across:.3g} m across with scale {self.scale:g}; it must be "
                "between 0.1 mm and 2 km (scale is 0.001 for millimetres)"
            )
        if self.origin == "file":
            return raw
        shift = -np.array([0.5 * (low[0] + high[0]), 0.5 * (low[1] + high[1]), low[2]])
        return raw.moved(np.ones(3), np.array([1.0, 0.0, 0.0, 0.0]), shift)

    def _surface(self, coat: Coat) -> Surface:
        color = coat.color if self.base_color is None else resolve("base_color", self.base_color, CLOTHES)
        return Surface(
            class_name=self.class_name,
            base_color=color,
            roughness=coat.roughness if self.roughness is None else self.roughness,
            metallic=coat.metallic if self.metallic is None else self.metallic,
            emission=vector3(self.emission_cd_m2 * np.array(coat.glow)),
            lidar_reflectance=self.reflectivity,
            skin=self._skin(coat),
        )

    def _skin(self, coat: Coat) -> Skin | None:
        """The coat's pictures, less those that a parameter overrides."""
        if coat.skin is None:
            return None
        own = self.roughness is not None or self.metallic is not None
        skin = replace(
            coat.skin,
            color=coat.skin.color if self.base_color is None else None,
            finish=None if own else coat.skin.finish,
        )
        return skin if any(p is not None for p in skin.pictures) else None


def painted(raw: RawMesh, surfaces: list[Surface], builder: MeshBuilder | None = None) -> MeshBuilder:
    """A builder with the file's triangles that have an area, under their own normals."""
    keep = (face_vectors(raw.soup) ** 2).sum(-1) > 0.0
    soup = type(raw.soup)(raw.soup.vertices, raw.soup.triangles[keep], raw.soup.tags[keep])
    uv = None if raw.uv is None else raw.uv[keep]
    return (builder or MeshBuilder()).add_corners(soup, raw.normals[keep], *surfaces, uv=uv)
