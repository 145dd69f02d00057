"""A supermarket's aisle."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from simgen.errors import UserError
from simgen.records.layout import Prop, WorldLayout
from simgen.registry import param, register
from simgen.rng import Stream, stream
from simgen.worlds._interior import TILE_FLOOR, Interior, Lights, floor_joints, region, support
from simgen.worlds.base import World

#: kinds of goods and the room that a facing of them takes: width along the shelf, depth, height, m
_GOODS: Final = {
    "cereal": (0.225, 0.085, 0.34), "food_box": (0.185, 0.08, 0.21), "milk_carton": (0.1, 0.08, 0.26),
    "can": (0.105, 0.105, 0.13), "drink_can": (0.072, 0.072, 0.14), "jar": (0.09, 0.09, 0.14),
    "water_bottle": (0.095, 0.095, 0.335), "glass_bottle": (0.085, 0.085, 0.325), "detergent": (0.14, 0.085, 0.29),
}  # fmt: skip


@register("world", "shelf")
@dataclass(frozen=True, kw_only=True)
class Shelf(World):
    """An aisle between two shelves full of goods, in metres; along x, the shelf with tracked goods at +y.

    Goods stand in rows of equal facings, turned to the aisle, a few missing. Areas: ``shelf/1`` (lowest) to
    ``shelf/5`` (kind ``support``) are the boards of the shelf at +y: ``place: {on: shelf/3}`` finds what is free on
    it; with ``fill`` 0 all of it is. ``aisle`` is the floor between. Goods and shelves are tracked objects at +y; those
    at -y belong to the world.
    """

    bays: int = param(3, ge=1, le=10, doc="bays of 1 m along the aisle")
    aisle_m: float = param(1.8, ge=0.8, le=5.0, doc="between the shelves' fronts")
    fill: float = param(0.9, ge=0.0, le=1.0, doc="share of the facings that are there")
    rows: int = param(1, ge=1, le=3, doc="how many goods stand one behind the other")
    lamp_lux: float = param(700.0, ge=0.0, le=20000.0, doc="what the lamps bring to 1 m height; 0 = they are off")
    color_k: float = param(4000.0, ge=1700.0, le=10000.0, doc="colour temperature of the lamps")
    friction: float = param(0.6, ge=0.0, le=5.0, doc="friction of the floor")

    def __post_init__(self) -> None:
        if self.bays * self.rows > 12:
            raise UserError("shelf: at most 12 bays times rows, or there are too many goods; lower one of them")

    def build(self, seed: int) -> WorldLayout:
        """Hall, shelves and goods; what stands where is drawn."""
        depth, levels = 0.5, (0.16, 0.54, 0.92, 1.3, 1.68)
        long = float(self.bays)
        y = 0.5 * self.aisle_m + 0.5 * depth
        room = Interior(
            (long + 5.0, self.aisle_m + 2 * depth + 0.3, 3.2),
            Lights(lux=self.lamp_lux, color_k=self.color_k, spacing_m=(1.6, 1.0), half_m=(0.6, 0.08), work_m=1.0),
            floor=TILE_FLOOR,
        )
        floor_joints(room.ground, 0.5 * room.size[0], 0.5 * room.size[1], 0.6)
        props: list[Prop] = []
        for side, yaw, tracked in ((1.0, -0.5 * math.pi, True), (-1.0, 0.5 * math.pi, False)):
            for bay in range(self.bays):
                x = bay - 0.5 * (self.bays - 1)
                given = {"style": "gondola", "length_m": 0.97, "depth_m": depth, "levels_m": levels, "height_m": 2.1}
                name = f"{'rack' if tracked else 'back'}/{bay}"
                props.append(
                    Prop(
                        asset="shelving",
                        name=name,
                        parameters=given,
                        position=(x, side * y, 0.0),
                        yaw_rad=yaw,
                        tracked=tracked,
                    )
                )
                for k, z in enumerate(levels):
                    rng = stream(seed, "world", "shelf", str(side), bay, k)
                    tall = (levels[k + 1] if k + 1 < len(levels) else z + 0.38) - z - 0.05
                    props += self._row(rng, (x, side * (y - 0.5 * depth), z), side, yaw, tall, f"{name}/{k}", tracked)
        areas = [
            support(f"shelf/{k + 1}", 0.0, y, 0.5 * long - 0.03, 0.5 * depth - 0.04, z) for k, z in enumerate(levels)
        ]
        areas.append(region("aisle", 0.0, 0.0, 0.5 * long, 0.5 * self.aisle_m - 0.05))
        return room.layout(areas, props, friction=self.friction)

    def _row(
        self,
        rng: Stream,
        at: tuple[float, float, float],
        side: float,
        yaw: float,
        tall: float,
        name: str,
        tracked: bool,
    ) -> list[Prop]:
        """Facings along one board of a bay, from its left end on."""
        found: list[Prop] = []
        fitting = [kind for kind, (_, _, h) in _GOODS.items() if h < tall]
        edge, end = at[0] - 0.47, at[0] + 0.47
        while True:
            kind = fitting[int(rng.integers(len(fitting)))]
            wide, deep, _ = _GOODS[kind]
            variant, count = int(rng.integers(9999)), int(rng.integers(2, 6))
            for _ in range(count):
                if edge + wide > end:
                    return found
                for row in range(self.rows):
                    if rng.random() < self.fill:
                        y = at[1] + side * (0.03 + (row + 0.5) * deep + float(rng.uniform(0.0, 0.015)))
                        turn = yaw + float(rng.normal(0.0, 0.04)) * (0.5 if wide > 0.15 else 3.0)
                        found.append(
                            Prop(
                                asset="grocery",
                                name=f"{name}/{len(found)}",
                                parameters={"kind": kind, "variant": variant},
                                position=(edge + 0.5 * wide, y, at[2] + 0.0005),
                                yaw_rad=turn,
                                tracked=tracked and row == 0,
                            )
                        )
                edge += wide + float(rng.uniform(0.0, 0.012))
