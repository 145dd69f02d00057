"""Low-floor trams in three sections with bellows between them and a pantograph."""

from __future__ import annotations

from dataclasses import replace

from simgen.records.model import Model
from simgen.rng import stream
from simgen.shapes.car_body import GLASS, TRIM, UNDER
from simgen.shapes.chassis import box_side
from simgen.shapes.coaches import Saloon, display, door_panels, furnish, head_lamps, tail_lamps, window_panels
from simgen.shapes.coachwork import Panel, Shell, Zone
from simgen.shapes.colors import PAINTS, Color, linear
from simgen.shapes.heavy_wheels import Axle
from simgen.shapes.lattice import tube
from simgen.shapes.liveries import PLACES, side_picture
from simgen.shapes.primitives import box
from simgen.shapes.workshop import METAL, SECOND, Workshop

_ROOF, _FLOOR, _LINTEL = 3.3, 0.36, 2.5
TOWNS: tuple[tuple[Color, Color], ...] = (
    (linear(200, 30, 34), PAINTS["white"]),
    (linear(232, 190, 30), linear(60, 62, 66)),
    (PAINTS["white"], linear(30, 110, 60)),
    (linear(30, 80, 150), PAINTS["white"]),
    (linear(70, 72, 78), linear(230, 200, 40)),
)


def build_tram(color: Color | None, variant: int, length: float, width: float) -> Model:
    """The whole tram; its origin is below the rear bogie."""
    rng = stream(variant, "tram")
    first, second = TOWNS[int(rng.integers(0, len(TOWNS)))]
    shop = Workshop("tram", first if color is None else color, second=second)
    base = length - 9.0
    rear, half = -4.5, 0.5 * width
    front = rear + length
    cuts = (rear, rear + 0.36 * length, rear + 0.64 * length, front)
    _sections(shop, cuts, width)
    _bellows(shop, cuts[1:3], half)
    _roof(shop, rear, front, cuts)
    words = f"{int(rng.integers(1, 30))} {PLACES[int(rng.integers(0, len(PLACES)))]}"
    a, b = front - 0.555, front - 0.655
    display(shop, [[a, -0.45, 2.62], [a, 0.45, 2.62], [b, 0.45, 2.82], [b, -0.45, 2.82]], words)
    if rng.uniform() < 0.6:
        picture = side_picture("tram", variant)
        for s in (1.0, -1.0):
            shop.sheet(box_side(cuts[1] + 0.5, cuts[2] - 0.5, 0.3, 0.9, s * (half + 0.004)), picture)
    bogies = (0.0, 0.5 * base, base)
    for x in bogies:
        shop.each([box((2.6, 1.5, 0.24)).moved((x, 0.0, 0.42))], UNDER)
    axles = [
        Axle(name=f"bogie_{k}_{end}", x=x + d, outer=0.78, radius=0.3, width=0.12, steel=True)
        for k, x in enumerate(bogies)
        for end, d in (("first", 0.9), ("second", -0.9))
    ]
    return shop.model(
        "tram",
        axles,
        rim=(0.2, 0.19, 0.18),
        mass_kg=1350.0 * length,
        wheelbase_m=base,
        attributes=(("variant", str(variant)),),
    )


def _sections(shop: Workshop, cuts: tuple[float, ...], width: float) -> None:
    """Head, middle and tail: shells with windows and doors on both sides."""
    half, gap = 0.5 * width, 0.3
    spans = ((cuts[0], cuts[1] - gap), (cuts[1] + gap, cuts[2] - gap), (cuts[2] + gap, cuts[3]))
    plain = Shell(
        rear=0.0,
        front=1.0,
        width=width,
        sill=0.2,
        roof=_ROOF,
        inner=half - 0.3,
        front_depth=0.06,
        rear_depth=0.06,
        edge_m=0.16,
        crown=0.08,
    )
    for k, (low, high) in enumerate(spans):
        cab_low, cab_high = (2.1 if k == 0 else 0.25), (2.1 if k == 2 else 0.25)
        middle = 0.5 * (low + high)
        doors = (
            ((middle - 2.4, middle - 1.1), (middle + 1.1, middle + 2.4))
            if k != 1
            else ((middle - 0.65, middle + 0.65),)
        )
        room = Saloon(
            low=low + cab_low,
            high=high - cab_high,
            half=half,
            floor=_FLOOR,
            belt=1.0,
            lintel=_LINTEL,
            roof=_ROOF,
            doors=doors,
            both=True,
        )
        panels = [
            Panel(zone="side", span=(low, high), z=(0.2, 0.5), tag=SECOND),
            *window_panels(room, max(round((room.high - room.low) / 1.7), 2)),
            *door_panels(room, 0.32),
        ]
        shell = replace(plain, rear=low, front=high)
        lean = ((0.2, 0.1), (0.9, 0.0), (1.2, 0.05), (2.6, 0.55), (_ROOF, 0.85))
        if k == 2:
            panels += [*_screen("nose"), *head_lamps(0.62, 0.82, 0.5, 0.9)]
            panels.append(Panel(zone="side", span=(high - 1.9, high - 0.9), z=(1.05, 2.4), tag=GLASS))
            shell = replace(shell, nose=lean, front_depth=1.15, front_power=2.6)
        elif k == 0:
            panels += [*_screen("tail"), *tail_lamps(0.6, 0.94, 0.62, 0.9)]
            panels.append(Panel(zone="side", span=(low + 0.9, low + 1.9), z=(1.05, 2.4), tag=GLASS))
            shell = replace(shell, tail=lean, rear_depth=1.15, rear_power=2.6)
        shop.shell(replace(shell, panels=tuple(panels)))
        furnish(shop, room, 1.1, driver=False)


def _screen(zone: Zone) -> tuple[Panel, ...]:
    """The windscreen with the display's field above."""
    return (
        Panel(zone=zone, span=(0.0, 0.97), z=(1.12, 2.95), tag=TRIM),
        Panel(zone=zone, span=(0.0, 0.95), z=(1.18, 2.5), tag=GLASS),
    )


def _bellows(shop: Workshop, cuts: tuple[float, ...], half: float) -> None:
    """Folded rubber between the sections."""
    for x in cuts:
        folds = [
            box((0.07, 2.0 * half - (0.1 if k % 2 else 0.22), 2.75)).moved((x - 0.3 + 0.1 * k, 0.0, 1.72))
            for k in range(7)
        ]
        shop.each(folds, TRIM)


def _roof(shop: Workshop, rear: float, front: float, cuts: tuple[float, ...]) -> None:
    """Boxes of equipment and the pantograph, raised."""
    boxes = [
        box((2.6, 1.8, 0.32), 0.06).moved((x, 0.0, _ROOF + 0.12))
        for x in (rear + 3.2, rear + 6.4, front - 3.2, front - 6.4)
    ]
    shop.each(boxes, METAL, smooth_deg=50.0)
    x = 0.5 * (cuts[1] + cuts[2])
    z = _ROOF + 0.12
    shop.each([box((1.4, 1.0, 0.1)).moved((x, 0.0, z))], METAL)
    for s in (1.0, -1.0):
        shop.each([tube([[x - 0.5, s * 0.3, z], [x + 0.75, s * 0.2, z + 0.75]], 0.025, 6)], METAL)
        shop.each([tube([[x + 0.75, s * 0.2, z + 0.75], [x - 0.3, s * 0.35, z + 1.6]], 0.02, 6)], METAL)
    head = [
        tube(
            [
                [x - 0.3 + d, -0.85, z + 1.52],
                [x - 0.3 + d, -0.55, z + 1.64],
                [x - 0.3 + d, 0.55, z + 1.64],
                [x - 0.3 + d, 0.85, z + 1.52],
            ][k : k + 2],
            0.025,
            5,
        )
        for d in (-0.15, 0.15)
        for k in range(3)
    ]
    shop.each(head, TRIM)


__all__ = ["build_tram"]
