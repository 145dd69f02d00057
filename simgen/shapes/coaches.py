"""Bodies for passengers: bands of windows, doors, seats, poles, displays; what buses, coaches and trams share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from simgen.records.mesh import Surface
from simgen.shapes.car_body import BRAKE, GAP, GLASS, HEAD, LEFT, REVERSE, RIGHT, TAIL, TRIM
from simgen.shapes.coachwork import Panel
from simgen.shapes.colors import Color
from simgen.shapes.lattice import tube
from simgen.shapes.liveries import lettered
from simgen.shapes.primitives import box
from simgen.shapes.soup import Soup, join
from simgen.shapes.workshop import FLOOR, LINING, SEAT, Workshop

AMBER_TEXT: Color = (0.8, 0.36, 0.02)
_BLACK: Color = (0.012, 0.012, 0.013)


@dataclass(frozen=True, kw_only=True)
class Saloon:
    """The room for passengers: along x, its floor, the windows' heights, and the doors on the right side."""

    low: float
    high: float
    half: float
    floor: float
    belt: float
    lintel: float
    roof: float
    doors: tuple[tuple[float, float], ...] = ()
    #: doors on both sides (trams)
    both: bool = False


def window_panels(room: Saloon, count: int, pillar: float = 0.09, band: bool = True) -> tuple[Panel, ...]:
    """A dark band with panes in it, as flush glazing has it, on both sides; or single windows."""
    edges = np.linspace(room.low, room.high, count + 1)
    z = (room.belt, room.lintel)
    dark = (Panel(zone="side", span=(room.low - 0.04, room.high + 0.04), z=(z[0] - 0.05, z[1] + 0.05), tag=TRIM),)
    panes = tuple(
        Panel(zone="side", span=(float(a) + 0.5 * pillar, float(b) - 0.5 * pillar), z=z, tag=GLASS)
        for a, b in pairwise(edges)
    )
    return (*(dark if band else ()), *panes)


def door_panels(room: Saloon, bottom: float) -> tuple[Panel, ...]:
    """Doors of two glazed leaves, from the step to the lintel, on the right side or on both."""
    side = 0 if room.both else -1
    found = []
    for a, b in room.doors:
        middle = 0.5 * (a + b)
        found.append(Panel(zone="side", span=(a, b), z=(bottom, room.lintel + 0.05), tag=TRIM, side=side))
        for c, d in ((a + 0.05, middle - 0.03), (middle + 0.03, b - 0.05)):
            found.append(Panel(zone="side", span=(c, d), z=(bottom + 0.12, room.lintel - 0.02), tag=GLASS, side=side))
        found.append(
            Panel(zone="side", span=(middle - 0.008, middle + 0.008), z=(bottom, room.lintel), tag=GAP, side=side)
        )
    return tuple(found)


def tail_lamps(low: float, high: float, inner: float = 0.8, outer: float = 0.97) -> tuple[Panel, ...]:
    """Lamps one above the other on both sides of the tail: reversing, brake, tail, indicator."""
    z = np.linspace(low, high, 5)
    rows = ((REVERSE, z[0], z[1]), (BRAKE, z[1], z[2]), (TAIL, z[2], z[3]))
    panels = [Panel(zone="tail", span=(inner, outer), z=(a + 0.008, b), tag=tag) for tag, a, b in rows]
    for side, tag in ((1, LEFT), (-1, RIGHT)):
        panels.append(Panel(zone="tail", span=(inner, outer), z=(z[3] + 0.008, z[4]), tag=tag, side=side))
    return tuple(panels)


def head_lamps(low: float, high: float, inner: float = 0.55, outer: float = 0.97) -> tuple[Panel, ...]:
    """Headlamps with indicators at their outer ends."""
    split = inner + 0.78 * (outer - inner)
    return (
        Panel(zone="nose", span=(inner, split), z=(low, high), tag=HEAD),
        Panel(zone="nose", span=(split, outer), z=(low, high), tag=LEFT, side=1),
        Panel(zone="nose", span=(split, outer), z=(low, high), tag=RIGHT, side=-1),
    )


def furnish(shop: Workshop, room: Saloon, pitch: float = 0.8, *, poles: bool = True, driver: bool = True) -> None:
    """Floor, ceiling, rows of seats beside an aisle, poles, the driver's place."""
    middle, long = 0.5 * (room.low + room.high), room.high - room.low - 0.2
    shop.add(box((long, 2.0 * room.half - 0.16, 0.03)).moved((middle, 0.0, room.floor)), FLOOR, solid=False)
    shop.add(box((long, 2.0 * room.half - 0.3, 0.03)).moved((middle, 0.0, room.lintel + 0.06)), LINING, solid=False)
    seats: list[Soup] = []
    back = box((0.1, 0.86, 0.68)).moved(quaternion=(np.cos(0.06), 0.0, -np.sin(0.06), 0.0))
    for x in np.arange(room.low + 0.7, room.high - (1.8 if driver else 0.7), pitch):
        for s in (1.0, -1.0):
            if s < 0.0 and any(a - 0.35 < x < b + 0.3 for a, b in room.doors):
                continue
            y = s * (room.half - 0.56)
            seats.append(back.moved((float(x), y, room.floor + 0.86)))
            seats.append(box((0.44, 0.86, 0.1)).moved((float(x) + 0.24, y, room.floor + 0.5)))
    if seats:
        shop.add(join(seats), SEAT, solid=False)
    if poles:
        bright = Surface(class_name=shop.class_name, base_color=(0.6, 0.4, 0.02), roughness=0.4, heat="body")
        sticks = [
            tube([[float(x), s * 0.38, room.floor], [float(x), s * 0.38, room.lintel]], 0.018, 5)
            for x in np.arange(room.low + 1.1, room.high - 1.5, 2.0 * pitch)
            for s in (1.0, -1.0)
        ]
        shop.add(join(sticks), bright, solid=False)
    if driver:
        _driver(shop, room)


def _driver(shop: Workshop, room: Saloon) -> None:
    x, z = room.high, room.floor
    seat = [
        box((0.14, 0.5, 0.8), 0.03).moved((x - 0.7, 0.62, z + 0.85)),
        box((0.45, 0.5, 0.14)).moved((x - 0.45, 0.62, z + 0.5)),
    ]
    shop.add(join(seat), SEAT, solid=False)
    a = np.linspace(0.0, 2.0 * np.pi, 11)
    rim = np.stack([x - 0.05 + 0.1 * np.cos(a) * 0.4, 0.62 + 0.22 * np.sin(a), z + 0.95 + 0.2 * np.cos(a)], -1)
    desk = box((0.3, 2.0 * room.half - 0.4, 0.2), 0.03).moved((x + 0.12, 0.0, z + 0.72))
    wall = box((0.03, 0.9, 1.5)).moved((x - 1.1, 0.6, z + 0.8))
    shop.add(join([desk, tube(rim, 0.015, 5), wall]), TRIM, solid=False)


def display(shop: Workshop, corners: Sequence[Sequence[float]], words: str, aspect: int = 8) -> None:
    """A sign of lamps that shows where it goes."""
    shop.sheet(np.array(corners), lettered(shop.class_name, words, _BLACK, AMBER_TEXT, aspect, glow=900.0))


__all__ = ["Saloon", "display", "door_panels", "furnish", "head_lamps", "tail_lamps", "window_panels"]
