"""A table in a room: for things that are dropped on it, picked and sorted."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.errors import UserError
from simgen.records.base import F8
from simgen.records.layout import Prop, WorldLayout
from simgen.records.model import Shape
from simgen.records.roads import Area, RoadMap
from simgen.registry import param, register
from simgen.worlds._ground import Ground, rectangle
from simgen.worlds._surfaces import FLOOR, PLASTER
from simgen.worlds.base import World

_WALL_M = 0.2


@register("world", "table")
@dataclass(frozen=True, kw_only=True)
class Table(World):
    """A table in the middle of a room, in metres; its long side lies along x, its centre over the origin.

    The area ``table`` (kind ``support``) is its top: ``place: {on: table}``; the area ``floor`` is the room's floor.
    The table is a tracked object. Its height is that of common work tables (EN 527-1: 0.74 m).
    """

    length_m: float = param(1.6, ge=0.3, le=6.0, doc="length of the top, along x")
    width_m: float = param(0.8, ge=0.3, le=3.0, doc="width of the top, along y")
    height_m: float = param(0.74, ge=0.2, le=1.5, doc="height of the top")
    room_length_m: float = param(6.0, ge=2.0, le=50.0, doc="length of the room, along x")
    room_width_m: float = param(5.0, ge=2.0, le=50.0, doc="width of the room, along y")
    room_height_m: float = param(2.8, ge=2.0, le=20.0, doc="height of the walls")
    walls: bool = param(True, doc="walls around the room; it is open above, so that light comes in")
    color: str = param("wood", doc="of the table: wood, or a paint's name (white, black, grey ...)")
    friction: float = param(0.6, ge=0.0, le=5.0, doc="friction of the floor")

    def __post_init__(self) -> None:
        if self.length_m + 0.5 > self.room_length_m or self.width_m + 0.5 > self.room_width_m:
            raise UserError(
                f"table: a table of {self.length_m:g} x {self.width_m:g} m does not fit into a room of "
                f"{self.room_length_m:g} x {self.room_width_m:g} m; enlarge room_length_m or room_width_m"
            )

    def build(self, seed: int) -> WorldLayout:
        """Floor, walls and the table as a prop; nothing is drawn from the seed."""
        x, y = 0.5 * self.room_length_m, 0.5 * self.room_width_m
        ground = Ground()
        ground.quads(rectangle(-x, -y, x, y, 0.0), FLOOR)
        if self.walls:
            self._walls(ground, x, y)
        top = self._outline(0.5 * self.length_m, 0.5 * self.width_m, self.height_m)
        areas = (
            Area(name="table", kind="support", polygon=top),
            Area(name="floor", kind="region", polygon=self._outline(x, y, 0.0)),
        )
        size = {"length_m": self.length_m, "width_m": self.width_m, "height_m": self.height_m, "color": self.color}
        return WorldLayout(
            mesh=ground.mesh(),
            surfaces=ground.surfaces,
            shapes=self._shapes(x, y),
            map=RoadMap(areas=areas),
            props=(Prop(asset="table", name="table", parameters=size, tracked=True),),
            friction=self.friction,
        )

    def _outline(self, x: float, y: float, z: float) -> F8:
        outline: F8 = rectangle(-x, -y, x, y, z)[0]
        return outline

    def _walls(self, ground: Ground, x: float, y: float) -> None:
        """Walls of some thickness, so that no ray sees one from behind."""
        t, h = _WALL_M, self.room_height_m
        for sign in (-1.0, 1.0):
            ground.box((0.0, sign * (y + 0.5 * t), 0.5 * h), (2.0 * x + 2.0 * t, t, h), PLASTER)
            ground.box((sign * (x + 0.5 * t), 0.0, 0.5 * h), (t, 2.0 * y, h), PLASTER)

    def _shapes(self, x: float, y: float) -> tuple[Shape, ...]:
        t, h = _WALL_M, self.room_height_m
        found = [Shape(kind="box", size=(2.0 * x + 2.0 * t, 2.0 * y + 2.0 * t, 1.0), center=(0.0, 0.0, -0.5))]
        for sign in (-1.0, 1.0) if self.walls else ():
            found.append(Shape(kind="box", size=(2.0 * x + 2.0 * t, t, h), center=(0.0, sign * (y + 0.5 * t), 0.5 * h)))
            found.append(Shape(kind="box", size=(t, 2.0 * y, h), center=(sign * (x + 0.5 * t), 0.0, 0.5 * h)))
        return tuple(found)
