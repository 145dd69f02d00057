"""Tall grass and flowers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from simgen.assets._leaves import leaf_surfaces
from simgen.assets.base import Asset
from simgen.geometry import normalized
from simgen.records.base import F8
from simgen.records.mesh import Surface
from simgen.records.model import Model, Shape
from simgen.registry import param, register
from simgen.rng import Stream, stream
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.colors import CLOTHES, Color, resolve
from simgen.shapes.finish import rigid
from simgen.shapes.soup import Soup, face_vectors
from simgen.shapes.sway import sway_of

_GREEN: Final[Color] = (0.09, 0.115, 0.035)
_DRY: Final[Color] = (0.26, 0.2, 0.09)


@register("asset", "grass_tuft")
@dataclass(frozen=True, kw_only=True)
class GrassTuft(Asset):
    """A tuft of tall grass, weeds or flowers (class vegetation), as grows at verges; wheels and feet pass through it.

    Reflectance at 905 nm after PROSPECT (Jacquemoud and Baret 1990).
    """

    height_m: float = param(0.5, ge=0.1, le=2.0, doc="ground to the tips")
    width_m: float = param(0.8, ge=0.1, le=5.0, doc="across")
    flowers: str | Color = param("", doc="colour of its flowers: a name or linear reflectances; empty = none")
    dry_share: float = param(0.0, ge=0.0, le=1.0, doc="how dry: 0 = green, 1 = straw")
    variant: int = param(0, ge=0, le=100000, doc="where the blades stand")

    def __post_init__(self) -> None:
        if self.flowers != "":
            resolve("flowers", self.flowers, CLOTHES)

    def build(self) -> Model:
        """Bent blades, two triangles each, and flower heads; bodies collide with a low core only."""
        rng = stream(self.variant, "plant", "tuft")
        count = int(np.clip(700.0 * self.width_m, 150.0, 1500.0))
        soup, normals, tips = self._blades(rng, count)
        r, g, b = (float(a + self.dry_share * (d - a)) for a, d in zip(_GREEN, _DRY, strict=True))
        builder = MeshBuilder().add_shaded(soup, normals, *leaf_surfaces((r, g, b), 0.1))
        if self.flowers != "":
            petals = Surface(
                class_name="vegetation", base_color=resolve("flowers", self.flowers, CLOTHES), roughness=0.7,
                lidar_reflectance=0.5,
            )  # fmt: skip
            heads = _heads(rng, tips[:: max(count // 60, 1)], 0.02 + 0.02 * self.height_m)
            builder.add_shaded(heads, np.tile([0.0, 0.0, 1.0], (len(heads.vertices), 1)), petals)
        core = Shape(
            kind="cylinder", size=(0.3 * self.width_m, 0.1 * self.height_m, 0.0), center=(0, 0, 0.05 * self.height_m)
        )
        # soft: it leans far
        sway = replace(sway_of(max(self.height_m, 0.3), 0.05, (0.0, 0.0, 0.0)), lean_rad=0.12, most_rad=0.5)
        return rigid("grass_tuft", "vegetation", builder, [core], mass_kg=2.0, sway=sway)

    def _blades(self, rng: Stream, count: int) -> tuple[Soup, F8, F8]:
        half, h = 0.5 * self.width_m, self.height_m
        turn, reach = rng.uniform(0.0, 2.0 * np.pi, count), np.sqrt(rng.uniform(0.0, 1.0, count))
        foot = 0.72 * half * reach[:, None] * np.stack([np.cos(turn), np.sin(turn)], -1)
        tall = h * rng.uniform(0.45, 1.0, count) * (1.0 - 0.35 * reach**2)
        lean = 0.28 * half * (foot / half) + 0.16 * h * rng.normal(0.0, 1.0, (count, 2)).clip(-1.5, 1.5)
        side_turn = rng.uniform(0.0, np.pi, count)
        side = 0.006 * (1.0 + h) * np.stack([np.cos(side_turn), np.sin(side_turn)], -1)
        zero = np.zeros((count, 1))
        low = [np.concatenate([foot + s * side, zero], -1) for s in (-1.0, 1.0)]
        middle = [np.concatenate([foot + 0.35 * lean + s * 0.8 * side, 0.62 * tall[:, None]], -1) for s in (-1.0, 1.0)]
        tip = np.concatenate([foot + lean, tall[:, None]], -1)
        tip[:, :2] = tip[:, :2].clip(-half, half)
        points = np.stack([*low, *middle, tip], 1)
        one = np.array([[0, 1, 2], [2, 1, 3], [2, 3, 4]])
        triangles = (one[None] + 5 * np.arange(count)[:, None, None]).reshape(-1, 3)
        tags = np.repeat(np.where(rng.uniform(0.0, 1.0, count) < 0.3, 0, 1), 3)
        up = normalized(np.concatenate([0.5 * (tip[:, :2] - foot) / h, np.ones((count, 1))], -1))
        soup, normals = Soup.of(points.reshape(-1, 3), triangles, tags), np.repeat(up, 5, axis=0)
        # the side that is lit is the front
        back = (face_vectors(soup) * normals[triangles[:, 0]]).sum(1) < 0.0
        soup.triangles[back] = soup.triangles[back][:, ::-1]
        return soup, normals, tip


def _heads(rng: Stream, tips: F8, size: float) -> Soup:
    """Small upright crosses of petals."""
    angle = rng.uniform(0.0, 2.0 * np.pi, len(tips))[:, None] + 2.0 * np.pi * np.arange(5) / 5
    rim = np.stack([np.cos(angle), np.sin(angle), np.full_like(angle, 0.3)], -1) * size
    points = np.concatenate([tips[:, None], tips[:, None] + rim], 1)
    points[..., 2] -= 0.3 * size
    k = np.arange(5)
    one = np.stack([np.zeros(5, np.int64), 1 + k, 1 + (k + 1) % 5], -1)
    return Soup.of(points.reshape(-1, 3), (one[None] + 6 * np.arange(len(tips))[:, None, None]).reshape(-1, 3))
