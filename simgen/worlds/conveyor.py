"""A workcell around a conveyor."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simgen.records.layout import Prop, WorldLayout
from simgen.registry import param, register
from simgen.rng import stream
from simgen.worlds._interior import CONCRETE_FLOOR, YELLOW_LINE, Interior, Lights, Window, region, stripes, support
from simgen.worlds.base import World


@register("world", "conveyor")
@dataclass(frozen=True, kw_only=True)
class Conveyor(World):
    """A belt along x that runs through a workcell and carries what lies on it, in metres; a bin waits at its end.

    The belt runs towards +x at ``speed_m_s`` (see asset ``conveyor``). Areas of kind ``support``: ``belt`` is its first
    half: ``place: {on: belt}``; ``infeed`` its first 0.6 m; ``stand`` the plate of a robot's stand beside it (0.7 m
    high, at y = -0.85); ``aisle`` is the floor before the cell, ``floor`` all of it. Everything is tracked. Lamps bring
    ``lamp_lux`` to the belt (EN 12464-1: 300 lx for packing).
    """

    length_m: float = param(4.0, ge=1.5, le=12.0, doc="length of the belt")
    width_m: float = param(0.6, ge=0.2, le=1.5, doc="width of the belt")
    height_m: float = param(0.75, ge=0.3, le=1.5, doc="floor to the belt")
    speed_m_s: float = param(0.3, ge=0.0, le=3.0, doc="of the belt")
    fence: bool = param(True, doc="machine guarding behind the cell")
    lamp_lux: float = param(500.0, ge=0.0, le=20000.0, doc="what the lamps bring to the belt; 0 = they are off")
    color_k: float = param(4500.0, ge=1700.0, le=10000.0, doc="colour temperature of the lamps")
    friction: float = param(0.6, ge=0.0, le=5.0, doc="friction of the floor")

    def build(self, seed: int) -> WorldLayout:
        """Hall, belt, stand, bin, fence and markings; colours and clutter are drawn."""
        rng = stream(seed, "world", "conveyor")
        x, y, h = 0.5 * self.length_m + 2.5, 3.2, self.height_m
        hall = Interior(
            (2 * x, 2 * y, 3.6),
            Lights(
                lux=self.lamp_lux, color_k=self.color_k, spacing_m=(2.4, 2.4), half_m=(0.6, 0.1), below_m=0.4, work_m=h
            ),
            window=Window(width_m=3.0, sill_m=1.4, top_m=2.6),
            floor=CONCRETE_FLOOR,
        )
        color = ("blue", "grey", "green", "yellow", "white")[int(rng.integers(5))]
        end = 0.5 * self.length_m
        belt = {
            "length_m": self.length_m,
            "width_m": self.width_m,
            "height_m": h,
            "speed_m_s": self.speed_m_s,
            "color": color,
        }
        bin_: dict[str, object] = {"length_m": 0.6, "width_m": self.width_m + 0.1, "depth_m": 0.3, "wall_m": 0.012}
        bin_["color"] = ("red", "blue", "grey")[int(rng.integers(3))]
        stand_y = -0.5 * self.width_m - 0.55
        props = [
            Prop(asset="conveyor", name="conveyor", parameters=belt, tracked=True),
            Prop(
                asset="open_bin",
                name="bin",
                parameters=bin_,
                position=(end + 0.36, 0.0, max(h - 0.5, 0.0) * 0.5),
                tracked=True,
            ),
            _thing("furnishing", "robot_stand", "stand", (0.3, stand_y, 0.0), int(rng.integers(9999))),
            _thing("furnishing", "workbench", "workbench", (-x + 0.6, -1.8, 0.0), int(rng.integers(9999))),
            _thing("furnishing", "office_chair", "office_chair", (-x + 1.4, -1.6, 0.0), int(rng.integers(9999)), 2.8),
            _thing("load_carrier", "loaded_pallet", "pallet/0", (x - 1.0, -2.2, 0.0), int(rng.integers(9999))),
            _thing("load_carrier", "pallet", "pallet/1", (-x + 1.4, 2.2, 0.0), int(rng.integers(9999)), 0.1),
            _thing("load_carrier", "drum", "drum", (x - 0.6, 2.6, 0.0), int(rng.integers(9999))),
            _thing("furnishing", "extinguisher", "extinguisher", (x - 0.1, 0.6, 0.5), 0, math.pi),
        ]
        # the bin stands on a block of its own
        low = max(h - 0.5, 0.0) * 0.5
        if low > 0.01:
            block = {
                "size_m": (0.62, self.width_m + 0.12, low),
                "color": "grey",
                "class_name": "furniture",
                "roughness": 0.5,
            }
            props.append(
                Prop(asset="box", name="block", parameters=block, position=(end + 0.36, 0.0, 0.0), tracked=True)
            )
        count = int((self.length_m + 1.6) / 1.61) if self.fence else 0
        for k in range(count):
            at = ((k - 0.5 * (count - 1)) * 1.61, 1.3, 0.0)
            props.append(_thing("furnishing", "fence_panel", f"fence/{k}", at, 0, 0.5 * math.pi))
        w = end + 1.2
        lines = [(-w, -1.55, w, -1.47), (-w, 1.42, w, 1.5), (-w, -1.47, -w + 0.08, 1.42), (w - 0.08, -1.47, w, 1.42)]
        stripes(hall.ground, lines, YELLOW_LINE)
        half = 0.5 * self.width_m - 0.03
        areas = [
            support("belt", -0.5 * end, 0.0, 0.5 * end - 0.08, half, h),
            support("infeed", -end + 0.4, 0.0, 0.3, half, h),
            support("stand", 0.3, stand_y, 0.15, 0.15, 0.7),
            region("aisle", 0.0, -2.3, x - 1.8, 0.6),
        ]
        return hall.layout(areas, props, friction=self.friction)


def _thing(family: str, kind: str, name: str, at: tuple[float, float, float], variant: int, yaw: float = 0.0) -> Prop:
    given = {"kind": kind, "variant": variant}
    return Prop(asset=family, name=name, parameters=given, position=at, yaw_rad=yaw, tracked=True)
