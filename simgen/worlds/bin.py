"""A bench with a bin on it: for bin picking."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.errors import UserError
from simgen.records.layout import Prop, WorldLayout
from simgen.registry import param, register
from simgen.rng import stream
from simgen.worlds._interior import VINYL_FLOOR, Interior, Lights, Window, region, support
from simgen.worlds.base import World

_COLORS = ("blue", "grey", "red", "yellow", "dark_green", "black")


@register("world", "bin")
@dataclass(frozen=True, kw_only=True)
class Bin(World):
    """A picking cell in a workshop: a table with an open bin on it, a stand for an arm behind it.

    Areas: ``bin`` (kind ``support``) is the bin's floor: ``place: {on: bin, tumble: true, drop_m: 0.1}``; ``table`` is
    the table's top beside the bin, ``stand`` the plate for an arm (0.7 m high), ``floor`` the floor. Bin, table and
    stand are tracked. The lamps bring ``lamp_lux`` to the bin (EN 12464-1: 500 lx for assembly).
    """

    length_m: float = param(0.6, ge=0.15, le=2.0, doc="length of the bin, along x, outside")
    width_m: float = param(0.4, ge=0.15, le=1.5, doc="width of the bin, along y, outside")
    depth_m: float = param(0.22, ge=0.04, le=1.0, doc="height of the bin, outside")
    wall_m: float = param(0.01, ge=0.002, le=0.05, doc="thickness of its floor and walls")
    color: str = param("any", doc="colour of the bin: a name, or any = drawn")
    table_height_m: float = param(0.6, ge=0.2, le=1.2, doc="height of the table")
    lamp_lux: float = param(600.0, ge=0.0, le=20000.0, doc="what the lamps bring to the bin; 0 = they are off")
    color_k: float = param(4000.0, ge=1700.0, le=10000.0, doc="colour temperature of the lamps")
    friction: float = param(0.6, ge=0.0, le=5.0, doc="friction of the floor")

    def __post_init__(self) -> None:
        if 4.0 * self.wall_m > min(self.length_m, self.width_m, self.depth_m):
            raise UserError("bin: the walls fill the bin; make wall_m smaller")

    def build(self, seed: int) -> WorldLayout:
        """The room, the table, the bin and what stands around; colours and the surroundings are drawn."""
        rng = stream(seed, "world", "bin")
        room = Interior(
            (7.0, 6.0, 3.0),
            Lights(lux=self.lamp_lux, color_k=self.color_k, work_m=self.table_height_m),
            window=Window(width_m=2.4),
            floor=VINYL_FLOOR,
        )
        color = self.color if self.color != "any" else _COLORS[int(rng.integers(len(_COLORS)))]
        h, t, long, wide = self.table_height_m, self.wall_m, self.length_m + 0.5, self.width_m + 0.35
        size = {"length_m": self.length_m, "width_m": self.width_m, "depth_m": self.depth_m, "wall_m": self.wall_m}
        table = {
            "length_m": long,
            "width_m": wide,
            "height_m": h,
            "color": ("wood", "white", "grey")[int(rng.integers(3))],
        }
        props = [
            Prop(asset="table", name="table", parameters=table, tracked=True),
            Prop(
                asset="open_bin", name="bin", parameters={**size, "color": color}, position=(0.0, 0.0, h), tracked=True
            ),
            _prop("robot_stand", "stand", (0.0, -0.5 * wide - 0.32, 0.0), int(rng.integers(9999))),
            _prop("workbench", "workbench", (-3.0, 1.2, 0.0), int(rng.integers(9999))),
            _prop("office_chair", "office_chair", (-2.2, 1.0, 0.0), int(rng.integers(9999)), 2.9),
            _prop("waste_bin", "waste_bin", (-2.9, 2.5, 0.0), int(rng.integers(9999))),
            _shelf("shelving", (3.2, -0.8, 0.0)),
        ]
        for k in range(6):
            kind = ("bin_box", "carton", "crate", "jerrycan")[int(rng.integers(4))]
            at = (3.2, -1.4 + 0.6 * (k % 3), (0.05, 0.7)[k // 3] + 0.001)
            given = {"kind": "bin_box" if k >= 3 else kind, "variant": int(rng.integers(9999))}
            props.append(Prop(asset="load_carrier", name=f"store/{k}", parameters=given, position=at, yaw_rad=1.57))
        areas = [
            support("bin", 0.0, 0.0, 0.5 * self.length_m - t, 0.5 * self.width_m - t, h + t),
            support("table", 0.0, 0.0, 0.5 * long, 0.5 * wide, h),
            support("stand", 0.0, -0.5 * wide - 0.32, 0.15, 0.15, 0.7),
            region("aisle", 0.0, 1.8, 2.0, 0.8),
        ]
        return room.layout(areas, props, friction=self.friction)


def _prop(kind: str, name: str, at: tuple[float, float, float], variant: int, yaw: float = 0.0) -> Prop:
    given = {"kind": kind, "variant": variant}
    return Prop(asset="furnishing", name=name, parameters=given, position=at, yaw_rad=yaw, tracked=True)


def _shelf(name: str, at: tuple[float, float, float]) -> Prop:
    given = {
        "style": "rack", "length_m": 2.0, "depth_m": 0.6, "levels_m": (0.05, 0.7, 1.35), "height_m": 2.0,
        "color": "blue",
    }  # fmt: skip
    return Prop(asset="shelving", name=name, parameters=given, position=at, yaw_rad=3.141592653589793, tracked=True)
