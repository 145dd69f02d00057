"""Trailers for a tow ball: a box with a lid, an open flat one, a caravan, a boat on its trailer, a cage, windows."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.records.mesh import Surface
from simgen.records.model import Model
from simgen.rng import stream
from simgen.shapes.car_body import GAP, GLASS, TRIM
from simgen.shapes.chassis import add_beam, add_mudguard
from simgen.shapes.coachwork import Panel, Shell
from simgen.shapes.colors import PAINTS, Color, linear
from simgen.shapes.finish import slab_hulls
from simgen.shapes.heavy_wheels import Axle
from simgen.shapes.lattice import loft
from simgen.shapes.primitives import bar, box, cylinder
from simgen.shapes.see_through_loads import add_cage, add_windows
from simgen.shapes.workshop import METAL, SECOND, THIRD, Workshop

KINDS: Final = ("box", "flat", "caravan", "boat", "cage", "windows")
#: those that ``auto`` draws from
_USUAL: Final = KINDS[:4]
#: height of a tow ball's cup
CUP_M: Final = 0.4


def build_trailer(kind: str, variant: int) -> Model:
    """The whole trailer, origin below its axle."""
    rng = stream(variant, "trailer")
    drawn = _USUAL[int(rng.choice(4, p=(0.3, 0.2, 0.35, 0.15)))] if kind == "auto" else kind
    if drawn == "caravan":
        return _caravan(variant, float(rng.uniform(4.6, 5.8)))
    grey: tuple[Color, ...] = (linear(150, 152, 156), linear(60, 62, 66), PAINTS["white"])
    shop = Workshop("trailer", grey[int(rng.integers(0, 3))], second=linear(110, 84, 56), third=PAINTS["white"])
    reach, half = (4.2, 0.95) if drawn == "boat" else (2.15, 0.65)
    radius = 0.3
    _drawbar(shop, reach, half, -2.4 if drawn == "boat" else -1.05)
    add_beam(shop, 0.0, radius, 2.0 * half)
    add_mudguard(shop, 0.0, radius, half + 0.24, 0.2, 66.0)
    if drawn == "boat":
        _boat(shop)
        rear = -2.4
    else:
        rear = -1.1
        _load_box(shop, rear, 1.1, half, lid=drawn == "box", sand=drawn == "flat")
        if drawn == "cage":
            add_cage(shop, rear + 0.03, 1.07, half - 0.03, 0.9, 1.95)
        elif drawn == "windows":
            add_windows(shop, rear + 0.05, 1.05, half - 0.06, 0.55)
    shop.each([box((0.05, 2.0 * half + 0.2, 0.14)).moved((rear - 0.02, 0.0, 0.5))], TRIM)
    shop.rear_lamps(rear - 0.07, half + 0.08, 0.5, 0.1, 0.08)
    shop.plate((rear - 0.05, 0.0, 0.5), variant, rear=True)
    _triangles(shop, rear - 0.055, half - 0.36)
    axle = Axle(name="rear", x=0.0, outer=half + 0.24, radius=radius, width=0.17, rim=0.62, bulge=False)
    return shop.model(
        "trailer",
        [axle],
        rim=(0.5, 0.5, 0.51),
        mass_kg=900.0 if drawn == "boat" else 450.0,
        kingpin=(reach, 0.0, CUP_M),
        attributes=(("kind", drawn), ("variant", str(variant))),
    )


def _drawbar(shop: Workshop, reach: float, half: float, rear: float) -> None:
    """An A of two bars to the cup, the frame's sides, a jockey wheel."""
    front = min(1.1, reach - 0.9)
    shop.each(
        [bar([front, s * half * 0.8, 0.46], [reach - 0.12, s * 0.03, CUP_M], 0.07, 0.09) for s in (1.0, -1.0)], METAL
    )
    shop.each(
        [box((front - rear, 0.06, 0.08)).moved((0.5 * (front + rear), s * half * 0.8, 0.47)) for s in (1.0, -1.0)],
        METAL,
    )
    shop.each([box((0.24, 0.09, 0.1), 0.02).moved((reach - 0.04, 0.0, CUP_M + 0.01))], TRIM)
    post = cylinder(0.025, 0.5, 8).moved((reach - 0.5, 0.1, 0.45))
    wheel = cylinder(0.09, 0.05, 12).moved((reach - 0.5, 0.1, 0.13), (0.5**0.5, 0.5**0.5, 0.0, 0.0))
    shop.each([post, wheel], TRIM)


def _triangles(shop: Workshop, x: float, y: float) -> None:
    """Red triangular reflectors: what tells a trailer from a car (UN R48)."""
    red = Surface(class_name="trailer", base_color=(0.5, 0.01, 0.01), roughness=0.3, retro=0.4)
    a = 0.5 * np.pi + 2.0 * np.pi * np.arange(3) / 3
    for s in (1.0, -1.0):
        ring = np.stack([np.zeros(3), s * y + 0.085 * np.cos(a), 0.5 + 0.085 * np.sin(a)], -1)
        rings = ring[None] + np.array([[[x - 0.008, 0.0, 0.0]], [[x + 0.004, 0.0, 0.0]]])
        shop.each([loft(rings)], red)


def _load_box(shop: Workshop, low: float, high: float, half: float, *, lid: bool, sand: bool) -> None:
    """Walls with posts about a floor of boards; a lid, or a load of sand, if asked."""
    z0, z1 = 0.5, 0.88
    middle, long = 0.5 * (low + high), high - low
    walls = [box((long, 0.03, z1 - z0)).moved((middle, s * half, 0.5 * (z0 + z1))) for s in (1.0, -1.0)]
    walls += [box((0.03, 2.0 * half, z1 - z0)).moved((x, 0.0, 0.5 * (z0 + z1))) for x in (low, high)]
    shop.each(walls, 0)
    shop.each([box((long, 2.0 * half, 0.03)).moved((middle, 0.0, z0))], SECOND)
    posts = [
        box((0.05, 0.05, z1 - z0 + 0.04)).moved((x, s * (half + 0.01), 0.5 * (z0 + z1)))
        for x in (low, middle, high)
        for s in (1.0, -1.0)
    ]
    shop.each(posts, METAL)
    if lid:
        shop.each(
            [box((long + 0.06, 2.0 * half + 0.08, 0.34), 0.1).moved((middle, 0.0, z1 + 0.16))], 0, smooth_deg=50.0
        )
    elif sand:
        load = Surface(class_name="trailer", base_color=(0.35, 0.26, 0.15), roughness=0.95, texture="gravel")
        shop.each([box((long - 0.06, 2.0 * half - 0.06, 0.3), 0.12).moved((middle, 0.0, z1 - 0.12))], load)


def _boat(shop: Workshop) -> None:
    """A runabout: a hull with a raked bow, a screen, an outboard motor, on rollers."""
    stations = []
    for x, half, keel, deck in (
        (-2.2, 0.95, 0.66, 1.42),
        (-0.5, 1.0, 0.6, 1.42),
        (1.2, 0.92, 0.6, 1.46),
        (2.4, 0.6, 0.7, 1.54),
        (3.2, 0.22, 0.98, 1.6),
        (3.5, 0.04, 1.3, 1.63),
    ):
        y = half * np.array([0.0, 0.62, 0.96, 1.0, 0.9, 0.0, -0.9, -1.0, -0.96, -0.62])
        z = keel + (deck - keel) * np.array([0.0, 0.28, 0.6, 0.96, 1.0, 1.02, 1.0, 0.96, 0.6, 0.28])
        stations.append(np.stack([np.full(10, x), y, z], -1))
    hull = loft(np.array(stations))
    shop.add(hull, THIRD, solid=False, smooth_deg=40.0)
    shop.solid += slab_hulls(hull, [-2.2, -0.5, 1.2, 2.4, 3.0, 3.5])
    blue = Surface(class_name="trailer", base_color=(0.02, 0.06, 0.22), roughness=0.3, clearcoat=1.0)
    shop.each([box((2.0, 1.3, 0.04)).moved((-0.9, 0.0, 1.44))], blue)
    shop.each([box((0.03, 1.4, 0.34), 0.01).moved((0.9, 0.0, 1.62), (np.cos(0.3), 0.0, -np.sin(0.3), 0.0))], GLASS)
    motor = [box((0.4, 0.34, 0.46), 0.08).moved((-2.42, 0.0, 1.55)), box((0.14, 0.1, 0.9)).moved((-2.4, 0.0, 0.95))]
    shop.each(motor, TRIM, smooth_deg=50.0)
    shop.each([box((0.08, 1.5, 0.08)).moved((x, 0.0, 0.56)) for x in (-1.6, 1.0)], METAL)


def _caravan(variant: int, length: float) -> Model:
    """A touring caravan with windows all round and a door on the right."""
    rng = stream(variant, "caravan")
    stripe = (linear(40, 80, 140), linear(120, 122, 126), linear(150, 40, 40), linear(60, 110, 80))[
        int(rng.integers(0, 4))
    ]
    shop = Workshop("trailer", linear(232, 231, 226), second=stripe, third=linear(200, 200, 198))
    low, high, half = -0.47 * length, 0.53 * length, 1.12
    reach = high + 1.15
    windows = [(low + 0.5, low + 1.5), (0.75, 1.75)]
    door = (-0.55 - 0.62, -0.55)
    panels = (
        Panel(zone="side", span=(low, high), z=(1.02, 1.14), tag=SECOND),
        *(Panel(zone="side", span=w, z=(1.42, 2.02), tag=GLASS, side=1) for w in windows),
        Panel(zone="side", span=windows[1], z=(1.42, 2.02), tag=GLASS, side=-1),
        *(Panel(zone="side", span=(x - 0.01, x + 0.01), z=(0.5, 2.3), tag=GAP, side=-1) for x in door),
        Panel(zone="side", span=(door[0] + 0.12, door[1] - 0.12), z=(1.5, 2.0), tag=GLASS, side=-1),
        Panel(zone="nose", span=(0.0, 0.78), z=(1.45, 2.05), tag=GLASS),
        Panel(zone="tail", span=(0.0, 0.6), z=(1.5, 2.02), tag=GLASS),
        Panel(zone="tail", span=(0.0, 0.99), z=(0.55, 0.86), tag=THIRD),
    )
    shop.shell(
        Shell(
            rear=low,
            front=high,
            width=2.0 * half,
            sill=0.42,
            roof=2.58,
            panels=panels,
            arches=((0.0, 0.4, 0.33),),
            nose=((0.42, 0.1), (0.9, 0.0), (1.4, 0.05), (2.58, 0.55)),
            tail=((0.42, 0.08), (1.0, 0.0), (2.58, 0.2)),
            inner=half - 0.35,
            front_depth=0.62,
            front_power=3.4,
            rear_depth=0.25,
            edge_m=0.12,
            crown=0.04,
        )
    )
    _drawbar(shop, reach, 0.7, low + 0.3)
    add_beam(shop, 0.0, 0.33, 1.6)
    shop.each([box((0.9, 1.1, 0.42), 0.08).moved((high + 0.3, 0.0, 0.72))], THIRD, smooth_deg=50.0)
    shop.each([box((0.5, 0.5, 0.06), 0.02).moved((x, 0.0, 2.6)) for x in (low + 1.2, 0.6)], TRIM)
    shop.rear_lamps(low - 0.0, half - 0.08, 0.7, 0.16, 0.12)
    shop.plate((low - 0.012, 0.0, 0.62), variant, rear=True)
    _triangles(shop, low - 0.01, 0.52)
    axle = Axle(name="rear", x=0.0, outer=half - 0.04, radius=0.33, width=0.19, rim=0.62)
    return shop.model(
        "trailer",
        [axle],
        rim=(0.55, 0.55, 0.56),
        mass_kg=1400.0,
        kingpin=(reach, 0.0, CUP_M),
        attributes=(("kind", "caravan"), ("variant", str(variant))),
    )


__all__ = ["KINDS", "build_trailer"]
