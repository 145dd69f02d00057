"""Riders of motorcycles: a posed body with a full-face helmet."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.records.mesh import Surface
from simgen.records.model import Link, Model
from simgen.shapes.builder import MeshBuilder, Palette
from simgen.shapes.colors import Color
from simgen.shapes.finish import finished, hull
from simgen.shapes.primitives import sphere

#: half length, width and height of the shell, m (ECE 22.06 size M)
_SHELL: Final = (0.15, 0.122, 0.142)


def with_helmet(model: Model, color: Color) -> Model:
    """The rider with a helmet whose visor is dark, about the ears."""
    ears = [k for k in model.keypoints if k.name.endswith("_ear")]
    link = ears[0].link
    middle = np.mean([k.position for k in ears], axis=0)
    shell = sphere(1.0, 18, 12)
    p = shell.vertices[shell.triangles].mean(1)
    visor = (p[:, 0] > 0.42) & (np.abs(p[:, 2] + 0.12) < 0.3)
    shell.tags[visor] = 1
    soup = shell.scaled(_SHELL).moved(middle + np.array([0.018, 0.0, 0.012]))
    palette = Palette()
    for surface in model.surfaces:
        palette.row(surface)
    paint = Surface(class_name=model.class_name, base_color=color, roughness=0.3, clearcoat=1.0, lidar_reflectance=0.3)
    dark = Surface(
        class_name=model.class_name, base_color=(0.012, 0.012, 0.014), roughness=0.08, lidar_reflectance=0.03
    )
    mesh = MeshBuilder(palette).add(soup, paint, dark, smooth_deg=50.0).mesh()
    helmet = Link(name="helmet", parent=link, mesh=mesh, shapes=(hull(soup.vertices),))
    return finished(
        model.name, model.class_name, [*model.links, helmet], palette.surfaces, mass_kg=model.mass_kg + 1.5,
        keypoints=model.keypoints,
    )  # fmt: skip


__all__ = ["with_helmet"]
