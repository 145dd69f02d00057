"""Cabs over the engine, as European lorries have them: day cabs and sleepers with a high roof."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.shapes.car_body import GAP, GLASS, GRILLE, HEAD, LEFT, PAINT, RIGHT, TRIM
from simgen.shapes.coachwork import Panel, Shell
from simgen.shapes.lattice import tube
from simgen.shapes.primitives import box, prism
from simgen.shapes.soup import Soup, join
from simgen.shapes.workshop import LINING, METAL, SEAT, SECOND, Workshop


@dataclass(frozen=True, kw_only=True)
class Cab:
    """Where a cab stands and how large it is, metres from the rear axle on the ground."""

    front: float
    axle: float
    length: float = 2.28
    width: float = 2.49
    #: of the cab without its high roof
    height: float = 2.95
    #: of the high roof; 0 = none
    top: float = 3.8
    wheel: float = 0.5
    #: which grille: 0 slats, 1 a tall mesh, 2 two bands
    look: int = 0
    #: a second row of seats with doors of its own
    crew: bool = False

    @property
    def rear(self) -> float:
        """The rear wall."""
        return self.front - self.length


def _panels(cab: Cab) -> tuple[Panel, ...]:
    f, z = cab.front, cab.height - 2.95
    grille = ((0.0, 0.6), (0.0, 0.72), (0.0, 0.62))[cab.look % 3]
    heights = ((0.78, 1.5 + z), (0.62, 1.62 + z), (0.95, 1.22 + z))[cab.look % 3]
    window = (f - 1.28, f - 0.42)
    second = (f - 2.62, f - 1.5)
    crew = (
        Panel(zone="side", span=(second[0] + 0.1, second[1] - 0.06), z=(1.78 + z, 2.52 + z), tag=GLASS),
        *(Panel(zone="side", span=(x - 0.006, x + 0.006), z=(1.0, 2.62 + z), tag=GAP) for x in second),
    )
    return (
        *(crew if cab.crew else ()),
        Panel(zone="nose", span=(0.0, 1.0), z=(0.3, 0.74), tag=SECOND),
        Panel(zone="nose", span=grille, z=heights, tag=GRILLE),
        Panel(zone="nose", span=(0.0, 0.5), z=(0.42, 0.56), tag=GRILLE),
        Panel(zone="nose", span=(0.6, 0.97), z=(0.56, 0.76), tag=HEAD),
        Panel(zone="nose", span=(0.9, 0.998), z=(0.56, 0.76), tag=LEFT, side=1),
        Panel(zone="nose", span=(0.9, 0.998), z=(0.56, 0.76), tag=RIGHT, side=-1),
        Panel(zone="nose", span=(0.0, 0.955), z=(1.72 + z, 2.58 + z), tag=GLASS),
        # a dark band below the screen
        Panel(zone="nose", span=(0.0, 0.955), z=(1.62 + z, 1.72 + z), tag=TRIM),
        Panel(zone="side", span=window, z=(1.78 + z, 2.52 + z), tag=GLASS),
        # the window's lower edge drops towards the front
        Panel(zone="side", span=(f - 0.86, f - 0.42), z=(1.66 + z, 1.78 + z), tag=GLASS),
        *(Panel(zone="side", span=(x - 0.006, x + 0.006), z=(1.0, 2.62 + z), tag=GAP) for x in (f - 1.36, f - 0.34)),
        Panel(zone="side", span=(f - 0.78, f - 0.36), z=(0.42, 0.56), tag=GAP),
        Panel(zone="side", span=(f - 0.78, f - 0.36), z=(0.7, 0.84), tag=GAP),
    )


def add_cab(shop: Workshop, cab: Cab) -> None:
    """The cab with its high roof, mirrors, visor, wipers, steps and what is seen inside."""
    z = cab.height - 2.95
    shop.shell(
        Shell(
            rear=cab.rear,
            front=cab.front,
            width=cab.width,
            sill=0.32,
            roof=cab.height,
            panels=_panels(cab),
            nose=((0.3, 0.08), (0.5, 0.0), (1.2, 0.02), (1.7 + z, 0.06), (2.6 + z, 0.24), (3.0 + z, 0.34)),
            flank=((0.3, 0.03), (0.6, 0.0), (1.7 + z, 0.0), (2.9 + z, 0.06)),
            arches=((cab.axle, cab.wheel + 0.09, cab.wheel),),
            inner=0.5 * cab.width - 0.5,
            front_depth=0.4,
            front_power=3.6,
            crown=0.06,
        )
    )
    if cab.top > cab.height + 0.3:
        _high_roof(shop, cab)
    _face(shop, cab)
    half = 0.5 * cab.width
    shop.mirror(cab.front - 0.16, half + 0.13, 2.05 + z, (cab.front - 0.36, half - 0.06, 2.52 + z), (0.12, 0.2, 0.6))
    _inside(shop, cab)


def _high_roof(shop: Workshop, cab: Cab) -> None:
    """The hood over the berth: slanted in front, as wide as the cab."""
    low = cab.height - 0.16
    shop.shell(
        Shell(
            rear=cab.rear + 0.02,
            front=cab.front - 0.42,
            width=cab.width - 0.1,
            sill=low,
            roof=cab.top,
            nose=((low, 0.0), (low + 0.3, 0.1), (cab.top, 0.62)),
            flank=((low, 0.0), (cab.top, 0.1)),
            inner=0.4,
            front_depth=0.75,
            front_power=2.6,
            edge_m=0.14,
            crown=0.07,
            panels=(Panel(zone="nose", span=(0.0, 0.5), z=(low + 0.2, low + 0.36), tag=TRIM),),
        )
    )


def _face(shop: Workshop, cab: Cab) -> None:
    f, z = cab.front, cab.height - 2.95
    bars = (np.linspace(0.86, 1.42, 5), np.linspace(0.74, 1.5, 9), np.array([1.0, 1.16]))[cab.look % 3]
    wide = (1.36, 1.6, 1.42)[cab.look % 3]
    slats = [box((0.05, wide, 0.05), 0.01).moved((f - 0.035, 0.0, float(b) + 0.5 * z)) for b in bars]
    shop.each(slats, METAL if cab.look % 3 == 1 else PAINT if cab.look % 2 == 0 else TRIM)
    visor = prism([[0.02, -0.9], [0.16, -0.86], [0.16, 0.86], [0.02, 0.9]], -0.015, 0.015)
    tilt = (np.cos(0.2), 0.0, np.sin(0.2), 0.0)
    shop.add(visor.moved((f - 0.24, 0.0, 2.66 + z), tilt), TRIM)
    arms = [tube([[f - 0.06, y, 1.69 + z], [f - 0.11, y + 0.5, 1.9 + z]], 0.012, 5) for y in (-0.75, -0.1)]
    shop.add(join(arms), TRIM, solid=False)
    half = 0.5 * cab.width
    steps = [box((0.4, 0.06, 0.03)).moved((f - 0.57, s * (half - 0.02), h)) for s in (1, -1) for h in (0.44, 0.72)]
    handles = [box((0.03, 0.03, 0.5)).moved((f - 1.42, s * (half + 0.01), 1.5 + z)) for s in (1, -1)]
    shop.each([*steps, *handles], TRIM)


def _inside(shop: Workshop, cab: Cab) -> None:
    f, z = cab.front, cab.height - 2.95
    parts: list[Soup] = []
    for y in (0.62, -0.62):
        tilt = (np.cos(0.07), 0.0, -np.sin(0.07), 0.0)
        parts.append(box((0.16, 0.5, 0.72), 0.03).moved((0.0, 0.0, 0.0), tilt).moved((f - 1.3, y, 1.78 + z)))
        parts.append(box((0.12, 0.28, 0.2), 0.03).moved((f - 1.36, y, 2.24 + z)))
        parts.append(box((0.5, 0.5, 0.16), 0.03).moved((f - 1.05, y, 1.45 + z)))
    shop.add(join(parts), SEAT, solid=False)
    desk = box((0.35, 2.1, 0.3), 0.06).moved((f - 0.55, 0.0, 1.56 + z))
    a = np.linspace(0.0, 2.0 * np.pi, 13)
    rim = np.stack([f - 0.86 - 0.1 * np.sin(a), 0.62 + 0.22 * np.cos(a), 1.8 + z + 0.17 * np.sin(a)], -1)
    shop.add(join([desk, tube(rim, 0.016, 5)]), TRIM, solid=False)
    back = box((0.02, 2.2, 1.1)).moved((cab.rear + 0.12, 0.0, 2.1 + z))
    shop.add(back, LINING, solid=False)


__all__ = ["Cab", "add_cab"]
