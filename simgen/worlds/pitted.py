"""Another world with holes in its ground."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import shapely

from simgen.geometry import cross, normalized
from simgen.records.base import F8, I8, Bool
from simgen.records.layout import WorldLayout
from simgen.records.mesh import Mesh
from simgen.registry import param, register
from simgen.roads.planar import polygons_of, triangulated
from simgen.shapes.outlines import ragged
from simgen.worlds._paint_wear import with_triangles
from simgen.worlds.base import World
from simgen.worlds.repainted import plain_road

#: ground is what faces up by this cosine, and lies within so many metres of the hole's height
_LEVEL, _NEAR_M = 0.9, 0.3


@dataclass(frozen=True, kw_only=True)
class Pit:
    """A hole: the outline of an asset ``pothole`` of these measures that stands at the same place."""

    at_m: tuple[float, float, float] = param(doc="where its middle is; the height is the road's")
    yaw_deg: float = param(0.0, doc="how it is turned, from the x axis counter-clockwise")
    length_m: float = param(0.9, ge=0.15, le=4.0, doc="along its x axis")
    width_m: float = param(0.7, ge=0.15, le=3.0, doc="across")
    variant: int = param(0, ge=0, le=100000, doc="which outline")

    @property
    def outline(self) -> F8:
        """In the world, (C, 2)."""
        c, s = np.cos(np.radians(self.yaw_deg)), np.sin(np.radians(self.yaw_deg))
        x, y = ragged(self.length_m, self.width_m, self.variant).T
        return np.stack([c * x - s * y + self.at_m[0], s * x + c * y + self.at_m[1]], -1)


@register("world", "pitted")
@dataclass(frozen=True, kw_only=True)
class Pitted(World):
    """Any other world with holes cut through its road's surface, markings included, for assets ``pothole`` to fill.

    Only what is drawn has holes: bodies collide with a road that is whole.
    """

    of: World = field(default_factory=plain_road, metadata={"doc": "the world whose ground it is"})
    pits: tuple[Pit, ...] = param((), doc="the holes")

    def build(self, seed: int) -> WorldLayout:
        """The other world, cut."""
        layout = self.of.build(seed)
        mesh = layout.mesh
        for pit in self.pits:
            mesh = _cut(mesh, pit)
        return replace(layout, mesh=mesh)


def _cut(mesh: Mesh, pit: Pit) -> Mesh:
    hole = shapely.Polygon(pit.outline)
    met = np.flatnonzero(_meets(mesh, pit, hole))
    corners = mesh.vertices[mesh.triangles[met]].astype(np.float64)
    pieces = [_piece(triangle, hole) for triangle in corners]
    owner = np.repeat(np.arange(len(met)), [len(p) for p in pieces])
    stays = np.ones(len(mesh.triangles), bool)
    stays[met] = False
    new = np.concatenate([np.zeros((0, 3, 3)), *pieces])
    normals = normalized(_faces(corners))[owner]
    return with_triangles(mesh, stays, new, normals, mesh.surface[met][owner])


def _faces(corners: F8) -> F8:
    return cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])


def _meets(mesh: Mesh, pit: Pit, hole: shapely.Geometry) -> Bool:
    """Triangles of the ground that the hole touches."""
    low, high = pit.outline.min(0), pit.outline.max(0)
    x, y, z = (mesh.vertices[:, k][mesh.triangles] for k in range(3))
    found: Bool = (x.max(1) > low[0]) & (x.min(1) < high[0]) & (y.max(1) > low[1]) & (y.min(1) < high[1])
    rows = np.flatnonzero(found)
    corners = np.stack([x[rows], y[rows], z[rows]], -1).astype(np.float64)
    level = normalized(_faces(corners))[:, 2] > _LEVEL
    near = np.abs(_height(corners, pit.at_m[:2]) - pit.at_m[2]) < _NEAR_M
    found[rows] = level & near & shapely.intersects(shapely.polygons(corners[..., :2]), hole)
    return found


def _height(corners: F8, at: tuple[float, float]) -> F8:
    """Height of each triangle's plane over a point, (T,)."""
    normal = _faces(corners)
    upward = np.where(np.abs(normal[:, 2]) > 1e-12, normal[:, 2], 1e-12)
    rise = normal[:, 0] * (at[0] - corners[:, 0, 0]) + normal[:, 1] * (at[1] - corners[:, 0, 1])
    return np.asarray(corners[:, 0, 2] - rise / upward)


def _piece(triangle: F8, hole: shapely.Geometry) -> F8:
    """What is left of a triangle beside the hole, (T, 3, 3)."""
    parts: list[tuple[F8, I8]] = []
    rest = shapely.difference(shapely.Polygon(triangle[:, :2]), hole)
    parts += (triangulated(part) for part in polygons_of(rest))
    flat = np.concatenate([np.zeros((0, 3, 2)), *(xy[index] for xy, index in parts)])
    normal = _faces(triangle[None])[0]
    rise = ((flat - triangle[0, :2]) * normal[:2]).sum(-1) / normal[2]
    return np.concatenate([flat, (triangle[0, 2] - rise)[..., None]], -1)
