"""A room with lamps in its ceiling and a window."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.colorimetry import planckian
from simgen.errors import UserError
from simgen.records.base import F8
from simgen.records.layout import Prop, WorldLayout
from simgen.records.lights import Lamp
from simgen.records.mesh import Surface
from simgen.records.model import Shape
from simgen.records.roads import Area, RoadMap
from simgen.registry import param, register
from simgen.worlds._ground import Ground, rectangle
from simgen.worlds._luminaires import add_panels, brought_to, opening, panel
from simgen.worlds._surfaces import CEILING, FLOOR, GRASS, LAMP_CASE, PLASTER, WINDOW_FRAME
from simgen.worlds.base import World

_WALL_M = 0.25
#: height of a window's lower edge, and what is left of the wall above it
_SILL_M, _LINTEL_M = 0.9, 0.35
_SKIRTING_M = 0.08
#: how far the lawn before the window reaches, and how much lower than the floor it lies
_GARDEN_M, _STEP_M = 60.0, 0.3


@register("world", "room")
@dataclass(frozen=True, kw_only=True)
class Room(World):
    """A closed room with a table in its middle, panels of light in its ceiling and a window towards +y, in metres.

    The area ``table`` (kind ``support``) is the table's top: ``place: {on: table}``; the area ``floor`` is the floor.
    The panels bring ``lamp_lux`` to the table (EN 12464-1: 500 lx for offices, 300 lx for corridors of stores), the
    window lets in the sky's light; it is an opening without a pane.
    """

    length_m: float = param(6.0, ge=2.5, le=50.0, doc="length of the room, along x")
    width_m: float = param(5.0, ge=2.5, le=50.0, doc="width of the room, along y")
    height_m: float = param(2.8, ge=2.2, le=12.0, doc="floor to ceiling")
    lamp_lux: float = param(500.0, ge=0.0, le=20000.0, doc="what the lamps bring to the table; 0 = they are off")
    lamp_spacing_m: float = param(2.0, ge=0.8, le=20.0, doc="between neighbouring lamps")
    color_k: float = param(4000.0, ge=1700.0, le=10000.0, doc="colour temperature of the lamps")
    window_width_m: float = param(1.8, ge=0.0, le=40.0, doc="width of the window; 0 = none")
    table: bool = param(True, doc="a table in the middle")
    table_length_m: float = param(1.6, ge=0.3, le=6.0, doc="length of its top, along x")
    table_width_m: float = param(0.8, ge=0.3, le=3.0, doc="width of its top, along y")
    table_height_m: float = param(0.74, ge=0.2, le=1.5, doc="height of its top")
    friction: float = param(0.6, ge=0.0, le=5.0, doc="friction of the floor")

    def __post_init__(self) -> None:
        if self.table and (self.table_length_m + 0.5 > self.length_m or self.table_width_m + 0.5 > self.width_m):
            raise UserError(
                f"room: a table of {self.table_length_m:g} x {self.table_width_m:g} m does not fit into a room of "
                f"{self.length_m:g} x {self.width_m:g} m; enlarge length_m or width_m"
            )
        if self.window_width_m and self.window_width_m + 0.4 > self.length_m:
            raise UserError(
                f"room: a window of window_width_m {self.window_width_m:g} does not fit into a wall of "
                f"{self.length_m:g} m; at most {self.length_m - 0.4:g}"
            )

    def build(self, seed: int) -> WorldLayout:
        """Floor, walls, ceiling, lamps, and the table as a prop; nothing is drawn from the seed."""
        ground = Ground()
        x, y = 0.5 * self.length_m, 0.5 * self.width_m
        ground.quads(rectangle(-x, -y, x, y, 0.0), FLOOR)
        ground.quads(rectangle(-_GARDEN_M, y + _WALL_M, _GARDEN_M, y + _GARDEN_M, -_STEP_M), GRASS)
        for center, size, surface in self._slabs():
            ground.box(center, size, surface, bottom=center[2] > 0.5 * size[2])
        ceiling = rectangle(-x, -y, x, y, self.height_m)[:, ::-1]
        ground.quads(ceiling, CEILING)
        lamps = self._lamps()
        add_panels(ground, lamps, LAMP_CASE)
        areas = [Area(name="floor", kind="region", polygon=rectangle(-x, -y, x, y, 0.0)[0])]
        if self.table:
            areas.append(Area(name="table", kind="support", polygon=self._top()))
        table = {"length_m": self.table_length_m, "width_m": self.table_width_m, "height_m": self.table_height_m}
        return WorldLayout(
            mesh=ground.mesh(),
            surfaces=ground.surfaces,
            shapes=self._shapes(),
            map=RoadMap(areas=tuple(areas)),
            props=(Prop(asset="table", name="table", parameters=table, tracked=True),) if self.table else (),
            lamps=lamps,
            friction=self.friction,
            indoor=True,
            openings=self._window(),
            rooms=((-x - 0.01, -y - 0.01, -0.01, x + 0.01, y + _WALL_M, self.height_m + 0.01),),
        )

    def _top(self) -> F8:
        x, y = 0.5 * self.table_length_m, 0.5 * self.table_width_m
        outline: F8 = rectangle(-x, -y, x, y, self.table_height_m if self.table else 0.0)[0]
        return outline

    def _window(self) -> tuple[Lamp, ...]:
        """What the window lets in, at the wall's outer face."""
        if not self.window_width_m:
            return ()
        low, high, w = _SILL_M, self.height_m - _LINTEL_M, 0.5 * self.window_width_m
        area = 2.0 * w * (high - low)
        place = (0.0, 0.5 * self.width_m + _WALL_M, 0.5 * (low + high))
        half_v = (0.0, 0.0, 0.5 * (high - low))
        return (opening(place, (0.0, -1.0, 0.0), (w, 0.0, 0.0), half_v, area),)

    def _lamps(self) -> tuple[Lamp, ...]:
        """An even grid of panels of 0.6 x 0.6 m, a little below the ceiling."""
        if not self.lamp_lux:
            return ()
        counts = [max(math.floor(side / self.lamp_spacing_m), 1) for side in (self.length_m, self.width_m)]
        places = [(np.arange(n) - 0.5 * (n - 1)) * self.lamp_spacing_m for n in counts]
        color, z = planckian(self.color_k), self.height_m - 0.09
        lamps = [panel((float(x), float(y), z), (0.3, 0.3), color, 1.0) for x in places[0] for y in places[1]]
        return brought_to(lamps, self._top(), self.lamp_lux)

    def _slabs(self) -> list[tuple[tuple[float, float, float], tuple[float, float, float], Surface]]:
        """Walls of some thickness, so that no ray sees one from behind; around the window four pieces and a frame."""
        x, y, h, t = 0.5 * self.length_m, 0.5 * self.width_m, self.height_m, _WALL_M
        middle, wide = 0.5 * h, 2.0 * x + 2.0 * t
        walls = [((s * (x + 0.5 * t), 0.0, middle), (t, 2.0 * y, h), PLASTER) for s in (-1.0, 1.0)]
        walls.append(((0.0, -y - 0.5 * t, middle), (wide, t, h), PLASTER))
        w, top, at = 0.5 * self.window_width_m, h - _LINTEL_M, y + 0.5 * t
        if not w:
            walls.append(((0.0, at, middle), (wide, t, h), PLASTER))
        else:
            side = 0.5 * wide - w
            walls += [((s * (w + 0.5 * side), at, middle), (side, t, h), PLASTER) for s in (-1.0, 1.0)]
            walls.append(((0.0, at, 0.5 * _SILL_M), (2.0 * w, t, _SILL_M), PLASTER))
            walls.append(((0.0, at, top + 0.5 * _LINTEL_M), (2.0 * w, t, _LINTEL_M), PLASTER))
            tall = top - _SILL_M
            bars = max(round(self.window_width_m / 0.9), 1)
            for k in range(bars + 1):
                edge = -w + 0.03 + (2.0 * w - 0.06) * k / bars
                walls.append(((edge, at, _SILL_M + 0.5 * tall), (0.06, 0.07, tall), WINDOW_FRAME))
            for z in (_SILL_M + 0.03, top - 0.03):
                walls.append(((0.0, at, z), (2.0 * w, 0.07, 0.06), WINDOW_FRAME))
            walls.append(((0.0, y - 0.06, _SILL_M - 0.02), (2.0 * w + 0.2, 0.16, 0.04), WINDOW_FRAME))
        d, z = 0.012, 0.5 * _SKIRTING_M
        walls += [((s * (x - 0.5 * d), 0.0, z), (d, 2.0 * y, _SKIRTING_M), WINDOW_FRAME) for s in (-1.0, 1.0)]
        walls += [((0.0, s * (y - 0.5 * d), z), (2.0 * x - 2.0 * d, d, _SKIRTING_M), WINDOW_FRAME) for s in (-1.0, 1.0)]
        return walls

    def _shapes(self) -> tuple[Shape, ...]:
        x, y, h, t = 0.5 * self.length_m, 0.5 * self.width_m, self.height_m, _WALL_M
        floor = Shape(kind="box", size=(2.0 * x + 2.0 * t, 2.0 * y + 2.0 * t, 1.0), center=(0.0, 0.0, -0.5))
        roof = Shape(kind="box", size=(2.0 * x + 2.0 * t, 2.0 * y + 2.0 * t, 0.2), center=(0.0, 0.0, h + 0.1))
        solid = [s for s in self._slabs() if s[2] is PLASTER]
        return (floor, roof, *(Shape(kind="box", size=size, center=center) for center, size, _ in solid))
