"""A clipped hedge."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from simgen.assets.base import Asset
from simgen.geometry import normalized
from simgen.records.mesh import Surface
from simgen.records.model import Model, Shape
from simgen.registry import param, register
from simgen.rng import stream
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.finish import rigid, vector3
from simgen.shapes.primitives import box
from simgen.shapes.soup import Soup
from simgen.shapes.sway import sway_of


@register("asset", "hedge")
@dataclass(frozen=True, kw_only=True)
class Hedge(Asset):
    """A clipped hedge along y (class vegetation). Reflectance at 905 nm after PROSPECT (Jacquemoud and Baret 1990)."""

    length_m: float = param(4.0, ge=0.5, le=60.0, doc="along y")
    width_m: float = param(0.7, ge=0.3, le=3.0, doc="along x")
    height_m: float = param(1.3, ge=0.3, le=5.0, doc="ground to top")
    variant: int = param(0, ge=0, le=100000, doc="where the leaves stand")

    def build(self) -> Model:
        """A block with a skin of leaf sprays."""
        leaves = Surface(
            class_name="vegetation",
            base_color=(0.042, 0.078, 0.026),
            roughness=0.85,
            texture="foliage",
            texture_scale_m=0.25,
            lidar_reflectance=0.48,
        )
        size = np.array([self.width_m, self.length_m, self.height_m]) - 0.06
        middle = np.array([0.0, 0.0, 0.5 * size[2]])
        builder = MeshBuilder().add(box(size, 0.06).moved(middle), leaves, smooth_deg=60.0)
        soup, normals = self._sprays(size)
        builder.add_shaded(soup, normals, leaves)
        shape = Shape(kind="box", size=vector3(size), center=vector3(middle))
        # clipped and dense: it hardly gives way
        sway = replace(sway_of(self.height_m, 0.05, (0.0, 0.0, 0.0)), lean_rad=0.006, most_rad=0.03)
        return rigid("hedge", "vegetation", builder, [shape], mass_kg=60.0 * self.length_m, sway=sway)

    def _sprays(
        self, size: np.ndarray[tuple[int], np.dtype[np.float64]]
    ) -> tuple[Soup, np.ndarray[tuple[int, int], np.dtype[np.float64]]]:
        """Leaf triangles on the four walls and the top, inside the declared box."""
        count = int(min(60.0 * (size[0] * size[1] + 2.0 * size[2] * (size[0] + size[1])), 2400.0))
        rng = stream(self.variant, "plant", "hedge")
        place = rng.uniform(-0.5, 0.5, (count, 3))
        area = np.array([size[1] * size[2], size[1] * size[2], size[0] * size[2], size[0] * size[2], size[0] * size[1]])
        face = np.searchsorted(np.cumsum(area / area.sum()), rng.uniform(0.0, 0.999999, count))
        out = np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1]], np.float64)[face]
        place = np.where(out != 0.0, 0.5 * out, place) * size + [0.0, 0.0, 0.5 * size[2]]
        tilt = normalized(out + 0.6 * rng.normal(0.0, 1.0, (count, 3)))
        side = normalized(np.roll(tilt, 1, axis=1) - tilt * (np.roll(tilt, 1, axis=1) * tilt).sum(-1, keepdims=True))
        other = np.stack(
            [
                tilt[:, 1] * side[:, 2] - tilt[:, 2] * side[:, 1],
                tilt[:, 2] * side[:, 0] - tilt[:, 0] * side[:, 2],
                tilt[:, 0] * side[:, 1] - tilt[:, 1] * side[:, 0],
            ],
            -1,
        )
        reach = rng.uniform(0.03, 0.06, (count, 1))
        tips = np.stack(
            [place + reach * (np.cos(a) * side + np.sin(a) * other) for a in np.radians([90.0, 210.0, 330.0])], 1
        ).reshape(-1, 3)
        half = 0.5 * np.array([self.width_m, self.length_m, self.height_m])
        tips = np.clip(tips, [-half[0], -half[1], 0.0], [half[0], half[1], self.height_m])
        return Soup.of(tips, np.arange(3 * count).reshape(-1, 3)), np.repeat(normalized(out + 0.3 * tilt), 3, axis=0)
