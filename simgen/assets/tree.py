"""A tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.assets._leaves import SEASONS, leaf_surfaces, seasonal
from simgen.assets.base import Asset
from simgen.records.mesh import Surface
from simgen.records.model import Model, Shape
from simgen.registry import param, register
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.finish import rigid, vector3
from simgen.shapes.primitives import cylinder
from simgen.shapes.soup import join
from simgen.shapes.sway import sway_of
from simgen.shapes.trees import BY_VARIANT, HABITS, Grown, grown

KINDS: Final = ("", *HABITS)


@register("asset", "tree")
@dataclass(frozen=True, kw_only=True)
class Tree(Asset):
    """A tree: trunk and branches of class trunk, foliage of class vegetation, at most 4,000 triangles.

    Without ``kind`` it is told by ``variant`` modulo 6: lime, hornbeam, maple, spruce, birch, oak; the same kind again
    has another shape. Leaves send back about half of the light at 905 nm (Jacquemoud and Baret 1990, PROSPECT).
    """

    height_m: float = param(7.0, ge=2.0, le=35.0, doc="ground to top")
    variant: int = param(0, ge=0, le=100000, doc="shape, and the kind where none is given")
    kind: str = param("", doc="which kind; empty = by variant", choices=KINDS)
    season: str = param("summer", doc="colour of its leaves; most are bare in winter", choices=SEASONS)
    staked: bool = param(False, doc="tied to two stakes, as young trees are")

    def build(self) -> Model:
        """Trunk, branches, leaves one by one; bodies collide with the trunk only."""
        habit = HABITS[self.kind or BY_VARIANT[self.variant % len(BY_VARIANT)]]
        bare = self.season == "winter" and habit.autumn is not None
        tree = grown(habit, self.height_m, self.variant, bare=bare)
        bark = Surface(class_name="trunk", base_color=habit.bark, roughness=0.95, texture="bark", lidar_reflectance=0.3)
        builder = MeshBuilder().add(tree.wood, bark, smooth_deg=70.0)
        color = seasonal(habit.leaves, habit.autumn, self.season)
        if tree.foliage is not None:
            builder.add_shaded(tree.foliage.soup, tree.foliage.normals, *leaf_surfaces(color))
        shapes = [self._trunk(tree, habit.clear)]
        if self.staked:
            shapes += self._stakes(builder)
        return rigid(
            "tree",
            "vegetation",
            builder,
            shapes,
            mass_kg=40.0 * self.height_m,
            attributes=(("kind", habit.name), ("season", self.season)),
            sway=sway_of(self.height_m, 2.0 * tree.radius, vector3((0.0, 0.0, 0.6 * habit.clear * self.height_m))),
        )

    def _trunk(self, tree: Grown, clear: float) -> Shape:
        tall = float(np.clip(clear, 0.25, 0.6)) * self.height_m
        return Shape(kind="cylinder", size=(tree.radius, tall, 0.0), center=vector3((0.0, 0.0, 0.5 * tall)))

    def _stakes(self, builder: MeshBuilder) -> list[Shape]:
        """Two posts and straps."""
        wood = Surface(class_name="trunk", base_color=(0.32, 0.22, 0.12), roughness=0.9, texture="wood")
        tall, y = min(0.3 * self.height_m, 1.8), 0.35
        posts = [cylinder(0.035, tall, 8).moved((0.0, s * y, 0.5 * tall)) for s in (-1.0, 1.0)]
        strap = cylinder(0.02, 2.0 * y, 6).moved(
            (0.0, 0.0, tall - 0.12), (0.7071067811865476, 0.7071067811865476, 0.0, 0.0)
        )
        builder.add(join([*posts, strap]), wood)
        return [Shape(kind="cylinder", size=(0.035, tall, 0.0), center=(0.0, s * y, 0.5 * tall)) for s in (-1.0, 1.0)]
