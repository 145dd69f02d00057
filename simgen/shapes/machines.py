"""Machines of field and site: the farm tractor and the wheel loader."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.records.model import Model
from simgen.rng import stream
from simgen.shapes.car_body import GLASS, GRILLE, HEAD, LEFT, RIGHT, TRIM, UNDER
from simgen.shapes.chassis import add_beam, lying
from simgen.shapes.coachwork import Panel, Shell
from simgen.shapes.colors import Color, linear
from simgen.shapes.finish import hull, slab_hulls
from simgen.shapes.heavy_wheels import Axle
from simgen.shapes.lattice import lattice, tube
from simgen.shapes.primitives import bar, box, cylinder
from simgen.shapes.soup import Soup, join
from simgen.shapes.workshop import METAL, SEAT, SECOND, THIRD, Workshop

CLASS: Final = "construction_vehicle"
#: body and rims
_FARMS: Final[tuple[tuple[Color, Color], ...]] = (
    (linear(40, 100, 44), linear(228, 190, 30)),
    (linear(176, 28, 30), linear(190, 190, 188)),
    (linear(40, 84, 150), linear(220, 220, 216)),
    (linear(226, 116, 24), linear(200, 200, 198)),
    (linear(90, 120, 60), linear(150, 36, 34)),
)


def _cab(shop: Workshop, low: float, high: float, half: float, bottom: float, roof: float) -> None:
    """A cab of glass on four posts, a roof that overhangs, work lamps, a seat and a wheel."""
    z = (bottom + 0.12, roof - 0.16)
    split = low + 0.42 * (high - low)
    shop.shell(
        Shell(
            rear=low,
            front=high,
            width=2.0 * half,
            sill=bottom,
            roof=roof,
            skin=TRIM,
            top=SECOND,
            inner=half - 0.2,
            front_depth=0.1,
            rear_depth=0.1,
            edge_m=0.03,
            crown=0.02,
            nose=((bottom, 0.0), (roof, 0.1)),
            panels=(
                Panel(zone="side", span=(low + 0.1, split - 0.04), z=z, tag=GLASS),
                Panel(zone="side", span=(split + 0.04, high - 0.14), z=z, tag=GLASS),
                Panel(zone="nose", span=(0.0, 0.93), z=(bottom + 0.3, z[1]), tag=GLASS),
                Panel(zone="tail", span=(0.0, 0.9), z=(bottom + 0.3, z[1]), tag=GLASS),
            ),
        )
    )
    middle, long = 0.5 * (low + high), high - low
    shop.each(
        [box((long + 0.16, 2.0 * half + 0.06, 0.14), 0.05).moved((middle, 0.0, roof + 0.02))], SECOND, smooth_deg=50.0
    )
    shop.each(
        [
            box((0.06, 0.16, 0.1), 0.01).moved((x, s * (half - 0.15), roof + 0.02))
            for x in (low - 0.07, high + 0.07)
            for s in (1.0, -1.0)
        ],
        METAL,
    )
    seat = [
        box((0.12, 0.46, 0.6), 0.03).moved((middle - 0.25, 0.0, bottom + 0.6)),
        box((0.42, 0.46, 0.14)).moved((middle, 0.0, bottom + 0.3)),
    ]
    shop.add(join(seat), SEAT, solid=False)
    a = np.linspace(0.0, 2.0 * np.pi, 11)
    rim = np.stack([middle + 0.45 + 0.07 * np.cos(a), 0.2 * np.sin(a), bottom + 0.75 + 0.18 * np.cos(a)], -1)
    shop.add(tube(rim, 0.016, 5), TRIM, solid=False)
    shop.beacon((low + 0.2, half - 0.2, roof + 0.08), "amber")


def build_tractor(variant: int) -> Model:
    """A farm tractor: tall lugged rear wheels, a narrow bonnet, a glazed cab, a three-point hitch."""
    rng = stream(variant, "tractor")
    body, rim = _FARMS[int(rng.integers(0, len(_FARMS)))]
    shop = Workshop(CLASS, body, second=linear(230, 230, 226) if variant % 2 else body, third=linear(40, 41, 43))
    base, rear_r, front_r = 2.55, 0.87, 0.6
    nose = base + 0.75
    shop.shell(
        Shell(
            rear=0.95,
            front=nose,
            width=0.86,
            sill=0.86,
            roof=1.68,
            inner=0.2,
            front_depth=0.3,
            front_power=3.0,
            edge_m=0.12,
            nose=((0.86, 0.1), (1.2, 0.0), (1.68, 0.12)),
            crown=0.06,
            panels=(
                Panel(zone="side", span=(1.5, nose - 0.35), z=(1.06, 1.42), tag=GRILLE),
                Panel(zone="nose", span=(0.0, 0.7), z=(0.98, 1.36), tag=GRILLE),
                Panel(zone="nose", span=(0.3, 0.92), z=(1.42, 1.54), tag=HEAD),
            ),
        )
    )
    shop.each(
        [box((2.9, 0.46, 0.5)).moved((1.2, 0.0, 0.78)), box((0.5, 0.5, 0.36), 0.03).moved((nose - 0.05, 0.0, 0.75))],
        THIRD,
    )
    for x, r in ((0.0, rear_r), (base, front_r)):
        add_beam(shop, x, r, 1.3)
    _cab(shop, -0.35, 1.0, 0.72, 1.15, 2.72)
    _fenders(shop, rear_r)
    shop.each([cylinder(0.05, 1.3, 10).moved((1.32, -0.5, 2.1))], METAL)
    arms = [bar([-0.3, s * 0.3, 0.62], [-1.05, s * 0.38, 0.5], 0.06, 0.09) for s in (1.0, -1.0)]
    shop.each([*arms, bar([-0.3, 0.0, 1.0], [-0.95, 0.0, 0.95], 0.05, 0.05)], UNDER)
    steps = [box((0.35, 0.3, 0.04)).moved((1.15, s * 0.75, z)) for s in (1.0, -1.0) for z in (0.5, 0.8)]
    shop.each(steps, TRIM)
    for s, light in ((1.0, LEFT), (-1.0, RIGHT)):
        for x in (0.98, -0.62):
            shop.add(box((0.06, 0.12, 0.08)).moved((x, s * 0.95, 1.62)), light)
    shop.each([box((0.06, 0.1, 0.14)).moved((-0.62, s * 0.78, 1.62)) for s in (1.0, -1.0)], 4)
    shop.mirror(0.95, 1.0, 1.95, (0.9, 0.7, 2.3), (0.08, 0.16, 0.3))
    shop.plate((-0.66, 0.0, 1.3), variant, rear=True)
    axles = (
        Axle(name="rear", x=0.0, outer=1.12, radius=rear_r, width=0.52, rim=0.52, lugs=16),
        Axle(name="front", x=base, outer=1.02, radius=front_r, width=0.4, rim=0.5, steer=True, lugs=14),
    )
    return shop.model(
        "tractor",
        axles,
        rim=rim,
        mass_kg=5500.0,
        wheelbase_m=base,
        coupling=(-0.75, 0.0, 0.45),
        attributes=(("variant", str(variant)),),
    )


def _fenders(shop: Workshop, radius: float) -> None:
    """Broad bands over the rear wheels, in the body's colour."""
    a = np.radians(np.linspace(35.0, 150.0, 8))
    r = radius + 0.09
    for s in (1.0, -1.0):
        y0, y1 = sorted((s * 0.66, s * 1.1))
        low = np.stack([r * np.cos(a), np.full(8, y0), radius + r * np.sin(a)], -1)
        high = low + np.array([0.0, y1 - y0, 0.0])
        thick = np.stack([np.cos(a), np.zeros(8), np.sin(a)], -1) * 0.03
        sheet = lattice(np.stack([low, high, high + thick, low + thick, low])).flipped()
        shop.add(sheet, 0, solid=False)
        shop.solid += slab_hulls(sheet, (r * np.cos(a[::-1])).tolist())


def build_wheel_loader(variant: int) -> Model:
    """A wheel loader: bucket on lift arms, cab in the middle, engine over the rear axle. Its origin: the rear axle."""
    yellow = (linear(236, 172, 20), linear(240, 190, 40), linear(226, 120, 24))[variant % 3]
    shop = Workshop(CLASS, yellow, second=yellow, third=linear(48, 50, 52))
    base, r = 3.0, 0.74
    rear = -1.55
    shop.shell(
        Shell(
            rear=rear,
            front=0.75,
            width=1.6,
            sill=0.82,
            roof=2.0,
            inner=0.4,
            rear_depth=0.25,
            rear_power=3.0,
            edge_m=0.12,
            tail=((0.82, 0.25), (1.2, 0.0), (2.0, 0.2)),
            crown=0.06,
            panels=(
                Panel(zone="side", span=(-1.2, 0.1), z=(1.5, 1.85), tag=GRILLE),
                Panel(zone="tail", span=(0.0, 0.7), z=(1.2, 1.8), tag=GRILLE),
                Panel(zone="side", span=(rear, 0.75), z=(0.82, 1.0), tag=THIRD),
            ),
        )
    )
    shop.each([box((2.2, 0.9, 0.5)).moved((2.3, 0.0, 0.95)), box((0.6, 0.5, 0.8)).moved((1.25, 0.0, 0.85))], THIRD)
    shop.each([box((0.7, 1.0, 0.9), 0.05).moved((2.75, 0.0, 1.5))], 0)
    for x in (0.0, base):
        add_beam(shop, x, r, 1.5)
    _cab(shop, 0.55, 1.85, 0.7, 1.35, 3.2)
    for s in (1.0, -1.0):
        for x in (0.0, base):
            shop.each([box((1.3, 0.5, 0.05)).moved((x, s * 1.0, 2.0 * r + 0.08))], 0)
    _bucket(shop, base)
    for s, light in ((1.0, LEFT), (-1.0, RIGHT)):
        shop.add(box((0.06, 0.14, 0.1)).moved((rear + 0.12, s * 0.66, 1.08)), light)
        shop.add(box((0.06, 0.14, 0.1)).moved((3.55, s * 0.62, 1.95)), light)
        shop.add(box((0.06, 0.14, 0.1)).moved((rear + 0.12, s * 0.5, 1.08)), 4)
        shop.add(box((0.06, 0.16, 0.14)).moved((3.55, s * 0.44, 1.95)), HEAD)
    shop.each([box((0.04, 1.3, 0.22)).moved((3.52, 0.0, 1.95))], TRIM)
    shop.mirror(1.9, 0.95, 2.6, (1.75, 0.68, 2.95), (0.08, 0.16, 0.32))
    shop.plate((rear + 0.0, 0.0, 1.1), variant, rear=True)
    axles = tuple(
        Axle(name=name, x=x, outer=1.25, radius=r, width=0.55, rim=0.5, lugs=13, steer=name == "front")
        for name, x in (("rear", 0.0), ("front", base))
    )
    return shop.model(
        "wheel_loader", axles, rim=yellow, mass_kg=13000.0, wheelbase_m=base, attributes=(("variant", str(variant)),)
    )


def _bucket(shop: Workshop, base: float) -> None:
    """Lift arms, the tilt link, rams, and a bucket with teeth just over the ground."""
    for s in (1.0, -1.0):
        shop.each(
            [
                bar([2.7, s * 0.42, 1.9], [base + 1.05, s * 0.42, 1.25], 0.1, 0.28),
                bar([base + 1.05, s * 0.42, 1.3], [base + 1.55, s * 0.42, 0.55], 0.1, 0.24),
            ],
            0,
        )
        shop.each([tube([[2.6, s * 0.42, 1.25], [base + 0.75, s * 0.42, 1.3]], 0.06, 8)], METAL)
    shop.each(
        [
            bar([2.85, 0.0, 2.0], [base + 1.0, 0.0, 1.65], 0.12, 0.2),
            bar([base + 1.0, 0.0, 1.7], [base + 1.5, 0.0, 0.95], 0.1, 0.14),
        ],
        0,
    )
    x, z = base + 1.5, 0.12
    outer = np.array(
        [
            [x, z + 0.2],
            [x + 0.2, z],
            [x + 1.05, z],
            [x + 1.05, z + 0.03],
            [x + 0.24, z + 0.05],
            [x + 0.06, z + 0.24],
            [x + 0.06, z + 0.85],
            [x + 0.3, z + 1.08],
            [x + 0.28, z + 1.12],
            [x, z + 0.88],
        ]
    )
    profile = lying(outer, -1.3, 1.3)
    shop.add(_across(profile), 0, solid=False)
    # the round back below, which no plate covers
    curl = [[a, y, b] for a, b in (outer[0], outer[1], outer[4], outer[5]) for y in (-1.3, 1.3)]
    shop.solid.append(hull(curl))
    plates = [np.array([[x, z + 0.2], [x + 0.2, z], [x + 1.0, z], [x + 0.3, z + 1.08], [x, z + 0.88]])]
    for y in (1.28, -1.28):
        side = lying(plates[0], y - 0.02, y + 0.02)
        shop.add(_across(side), 0)
    shop.each(
        [box((0.9, 2.6, 0.06)).moved((x + 0.6, 0.0, z + 0.02)), box((0.08, 2.6, 0.8)).moved((x + 0.03, 0.0, z + 0.52))],
        0,
    )
    shop.each([box((0.36, 2.6, 0.06)).moved((x + 0.16, 0.0, z + 0.98), (np.cos(0.38), 0.0, -np.sin(0.38), 0.0))], 0)
    teeth = [box((0.24, 0.09, 0.05)).moved((x + 1.12, float(y), z + 0.02)) for y in np.linspace(-1.2, 1.2, 8)]
    shop.each(teeth, METAL)


def _across(body: Soup) -> Soup:
    """A body drawn along x, whose profile was (y, z), turned so that it runs along y with the profile in (x, z)."""
    return Soup(body.vertices[:, [1, 0, 2]], body.triangles[:, ::-1], body.tags)


__all__ = ["build_tractor", "build_wheel_loader"]
