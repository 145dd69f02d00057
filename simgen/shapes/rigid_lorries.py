"""Lorries in one piece: box truck, fire engine, refuse collection vehicle."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from simgen.records.mesh import Surface
from simgen.records.model import Model
from simgen.rng import stream
from simgen.shapes.cabs import Cab, add_cab
from simgen.shapes.car_body import GAP, PAINT, TRIM, UNDER
from simgen.shapes.chassis import add_beam, add_frame, add_mudguard, add_side_guard, add_tank, add_underrun, box_side
from simgen.shapes.coachwork import Panel, Shell
from simgen.shapes.colors import Color, linear
from simgen.shapes.heavy_wheels import Axle
from simgen.shapes.lattice import tube
from simgen.shapes.liveries import chevrons, lettered, scheme_of
from simgen.shapes.primitives import box, cylinder, prism
from simgen.shapes.soup import Soup
from simgen.shapes.trailer_bodies import add_box
from simgen.shapes.workshop import METAL, THIRD, Workshop

_RADIUS, _FLOOR = 0.48, 1.05


def build_box_truck(
    color: Color, box_color: Color | None, variant: int, size: tuple[float, float, float], name: str = "truck"
) -> Model:
    """A two-axle lorry with a box body; ``size``: length, width and height."""
    length, width, height = size
    wheelbase = 0.54 * length
    front, half = wheelbase + 1.3, 0.5 * width
    rear = front - length
    look = int(stream(variant, "truck", "look").integers(0, 3))
    shop = Workshop("truck", color, second=linear(46, 48, 52) if look == 1 else color)
    cab = Cab(
        front=front,
        axle=wheelbase,
        length=1.82,
        width=width - 0.1,
        height=min(2.8, height - 0.1),
        top=0.0,
        wheel=_RADIUS,
        look=look,
    )
    add_cab(shop, cab)
    ground = scheme_of(variant)[0] if box_color is None else box_color
    cargo = Workshop("truck", ground)
    cargo.palette, cargo.builder, cargo.solid = shop.palette, shop.builder, shop.solid
    add_box(cargo, rear + 0.03, front - 1.82 - 0.12, _FLOOR, height, variant, half=half - 0.012)
    _lorry_chassis(shop, rear, front, wheelbase, half, variant)
    if height > cab.height + 0.5:
        _deflector(shop, cab, height)
    return shop.model(
        name,
        _two_axles(wheelbase, half),
        mass_kg=7500.0 * length / 8.2,
        wheelbase_m=wheelbase,
        attributes=(("color", str(color)), ("variant", str(variant))),
    )


def _two_axles(wheelbase: float, half: float) -> tuple[Axle, ...]:
    return (
        Axle(name="rear", x=0.0, outer=half - 0.02, radius=_RADIUS, width=0.26, twin=True),
        Axle(name="front", x=wheelbase, outer=half - 0.05, radius=_RADIUS, width=0.29, steer=True, bulge=True),
    )


def _deflector(shop: Workshop, cab: Cab, height: float) -> None:
    """A wind deflector on the cab's roof."""
    top = min(height - 0.1, cab.height + 0.75)
    shop.shell(
        Shell(
            rear=cab.rear + 0.15,
            front=cab.rear + 1.2,
            width=cab.width - 0.5,
            sill=cab.height - 0.12,
            roof=top,
            nose=((cab.height - 0.12, 0.0), (top, 0.75)),
            front_depth=0.95,
            front_power=2.4,
            inner=0.2,
            edge_m=0.06,
            crown=0.02,
            under=PAINT,
        )
    )


def _lorry_chassis(shop: Workshop, rear: float, front: float, wheelbase: float, half: float, variant: int) -> None:
    """Frame, axles, tank, battery box, guards, lamps, plates."""
    add_frame(shop, rear + 0.08, front - 0.5, _FLOOR - 0.02)
    for x in (0.0, wheelbase):
        add_beam(shop, x, _RADIUS - (0.04 if x else 0.0), 2.0 * half - 0.9)
    add_mudguard(shop, 0.0, _RADIUS, half - 0.01, 0.56, 58.0)
    add_tank(shop, wheelbase - 1.45, half - 0.34, 0.66, 0.9, side=1.0, round_=variant % 2 == 0)
    shop.each([box((0.75, 0.42, 0.45), 0.03).moved((wheelbase - 1.4, -(half - 0.25), 0.7))], TRIM)
    if wheelbase > 3.4:
        add_side_guard(shop, 0.75, wheelbase - 2.0, half - 0.05)
    add_underrun(shop, rear, 2.0 * half - 0.2)
    shop.each([box((0.1, 2.0 * half - 0.16, 0.2)).moved((rear + 0.08, 0.0, 0.88))], TRIM)
    shop.rear_lamps(rear + 0.0, half - 0.06, 0.88, 0.13, 0.11)
    shop.plate((rear + 0.022, 0.0, 0.88), variant, rear=True)
    shop.plate((front + 0.002, 0.0, 0.49), variant)
    shop.side_markers(np.linspace(rear + 0.5, wheelbase - 1.0, 3).tolist(), half - 0.012, _FLOOR - 0.05)


def build_fire_engine(variant: int, color: Color) -> Model:
    """A pumper with a crew cab: roller shutters, ladder on the roof, blue lights, stripes, chevrons at the rear."""
    wheelbase, length = 4.4, 8.0
    front = wheelbase + 1.45
    rear, cab_rear = front - length, front - 2.75
    white = linear(236, 236, 232)
    shop = Workshop("emergency_vehicle", color, second=white, third=linear(214, 224, 40))
    add_cab(
        shop,
        Cab(
            front=front,
            axle=wheelbase,
            length=2.75,
            width=2.46,
            height=2.95,
            top=0.0,
            wheel=0.5,
            crew=True,
            look=variant % 3,
        ),
    )
    high = cab_rear - 0.06
    bays = np.linspace(rear + 0.1, high - 0.08, 4)
    doors = []
    for a, b in pairwise(bays):
        low = 1.12 if a < 0.62 and b > -0.62 else 0.66
        doors.append(Panel(zone="side", span=(float(a) + 0.05, float(b) - 0.05), z=(low, 2.5), tag=METAL))
        doors += [
            Panel(zone="side", span=(float(a) + 0.05, float(b) - 0.05), z=(float(z), float(z) + 0.02), tag=GAP)
            for z in np.arange(low + 0.18, 2.45, 0.26)
        ]
    shop.shell(
        Shell(
            rear=rear,
            front=high,
            width=2.5,
            sill=0.52,
            roof=2.98,
            arches=((0.0, 0.6, 0.5),),
            inner=0.6,
            front_depth=0.06,
            rear_depth=0.06,
            edge_m=0.05,
            crown=0.02,
            panels=(
                *doors,
                Panel(zone="tail", span=(0.0, 0.62), z=(0.9, 2.5), tag=METAL),
                Panel(zone="side", span=(rear, high), z=(2.56, 2.74), tag=THIRD),
            ),
        )
    )
    add_frame(shop, rear + 0.2, front - 0.5, 0.96)
    for x in (0.0, wheelbase):
        add_beam(shop, x, 0.5 - (0.05 if x else 0.0), 1.6)
    _fire_gear(shop, rear, high, front)
    words = lettered("emergency_vehicle", ("FIRE RESCUE", "FIRE BRIGADE", "FIRE DEPT")[variant % 3], color, white, 8)
    for s in (1.0, -1.0):
        shop.sheet(box_side(front - 2.6, front - 0.5, 1.24, 1.5, s * 1.236), words)
        shop.contour([box((2.5, 0.004, 0.16)).moved((front - 1.45, s * 1.233, 1.08))], (0.62, 0.68, 0.05))
    shop.sheet(
        [[rear - 0.012, 1.1, 0.66], [rear - 0.012, -1.1, 0.66], [rear - 0.012, -1.1, 0.88], [rear - 0.012, 1.1, 0.88]],
        chevrons("emergency_vehicle"),
    )
    shop.rear_lamps(rear + 0.0, 1.22, 1.02, 0.14, 0.09)
    shop.plate((rear - 0.02, 0.0, 0.6), variant, rear=True)
    shop.plate((front + 0.002, 0.0, 0.49), variant)
    axles = (
        Axle(name="rear", x=0.0, outer=1.23, radius=0.5, width=0.28, twin=True),
        Axle(name="front", x=wheelbase, outer=1.2, radius=0.5, width=0.3, steer=True, bulge=True),
    )
    return shop.model(
        "fire_engine",
        axles,
        rim=(0.55, 0.55, 0.56),
        mass_kg=14000.0,
        wheelbase_m=wheelbase,
        attributes=(("variant", str(variant)),),
    )


def _fire_gear(shop: Workshop, rear: float, high: float, front: float) -> None:
    """Ladder and hard suction hoses on the roof, light bars, bumper lamps, a pump at the rear."""
    z = 3.1
    ladder = [
        box((high - rear - 0.2, 0.05, 0.1)).moved((0.5 * (rear + high), y, z + dz))
        for y in (0.15, 0.6)
        for dz in (0.0, 0.14)
    ]
    rungs = [
        box((0.03, 0.45, 0.03)).moved((float(x), 0.375, z + 0.07)) for x in np.linspace(rear + 0.3, high - 0.3, 12)
    ]
    shop.each(ladder, METAL)
    shop.each(rungs, METAL)
    hoses = [
        cylinder(0.07, 2.6, 8).moved((0.5 * (rear + high), y, 3.05), (0.5**0.5, 0.0, 0.5**0.5, 0.0))
        for y in (-0.4, -0.62)
    ]
    shop.each(hoses, TRIM)
    shop.light_bar((front - 0.95, 0.0, 2.94), 1.9, "blue")
    for s, state in ((1.0, "beacon"), (-1.0, "beacon_other")):
        shop.beacon((rear + 0.2, s * 1.05, 2.97), "blue", state, 0.09)
    mast = cylinder(0.05, 0.5, 8).moved((high - 0.2, -0.1, 3.2))
    shop.each([mast, box((0.14, 0.5, 0.16), 0.02).moved((high - 0.2, -0.1, 3.44))], TRIM)


def build_garbage_truck(variant: int, color: Color, body_color: Color) -> Model:
    """A rear loader: a ribbed body, a hopper with a tailgate that leans back, amber beacons, a rear platform."""
    wheelbase, half, length = 4.3, 1.25, 8.6
    front = wheelbase + 1.35
    rear = front - length
    shop = Workshop("truck", color, second=linear(46, 48, 52), third=body_color)
    add_cab(
        shop,
        Cab(front=front, axle=wheelbase, length=1.8, width=2.46, height=2.85, top=0.0, wheel=0.5, look=variant % 3),
    )
    high, gate = front - 2.0, rear + 1.75
    ribs = np.linspace(gate + 0.5, high - 0.35, 6)
    shop.shell(
        Shell(
            rear=gate,
            front=high,
            width=2.46,
            sill=1.1,
            roof=3.35,
            skin=THIRD,
            top=THIRD,
            inner=0.4,
            flank=((1.1, 0.1), (1.4, 0.0), (3.35, 0.0)),
            edge_m=0.3,
            crown=0.06,
            front_depth=0.08,
            rear_depth=0.05,
        )
    )
    shop.each([box((0.1, 2.5, 1.75)).moved((float(x), 0.0, 2.2)) for x in ribs], THIRD)
    tail = np.array(
        [
            [gate + 0.02, 1.1],
            [gate + 0.02, 3.32],
            [gate - 0.45, 3.3],
            [rear + 0.12, 2.35],
            [rear + 0.02, 1.45],
            [rear + 0.12, 0.95],
            [gate - 0.5, 0.82],
        ]
    )
    _prism_along_y(shop, tail, 1.22, THIRD)
    mouth = np.array([[rear + 0.0, 1.5], [rear + 0.1, 2.3]])
    sheet = [
        [mouth[0, 0] - 0.004, 0.95, 1.5],
        [mouth[0, 0] - 0.004, -0.95, 1.5],
        [mouth[1, 0] - 0.004, -0.95, 2.3],
        [mouth[1, 0] - 0.004, 0.95, 2.3],
    ]
    dark = Surface(class_name="truck", base_color=(0.015, 0.015, 0.015), roughness=0.9, heat="body")
    shop.sheet(sheet, dark)
    a, b = rear + 0.092, rear + 0.032
    shop.sheet([[a, 1.15, 1.06], [a, -1.15, 1.06], [b, -1.15, 1.36], [b, 1.15, 1.36]], chevrons("truck"))
    rails = [tube([[rear + 0.3, s * 1.26, 1.3], [rear + 0.3, s * 1.26, 2.1]], 0.02, 6) for s in (1.0, -1.0)]
    shop.each([*rails, *(box((0.5, 0.3, 0.04)).moved((rear + 0.25, s * 1.05, 0.5)) for s in (1.0, -1.0))], METAL)
    add_frame(shop, rear + 0.4, front - 0.5, 1.0)
    for x in (0.0, wheelbase):
        add_beam(shop, x, 0.5 - (0.05 if x else 0.0), 1.6)
    add_mudguard(shop, 0.0, 0.5, half - 0.02, 0.58, 60.0)
    add_tank(shop, wheelbase - 1.5, 0.9, 0.66, 0.9, side=1.0)
    add_side_guard(shop, 0.8, wheelbase - 2.1, half - 0.06)
    shop.each([box((0.1, 2.3, 0.18)).moved((rear + 0.35, 0.0, 0.78))], TRIM)
    shop.rear_lamps(rear + 0.27, 1.15, 0.78, 0.13, 0.1)
    shop.plate((rear + 0.29, 0.0, 0.78), variant, rear=True)
    shop.plate((front + 0.002, 0.0, 0.49), variant)
    shop.beacon((front - 0.8, 0.7, 2.83), "amber")
    shop.beacon((gate - 0.2, -0.8, 3.3), "amber", "beacon_other")
    axles = (
        Axle(name="rear", x=0.0, outer=half - 0.02, radius=0.5, width=0.28, twin=True),
        Axle(name="front", x=wheelbase, outer=half - 0.05, radius=0.5, width=0.3, steer=True, bulge=True),
    )
    return shop.model(
        "garbage_truck", axles, mass_kg=13000.0, wheelbase_m=wheelbase, attributes=(("variant", str(variant)),)
    )


def _prism_along_y(shop: Workshop, outline: np.ndarray, half: float, tag: int) -> None:
    """A convex (x, z) outline drawn out across, from -half to half."""
    area = np.roll(outline, -1, 0)
    turn = float((outline[:, 0] * area[:, 1] - area[:, 0] * outline[:, 1]).sum())
    flat = prism(outline if turn > 0.0 else outline[::-1], -half, half)
    # (x, z, y): a mirror, so the winding turns
    body = Soup(flat.vertices[:, [0, 2, 1]], flat.triangles[:, ::-1], flat.tags)
    shop.add(body, tag, smooth_deg=20.0)


__all__ = ["UNDER", "build_box_truck", "build_fire_engine", "build_garbage_truck"]
