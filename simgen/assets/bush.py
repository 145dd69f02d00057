"""A bush."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets.base import Asset
from simgen.records.mesh import Surface
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.finish import hull, rigid
from simgen.shapes.plants import Habit, crown
from simgen.shapes.sway import sway_of


@register("asset", "bush")
@dataclass(frozen=True, kw_only=True)
class Bush(Asset):
    """A round shrub (class vegetation). Reflectance at 905 nm after PROSPECT (Jacquemoud and Baret 1990)."""

    height_m: float = param(1.2, ge=0.3, le=4.0, doc="ground to top")
    variant: int = param(0, ge=0, le=100000, doc="its shape")

    def build(self) -> Model:
        """Lumps of foliage and leaf sprays; bodies collide with the lumps' hull."""
        habit = Habit(name="bush", clear=-0.12, spread=0.55, leaves=(0.045, 0.1, 0.025))
        leaves = Surface(
            class_name="vegetation",
            base_color=habit.leaves,
            roughness=0.8,
            texture="foliage",
            texture_scale_m=0.3,
            lidar_reflectance=0.48,
        )
        top = crown(habit, self.height_m, self.variant, lumps=10, sprays=500)
        # what would grow below the ground is squeezed onto it
        low = top.lumps.vertices.copy()
        low[:, 2] = low[:, 2].clip(0.0)
        lumps = type(top.lumps)(low, top.lumps.triangles, top.lumps.tags)
        builder = MeshBuilder().add_shaded(lumps, top.lump_normals, leaves).add_shaded(top.sprays, top.normals, leaves)
        shapes, sway = [hull(lumps.vertices)], sway_of(self.height_m, 0.05, (0.0, 0.0, 0.0))
        return rigid("bush", "vegetation", builder, shapes, mass_kg=30.0 * self.height_m, sway=sway)
