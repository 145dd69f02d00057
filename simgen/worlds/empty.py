"""A flat ground and nothing else."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np

from simgen.records.layout import WorldLayout
from simgen.records.mesh import Surface
from simgen.records.model import Shape
from simgen.records.roads import Area, RoadMap
from simgen.registry import param, register
from simgen.worlds._ground import Ground, rectangle
from simgen.worlds._surfaces import ASPHALT, FLOOR, GRASS, GRAVEL, PAVING, SNOW
from simgen.worlds.base import World

_MATERIALS: dict[str, Surface] = {
    "asphalt": ASPHALT,
    "concrete": PAVING,
    "grass": GRASS,
    "gravel": GRAVEL,
    "snow": SNOW,
    "wood": FLOOR,
}


@register("world", "empty")
@dataclass(frozen=True, kw_only=True)
class Empty(World):
    """A square of flat ground around the origin, in metres; its area is called ``ground`` (kind ``region``).

    Reflectances are typical ones of the material (asphalt 0.14 at 905 nm, concrete 0.30, grass 0.45, snow 0.85).
    """

    size_m: float = param(200.0, ge=1.0, le=4000.0, doc="edge length of the ground")
    class_name: str = param("", doc="class of the ground; empty = that of the material", reference="class")
    material: str = param("asphalt", choices=tuple(_MATERIALS), doc="what the ground is made of")
    friction: float = param(0.8, ge=0.0, le=5.0, doc="friction of the ground")

    def build(self, seed: int) -> WorldLayout:
        """A plane of ten by ten tiles; nothing is drawn from the seed."""
        surface = _MATERIALS[self.material]
        if self.class_name:
            surface = replace(surface, class_name=self.class_name)
        half = 0.5 * self.size_m
        ticks = np.linspace(-half, half, 11)
        tiles = [
            rectangle(x0, y0, x1, y1, 0.0)
            for x0, x1 in itertools.pairwise(ticks)
            for y0, y1 in itertools.pairwise(ticks)
        ]
        ground = Ground()
        ground.quads(np.concatenate(tiles), surface)
        outline = rectangle(-half, -half, half, half, 0.0)[0]
        return WorldLayout(
            mesh=ground.mesh(),
            surfaces=ground.surfaces,
            shapes=(Shape(kind="box", size=(self.size_m, self.size_m, 1.0), center=(0.0, 0.0, -0.5)),),
            map=RoadMap(areas=(Area(name="ground", kind="region", polygon=outline),)),
            friction=self.friction,
        )
