"""A wheeled rubbish bin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.assets.base import Asset
from simgen.records.mesh import Surface
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.colors import PAINTS, resolve
from simgen.shapes.finish import hull, rigid
from simgen.shapes.lattice import loft, tube
from simgen.shapes.primitives import box, cylinder, rounded_rectangle
from simgen.shapes.soup import join


@register("asset", "bin")
@dataclass(frozen=True, kw_only=True)
class Bin(Asset):
    """A 120 litre bin on two wheels, its lid opening to +x (class street_furniture). Measures of EN 840-1."""

    color: str | tuple[float, float, float] = param("dark_green", doc="a colour's name, or linear sRGB reflectances")

    def __post_init__(self) -> None:
        resolve("color", self.color, PAINTS)

    def build(self) -> Model:
        """Tapered body, lid, handle, wheels."""
        plastic = Surface(class_name="street_furniture", base_color=resolve("color", self.color, PAINTS), roughness=0.5)
        dark = Surface(class_name="street_furniture", base_color=(0.02, 0.02, 0.02), roughness=0.8)
        rows = ((0.06, 0.4, 0.36), (0.08, 0.42, 0.38), (0.8, 0.5, 0.46), (0.86, 0.52, 0.48))
        rings = [np.concatenate([rounded_rectangle(x, y, 0.06), np.full((20, 1), z)], 1) for z, x, y in rows]
        body = loft(np.stack(rings))
        lid = loft(
            np.stack(
                [
                    np.concatenate([rounded_rectangle(x, y, 0.07), np.full((20, 1), z)], 1)
                    for z, x, y in ((0.855, 0.54, 0.5), (0.885, 0.54, 0.5), (0.92, 0.46, 0.42))
                ]
            )
        )
        handle = tube([[-0.24, 0.18, 0.84], [-0.32, 0.18, 0.9], [-0.32, -0.18, 0.9], [-0.24, -0.18, 0.84]], 0.015, 8)
        feet = box((0.08, 0.3, 0.08)).moved((0.14, 0.0, 0.04))
        turn = (0.5**0.5, 0.5**0.5, 0.0, 0.0)
        wheels = [
            cylinder(0.1, 0.05, 18, 0.01).moved(quaternion=turn).moved((-0.17, s * 0.21, 0.1)) for s in (1.0, -1.0)
        ]
        builder = MeshBuilder().add(join([body, lid]), plastic, smooth_deg=30.0)
        builder.add(join([handle, feet, *wheels]), dark, smooth_deg=40.0)
        shapes = [
            hull(body.vertices),
            hull(lid.vertices),
            hull(handle.vertices),
            hull(feet.vertices),
            *(hull(w.vertices) for w in wheels),
        ]
        return rigid("bin", "street_furniture", builder, shapes, mass_kg=14.0)
