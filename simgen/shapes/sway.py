"""A plant whose foliage can sway: its model with the foliage as a link of its own."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from simgen.records.base import Bool
from simgen.records.mesh import Mesh
from simgen.records.model import Joint, Link, Model, Sway, Vector3

#: the class of what sways; the rest (a trunk, its branches) stands
_FOLIAGE = "vegetation"


def sway_of(height_m: float, diameter_m: float, pivot: Vector3) -> Sway:
    """How a plant of a height and a stem sways.

    Natural frequency ``0.0948 + 3.4317 d / h^2``, d in cm, h in m (Moore and Maguire 2004, of conifers), from 0.2 Hz to
    the 0.8 Hz of small trees in leaf; damping 0.08 of the critical (Moore and Maguire 2005: 0.05 to 0.15).
    """
    natural = 0.0948 + 3.4317 * 100.0 * diameter_m / height_m**2
    return Sway(pivot=pivot, frequency_hz=min(max(natural, 0.2), 0.8))


@lru_cache(maxsize=128)
def swaying(model: Model) -> Model:
    """The model with its foliage as a link that turns about the pivot; itself where nothing of it sways.

    Raises:
        ValueError: it has more links than one.
    """
    sway, root = model.sway, model.links[0]
    if sway is None or root.mesh is None:
        return model
    if len(model.links) > 1:
        raise ValueError(f"{model.name}: only a model of one link sways")
    leaves = np.array([s.class_name == _FOLIAGE for s in model.surfaces], np.bool_)[root.mesh.surface]
    crown = _part(root.mesh, leaves, sway.pivot)
    stem = None if leaves.all() else _part(root.mesh, ~leaves, (0.0, 0.0, 0.0))
    link = Link(name="crown", parent=0, position=sway.pivot, mesh=crown, joint=Joint(kind="sway"))
    return replace(model, links=(replace(root, mesh=stem), link))


def _part(mesh: Mesh, chosen: Bool, pivot: Vector3) -> Mesh:
    """Some triangles of a mesh and their vertices, as seen from a pivot."""
    used, triangles = np.unique(mesh.triangles[chosen], return_inverse=True)
    return Mesh(
        vertices=np.ascontiguousarray(mesh.vertices[used] - np.array(pivot, np.float32), np.float32),
        normals=np.ascontiguousarray(mesh.normals[used]),
        triangles=np.ascontiguousarray(triangles.reshape(-1, 3).astype(np.uint32)),
        surface=np.ascontiguousarray(mesh.surface[chosen]),
        uv=None if mesh.uv is None else np.ascontiguousarray(mesh.uv[used]),
    )


__all__ = ["sway_of", "swaying"]
