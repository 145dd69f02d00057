"""A bush."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.assets._leaves import SEASONS, leaf_surfaces, seasonal
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.rng import stream
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.colors import Color
from simgen.shapes.finish import hull, rigid
from simgen.shapes.foliage import clusters, leaf_size
from simgen.shapes.soup import Soup
from simgen.shapes.sway import sway_of

#: leaves of shrubs: privet, box, elder, barberry
_LEAVES: Final[tuple[Color, ...]] = (
    (0.055, 0.095, 0.028),
    (0.038, 0.075, 0.026),
    (0.075, 0.115, 0.03),
    (0.1, 0.045, 0.035),
)


@register("asset", "bush")
@dataclass(frozen=True, kw_only=True)
class Bush(Asset):
    """A round shrub (class vegetation). Reflectance at 905 nm after PROSPECT (Jacquemoud and Baret 1990)."""

    height_m: float = param(1.2, ge=0.3, le=4.0, doc="ground to top")
    variant: int = param(0, ge=0, le=100000, doc="its shape, and which shrub")
    season: str = param("summer", doc="colour of its leaves", choices=SEASONS)

    def build(self) -> Model:
        """Leaves one by one; bodies collide with the hull of what is dense."""
        rng, h = stream(self.variant, "plant", "bush"), self.height_m
        half = 0.55 * h
        count = 16
        turn, level = 2.399963 * np.arange(count) + rng.uniform(0.0, 6.28), (np.arange(count) + 0.5) / count
        reach = 0.62 * half * np.sqrt(1.0 - (0.9 * level) ** 2) * rng.uniform(0.7, 1.1, count)
        centers = np.stack([reach * np.cos(turn), reach * np.sin(turn), (0.12 + 0.62 * level) * h], -1)
        radii = np.full(count, 0.3 * h) * rng.uniform(0.85, 1.1, count)
        middle = np.array([0.0, 0.0, 0.45 * h])
        size = leaf_size(np.pi * half * 0.5 * h, 1500, 5.0)
        leaves = clusters(rng, centers, radii, 1500, size, middle, np.array([half, half, 0.55 * h]))
        points = leaves.soup.vertices.clip([-np.inf, -np.inf, 0.0], [np.inf, np.inf, h])
        soup = Soup(points, leaves.soup.triangles, leaves.soup.tags)
        color = seasonal(_LEAVES[self.variant % len(_LEAVES)], (0.3, 0.13, 0.02), self.season)
        builder = MeshBuilder().add_shaded(soup, leaves.normals, *leaf_surfaces(color, 0.25))
        dense = middle + 0.85 * (points - middle)
        sway = sway_of(h, 0.05, (0.0, 0.0, 0.0))
        return rigid("bush", "vegetation", builder, [hull(dense)], mass_kg=30.0 * h, sway=sway)
