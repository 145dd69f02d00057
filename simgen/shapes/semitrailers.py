"""Semitrailers: a frame on three axles under a box, a curtain, a tank, a platform or a container."""

from __future__ import annotations

from typing import Final

import numpy as np

from simgen.records.mesh import Surface
from simgen.records.model import Model, Vector3
from simgen.rng import stream
from simgen.shapes.car_body import TRIM, UNDER
from simgen.shapes.chassis import add_beam, add_frame, add_mudguard, add_side_guard, add_underrun
from simgen.shapes.colors import PAINTS, Color, linear
from simgen.shapes.heavy_wheels import Axle
from simgen.shapes.liveries import scheme_of
from simgen.shapes.primitives import box, cylinder
from simgen.shapes.trailer_bodies import add_box, add_container, add_curtain, add_platform, add_tail, add_tanker
from simgen.shapes.workshop import METAL, Workshop

BODIES: Final = ("curtain", "box", "tanker", "flatbed", "container")
#: from the middle axle
KINGPIN: Final[Vector3] = (7.7, 0.0, 1.15)
FRONT: Final = KINGPIN[0] + 1.62
REAR: Final = FRONT - 13.6
SPACING: Final = 1.31
RADIUS: Final = 0.505
FLOOR: Final = 1.2

_BOXES: Final[tuple[Color, ...]] = (linear(140, 40, 32), linear(36, 70, 120), linear(40, 96, 70), linear(190, 110, 30),
                                    linear(120, 122, 124), linear(150, 146, 132))  # fmt: skip


def build_semitrailer(body: str, variant: int, *, polished: bool = False, tail: Surface | None = None) -> Model:
    """The whole trailer; ``polished``: a tank like a mirror, ``tail``: a picture over the rear of a box or curtain."""
    rng = stream(variant, "semitrailer")
    drawn = BODIES[int(rng.choice(len(BODIES), p=(0.4, 0.25, 0.12, 0.09, 0.14)))]
    kind = drawn if body == "auto" else body
    ground, first, _ = scheme_of(variant)
    shop = Workshop("trailer", PAINTS["white"] if kind == "box" else ground, second=first)
    _running_gear(shop, kind, variant)
    if kind == "box":
        add_box(shop, REAR, FRONT, FLOOR - 0.05, 3.98, variant, cooled=True)
    elif kind == "curtain":
        add_curtain(shop, REAR, FRONT, FLOOR, 3.98, variant)
    elif kind == "tanker":
        add_tanker(shop, REAR + 0.25, FRONT - 0.1, variant, polished=polished)
    elif kind == "container":
        paint = _BOXES[int(rng.integers(0, len(_BOXES)))]
        add_container(shop, FRONT - 0.35, FLOOR + 0.03, paint, variant)
    else:
        add_platform(shop, REAR, FRONT, FLOOR, variant)
    if tail is not None:
        add_tail(shop, REAR - 0.034, FLOOR - 0.02, 3.9, tail)
    axles = [
        Axle(name=name, x=x, outer=1.24, radius=RADIUS, width=0.385, bulge=False)
        for name, x in (("third", -SPACING), ("second", 0.0), ("first", SPACING))
    ]
    return shop.model(
        "semitrailer", axles, rim=(0.5, 0.5, 0.51), mass_kg=7000.0 if kind == "flatbed" else 18000.0, kingpin=KINGPIN,
        attributes=(("body", kind), ("variant", str(variant))),
    )  # fmt: skip


def _running_gear(shop: Workshop, kind: str, variant: int) -> None:
    """Frame, axles, landing legs, guards, spare wheel, lamps, plate, reflectors."""
    add_frame(shop, REAR + 0.1, FRONT - 3.95, FLOOR - 0.03, 0.3)
    # the goose neck over the tractor is thin
    neck = [box((4.1, 0.09, 0.05)).moved((FRONT - 2.05, s * 0.5, FLOOR - 0.022)) for s in (1.0, -1.0)]
    shop.each(neck, UNDER)
    shop.add(cylinder(0.045, 0.04, 8).moved((KINGPIN[0], 0.0, KINGPIN[2] + 0.01)), UNDER)
    for x in (-SPACING, 0.0, SPACING):
        add_beam(shop, x, RADIUS, 1.7)
        add_mudguard(shop, x, RADIUS, 1.23, 0.4, 34.0)
    legs = [box((0.13, 0.13, 0.75)).moved((KINGPIN[0] - 2.5, s * 0.75, 0.78)) for s in (1.0, -1.0)]
    feet = [box((0.24, 0.28, 0.06)).moved((KINGPIN[0] - 2.5, s * 0.75, 0.4)) for s in (1.0, -1.0)]
    shop.each([*legs, *feet], METAL)
    add_side_guard(shop, SPACING + 0.85, KINGPIN[0] - 3.0, 1.2)
    if kind != "tanker":
        pallets = [box((2.0, 0.5, 0.5)).moved((3.4, s * 0.85, 0.85)) for s in (1.0, -1.0)]
        shop.each(pallets[: 1 + variant % 2], TRIM)
    add_underrun(shop, REAR, 2.3)
    shop.add(box((0.12, 2.44, 0.24)).moved((REAR + 0.1, 0.0, 0.98)), TRIM)
    shop.rear_lamps(REAR + 0.02, 1.21, 0.98, 0.14, 0.13)
    shop.plate((REAR + 0.03, 0.0, 0.98), variant + 1, rear=True)
    shop.side_markers(np.linspace(REAR + 0.6, FRONT - 0.6, 6).tolist(), 1.27, FLOOR - 0.02)
    corner = Surface(class_name="trailer", base_color=(0.5, 0.01, 0.01), roughness=0.3, retro=0.4)
    shop.each([box((0.02, 0.12, 0.1)).moved((REAR - 0.005, s * 1.0, 0.72)) for s in (1.0, -1.0)], corner)


__all__ = ["BODIES", "KINGPIN", "build_semitrailer"]
