"""A corridor of offices."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simgen.records.layout import Prop, WorldLayout
from simgen.records.mesh import Surface
from simgen.registry import param, register
from simgen.rng import stream
from simgen.worlds._interior import VINYL_FLOOR, Interior, Lights, region
from simgen.worlds.base import World

_RAIL = Surface(class_name="wall", base_color=(0.32, 0.36, 0.4), roughness=0.5, lidar_reflectance=0.35)


@register("world", "corridor")
@dataclass(frozen=True, kw_only=True)
class Corridor(World):
    """A corridor along x with doors on both sides, in metres; a glass door stands across it.

    Doors with number plates about every ``door_every_m``, exit signs over the ends, extinguishers, notice boards, lamps
    in the ceiling; which stands where is drawn. Areas: ``corridor`` and ``floor`` (kind ``region``). Doors, signs and
    extinguishers are tracked. Corridors are 1.5 to 3 m wide (DIN 18040-1 asks for 1.5 m); lamps bring ``lamp_lux`` to
    the floor (EN 12464-1: 100 lx at least).
    """

    length_m: float = param(20.0, ge=6.0, le=100.0, doc="along x")
    width_m: float = param(2.2, ge=1.2, le=6.0, doc="along y")
    height_m: float = param(2.7, ge=2.3, le=5.0, doc="floor to ceiling")
    door_every_m: float = param(3.5, ge=1.6, le=20.0, doc="between doors of one side")
    glass_door: bool = param(True, doc="a glass door across the corridor, at a third of its length")
    lamp_lux: float = param(250.0, ge=0.0, le=20000.0, doc="what the lamps bring to the floor; 0 = they are off")
    color_k: float = param(4000.0, ge=1700.0, le=10000.0, doc="colour temperature of the lamps")
    friction: float = param(0.6, ge=0.0, le=5.0, doc="friction of the floor")

    def build(self, seed: int) -> WorldLayout:
        """Walls, lamps, and what hangs on them."""
        rng = stream(seed, "world", "corridor")
        x, y = 0.5 * self.length_m, 0.5 * self.width_m
        lights = Lights(
            lux=self.lamp_lux, color_k=self.color_k, spacing_m=(2.8, 9.0), half_m=(0.6, 0.12), below_m=0.06, work_m=0.1
        )
        hall = Interior((self.length_m, self.width_m, self.height_m), lights, floor=VINYL_FLOOR)
        for s in (1.0, -1.0):
            hall.box((0.0, s * (y - 0.008), 0.9), (self.length_m, 0.016, 0.14), _RAIL, solid=False)
        variant = int(rng.integers(9999))
        props: list[Prop] = []
        step = self.door_every_m
        count = max(int((self.length_m - 1.5) / step), 1)
        for side in (1.0, -1.0):
            yaw = -side * 0.5 * math.pi
            for k in range(count):
                at = (k - 0.5 * (count - 1)) * step + (0.25 * step if side > 0.0 else -0.25 * step) * 0.6
                name = f"{'n' if side > 0 else 's'}{k}"
                wall = side * (y - 0.017)
                props.append(_hung("door", f"door/{name}", (at, wall + side * 0.017, 0.0), yaw, variant))
                plate = at - side * 0.68
                props.append(
                    _hung(
                        "door_plate", f"plate/{name}", (plate, wall + side * 0.017, 1.5), yaw, int(rng.integers(9999))
                    )
                )
                between, what = at + 0.5 * step, float(rng.random())
                if abs(between) > x - 0.8:
                    continue
                if what < 0.35:
                    board = _hung(
                        "notice_board",
                        f"board/{name}",
                        (between, wall + side * 0.017, 1.25),
                        yaw,
                        int(rng.integers(9999)),
                    )
                    props.append(board)
                elif what < 0.6:
                    where = (between, side * (y - 0.1), 0.55)
                    props.append(_hung("extinguisher", f"extinguisher/{name}", where, yaw, 0))
                elif what < 0.75 and self.width_m > 1.8:
                    where = (between, side * (y - 0.2), 0.0)
                    props.append(_hung("waste_bin", f"waste_bin/{name}", where, yaw, int(rng.integers(9999))))
        for s in (1.0, -1.0):
            where = (s * x, 0.0, self.height_m - 0.45)
            props.append(_hung("exit_sign", f"exit_sign/{'e' if s > 0 else 'w'}", where, math.pi if s > 0 else 0.0, 0))
            props.append(
                _hung("door", f"door/{'e' if s > 0 else 'w'}", (s * x, 0.0, 0.0), math.pi if s > 0 else 0.0, variant)
            )
        if self.glass_door:
            self._partition(hall, props, x / 3.0, y)
        return hall.layout([region("corridor", 0.0, 0.0, x - 0.3, y - 0.25)], props, friction=self.friction)

    def _partition(self, hall: Interior, props: list[Prop], at: float, y: float) -> None:
        """A glass door in a wall across, as far as the corridor is wide enough for it."""
        if y < 0.96:
            return
        props.append(_hung("glass_door", "glass_door", (at, 0.0, 0.0), math.pi, 0))
        side = y - 0.955
        frame = Surface(class_name="wall", base_color=(0.66, 0.65, 0.62), roughness=0.8, lidar_reflectance=0.6)
        if side > 0.01:
            for s in (1.0, -1.0):
                hall.box((at, s * (y - 0.5 * side), 1.11), (0.12, side, 2.22), frame)
        top = self.height_m - 2.22
        hall.box((at, 0.0, 2.22 + 0.5 * top), (0.12, 2.0 * y, top), frame)


def _hung(kind: str, name: str, at: tuple[float, float, float], yaw: float, variant: int) -> Prop:
    given = {"kind": kind, "variant": variant}
    return Prop(asset="furnishing", name=name, parameters=given, position=at, yaw_rad=yaw, tracked=True)
