"""Motorcycles and scooters: tank, engine, seat, fairing; apron, floor board, shell. Metres from the rear axle."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.records.mesh import Surface
from simgen.records.model import Model
from simgen.rng import stream
from simgen.shapes.car_body import GLASS, PAINT, TRIM
from simgen.shapes.colors import PAINTS, Color, linear
from simgen.shapes.finish import hull, slab_hulls
from simgen.shapes.lattice import tube
from simgen.shapes.plates import plate_surface_of, plate_text
from simgen.shapes.primitives import box, cylinder, ellipsoid
from simgen.shapes.rider import Seat
from simgen.shapes.soup import join
from simgen.shapes.two_wheelers import Bike, Hoop, sections
from simgen.shapes.vehicle_lamps import BRAKE, LEFT, LOW_BEAM, RIGHT, TAIL
from simgen.shapes.workshop import METAL, SECOND, Workshop

STYLES: Final = ("naked", "sport", "tourer")
#: where their riders sit, hold and stand
SEATS: Final[dict[str, Seat]] = {
    "naked": Seat(saddle=(0.4, 0.0, 0.815), grip=(0.93, 0.36, 1.06), peg=(0.42, 0.23, 0.37), lean_rad=0.32),
    "sport": Seat(saddle=(0.36, 0.0, 0.835), grip=(0.97, 0.3, 0.93), peg=(0.28, 0.22, 0.43), lean_rad=0.72),
    "tourer": Seat(saddle=(0.38, 0.0, 0.825), grip=(0.86, 0.4, 1.12), peg=(0.5, 0.24, 0.36), lean_rad=0.12),
    "scooter": Seat(
        saddle=(0.3, 0.0, 0.8), grip=(0.84, 0.31, 1.04), peg=(0.74, 0.14, 0.335), lean_rad=0.05, knees_out=0.12
    ),
}
_SIDEWAYS: Final = (0.5**0.5, -(0.5**0.5), 0.0, 0.0)
_PAINTS: Final[tuple[Color, ...]] = (
    linear(170, 20, 24),
    PAINTS["black"],
    linear(24, 70, 150),
    linear(40, 130, 60),
    PAINTS["silver"],
    linear(224, 110, 16),
    PAINTS["white"],
    linear(236, 190, 20),
)


def drawn_style(style: str, variant: int) -> str:
    """The style asked for, or the variant's."""
    return style if style != "auto" else STYLES[int(stream(variant, "motorcycle", "style").integers(0, len(STYLES)))]


def drawn_paint(variant: int, kind: str) -> Color:
    """A colour by the variant."""
    return _PAINTS[int(stream(variant, kind, "paint").integers(0, len(_PAINTS)))]


def build_motorcycle(style: str, variant: int, color: Color | None) -> Model:
    """A motorcycle of about 600 to 1000 cm3."""
    kind = drawn_style(style, variant)
    paint = drawn_paint(variant, "motorcycle") if color is None else color
    bike = Bike.of("motorcycle", paint, linear(60, 62, 66), 1.43)
    seat = SEATS[kind]
    _engine(bike.shop)
    _upper(bike.shop, kind)
    _fork(bike.front, seat, bike.wheelbase)
    if kind == "sport":
        _fairing(bike.shop)
    elif kind == "tourer":
        _touring(bike.shop)
    _lamps(bike, kind, variant)
    return bike.model(
        "motorcycle",
        Hoop(radius=0.315, width=0.18),
        Hoop(radius=0.3, width=0.12),
        mass_kg=205.0,
        attributes=(("style", kind), ("variant", str(variant))),
    )


def _engine(shop: Workshop) -> None:
    """Crankcase, finned cylinders, radiator, exhaust, swinging arm, frame, chain, footpegs, side stand."""
    case = sections(
        [(0.5, 0.4, 0.1, 0.08), (0.56, 0.4, 0.17, 0.15), (0.78, 0.38, 0.19, 0.16), (0.92, 0.4, 0.13, 0.1)], 10, 4.0
    )
    shop.add(case, SECOND)
    cylinder_block = box((0.22, 0.36, 0.24), 0.02).moved((0.82, 0.0, 0.58), (np.cos(0.15), 0.0, np.sin(0.15), 0.0))
    shop.add(cylinder_block, METAL)
    fins = [box((0.25, 0.39, 0.012)).moved((0.82, 0.0, 0.5 + 0.04 * k)) for k in range(5)]
    covers = [cylinder(0.11, 0.05, 14).moved((0.66, s * 0.19, 0.4), _SIDEWAYS) for s in (1.0, -1.0)]
    shop.each([*fins, *covers], SECOND)
    shop.each([box((0.05, 0.34, 0.26)).moved((1.0, 0.0, 0.62))], TRIM)
    bends = [
        np.array([[0.93, y, 0.52], [1.02, y, 0.36], [0.92, 0.6 * y, 0.22], [0.6, -0.06, 0.2], [0.35, -0.12, 0.26]])
        for y in (0.1, -0.1)
    ]
    shop.each([tube(path[k : k + 2], 0.025, 6) for path in bends for k in range(4)], METAL, smooth_deg=50.0)
    can = sections(
        [(-0.16, 0.47, 0.055, 0.07), (-0.12, 0.46, 0.065, 0.08), (0.24, 0.33, 0.06, 0.07), (0.32, 0.3, 0.03, 0.03)], 12
    )
    shop.add(can.moved((0.0, -0.21, 0.0)), METAL, smooth_deg=50.0)
    arms = [tube([[0.0, y, 0.315], [0.3, y, 0.36], [0.52, 0.7 * y, 0.42]], 0.03, 6) for y in (0.12, -0.12)]
    shop.each(arms, SECOND)
    spars = [
        tube([[1.1, 0.3 * y, 0.88], [0.85, y, 0.74], [0.54, y, 0.6], [0.5, 0.8 * y, 0.4]], 0.035, 6)
        for y in (0.15, -0.15)
    ]
    rails = [tube([[0.6, y, 0.68], [0.2, 0.7 * y, 0.76], [-0.12, 0.5 * y, 0.83]], 0.016, 5) for y in (0.13, -0.13)]
    shop.add(join([*spars, *rails]), TRIM, solid=False)
    shop.solid += [
        hull(
            [
                [1.12, 0.03, 0.9],
                [1.12, -0.03, 0.85],
                [0.82, 0.19, 0.72],
                [0.82, -0.19, 0.72],
                [0.5, 0.18, 0.38],
                [0.5, -0.18, 0.38],
                [0.5, 0.1, 0.66],
                [0.5, -0.1, 0.66],
            ]
        )
    ]
    shop.each([cylinder(0.075, 0.03, 12).moved((0.0, 0.11, 0.315), _SIDEWAYS)], METAL)


def _upper(shop: Workshop, kind: str) -> None:
    """Tank, seat, tail, side panels, footpegs."""
    seat = SEATS[kind]
    z = seat.saddle[2]
    tank = sections(
        [
            (0.52, z - 0.01, 0.08, 0.07),
            (0.58, z + 0.03, 0.12, 0.11),
            (0.72, z + 0.08, 0.165, 0.13),
            (0.9, z + 0.09, 0.16, 0.12),
            (1.0, z + 0.06, 0.12, 0.1),
            (1.06, z + 0.03, 0.06, 0.06),
        ],
        14,
        2.6,
    )
    shop.add(tank, PAINT, smooth_deg=55.0)
    shop.add(cylinder(0.035, 0.02, 10).moved((0.84, 0.0, z + 0.215)), METAL, solid=False)
    up = 0.07 if kind != "tourer" else 0.04
    saddle = sections(
        [
            (0.62, z - 0.03, 0.07, 0.035),
            (0.5, z - 0.04, 0.1, 0.05),
            (0.32, z - 0.045, 0.14, 0.055),
            (0.2, z - 0.03, 0.13, 0.05),
        ][::-1],
        12,
        2.6,
    )
    pillion = sections(
        [
            (-0.16, z + up + 0.01, 0.06, 0.03),
            (-0.08, z + up, 0.1, 0.045),
            (0.1, z + up - 0.01, 0.115, 0.05),
            (0.19, z + up - 0.03, 0.09, 0.04),
        ],
        12,
        2.6,
    )
    shop.add(saddle, TRIM, smooth_deg=55.0)
    shop.add(pillion, TRIM, smooth_deg=55.0)
    tail = sections(
        [
            (-0.24, z + up - 0.02, 0.04, 0.025),
            (-0.14, z + up - 0.04, 0.09, 0.05),
            (0.1, z - 0.06, 0.12, 0.07),
            (0.4, z - 0.11, 0.13, 0.06),
            (0.55, z - 0.14, 0.1, 0.05),
        ],
        12,
        2.8,
    )
    shop.add(tail, PAINT, smooth_deg=55.0)
    x, y, peg = seat.peg
    pegs = [cylinder(0.016, 0.1, 8).moved((x, s * (y - 0.01), peg - 0.018), _SIDEWAYS) for s in (1.0, -1.0)]
    hangers = [tube([[0.5, s * 0.15, 0.42], [x, s * 0.17, peg - 0.01]], 0.016, 5) for s in (1.0, -1.0)]
    shop.each([*pegs, *hangers], METAL)
    guard = sections([(-0.42, 0.56, 0.06, 0.012), (-0.3, 0.64, 0.075, 0.02), (-0.1, 0.74, 0.07, 0.02)], 8, 4.0)
    shop.add(guard, TRIM)


def _fork(front: Workshop, seat: Seat, wheelbase: float) -> None:
    """Fork legs, yokes, handlebar, grips, levers, mirrors, mudguard, brake calipers."""
    gx, gy, gz = seat.grip
    legs = [tube([[wheelbase, y, 0.3], [1.27, y, 0.62]], 0.03, 8) for y in (0.1, -0.1)]
    upper = [tube([[1.28, y, 0.6], [1.12, y, 0.95]], 0.024, 8) for y in (0.1, -0.1)]
    front.each(legs, SECOND, smooth_deg=50.0)
    front.each([*upper, *(box((0.12, 0.28, 0.035)).moved((x, 0.0, z)) for x, z in ((1.18, 0.82), (1.11, 0.95)))], METAL)
    for s in (1.0, -1.0):
        bar = [
            [1.1, s * 0.05, 0.97],
            [1.06, s * 0.16, gz + 0.0],
            [gx + 0.03, s * (gy - 0.08), gz + 0.005],
            [gx - 0.02, s * (gy + 0.06), gz - 0.005],
        ]
        front.each([tube(bar[k : k + 2], 0.013, 6) for k in range(3)], TRIM)
        front.each(
            [tube([[gx + 0.025, s * (gy - 0.07), gz + 0.004], [gx - 0.02, s * (gy + 0.06), gz - 0.005]], 0.018, 8)],
            TRIM,
        )
        front.each([tube([[gx + 0.08, s * (gy - 0.1), gz], [gx + 0.07, s * (gy + 0.04), gz - 0.02]], 0.008, 5)], METAL)
        stem = tube([[gx + 0.06, s * (gy - 0.1), gz], [gx + 0.05, s * (gy + 0.02), gz + 0.17]], 0.008, 5)
        case = ellipsoid((0.02, 0.075, 0.045), 10, 6).moved((gx + 0.05, s * (gy + 0.04), gz + 0.19))
        front.each([stem, case], TRIM, smooth_deg=60.0)
    a = np.radians(np.linspace(20.0, 165.0, 9))
    path = np.stack([wheelbase + 0.325 * np.cos(a), np.zeros(9), 0.3 + 0.325 * np.sin(a)], -1)
    guard = tube(path, 0.05, 8)
    front.add(guard.scaled((1.0, 1.25, 1.0)), PAINT, solid=False, smooth_deg=55.0)
    front.solid += slab_hulls(guard, np.linspace(wheelbase - 0.36, wheelbase + 0.36, 7).tolist())
    front.each([box((0.1, 0.04, 0.09), 0.01).moved((wheelbase - 0.07, s * 0.1, 0.4)) for s in (1.0, -1.0)], TRIM)


def _fairing(shop: Workshop) -> None:
    """Full fairing with a low screen."""
    nose = sections(
        [(0.98, 0.86, 0.2, 0.12), (1.12, 0.86, 0.22, 0.16), (1.28, 0.82, 0.17, 0.13), (1.4, 0.78, 0.08, 0.06)], 16, 2.6
    )
    shop.add(nose, PAINT, smooth_deg=55.0)
    for s in (1.0, -1.0):
        panel = sections(
            [
                (0.5, 0.3, 0.02, 0.07),
                (0.7, 0.4, 0.03, 0.2),
                (0.95, 0.5, 0.035, 0.28),
                (1.12, 0.66, 0.03, 0.24),
                (1.2, 0.78, 0.02, 0.1),
            ],
            12,
            3.0,
        )
        shop.add(panel.moved((0.0, s * 0.22, 0.0)), PAINT, smooth_deg=55.0)
    screen = sections(
        [(1.0, 1.06, 0.13, 0.035), (1.1, 1.02, 0.15, 0.04), (1.24, 0.95, 0.12, 0.03), (1.3, 0.91, 0.06, 0.01)], 12
    )
    shop.add(screen, GLASS, smooth_deg=55.0)


def _touring(shop: Workshop) -> None:
    """A half fairing with a tall screen, panniers and a top case."""
    nose = sections(
        [(1.0, 0.9, 0.15, 0.1), (1.14, 0.9, 0.19, 0.14), (1.3, 0.86, 0.13, 0.1), (1.36, 0.84, 0.06, 0.05)], 14, 2.6
    )
    shop.add(nose, PAINT, smooth_deg=55.0)
    screen = box((0.012, 0.36, 0.42), 0.004).moved((1.13, 0.0, 1.2), (np.cos(0.28), 0.0, -np.sin(0.28), 0.0))
    shop.add(screen, GLASS)
    cases = [box((0.5, 0.22, 0.34), 0.05).moved((-0.08, s * 0.3, 0.68)) for s in (1.0, -1.0)]
    shop.each([*cases, box((0.36, 0.42, 0.28), 0.06).moved((-0.32, 0.0, 1.02))], SECOND, smooth_deg=50.0)
    rack = box((0.4, 0.2, 0.02)).moved((-0.25, 0.0, 0.875))
    shop.each([rack], TRIM)


def _lamps(bike: Bike, kind: str, variant: int) -> None:
    """Headlamp, tail and brake lamp, indicators, plate at the rear."""
    shop, front = bike.shop, bike.front
    z = SEATS[kind].saddle[2]
    if kind == "naked":
        case = ellipsoid((0.09, 0.1, 0.1), 12, 8).moved((1.2, 0.0, 0.9))
        front.add(case, TRIM, smooth_deg=60.0)
        front.lens(LOW_BEAM, (1.275, 0.0, 0.9), (0.03, 0.15, 0.15))
    else:
        shop.lens(LOW_BEAM, (1.36, 0.0, 0.8) if kind == "sport" else (1.35, 0.0, 0.86), (0.08, 0.16, 0.08))
    back = -0.25 if kind != "tourer" else -0.26
    shop.lens(TAIL, (back, 0.0, z + 0.055 if kind != "tourer" else z + 0.0), (0.04, 0.12, 0.03))
    shop.lens(BRAKE, (back, 0.0, z + 0.02 if kind != "tourer" else z - 0.035), (0.04, 0.1, 0.03))
    for s, light in ((1.0, LEFT), (-1.0, RIGHT)):
        shop.lens(light, (-0.22, s * 0.16, z - 0.04), (0.05, 0.07, 0.035))
        shop.each([tube([[-0.2, s * 0.03, z - 0.04], [-0.2, s * 0.13, z - 0.04]], 0.01, 5)], TRIM)
        front.lens(light, (1.2, s * 0.2, 0.86), (0.05, 0.07, 0.035))
        front.each([tube([[1.18, s * 0.1, 0.86], [1.18, s * 0.17, 0.86]], 0.01, 5)], TRIM)
    shop.add(box((0.02, 0.16, 0.2)).moved((-0.36, 0.0, 0.6), (np.cos(0.15), 0.0, np.sin(0.15), 0.0)), TRIM)
    _small_plate(shop, (-0.42, 0.0, 0.58), variant)
    red = Surface(class_name="motorcycle", base_color=(0.5, 0.01, 0.01), roughness=0.3, retro=0.4)
    shop.each([box((0.01, 0.06, 0.03)).moved((-0.415, 0.0, 0.46))], red)


def _small_plate(shop: Workshop, position: tuple[float, float, float], variant: int) -> None:
    """A plate of 0.2 x 0.16 m on its holder."""
    x, y, z = position
    shop.each([box((0.006, 0.2, 0.16)).moved((x + 0.004, y, z))], TRIM)
    face = plate_surface_of(shop.class_name, plate_text(variant, "us"), "us")
    shop.sheet([[x, y + 0.1, z - 0.08], [x, y - 0.1, z - 0.08], [x, y - 0.1, z + 0.08], [x, y + 0.1, z + 0.08]], face)


def build_scooter(variant: int, color: Color | None) -> Model:
    """A step-through scooter with 12 inch wheels."""
    paint = drawn_paint(variant, "scooter") if color is None else color
    rng = stream(variant, "scooter")
    bike = Bike.of("motorcycle", paint, linear(36, 36, 38), 1.3)
    shop, front = bike.shop, bike.front
    seat = SEATS["scooter"]
    z = seat.saddle[2]
    shell = sections(
        [
            (-0.36, 0.62, 0.05, 0.06),
            (-0.28, 0.58, 0.13, 0.15),
            (0.05, 0.54, 0.19, 0.2),
            (0.34, 0.5, 0.18, 0.2),
            (0.48, 0.42, 0.13, 0.14),
            (0.54, 0.36, 0.06, 0.06),
        ],
        16,
        2.8,
    )
    shop.add(shell, PAINT, smooth_deg=55.0)
    saddle = sections(
        [
            (-0.34, z - 0.01, 0.06, 0.03),
            (-0.24, z - 0.03, 0.12, 0.055),
            (0.02, z - 0.045, 0.15, 0.06),
            (0.12, z - 0.06, 0.15, 0.055),
            (0.4, z - 0.055, 0.12, 0.05),
            (0.52, z - 0.08, 0.06, 0.03),
        ],
        14,
        2.8,
    )
    shop.add(saddle, TRIM, smooth_deg=55.0)
    shop.add(box((0.62, 0.34, 0.09), 0.03).moved((0.7, 0.0, 0.275)), SECOND)
    engine = sections([(-0.1, 0.26, 0.08, 0.09), (0.05, 0.27, 0.13, 0.12), (0.4, 0.28, 0.12, 0.09)], 10, 3.0)
    shop.add(engine.moved((0.0, 0.05, 0.0)), SECOND)
    can = sections(
        [(-0.2, 0.3, 0.045, 0.05), (-0.16, 0.29, 0.055, 0.065), (0.14, 0.26, 0.05, 0.055), (0.2, 0.25, 0.02, 0.02)], 10
    )
    shop.add(can.moved((0.0, -0.18, 0.0)), METAL, smooth_deg=50.0)
    apron = sections(
        [(0.94, 0.34, 0.16, 0.1), (1.0, 0.5, 0.22, 0.22), (1.03, 0.66, 0.2, 0.24), (1.07, 0.74, 0.1, 0.12)], 14, 3.0
    )
    shop.add(apron, PAINT, smooth_deg=55.0)
    legs = [tube([[1.3, y, 0.23], [1.2, y, 0.42], [1.06, 0.4 * y, 0.8]], 0.022, 6) for y in (0.08, -0.08)]
    front.each(legs, TRIM)
    guard = sections(
        [(1.1, 0.38, 0.05, 0.05), (1.2, 0.44, 0.085, 0.06), (1.36, 0.45, 0.085, 0.05), (1.5, 0.36, 0.06, 0.03)], 12, 2.6
    )
    front.add(guard, PAINT, smooth_deg=55.0)
    gx, gy, gz = seat.grip
    head = sections(
        [
            (gx, gz, 0.09, 0.06),
            (gx + 0.06, gz + 0.01, 0.17, 0.075),
            (gx + 0.14, gz, 0.14, 0.07),
            (gx + 0.2, gz - 0.02, 0.06, 0.04),
        ],
        14,
        2.6,
    )
    front.add(head, PAINT, smooth_deg=55.0)
    front.each([tube([[1.04, 0.0, 0.8], [gx + 0.1, 0.0, gz]], 0.045, 8)], PAINT)
    for s in (1.0, -1.0):
        front.each([tube([[gx + 0.06, s * 0.1, gz + 0.005], [gx + 0.02, s * (gy - 0.06), gz + 0.005]], 0.013, 6)], TRIM)
        front.each(
            [tube([[gx + 0.015, s * (gy - 0.06), gz + 0.005], [gx - 0.02, s * (gy + 0.06), gz]], 0.018, 8)], TRIM
        )
        stem = tube([[gx + 0.05, s * 0.18, gz + 0.03], [gx + 0.03, s * 0.3, gz + 0.2]], 0.008, 5)
        case = ellipsoid((0.018, 0.06, 0.05), 10, 6).moved((gx + 0.03, s * 0.31, gz + 0.23))
        front.each([stem, case], TRIM, smooth_deg=60.0)
    front.lens(LOW_BEAM, (gx + 0.185, 0.0, gz - 0.01), (0.04, 0.14, 0.09))
    shop.lens(TAIL, (-0.355, 0.0, 0.66), (0.05, 0.16, 0.04))
    shop.lens(BRAKE, (-0.36, 0.0, 0.61), (0.05, 0.14, 0.04))
    for s, light in ((1.0, LEFT), (-1.0, RIGHT)):
        shop.lens(light, (-0.315, s * 0.13, 0.63), (0.05, 0.05, 0.06))
        shop.lens(light, (1.06, s * 0.19, 0.66), (0.05, 0.07, 0.05))
    shop.add(box((0.03, 0.14, 0.22)).moved((-0.34, 0.0, 0.42)), TRIM)
    _small_plate(shop, (-0.366, 0.0, 0.42), variant)
    if rng.uniform() < 0.4:
        shop.each([box((0.4, 0.42, 0.36), 0.04).moved((-0.42, 0.0, z + 0.2))], SECOND)
        shop.each([box((0.3, 0.2, 0.03)).moved((-0.34, 0.0, z + 0.015))], TRIM)
    return bike.model(
        "scooter",
        Hoop(radius=0.225, width=0.12, spokes=5),
        Hoop(radius=0.225, width=0.11, spokes=5),
        mass_kg=120.0,
        attributes=(("variant", str(variant)),),
    )


__all__ = ["SEATS", "STYLES", "build_motorcycle", "build_scooter", "drawn_paint", "drawn_style"]
