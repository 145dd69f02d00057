"""A tree."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets.base import Asset
from simgen.records.mesh import Surface
from simgen.records.model import Model, Shape
from simgen.registry import param, register
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.finish import rigid, vector3
from simgen.shapes.plants import HABITS, crown, trunk
from simgen.shapes.sway import sway_of


@register("asset", "tree")
@dataclass(frozen=True, kw_only=True)
class Tree(Asset):
    """A tree: trunk of class trunk, foliage of class vegetation.

    Kinds by ``variant`` modulo 4: lime, hornbeam, maple, spruce; the same kind again has another shape. Leaves send
    back about half of the light at 905 nm (Jacquemoud and Baret 1990, PROSPECT).
    """

    height_m: float = param(7.0, ge=2.0, le=35.0, doc="ground to top")
    variant: int = param(0, ge=0, le=100000, doc="kind and shape")

    def build(self) -> Model:
        """Trunk, branches, lumps of foliage and leaf sprays; bodies collide with the trunk only."""
        habit = HABITS[self.variant % len(HABITS)]
        bark = Surface(
            class_name="trunk", base_color=(0.11, 0.085, 0.062), roughness=0.95, texture="bark", lidar_reflectance=0.3
        )
        leaves = Surface(
            class_name="vegetation",
            base_color=habit.leaves,
            roughness=0.8,
            texture="foliage",
            texture_scale_m=0.5,
            lidar_reflectance=0.48,
        )
        top = crown(habit, self.height_m, self.variant)
        builder = MeshBuilder().add(trunk(habit, self.height_m, self.variant), bark)
        builder.add_shaded(top.lumps, top.lump_normals, leaves).add_shaded(top.sprays, top.normals, leaves)
        tall = max(habit.clear, 0.25) * self.height_m
        radius = 0.021 * self.height_m + 0.02
        stem = Shape(kind="cylinder", size=(radius, tall, 0.0), center=vector3((0.0, 0.0, 0.5 * tall)))
        return rigid(
            "tree",
            "vegetation",
            builder,
            [stem],
            mass_kg=40.0 * self.height_m,
            attributes=(("kind", habit.name),),
            sway=sway_of(self.height_m, 2.0 * radius, vector3((0.0, 0.0, 0.6 * habit.clear * self.height_m))),
        )
