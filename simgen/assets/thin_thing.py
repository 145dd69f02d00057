"""What is thinner than a depth camera's window: rods, wires, cables and sheets that stand in the air."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.assets._family import BRIGHT, Family, Maker, between, one_of
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.rng import Stream
from simgen.shapes.lattice import tube
from simgen.shapes.primitives import box, cylinder
from simgen.shapes.thing import BLACK, Thing

KINDS = ("rod", "wire", "cable", "sheet")


def _foot(thing: Thing, x: float, radius: float, height: float) -> None:
    """A small round foot of black plastic."""
    thing.add(cylinder(radius, height, 20, 0.001).moved((x, 0.0, 0.5 * height)), thing.matter(BLACK, 0.5))


def _rod(rng: Stream, variant: int) -> Model:
    """A steel rod of 3 to 5 mm (ISO 1035 bar) upright in a foot of 24 mm, 0.25 to 0.4 m high."""
    thing = Thing("object")
    r, h = 0.5 * between(rng, 0.003, 0.005), between(rng, 0.25, 0.4)
    _foot(thing, 0.0, 0.012, 0.012)
    steel = thing.matter((0.3, 0.3, 0.3), 0.5, metallic=0.6)
    thing.add(cylinder(r, h - 0.01, 12).moved((0.0, 0.0, 0.5 * h + 0.005)), steel, smooth_deg=60.0)
    return thing.model("rod", 7850.0 * np.pi * r * r * h + 0.05, friction=0.6, kind="rod", variant=variant)


def _wire(rng: Stream, variant: int) -> Model:
    """A bare or painted wire of 1.5 to 2.5 mm between two thin posts, sagging a little; 0.2 to 0.35 m long and high."""
    thing = Thing("object")
    long, h, r = between(rng, 0.2, 0.35), between(rng, 0.2, 0.35), 0.5 * between(rng, 0.0015, 0.0025)
    post = thing.matter((0.35, 0.35, 0.36), 0.5, metallic=0.5)
    for s in (-1.0, 1.0):
        _foot(thing, s * 0.5 * long, 0.012, 0.012)
        thing.add(cylinder(0.0015, h, 10).moved((s * 0.5 * long, 0.0, 0.5 * h)), post, smooth_deg=60.0)
    # a chain line is a parabola as long as it sags little
    u = np.linspace(-1.0, 1.0, 13)
    drop = between(rng, 0.1, 0.25) * long
    path = np.stack([0.5 * long * u, np.zeros(13), h - 0.004 - drop * (1.0 - u * u)], -1)
    thing.add(tube(path, r, 8), thing.matter(one_of(rng, (BLACK, *BRIGHT)), 0.4), smooth_deg=60.0, solid="none")
    return thing.model("wire", 0.08, friction=0.6, kind="wire", variant=variant)


def _cable(rng: Stream, variant: int) -> Model:
    """A stiff round cable of 4 to 6 mm, an arch from plug to plug: 0.15 to 0.28 m wide and high."""
    thing = Thing("object")
    long, h, r = between(rng, 0.15, 0.28), between(rng, 0.15, 0.28), 0.5 * between(rng, 0.004, 0.006)
    t = np.linspace(0.0, np.pi, 17)
    lean = between(rng, -0.05, 0.05)
    path = np.stack([-0.5 * long * np.cos(t), lean * np.sin(t), 0.006 + (h - 0.006) * np.sin(t) ** 0.8], -1)
    coat = thing.matter(one_of(rng, (BLACK, BLACK, *BRIGHT)), 0.5)
    thing.add(tube(path, r, 10), coat, smooth_deg=60.0, solid="none")
    for k in range(0, 16, 4):
        thing.shapes += Thing("object").add(tube(path[k : k + 5], r, 6), coat).shapes
    for s in (-1.0, 1.0):
        plug = box((0.016, 0.012, 0.012), 0.002).moved((s * 0.5 * long, 0.0, 0.006))
        thing.add(plug, thing.matter(BLACK, 0.4))
    return thing.model("cable", 0.06, friction=0.7, kind="cable", variant=variant)


def _sheet(rng: Stream, variant: int) -> Model:
    """A steel sheet of 0.8 to 1.5 mm on edge in two slotted feet; 0.15 to 0.25 m long, 0.1 to 0.2 m high."""
    thing = Thing("object")
    long, h, thick = between(rng, 0.15, 0.25), between(rng, 0.1, 0.2), between(rng, 0.0008, 0.0015)
    steel = thing.metal((0.45, 0.46, 0.47), 0.35)
    thing.add(box((long, thick, h - 0.002)).moved((0.0, 0.0, 0.5 * h + 0.002)), steel, smooth_deg=20.0)
    for s in (-1.0, 1.0):
        foot = box((0.012, 0.03, 0.008), 0.001).moved((s * 0.42 * long, 0.0, 0.004))
        thing.add(foot, thing.matter(BLACK, 0.5))
    return thing.model("sheet", 7850.0 * long * h * thick + 0.02, friction=0.6, kind="sheet", variant=variant)


@register("asset", "thin_thing")
@dataclass(frozen=True, kw_only=True)
class ThinThing(Family):
    """A rod in a foot, a wire between two posts, an arched cable with its plugs, or a sheet on edge (class object).

    Diameters of 1.5 to 6 mm: one or two pixels of a depth camera at a metre, less than its matching window.
    """

    kind: str = param("rod", doc="what it is", choices=KINDS)

    kinds: ClassVar[Mapping[str, Maker]] = {"rod": _rod, "wire": _wire, "cable": _cable, "sheet": _sheet}
