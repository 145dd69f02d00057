"""A concrete or works barrier."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.assets.base import Asset
from simgen.records.mesh import Surface
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.finish import box_of, hull, rigid
from simgen.shapes.primitives import box, prism
from simgen.shapes.soup import Soup, join


@register("asset", "barrier")
@dataclass(frozen=True, kw_only=True)
class Barrier(Asset):
    """A barrier along y (class barrier): a New Jersey profile in concrete, or a striped works barrier.

    Profile: 0.81 m high, 0.61 m wide at the foot (AASHTO); works barriers carry red and white sheeting (EN 13422).
    """

    kind: str = param("concrete", doc="what it is made of", choices=("concrete", "works"))
    length_m: float = param(2.0, ge=0.8, le=12.0, doc="along y")

    def build(self) -> Model:
        """A cast profile, or two striped boards on feet."""
        return self._concrete() if self.kind == "concrete" else self._works()

    def _concrete(self) -> Model:
        surface = Surface(
            class_name="barrier",
            base_color=(0.42, 0.41, 0.39),
            roughness=0.9,
            texture="concrete",
            texture_scale_m=2.0,
            lidar_reflectance=0.4,
        )
        half = np.array([[0.305, 0.0], [0.305, 0.075], [0.13, 0.33], [0.075, 0.79], [0.055, 0.81]])
        outline = np.concatenate([half, half[::-1] * [-1.0, 1.0]])
        flat = prism(outline, -0.5 * self.length_m, 0.5 * self.length_m)
        soup = Soup(flat.vertices[:, [0, 2, 1]], flat.triangles[:, ::-1].copy(), flat.tags)
        builder = MeshBuilder().add(soup, surface, smooth_deg=15.0)
        y = 0.5 * self.length_m
        ends = [
            np.concatenate([np.insert(part, 1, e, axis=1) for e in (-y, y)])
            for part in (outline[[0, 1, 8, 9]], outline[[1, 2, 7, 8]], outline[2:8])
        ]
        return rigid("barrier", "barrier", builder, [hull(e) for e in ends], mass_kg=640.0 * self.length_m)

    def _works(self) -> Model:
        white = Surface(class_name="barrier", base_color=(0.72, 0.72, 0.7), roughness=0.45, retro=0.25)
        red = Surface(class_name="barrier", base_color=(0.45, 0.02, 0.015), roughness=0.45, retro=0.2)
        grey = Surface(class_name="barrier", base_color=(0.05, 0.05, 0.05), roughness=0.8)
        boards, shapes = [], []
        count = max(int(2 * round(self.length_m / 0.5)), 2)
        step = self.length_m / count
        for z, tall in ((0.95, 0.25), (0.45, 0.15)):
            fields = [
                box((0.025, step, tall)).moved((0.0, -0.5 * self.length_m + step * (k + 0.5), z)).tagged(k % 2)
                for k in range(count)
            ]
            boards += fields
            shapes.append(box_of(join(fields).vertices))
        feet, posts = [], []
        for s in (1.0, -1.0):
            y = s * (0.5 * self.length_m - 0.15)
            feet.append(box((0.7, 0.3, 0.1), 0.02).moved((0.0, y, 0.05)))
            posts.append(box((0.04, 0.04, 1.05)).moved((-0.034, y, 0.55)))
        shapes += [box_of(part.vertices) for part in (*feet, *posts)]
        builder = MeshBuilder().add(join(boards), white, red).add(join([*feet, *posts]), grey)
        return rigid("barrier", "barrier", builder, shapes, mass_kg=30.0)
