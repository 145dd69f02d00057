"""A kitchen with a dining table."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simgen.records.layout import Prop, WorldLayout
from simgen.registry import param, register
from simgen.rng import Stream, stream
from simgen.worlds._interior import (
    TILE_FLOOR,
    WALL_TILES,
    Interior,
    Lights,
    Window,
    floor_joints,
    region,
    support,
    wall_joints,
)
from simgen.worlds.base import World

_SOUTH = -0.5 * math.pi


@register("world", "kitchen")
@dataclass(frozen=True, kw_only=True)
class Kitchen(World):
    """A fitted kitchen along the wall at +y, its sink under the window, and a table with chairs; in metres.

    Areas of kind ``support``: ``worktop/1``, ``worktop/2`` (0.9 m high, EN 1116), ``table``; ``floor`` is the floor.
    Units, table, chairs and what stands about are tracked. Fronts, tops and things are drawn from the seed; ``variant``
    of the units is drawn unless given. Lamps bring ``lamp_lux`` to the table (EN 12464-1: 500 lx for kitchens).
    """

    variant: int = param(-1, ge=-1, le=9999, doc="fronts, worktop and handles; -1 = drawn")
    clutter: int = param(6, ge=0, le=14, doc="things that stand on the worktop")
    chairs: int = param(4, ge=0, le=4, doc="around the table")
    lamp_lux: float = param(500.0, ge=0.0, le=20000.0, doc="what the lamps bring to the table; 0 = they are off")
    color_k: float = param(3500.0, ge=1700.0, le=10000.0, doc="colour temperature of the lamps")
    friction: float = param(0.6, ge=0.0, le=5.0, doc="friction of the floor")

    def build(self, seed: int) -> WorldLayout:
        """Room, units, table and things."""
        rng = stream(seed, "world", "kitchen")
        x, y = 2.4, 2.0
        room = Interior(
            (2 * x, 2 * y, 2.6),
            Lights(lux=self.lamp_lux, color_k=self.color_k, spacing_m=(1.6, 1.6), half_m=(0.2, 0.2)),
            window=Window(width_m=1.2, sill_m=1.1, top_m=2.2, middle_m=0.0),
            floor=TILE_FLOOR,
        )
        for low, high in ((-x, -0.65), (0.65, x)):
            room.box((0.5 * (low + high), y - 0.004, 1.17), (high - low, 0.008, 0.55), WALL_TILES, solid=False)
            wall_joints(room.ground, (low, high), (0.9, 1.445), y - 0.008, (0.15, 0.075))
        floor_joints(room.ground, x, y, 0.3)
        variant = self.variant if self.variant >= 0 else int(rng.integers(9999))
        kinds = ("fridge", "cupboard", "drawers", "sink", "dishwasher", "stove", "cupboard")
        props = [
            Prop(
                asset="kitchen_unit",
                name=f"{kind}/{k}",
                parameters={"kind": kind, "variant": variant},
                position=(-1.8 + 0.6 * k, y, 0.0),
                yaw_rad=_SOUTH,
                tracked=True,
            )
            for k, kind in enumerate(kinds)
        ]
        for k, (at, kind) in enumerate(((-1.2, "wall_cupboard"), (1.2, "hood"), (1.8, "wall_cupboard"))):
            given = {"kind": kind, "variant": variant}
            z = 1.6 if kind == "hood" else 1.45
            props.append(
                Prop(
                    asset="kitchen_unit",
                    name=f"{kind}/{k}",
                    parameters=given,
                    position=(at, y, z),
                    yaw_rad=_SOUTH,
                    tracked=True,
                )
            )
        props += self._table(rng)
        props += self._things(rng, y)
        areas = [
            support("worktop/1", -0.9, y - 0.31, 0.58, 0.28, 0.9),
            support("worktop/2", 0.6, y - 0.31, 0.28, 0.28, 0.9),
            support("worktop/3", 1.8, y - 0.31, 0.28, 0.28, 0.9),
            support("table", 0.0, -0.6, 0.7, 0.4, 0.74),
            region("aisle", 0.0, 0.6, 2.0, 0.5),
        ]
        return room.layout(areas, props, friction=self.friction)

    def _table(self, rng: Stream) -> list[Prop]:
        color = ("wood", "wood", "white", "black")[int(rng.integers(4))]
        size = {"length_m": 1.4, "width_m": 0.8, "color": color}
        found = [Prop(asset="table", name="table", parameters=size, position=(0.0, -0.6, 0.0), tracked=True)]
        variant = int(rng.integers(9999))
        for k in range(self.chairs):
            side, at = (1.0, -1.0)[k % 2], (-0.35, 0.35)[k // 2]
            place = (at + float(rng.uniform(-0.05, 0.05)), -0.6 + side * float(rng.uniform(0.5, 0.7)), 0.0)
            yaw = -side * 0.5 * math.pi + float(rng.uniform(-0.25, 0.25))
            given = {"kind": "chair", "variant": variant}
            found.append(
                Prop(asset="furnishing", name=f"chair/{k}", parameters=given, position=place, yaw_rad=yaw, tracked=True)
            )
        given = {"kind": "waste_bin", "variant": int(rng.integers(9999))}
        found.append(
            Prop(asset="furnishing", name="waste_bin", parameters=given, position=(-2.1, 0.9, 0.0), tracked=True)
        )
        return found

    def _things(self, rng: Stream, y: float) -> list[Prop]:
        """On the worktop along the wall, each in a cell of its own."""
        goods = (
            ("tableware", "kettle"), ("desk_item", "spray_bottle"), ("grocery", "cereal"), ("tableware", "mug"),
            ("desk_item", "plant_pot"), ("grocery", "glass_bottle"), ("tableware", "bowl"), ("grocery", "jar"),
            ("desk_item", "sponge"), ("grocery", "milk_carton"), ("grocery", "apple"), ("tableware", "glass"),
        )  # fmt: skip
        cells = [(-1.38 + 0.24 * i, y - 0.13 - 0.22 * j) for i in range(5) for j in range(2)]
        cells += [(0.45 + 0.28 * i, y - 0.13 - 0.22 * j) for i in range(2) for j in range(2)]
        order = rng.permutation(len(cells))
        found = []
        for k in range(self.clutter):
            family, kind = goods[int(rng.integers(len(goods)))]
            if kind == "plant_pot":
                family, kind = "tableware", "mug"
            x, place_y = cells[int(order[k])]
            given = {"kind": kind, "variant": int(rng.integers(9999))}
            yaw = _SOUTH + float(rng.uniform(-0.8, 0.8))
            at = (x, place_y, 0.9005)
            found.append(
                Prop(asset=family, name=f"thing/{k}", parameters=given, position=at, yaw_rad=yaw, tracked=True)
            )
        given = {"kind": "pot", "variant": int(rng.integers(9999))}
        found.append(
            Prop(
                asset="tableware",
                name="pot",
                parameters=given,
                position=(1.34, y - 0.2, 0.908),
                yaw_rad=0.6,
                tracked=True,
            )
        )
        return found
