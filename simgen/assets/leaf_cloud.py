"""Leaves in the air."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.assets._leaves import SEASONS, leaf_surfaces, seasonal
from simgen.assets.base import Asset
from simgen.geometry import normalized
from simgen.records.base import F8
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.rng import Stream, stream
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.colors import Color
from simgen.shapes.finish import rigid
from simgen.shapes.soup import Soup

_GREEN: Color = (0.075, 0.115, 0.03)
#: of autumn leaves: maple, beech, birch, oak
_AUTUMN: tuple[Color, ...] = ((0.42, 0.13, 0.015), (0.3, 0.12, 0.03), (0.5, 0.32, 0.03), (0.2, 0.1, 0.045))


@register("asset", "leaf_cloud")
@dataclass(frozen=True, kw_only=True)
class LeafCloud(Asset):
    """Loose leaves within a ball, each turned its own way and curled (class vegetation); its origin is the middle.

    One thing with one id, as annotators box a flurry. Move it and turn it to make leaves whirl; it has no body to
    collide with. Leaves are up to ``leaf_m`` long; reflectance at 905 nm after PROSPECT (Jacquemoud and Baret 1990).
    """

    count: int = param(40, ge=1, le=2000, doc="leaves")
    radius_m: float = param(0.8, ge=0.05, le=10.0, doc="of the ball that they are in")
    leaf_m: float = param(0.09, ge=0.02, le=0.4, doc="length of the largest")
    season: str = param("autumn", doc="colour of its leaves", choices=SEASONS)
    variant: int = param(0, ge=0, le=100000, doc="where they are, and of which trees")

    def build(self) -> Model:
        """Two triangles a leaf, folded along its rib, and the same from behind."""
        rng = stream(self.variant, "leaf cloud")
        corners = self._leaves(rng)
        one = np.array([[0, 1, 2], [0, 2, 3]])
        index = (one[None] + 4 * np.arange(self.count)[:, None, None]).reshape(-1, 3)
        tags = np.repeat(rng.integers(0, 3, self.count), 2)
        builder = MeshBuilder()
        color = _AUTUMN[self.variant % len(_AUTUMN)]
        surfaces = leaf_surfaces(seasonal(_GREEN, color, self.season), 0.1)
        for faces in (index, index[:, ::-1]):
            builder.add(Soup.of(corners.reshape(-1, 3), faces, tags), *surfaces, smooth_deg=5.0)
        return rigid("leaf_cloud", "vegetation", builder, [], mass_kg=0.002 * self.count)

    def _leaves(self, rng: Stream) -> F8:
        """Corners (N, 4, 3): stalk, one side, tip, the other side."""
        way = normalized(rng.normal(0.0, 1.0, (self.count, 3)))
        middle = self.radius_m * np.cbrt(rng.uniform(0.0, 1.0, (self.count, 1))) * way
        along = normalized(rng.normal(0.0, 1.0, (self.count, 3)))
        other = normalized(rng.normal(0.0, 1.0, (self.count, 3)))
        side = normalized(other - (other * along).sum(-1, keepdims=True) * along)
        up = np.stack([along[:, 1] * side[:, 2] - along[:, 2] * side[:, 1],
                       along[:, 2] * side[:, 0] - along[:, 0] * side[:, 2],
                       along[:, 0] * side[:, 1] - along[:, 1] * side[:, 0]], -1)  # fmt: skip
        size = self.leaf_m * rng.uniform(0.45, 1.0, (self.count, 1))
        half, fold = 0.42 * size, 0.3 * size * rng.uniform(-1.0, 1.0, (self.count, 1))
        rib = 0.5 * size * along
        return np.stack(
            [middle - rib, middle - half * side + fold * up, middle + rib, middle + half * side + fold * up], 1
        )
