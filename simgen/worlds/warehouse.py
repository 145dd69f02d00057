"""A warehouse with pallet racks."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simgen.records.layout import Prop, WorldLayout
from simgen.records.model import Shape
from simgen.records.roads import Area
from simgen.registry import param, register
from simgen.rng import Stream, stream
from simgen.worlds._interior import (
    CONCRETE_FLOOR,
    PANELLING,
    STEEL_GREY,
    YELLOW_LINE,
    Interior,
    Lights,
    region,
    stripes,
    support,
)
from simgen.worlds.base import World

_BAY_M, _DEEP_M = 2.7, 1.1


@register("world", "warehouse")
@dataclass(frozen=True, kw_only=True)
class Warehouse(World):
    """A hall with double rows of pallet racks along x, aisles with yellow lines, dock doors at -x, columns and lamps.

    Bays of 2.7 x 1.1 m hold three EUR pallets (EN 15512); aisles of 3 m suit reach trucks, narrower ones robots. Areas:
    ``aisle/1`` ... (kind ``region``), ``dock`` before the doors, ``staging`` beside it, ``floor``. Pallets, racks and
    doors are tracked; load and place of every pallet are drawn. Lamps bring ``lamp_lux`` to the floor (EN 12464-1:
    150 lx in aisles with people).
    """

    bays: int = param(5, ge=1, le=16, doc="bays of each rack, along x")
    rows: int = param(2, ge=1, le=5, doc="double rows of racks")
    levels: int = param(3, ge=1, le=5, doc="pallets one above the other")
    aisle_m: float = param(3.0, ge=1.5, le=8.0, doc="width of the aisles")
    fill: float = param(0.75, ge=0.0, le=1.0, doc="share of the pallet places that are taken")
    lamp_lux: float = param(250.0, ge=0.0, le=20000.0, doc="what the lamps bring to the floor; 0 = they are off")
    color_k: float = param(4500.0, ge=1700.0, le=10000.0, doc="colour temperature of the lamps")
    friction: float = param(0.6, ge=0.0, le=5.0, doc="friction of the floor")

    def build(self, seed: int) -> WorldLayout:
        """Hall, racks, pallets, markings."""
        rng = stream(seed, "world", "warehouse")
        pitch = 2.0 * _DEEP_M + 0.2 + self.aisle_m
        long = self.bays * (_BAY_M + 0.1)
        dock = 7.0
        x, y = 0.5 * (long + dock + 2.5), 0.5 * (self.rows * pitch + self.aisle_m)
        height = 1.0 + 1.75 * self.levels + 1.6
        lights = Lights(
            lux=self.lamp_lux,
            color_k=self.color_k,
            spacing_m=(4.0, 0.5 * pitch),
            half_m=(0.7, 0.12),
            below_m=0.9,
            work_m=0.2,
        )
        hall = Interior((2 * x, 2 * y, height), lights, floor=CONCRETE_FLOOR, wall=PANELLING, ceiling=STEEL_GREY)
        start = -x + dock
        props, areas = self._doors(rng, x, y), self._lines(hall, start, long, y, pitch)
        props += self._racks(rng, start, y, pitch)
        self._structure(hall, x, y, height, start, long, pitch)
        for k in range(6):
            kind = ("loaded_pallet", "pallet", "drum", "loaded_pallet", "crate", "carton")[k]
            at = (-x + 2.6 + 1.5 * (k % 3), y - 0.9 - 1.1 * (k // 3), 0.0)
            props.append(_carrier(f"staged/{k}", kind, int(rng.integers(9999)), at, float(rng.uniform(-0.08, 0.08))))
        areas += [region("dock", -x + 3.5, 0.0, 2.5, 0.6 * y), support("staging", -x + 4.1, y - 1.4, 2.2, 1.2, 0.0)]
        return hall.layout(areas, props, friction=self.friction)

    def _racks(self, rng: Stream, start: float, y: float, pitch: float) -> list[Prop]:
        found: list[Prop] = []
        levels = tuple(round(1.75 * k, 3) for k in range(1, self.levels))
        given = {
            "style": "rack", "length_m": _BAY_M, "depth_m": _DEEP_M, "levels_m": levels or (1.75,),
            "height_m": max(1.75 * self.levels - 0.4, 2.0), "color": "blue", "board": False,
        }  # fmt: skip
        for row in range(self.rows):
            middle = -y + self.aisle_m + row * pitch + _DEEP_M + 0.1
            for side in (1.0, -1.0):
                at_y = middle + side * (0.5 * _DEEP_M + 0.1)
                yaw = side * 0.5 * math.pi
                for bay in range(self.bays):
                    at_x = start + (bay + 0.5) * (_BAY_M + 0.1)
                    name = f"{row}{'n' if side > 0 else 's'}{bay}"
                    place = (at_x, at_y, 0.0)
                    found.append(
                        Prop(
                            asset="shelving",
                            name=f"rack/{name}",
                            parameters=given,
                            position=place,
                            yaw_rad=yaw,
                            tracked=True,
                        )
                    )
                    found += self._pallets(rng, name, at_x, at_y, yaw)
        return found

    def _pallets(self, rng: Stream, name: str, x: float, y: float, yaw: float) -> list[Prop]:
        found = []
        for level in range(self.levels):
            for slot in range(3):
                variant, gone = int(rng.integers(24)), rng.random() > self.fill
                turn, shift = float(rng.normal(0.0, 0.012)), float(rng.normal(0.0, 0.015))
                if gone:
                    continue
                kind = "pallet" if rng.random() < 0.08 else "loaded_pallet"
                at = (x + (slot - 1) * 0.88 + shift, y, 1.75 * level + (0.0 if level == 0 else 0.0005))
                found.append(_carrier(f"pallet/{name}{level}{slot}", kind, variant, at, yaw + turn))
        return found

    def _doors(self, rng: Stream, x: float, y: float) -> list[Prop]:
        count = max(int(2 * y / 5.0), 1)
        step = 2 * y / count
        variant = int(rng.integers(9999))
        doors = [
            Prop(
                asset="furnishing",
                name=f"dock_door/{k}",
                parameters={"kind": "dock_door", "variant": variant},
                position=(-x, -y + (k + 0.5) * step, 0.0),
                tracked=True,
            )
            for k in range(count)
        ]
        signs = [
            ("exit_sign", -y + step, 2.6),
            ("extinguisher", -y + step + 0.4, 0.6),
            ("notice_board", -y + step - 0.5, 1.3),
        ]
        return doors + [
            Prop(
                asset="furnishing",
                name=kind,
                parameters={"kind": kind, "variant": variant},
                position=(-x + (0.09 if kind == "extinguisher" else 0.0), at, z),
                tracked=True,
            )
            for kind, at, z in signs
        ]

    def _lines(self, hall: Interior, start: float, long: float, y: float, pitch: float) -> list[Area]:
        """Lines along both sides of every aisle, and across its mouth; the aisles as areas."""
        quads, areas = [], []
        for k in range(self.rows + 1):
            low = -y + k * pitch
            high = low + self.aisle_m
            for at in (low + 0.12, high - 0.12):
                quads.append((start, at - 0.05, start + long, at + 0.05))
            areas.append(
                region(f"aisle/{k + 1}", start + 0.5 * long, 0.5 * (low + high), 0.5 * long, 0.5 * self.aisle_m - 0.2)
            )
        quads.append((start - 0.65, -y + 0.3, start - 0.55, y - 0.3))
        stripes(hall.ground, quads, YELLOW_LINE)
        return areas

    def _structure(
        self, hall: Interior, x: float, y: float, height: float, start: float, long: float, pitch: float
    ) -> None:
        """Columns between back to back racks' ends, roof trusses across, rods that the lamps hang from."""
        ends = (start - 0.25, start + long + 0.25)
        for row in range(self.rows):
            middle = -y + self.aisle_m + row * pitch + _DEEP_M + 0.1
            for end in ends:
                hall.box((end, middle, 0.5 * height), (0.24, 0.24, height), STEEL_GREY)
        count = max(int(2 * x / 6.0), 1)
        for k in range(count + 1):
            at = -x + 0.15 + k * (2 * x - 0.3) / count
            hall.box((at, 0.0, height - 0.25), (0.16, 2 * y, 0.4), STEEL_GREY, solid=False)
        for lamp in hall.lamps:
            z = lamp.position[2] + 0.11
            for s in (-0.5, 0.5):
                rod = (lamp.position[0] + s, lamp.position[1], 0.5 * (z + height))
                hall.box(rod, (0.012, 0.012, height - z), STEEL_GREY, solid=False)
        hall.shapes.append(Shape(kind="box", size=(0.1, 2 * y, 0.4), center=(-x + 0.15, 0.0, height - 0.25)))


def _carrier(name: str, kind: str, variant: int, at: tuple[float, float, float], yaw: float) -> Prop:
    given = {"kind": kind, "variant": variant}
    return Prop(asset="load_carrier", name=name, parameters=given, position=at, yaw_rad=yaw, tracked=True)
