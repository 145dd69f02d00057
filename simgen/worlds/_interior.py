"""What closed rooms and halls share: floor, walls, a window, a ceiling with its lamps, and their collision shapes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.colorimetry import planckian
from simgen.records.base import F8
from simgen.records.layout import Prop, WorldLayout
from simgen.records.lights import Lamp
from simgen.records.mesh import Surface
from simgen.records.model import Shape, Vector3
from simgen.records.roads import Area, RoadMap
from simgen.worlds._ground import Ground, rectangle
from simgen.worlds._luminaires import add_panels, brought_to, opening, panel
from simgen.worlds._surfaces import CEILING, FLOOR, GRASS, LAMP_CASE, PLASTER, WINDOW_FRAME

Slab = tuple[Vector3, Vector3, Surface]

_WALL_M: Final = 0.25
_SKIRTING_M: Final = 0.08
#: how far the lawn before the window reaches, and how much lower than the floor it lies
_GARDEN_M, _STEP_M = 60.0, 0.3

CONCRETE_FLOOR: Final = Surface(
    class_name="floor", base_color=(0.33, 0.33, 0.32), roughness=0.45, lidar_reflectance=0.35,
    texture="concrete", texture_scale_m=3.0,
)  # fmt: skip
VINYL_FLOOR: Final = Surface(
    class_name="floor", base_color=(0.30, 0.33, 0.35), roughness=0.35, lidar_reflectance=0.4,
    texture="concrete", texture_scale_m=1.0,
)  # fmt: skip
TILE_FLOOR: Final = Surface(
    class_name="floor", base_color=(0.46, 0.43, 0.39), roughness=0.25, lidar_reflectance=0.45,
)  # fmt: skip
WALL_TILES: Final = Surface(
    class_name="wall", base_color=(0.66, 0.67, 0.66), roughness=0.15, lidar_reflectance=0.6,
)  # fmt: skip
GROUT: Final = Surface(class_name="floor", base_color=(0.24, 0.23, 0.22), roughness=0.9, lidar_reflectance=0.3)
WALL_GROUT: Final = Surface(class_name="wall", base_color=(0.4, 0.4, 0.39), roughness=0.9, lidar_reflectance=0.4)
PANELLING: Final = Surface(class_name="wall", base_color=(0.52, 0.55, 0.58), roughness=0.5, lidar_reflectance=0.5)
STEEL_GREY: Final = Surface(
    class_name="wall", base_color=(0.3, 0.32, 0.34), roughness=0.45, metallic=0.3, lidar_reflectance=0.4
)
YELLOW_LINE: Final = Surface(
    class_name="lane_marking",
    base_color=(0.66, 0.44, 0.03),
    roughness=0.6,
    lidar_reflectance=0.45,
    texture="worn_paint",
)


@dataclass(frozen=True, kw_only=True)
class Window:
    """An opening in the wall at +y, without a pane."""

    width_m: float
    sill_m: float = 0.9
    top_m: float = 2.4
    middle_m: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Lights:
    """Panels in rows below the ceiling."""

    lux: float
    color_k: float = 4000.0
    spacing_m: tuple[float, float] = (2.0, 2.0)
    half_m: tuple[float, float] = (0.3, 0.3)
    #: from the ceiling down to the panels' faces
    below_m: float = 0.09
    #: the height at which they bring ``lux``
    work_m: float = 0.75


class Interior:
    """A closed box of a room about the origin that worlds furnish."""

    def __init__(
        self,
        size: Vector3,
        lights: Lights,
        *,
        window: Window | None = None,
        floor: Surface = FLOOR,
        wall: Surface = PLASTER,
        ceiling: Surface = CEILING,
        skirting: Surface = WINDOW_FRAME,
    ) -> None:
        self.ground = Ground()
        self.size, self.window = size, window
        x, y, h = 0.5 * size[0], 0.5 * size[1], size[2]
        t = _WALL_M
        self.ground.quads(rectangle(-x, -y, x, y, 0.0), floor)
        self.ground.quads(rectangle(-x, -y, x, y, h)[:, ::-1], ceiling)
        self.shapes = [
            Shape(kind="box", size=(2 * x + 2 * t, 2 * y + 2 * t, 1.0), center=(0.0, 0.0, -0.5)),
            Shape(kind="box", size=(2 * x + 2 * t, 2 * y + 2 * t, 0.2), center=(0.0, 0.0, h + 0.1)),
        ]
        for slab in self._walls(x, y, h, wall):
            self.box(*slab)
        for slab in self._trim(x, y, skirting):
            self.box(*slab, solid=False)
        if window is not None:
            self.ground.quads(rectangle(-_GARDEN_M, y + t, _GARDEN_M, y + _GARDEN_M, -_STEP_M), GRASS)
        self.lamps = self._panels(lights)
        add_panels(self.ground, self.lamps, LAMP_CASE)

    def box(self, center: Vector3, size: Vector3, surface: Surface, *, solid: bool = True) -> None:
        """A box of the world; ``solid``: bodies meet it."""
        self.ground.box(center, size, surface, bottom=center[2] > 0.5 * size[2] + 1e-6)
        if solid:
            self.shapes.append(Shape(kind="box", size=size, center=center))

    def layout(self, areas: Sequence[Area], props: Sequence[Prop], *, friction: float) -> WorldLayout:
        """The furnished world."""
        x, y, h = 0.5 * self.size[0], 0.5 * self.size[1], self.size[2]
        floor = Area(name="floor", kind="region", polygon=rectangle(-x, -y, x, y, 0.0)[0])
        return WorldLayout(
            mesh=self.ground.mesh(),
            surfaces=self.ground.surfaces,
            shapes=tuple(self.shapes),
            map=RoadMap(areas=(floor, *areas)),
            props=tuple(props),
            lamps=self.lamps,
            friction=friction,
            indoor=True,
            openings=self._openings(),
            rooms=((-x - 0.01, -y - 0.01, -0.01, x + 0.01, y + _WALL_M, h + 0.01),),
        )

    def _walls(self, x: float, y: float, h: float, wall: Surface) -> list[Slab]:
        """Walls of some thickness, so that no ray sees one from behind; around the window four pieces."""
        t, wide, middle = _WALL_M, 2.0 * x + 2.0 * _WALL_M, 0.5 * h
        found: list[Slab] = [((s * (x + 0.5 * t), 0.0, middle), (t, 2.0 * y, h), wall) for s in (-1.0, 1.0)]
        found.append(((0.0, -y - 0.5 * t, middle), (wide, t, h), wall))
        at, window = y + 0.5 * t, self.window
        if window is None:
            return [*found, ((0.0, at, middle), (wide, t, h), wall)]
        left, right = window.middle_m - 0.5 * window.width_m, window.middle_m + 0.5 * window.width_m
        edge = 0.5 * wide
        found.append(((0.5 * (left - edge), at, middle), (left + edge, t, h), wall))
        found.append(((0.5 * (right + edge), at, middle), (edge - right, t, h), wall))
        low, top = window.sill_m, window.top_m
        found.append(((window.middle_m, at, 0.5 * low), (window.width_m, t, low), wall))
        found.append(((window.middle_m, at, 0.5 * (top + h)), (window.width_m, t, h - top), wall))
        return found

    def _trim(self, x: float, y: float, skirting: Surface) -> list[Slab]:
        """Skirting boards, and the window's frame with its board."""
        d, z = 0.012, 0.5 * _SKIRTING_M
        trim: list[Slab] = [((s * (x - 0.5 * d), 0.0, z), (d, 2.0 * y, _SKIRTING_M), skirting) for s in (-1.0, 1.0)]
        trim += [((0.0, s * (y - 0.5 * d), z), (2.0 * x - 2.0 * d, d, _SKIRTING_M), skirting) for s in (-1.0, 1.0)]
        window = self.window
        if window is None:
            return trim
        m, w, at = window.middle_m, window.width_m, y + 0.5 * _WALL_M
        tall = window.top_m - window.sill_m
        bars = max(round(w / 0.9), 1)
        for k in range(bars + 1):
            edge = m - 0.5 * w + 0.03 + (w - 0.06) * k / bars
            trim.append(((edge, at, window.sill_m + 0.5 * tall), (0.06, 0.07, tall), WINDOW_FRAME))
        trim += [((m, at, z), (w, 0.07, 0.06), WINDOW_FRAME) for z in (window.sill_m + 0.03, window.top_m - 0.03)]
        trim.append(((m, y - 0.04, window.sill_m - 0.02), (w + 0.1, 0.12, 0.04), WINDOW_FRAME))
        return trim

    def _openings(self) -> tuple[Lamp, ...]:
        window = self.window
        if window is None:
            return ()
        w, tall = 0.5 * window.width_m, window.top_m - window.sill_m
        place = (window.middle_m, 0.5 * self.size[1] + _WALL_M, 0.5 * (window.sill_m + window.top_m))
        return (opening(place, (0.0, -1.0, 0.0), (w, 0.0, 0.0), (0.0, 0.0, 0.5 * tall), 2.0 * w * tall),)

    def _panels(self, lights: Lights) -> tuple[Lamp, ...]:
        """An even grid of panels that bring the wanted light to the working height."""
        if not lights.lux:
            return ()
        sides = zip(self.size[:2], lights.spacing_m, strict=True)
        counts = [max(math.floor(side / step), 1) for side, step in sides]
        places = [(np.arange(n) - 0.5 * (n - 1)) * step for n, step in zip(counts, lights.spacing_m, strict=True)]
        color, z = planckian(lights.color_k), self.size[2] - lights.below_m
        lamps = [panel((float(a), float(b), z), lights.half_m, color, 1.0) for a in places[0] for b in places[1]]
        x, y = 0.35 * self.size[0], 0.35 * self.size[1]
        grid = np.array([[a, b, lights.work_m] for a in np.linspace(-x, x, 7) for b in np.linspace(-y, y, 5)])
        return brought_to(lamps, grid, lights.lux)


def support(name: str, x: float, y: float, half_x: float, half_y: float, z: float) -> Area:
    """A rectangle on which things may stand."""
    polygon: F8 = rectangle(x - half_x, y - half_y, x + half_x, y + half_y, z)[0]
    return Area(name=name, kind="support", polygon=polygon)


def region(name: str, x: float, y: float, half_x: float, half_y: float) -> Area:
    """A rectangle of floor."""
    return Area(name=name, kind="region", polygon=rectangle(x - half_x, y - half_y, x + half_x, y + half_y, 0.0)[0])


def stripes(ground: Ground, quads: Sequence[tuple[float, float, float, float]], surface: Surface) -> None:
    """Painted rectangles (x, y from, x, y to) on the floor."""
    ground.quads(np.concatenate([rectangle(*quad, 0.004) for quad in quads]), surface)


def floor_joints(ground: Ground, half_x: float, half_y: float, step: float) -> None:
    """The joints between square tiles of a floor, half a millimetre above it."""
    w, z = 0.002, 0.0005
    xs = np.arange(-half_x + step, half_x - 1e-6, step)
    ys = np.arange(-half_y + step, half_y - 1e-6, step)
    quads = [rectangle(float(x) - w, -half_y, float(x) + w, half_y, z) for x in xs]
    quads += [rectangle(-half_x, float(y) - w, half_x, float(y) + w, z) for y in ys]
    ground.quads(np.concatenate(quads), GROUT)


def wall_joints(
    ground: Ground, x: tuple[float, float], z: tuple[float, float], y: float, size: tuple[float, float]
) -> None:
    """The joints between tiles of a wall that looks to -y, in running bond, half a millimetre before it."""
    w, at = 0.0012, y - 0.0005
    rows = np.arange(z[0], z[1] + 1e-6, size[1])
    strips = [(x[0], float(r) - w, x[1], float(r) + w) for r in rows]
    for k, r in enumerate(rows[:-1]):
        first = x[0] + (0.5 * size[0] if k % 2 else size[0])
        strips += [(float(c) - w, float(r), float(c) + w, float(r) + size[1]) for c in np.arange(first, x[1], size[0])]
    low = np.array(strips)
    corners = [(low[:, 0], low[:, 1]), (low[:, 2], low[:, 1]), (low[:, 2], low[:, 3]), (low[:, 0], low[:, 3])]
    ground.quads(np.stack([np.stack([a, np.full(len(low), at), b], -1) for a, b in corners], 1), WALL_GROUT)
