"""Buses: the low-floor city bus, the coach, and the yellow school bus of the United States."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.records.mesh import Surface
from simgen.records.model import Joint, Link, Model
from simgen.rng import stream
from simgen.shapes.beacons import beacon_lamp, beacon_lens
from simgen.shapes.builder import MeshBuilder
from simgen.shapes.car_body import GAP, GLASS, GRILLE, TRIM
from simgen.shapes.chassis import box_side
from simgen.shapes.coaches import (
    Saloon,
    display,
    door_panels,
    furnish,
    head_lamps,
    tail_lamps,
    window_panels,
)  # fmt: skip
from simgen.shapes.coachwork import Panel, Shell
from simgen.shapes.colors import Color, linear
from simgen.shapes.finish import hull
from simgen.shapes.heavy_wheels import Axle
from simgen.shapes.lattice import tube
from simgen.shapes.liveries import PLACES, lettered, side_picture
from simgen.shapes.primitives import box, prism
from simgen.shapes.signs import regular
from simgen.shapes.soup import Soup, join
from simgen.shapes.workshop import METAL, SECOND, THIRD, Workshop

SCHOOL_YELLOW: Final = linear(236, 160, 12)
_RADIUS: Final = 0.48


def build_city_bus(color: Color, variant: int, length: float, width: float, height: float) -> Model:
    """A rigid low-floor bus with two doors on the right (three from 11 m on)."""
    rng = stream(variant, "bus")
    wheelbase = 5.9 * length / 12.0
    front = wheelbase + 2.7 * length / 12.0
    rear, half = front - length, 0.5 * width
    second = (color, linear(232, 233, 231), linear(40, 42, 48))[int(rng.integers(0, 3))]
    shop = Workshop("bus", color, second=second, third=linear(60, 62, 66))
    lintel, belt = height - 0.62, 1.02
    doors = [(front - 1.62, front - 0.42), (0.5 * wheelbase - 0.35, 0.5 * wheelbase + 0.95)]
    if length > 11.0:
        doors.append((-2.05, -0.8))
    room = Saloon(low=rear + 0.75, high=front - 0.42, half=half, floor=0.38, belt=belt, lintel=lintel, roof=height,
                  doors=tuple(doors))  # fmt: skip
    stripe = (0.34, 0.62) if rng.uniform() < 0.5 else (lintel + 0.06, height - 0.2)
    panels = (
        Panel(zone="side", span=(rear, front), z=stripe, tag=SECOND),
        *window_panels(room, 7),
        *door_panels(room, 0.34),
        Panel(zone="nose", span=(0.0, 1.0), z=(0.8, height - 0.12), tag=TRIM),
        Panel(zone="nose", span=(0.0, 0.975), z=(0.86, lintel + 0.02), tag=GLASS),
        Panel(zone="nose", span=(0.0, 0.7), z=(lintel + 0.08, height - 0.16), tag=GLASS),
        *head_lamps(0.52, 0.7),
        Panel(zone="tail", span=(0.0, 0.86), z=(1.5, lintel), tag=GLASS),
        Panel(zone="tail", span=(0.0, 0.7), z=(0.5, 1.3), tag=SECOND),
        *(Panel(zone="tail", span=(0.0, 0.7), z=(z, z + 0.025), tag=GAP) for z in (0.5, 0.7, 0.9, 1.1, 1.28)),
        *tail_lamps(0.75, 1.45),
    )
    shop.shell(
        Shell(
            rear=rear, front=front, width=width, sill=0.3, roof=height - 0.02, panels=panels,
            nose=((0.3, 0.06), (0.5, 0.0), (0.85, 0.0), (lintel, 0.12), (height, 0.2)),
            arches=((0.0, 0.6, _RADIUS), (wheelbase, 0.6, _RADIUS)), inner=half - 0.42,
            front_depth=0.32, front_power=3.4, rear_depth=0.16, crown=0.07, edge_m=0.14,
        )
    )  # fmt: skip
    furnish(shop, room, 0.86)
    _roof_units(shop, rear, front, height, width)
    place, number = PLACES[int(rng.integers(0, len(PLACES)))], str(int(rng.integers(1, 300)))
    low, high = lintel + 0.1, height - 0.18
    a, b = (front - 0.12 - 0.08 * (z - lintel) / (height - lintel) + 0.006 for z in (low, high))
    sign = [[a, -0.7, low], [a, 0.7, low], [b, 0.7, high], [b, -0.7, high]]
    display(shop, sign, f"{number} {place}")
    side_z = lintel - 0.28
    display(
        shop, box_side(doors[0][0] - 1.3, doors[0][0] - 0.35, side_z, side_z + 0.22, -half - 0.004).tolist(), number, 4
    )
    advert = side_picture("bus", variant)
    if rng.uniform() < 0.7:
        span = (0.75, doors[1][0] - 0.12)
        shop.sheet(box_side(0.75, wheelbase - 0.75, 0.36, 0.95, half + 0.004), advert)
        shop.sheet(box_side(*span, 0.36, 0.95, -half - 0.004), advert)
    _bus_mirrors(shop, front, half, height)
    shop.plate((front + 0.002, 0.0, 0.48), variant)
    shop.plate((rear - 0.003, 0.0, 0.62), variant, rear=True)
    shop.side_markers(np.linspace(rear + 0.8, front - 2.0, 4).tolist(), half + 0.002, 0.42)
    axles = (
        Axle(name="rear", x=0.0, outer=half - 0.03, radius=_RADIUS, width=0.28, twin=True),
        Axle(name="front", x=wheelbase, outer=half - 0.03, radius=_RADIUS, width=0.28, steer=True, bulge=True),
    )
    return shop.model("bus", axles, mass_kg=11000.0 * length / 12.0, wheelbase_m=wheelbase,
                      attributes=(("color", str(color)), ("variant", str(variant))))  # fmt: skip


def _roof_units(shop: Workshop, rear: float, front: float, height: float, width: float) -> None:
    """Air conditioning and hatches; the highest point of the bus."""
    units = [box((2.2, 0.72 * width, 0.2), 0.07).moved((x, 0.0, height - 0.1)) for x in (rear + 2.2, front - 3.4)]
    shop.each(units, SECOND)


def _bus_mirrors(shop: Workshop, front: float, half: float, height: float) -> None:
    """Ears: arms that reach forward from the upper corners, with the mirrors hanging from them."""
    for s in (1.0, -1.0):
        arm = [[front - 0.3, s * (half - 0.1), height - 0.42], [front - 0.04, s * (half + 0.08), height - 0.44],
               [front - 0.04, s * (half + 0.11), height - 0.72]]  # fmt: skip
        shop.each([tube(arm[:2], 0.03, 6), tube(arm[1:], 0.03, 6)], TRIM)
        shop.each([box((0.12, 0.2, 0.44), 0.05).moved((front - 0.09, s * (half + 0.115), height - 0.9))], TRIM)


def build_coach(color: Color, variant: int, length: float, height: float) -> Model:
    """A high-decker for tours: luggage bays below, dark glass above, three axles from 13 m on."""
    wheelbase = 6.1 if length > 12.6 else 6.1 * length / 12.6
    front, width = wheelbase + 2.75, 2.55
    rear, half = front - length, 0.5 * width
    ground = color
    shop = Workshop("bus", ground, second=linear(150, 152, 156), third=linear(30, 32, 36))
    lintel, belt = height - 0.5, 1.72
    room = Saloon(low=rear + 0.5, high=front - 1.5, half=half, floor=1.25, belt=belt, lintel=lintel, roof=height,
                  doors=((front - 1.35, front - 0.42),))  # fmt: skip
    bays = np.linspace(0.9, wheelbase - 0.9, 4)
    panels = (
        Panel(zone="side", span=(rear, front), z=(0.3, 0.46), tag=SECOND),
        *window_panels(room, 7, 0.05),
        Panel(zone="side", span=(front - 1.45, front), z=(1.3, lintel), tag=TRIM),
        Panel(zone="side", span=(front - 1.35, front - 0.2), z=(1.36, lintel - 0.06), tag=GLASS),
        *door_panels(room, 0.36),
        *(Panel(zone="side", span=(float(x) - 0.008, float(x) + 0.008), z=(0.42, 1.5), tag=GAP) for x in bays),
        Panel(zone="nose", span=(0.0, 1.0), z=(1.16, height - 0.1), tag=TRIM),
        Panel(zone="nose", span=(0.0, 0.975), z=(1.22, lintel + 0.1), tag=GLASS),
        Panel(zone="nose", span=(0.0, 0.5), z=(0.42, 0.62), tag=GRILLE),
        *head_lamps(0.62, 0.86),
        Panel(zone="tail", span=(0.0, 0.86), z=(2.05, lintel), tag=GLASS),
        *(Panel(zone="tail", span=(0.0, 0.62), z=(z, z + 0.03), tag=GAP) for z in (0.6, 0.8, 1.0, 1.2, 1.4)),
        *tail_lamps(0.7, 1.75),
    )
    arches = [(0.0, 0.62, 0.5), (wheelbase, 0.62, 0.5), *([(-1.35, 0.62, 0.5)] if length > 12.6 else [])]
    shop.shell(
        Shell(
            rear=rear, front=front, width=width, sill=0.3, roof=height, panels=panels,
            nose=((0.3, 0.1), (0.55, 0.0), (1.2, 0.04), (lintel, 0.5), (height, 0.75)),
            tail=((0.3, 0.1), (1.0, 0.0), (height, 0.12)), arches=tuple(arches), inner=half - 0.42,
            front_depth=0.8, front_power=3.0, rear_depth=0.2, crown=0.07, edge_m=0.2,
        )
    )  # fmt: skip
    furnish(shop, room, 0.82, poles=False)
    sign = side_picture("bus", variant)
    for s in (1.0, -1.0):
        shop.sheet(box_side(0.9, wheelbase - 0.95, 0.62, 1.6, s * (half + 0.004)), sign)
    _bus_mirrors(shop, front - 0.1, half, height - 0.1)
    shop.plate((front + 0.002, 0.0, 0.52), variant)
    shop.plate((rear - 0.004, 0.0, 0.5), variant, rear=True)
    axles = [
        Axle(name="rear", x=0.0, outer=half - 0.03, radius=0.5, width=0.28, twin=True),
        Axle(name="front", x=wheelbase, outer=half - 0.03, radius=0.5, width=0.3, steer=True, bulge=True),
    ]
    if length > 12.6:
        axles.append(Axle(name="tag", x=-1.35, outer=half - 0.03, radius=0.5, width=0.3, bulge=True))
    return shop.model("coach", axles, rim=(0.6, 0.6, 0.61), mass_kg=14500.0, wheelbase_m=wheelbase,
                      attributes=(("color", str(color)), ("variant", str(variant))))  # fmt: skip


def build_school_bus(variant: int, length: float, stop_arm: bool) -> Model:
    """A hooded school bus: yellow body with black rails, red and amber flashers, a stop arm on the left."""
    wheelbase, width, height = 0.6 * length, 2.44, 3.1
    front = wheelbase + 1.05
    rear, half, cowl = front - length, 0.5 * width, front - 1.35
    shop = Workshop("bus", SCHOOL_YELLOW, second=linear(24, 24, 26), third=linear(236, 236, 232))
    room = Saloon(low=rear + 0.25, high=cowl - 1.15, half=half, floor=0.95, belt=1.75, lintel=2.42, roof=height,
                  doors=((cowl - 0.98, cowl - 0.2),))  # fmt: skip
    rails = [(1.02, 1.09), (1.34, 1.41), (1.63, 1.7)]
    panels = (
        *(Panel(zone="side", span=(rear + 0.1, cowl - 1.05), z=z, tag=SECOND) for z in rails),
        *(Panel(zone="side", span=(rear + 0.1, cowl), z=z, tag=SECOND, side=1) for z in rails),
        *window_panels(room, round(1.3 * (room.high - room.low)), 0.1, band=False),
        *(Panel(zone="side", span=(room.low, room.high), z=(z, z + 0.03), tag=SECOND) for z in (2.07,)),
        Panel(zone="side", span=(cowl - 0.98, cowl - 0.25), z=(1.55, 2.4), tag=GLASS, side=1),
        *door_panels(room, 0.5),
        Panel(zone="nose", span=(0.0, 0.94), z=(1.55, 2.42), tag=GLASS),
        Panel(zone="tail", span=(0.0, 0.34), z=(1.5, 2.4), tag=GLASS),
        Panel(zone="tail", span=(0.42, 0.85), z=(1.75, 2.4), tag=GLASS),
        *(Panel(zone="tail", span=(0.345, 0.36), z=(0.7, 2.45), tag=SECOND) for _ in (1,)),
        *(Panel(zone="tail", span=(0.4, 0.99), z=z, tag=SECOND) for z in rails[:1]),
        *tail_lamps(1.12, 1.5, 0.62, 0.82),
    )
    shop.shell(
        Shell(
            rear=rear, front=cowl, width=width, sill=0.52, roof=height, panels=panels,
            nose=((0.5, 0.0), (1.5, 0.0), (height, 0.35)), arches=((0.0, 0.62, 0.5),), inner=half - 0.5,
            front_depth=0.35, front_power=4.0, rear_depth=0.2, rear_power=4.0, crown=0.12, edge_m=0.32,
        )
    )  # fmt: skip
    _hood(shop, front, cowl, wheelbase, half)
    furnish(shop, room, 0.75, poles=False)
    _flashers(shop, rear, cowl, height)
    words = lettered("bus", "SCHOOL BUS", SCHOOL_YELLOW, (0.015, 0.015, 0.016), 8)
    x = cowl - 0.21
    shop.sheet([[x, -0.62, 2.66], [x, 0.62, 2.66], [x - 0.04, 0.62, 2.82], [x - 0.04, -0.62, 2.82]], words)
    x = rear - 0.004
    shop.sheet(
        [[x + 0.02, 0.62, 2.58], [x + 0.02, -0.62, 2.58], [x + 0.02, -0.62, 2.74], [x + 0.02, 0.62, 2.74]], words
    )
    number = lettered("bus", f"DISTRICT {1 + variant % 97}", SCHOOL_YELLOW, (0.015, 0.015, 0.016), 8)
    for s in (1.0, -1.0):
        shop.sheet(box_side(1.5, 4.2, 1.44, 1.6, s * (half + 0.004)), number)
    shop.each([box((0.16, 2.4, 0.26), 0.03).moved((rear - 0.02, 0.0, 0.6))], SECOND)
    shop.plate((front + 0.085, 0.0, 0.62), variant, style="us")
    shop.plate((rear - 0.11, 0.0, 0.62), variant, rear=True, style="us")
    for s in (1.0, -1.0):
        arm = tube([[cowl - 0.1, s * (half - 0.05), 2.3], [cowl + 0.25, s * (half + 0.13), 2.2]], 0.02, 5)
        shop.each([arm, box((0.08, 0.2, 0.36), 0.03).moved((cowl + 0.25, s * (half + 0.14), 2.0))], TRIM)
    axles = (
        Axle(name="rear", x=0.0, outer=half - 0.02, radius=0.5, width=0.25, twin=True),
        Axle(name="front", x=wheelbase, outer=half - 0.03, radius=0.5, width=0.25, steer=True, bulge=True),
    )
    arm_link = _stop_arm(shop, cowl - 1.25, half, stop_arm)
    return shop.model("school_bus", axles, rim=(0.02, 0.02, 0.02), links=[arm_link], mass_kg=9500.0,
                      wheelbase_m=wheelbase, attributes=(("variant", str(variant)),))  # fmt: skip


def _hood(shop: Workshop, front: float, cowl: float, axle: float, half: float) -> None:
    """The bonnet with grille and round-cornered headlamps, and a black bumper."""
    shop.shell(
        Shell(
            rear=cowl - 0.3, front=front, width=2.0 * half - 0.14, sill=0.58, roof=1.58,
            panels=(
                Panel(zone="nose", span=(0.0, 0.5), z=(0.78, 1.32), tag=GRILLE),
                *(Panel(zone="nose", span=(0.0, 0.5), z=(z, z + 0.04), tag=METAL) for z in (0.86, 1.0, 1.14, 1.28)),
                *head_lamps(0.86, 1.06, 0.62, 0.95),
            ),
            nose=((0.5, 0.0), (1.1, 0.02), (1.6, 0.22)), flank=((0.5, 0.0), (1.15, 0.0), (1.58, 0.22)),
            arches=((axle, 0.6, 0.5),), inner=half - 0.55, front_depth=0.35, front_power=3.0, crown=0.08, edge_m=0.12,
        )
    )  # fmt: skip
    shop.each([box((0.18, 2.38, 0.3), 0.04).moved((front + 0.0, 0.0, 0.6))], SECOND)


def _flashers(shop: Workshop, rear: float, cowl: float, height: float) -> None:
    """Two red and two amber lamps on black boards at the upper corners, ahead and behind (FMVSS 108)."""
    z = height - 0.36
    for x, ahead in ((cowl - 0.17, 1.0), (rear + 0.02, -1.0)):
        for s, state in ((1.0, "beacon"), (-1.0, "beacon_other")):
            shop.each([box((0.05, 0.46, 0.22)).moved((x, s * 0.86, z))], SECOND)
            shop.add(
                box((0.05, 0.17, 0.17), 0.02).moved((x + 0.03 * ahead, s * 0.96, z)), beacon_lens("bus", "red", state)
            )
            amber = Surface(
                class_name="bus", base_color=(0.55, 0.22, 0.015), roughness=0.12, clearcoat=1.0, heat="body"
            )
            shop.add(box((0.05, 0.17, 0.17), 0.02).moved((x + 0.03 * ahead, s * 0.76, z)), amber)
            shop.lamps.append(beacon_lamp("red", (x + 0.1 * ahead, s * 0.96, z), state))


def _stop_arm(shop: Workshop, x: float, half: float, out: bool) -> Link:
    """An octagon on a hinge on the left side; it opens with the doors' share, or stands out at rest."""
    red = Surface(class_name="bus", base_color=(0.45, 0.015, 0.015), roughness=0.45, retro=0.3)
    white = Surface(class_name="bus", base_color=(0.72, 0.72, 0.7), roughness=0.45, retro=0.3)
    rim, face = (_octagon(r, t) for r, t in ((0.23, 0.012), (0.215, 0.018)))
    builder = MeshBuilder(shop.palette)
    at = (-0.3, 0.02, 0.0)
    builder.add(rim.moved(at), white).add(face.moved(at), red)
    bracket = box((0.12, 0.02, 0.1)).moved((-0.06, 0.02, 0.0))
    builder.add(bracket, shop.surfaces[SECOND])
    text = lettered("bus", "STOP", (0.45, 0.015, 0.015), (0.72, 0.72, 0.7), 2)
    corner = np.array(
        [[-0.16, 0.0305, -0.075], [-0.44, 0.0305, -0.075], [-0.44, 0.0305, 0.075], [-0.16, 0.0305, 0.075]]
    )
    pick = np.array([[0, 1, 2], [0, 2, 3]])
    uv = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])[pick]
    for s in (1.0, -1.0):
        p = corner if s > 0 else corner[[1, 0, 3, 2]] * [1, 0, 1] + [0, 0.0095, 0]
        builder.add_corners(Soup.of(p, pick), np.broadcast_to([0.0, s, 0.0], (2, 3, 3)), text, uv=uv)
    turn = 0.5 * np.pi
    angle = -turn if out else 0.0
    return Link(
        name="stop_arm",
        parent=0,
        position=(x, half + 0.01, 1.5),
        quaternion=(float(np.cos(0.5 * angle)), 0.0, 0.0, float(np.sin(0.5 * angle))),
        mesh=builder.mesh(),
        joint=Joint(kind="door", axis=(0.0, 0.0, 1.0), upper=0.0 if out else -turn),
        shapes=(hull(join([rim.moved(at), bracket]).vertices),),
    )


def _octagon(radius: float, thickness: float) -> Soup:
    flat = prism(regular(8, radius, 22.5), -0.5 * thickness, 0.5 * thickness)
    # across becomes x, up z: a turn about x
    return flat.moved(quaternion=(0.5**0.5, 0.5**0.5, 0.0, 0.0))


__all__ = ["THIRD", "build_city_bus", "build_coach", "build_school_bus"]
