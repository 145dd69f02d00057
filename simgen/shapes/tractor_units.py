"""The tractor unit: a cab on a short frame with a fifth wheel."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.records.model import Model, Vector3
from simgen.rng import stream
from simgen.shapes.cabs import Cab, add_cab
from simgen.shapes.car_body import TRIM, UNDER
from simgen.shapes.chassis import add_beam, add_frame, add_mudguard, add_tank
from simgen.shapes.colors import PAINTS, Color, linear, resolve
from simgen.shapes.heavy_wheels import Axle
from simgen.shapes.primitives import box, cylinder
from simgen.shapes.workshop import METAL, Workshop

WHEELBASE: Final = 3.7
FRONT: Final = WHEELBASE + 1.38
REAR: Final = -0.98
#: kingpin's place, in the root frame
FIFTH_WHEEL: Final[Vector3] = (0.58, 0.0, 1.15)
RADIUS: Final = 0.505

#: what hauliers' cabs are painted
CAB_PAINTS: Final[tuple[Color, ...]] = (
    PAINTS["white"], PAINTS["white"], linear(24, 60, 130), linear(168, 22, 26), PAINTS["silver"], linear(210, 120, 20),
    linear(30, 96, 62), linear(40, 44, 52), linear(226, 186, 30), linear(20, 110, 150),
)  # fmt: skip


def cab_color(color: str | Color | None, variant: int) -> Color:
    """The colour asked for, or the variant's."""
    if color is not None:
        return resolve("color", color, PAINTS)
    return CAB_PAINTS[int(stream(variant, "cab", "color").integers(0, len(CAB_PAINTS)))]


def build_tractor_unit(color: str | Color | None, variant: int, cab: str) -> Model:
    """The whole vehicle, origin below the driven axle."""
    rng = stream(variant, "tractor_unit")
    paint = cab_color(color, variant)
    bumper = paint if rng.uniform() < 0.5 else linear(48, 50, 54)
    shop = Workshop("truck", paint, second=bumper)
    high = cab == "high" or (cab == "auto" and rng.uniform() < 0.75)
    look = int(rng.integers(0, 3))
    top = 3.82 if high else 0.0
    add_cab(shop, Cab(front=FRONT, axle=WHEELBASE, top=top, height=2.95 if high else 3.05, wheel=RADIUS, look=look))
    _behind_the_cab(shop, high)
    _rear(shop, variant)
    shop.plate((FRONT + 0.002, 0.0, 0.49), variant)
    axles = (
        Axle(name="rear", x=0.0, outer=1.245, radius=RADIUS, width=0.29, twin=True),
        Axle(name="front", x=WHEELBASE, outer=1.22, radius=RADIUS, width=0.32, steer=True, bulge=True),
    )
    rim = (0.62, 0.62, 0.63) if rng.uniform() < 0.4 else (0.36, 0.36, 0.37)
    return shop.model(
        "tractor_unit", axles, rim=rim, mass_kg=8200.0, wheelbase_m=WHEELBASE, coupling=FIFTH_WHEEL,
        attributes=(("color", str(color)), ("variant", str(variant))),
    )  # fmt: skip


def _behind_the_cab(shop: Workshop, high: bool) -> None:
    """Frame, tanks, boxes, catwalk, air lines and the wind deflectors beside the gap."""
    add_frame(shop, REAR, FRONT - 0.5, 0.98)
    add_beam(shop, 0.0, RADIUS, 1.5)
    add_beam(shop, WHEELBASE, RADIUS - 0.06, 1.6)
    cab_rear = FRONT - 2.28
    add_tank(shop, 1.6, 0.88, 0.66, 1.15, side=1.0, round_=False)
    add_tank(shop, 1.6, 0.88, 0.66, 1.15, side=-1.0, round_=False)
    shop.add(box((1.3, 0.8, 0.03)).moved((1.75, 0.0, 1.0)), METAL)
    side = [box((1.16, 0.03, 0.5)).moved((1.6, s * 1.19, 0.62)) for s in (1.0, -1.0)]
    shop.each(side, 0)
    hoses = [cylinder(0.02, 0.5, 6).moved((cab_rear - 0.06, y, 1.75)) for y in (-0.2, 0.0, 0.2)]
    shop.each(hoses, TRIM)
    top = 3.6 if high else 2.6
    fins = [box((0.14, 0.03, top - 1.1)).moved((cab_rear - 0.07, s * 1.19, 0.5 * (top + 1.1))) for s in (1.0, -1.0)]
    shop.each(fins, 0)


def _rear(shop: Workshop, variant: int) -> None:
    """Fifth wheel, mudguards, lamps and plate."""
    x, _, z = FIFTH_WHEEL
    plate = cylinder(0.46, 0.05, 18).moved((x, 0.0, z - 0.03))
    shop.add(plate, UNDER)
    shop.add(box((0.5, 0.7, 0.14)).moved((x, 0.0, z - 0.12)), UNDER)
    ramp = box((0.5, 0.3, 0.03)).moved((0.0, 0.0, 0.0), (np.cos(0.1), 0.0, -np.sin(0.1), 0.0))
    for s in (1.0, -1.0):
        shop.add(ramp.moved((x - 0.62, s * 0.22, z - 0.08)), UNDER)
    add_mudguard(shop, 0.0, RADIUS, 1.24, 0.62)
    shop.add(box((0.1, 2.3, 0.2)).moved((REAR + 0.06, 0.0, 0.72)), TRIM)
    shop.rear_lamps(REAR - 0.02, 1.16, 0.72)
    shop.plate((REAR - 0.001, 0.0, 0.72), variant, rear=True)


__all__ = ["CAB_PAINTS", "FIFTH_WHEEL", "build_tractor_unit", "cab_color"]
