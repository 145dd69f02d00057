"""Fitted kitchens: cupboards and appliances on the 600 mm grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

import numpy as np

from simgen.assets._family import CALM, Family, Maker, one_of
from simgen.records.mesh import Surface
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.rng import Stream, stream
from simgen.shapes.colors import linear
from simgen.shapes.lattice import loft, tube
from simgen.shapes.primitives import box, cylinder, rounded_rectangle
from simgen.shapes.thing import BLACK, PINE, WHITE, Thing

KINDS = ("cupboard", "drawers", "sink", "stove", "dishwasher", "fridge", "wall_cupboard", "hood", "filler")

#: width of a unit, depth of its body and of the worktop, height of the worktop, m (EN 1116)
_W, _BODY, _TOP, _H = 0.6, 0.56, 0.6, 0.9
_PLINTH, _THICK = 0.1, 0.038


def _schemed(thing: Thing, variant: int) -> tuple[Surface, Surface, Surface]:
    """Fronts, worktop and handles: the same for every unit of a variant, so that a kitchen is of a piece."""
    rng = stream(variant, "asset", "kitchen_unit")
    fronts = (WHITE, WHITE, linear(226, 222, 212), *CALM[2:6], linear(40, 60, 74), linear(52, 54, 58))
    front = thing.matter(fronts[int(rng.integers(len(fronts)))], 0.3, clearcoat=0.3)
    if rng.random() < 0.25:
        tone = float(rng.uniform(0.5, 1.0))
        front = thing.matter((PINE[0] * tone, PINE[1] * tone, PINE[2] * tone), 0.5, texture="wood", texture_scale_m=0.4)
    tops = (
        thing.matter((0.4, 0.25, 0.12), 0.4, texture="wood", texture_scale_m=0.4),
        thing.matter((0.06, 0.06, 0.065), 0.25, clearcoat=0.5),
        thing.matter((0.5, 0.49, 0.46), 0.3, texture="concrete", texture_scale_m=0.6),
        thing.matter((0.2, 0.19, 0.18), 0.3, texture="concrete", texture_scale_m=0.6),
    )
    return front, tops[int(rng.integers(4))], thing.metal(roughness=0.25)


def _front(
    thing: Thing, front: Surface, handle: Surface, low: float, high: float, *, level: bool, wide: float = _W
) -> None:
    """A door or drawer front with its bar handle, level near its top or upright at one side."""
    panel = box((0.019, wide - 0.004, high - low - 0.004), 0.0015).moved((_BODY + 0.0095, 0, 0.5 * (low + high)))
    thing.add(panel, front, smooth_deg=20.0, solid="box")
    if level:
        ends = [[-0.08, high - 0.05], [0.08, high - 0.05]]
    else:
        y = 0.5 * wide - 0.05
        ends = [[y, high - 0.25], [y, high - 0.08]] if low < 0.5 else [[y, low + 0.06], [y, low + 0.22]]
    x = _BODY + 0.05
    thing.add(tube([[x, *ends[0]], [x, *ends[1]]], 0.006, 8), handle, solid="none")
    for y, z in ends:
        thing.add(tube([[_BODY + 0.018, y, z], [x, y, z]], 0.005, 6), handle, solid="none")


def _body(thing: Thing, surface: Surface, top: Surface | None, low: float = _PLINTH, high: float = _H - _THICK) -> None:
    """Carcass, plinth and worktop."""
    thing.add(box((_BODY, _W, high - low)).moved((0.5 * _BODY, 0, 0.5 * (low + high))), surface, solid="box")
    plinth = thing.matter(BLACK, 0.5)
    if low > 0.0:
        thing.add(box((_BODY - 0.05, _W, low)).moved((0.5 * _BODY - 0.025, 0, 0.5 * low)), plinth, solid="box")
    if top is not None:
        board = box((_TOP + 0.02, _W, _THICK)).moved((0.5 * _TOP + 0.01, 0, _H - 0.5 * _THICK))
        thing.add(board, top, solid="box")


def _cupboard(rng: Stream, variant: int) -> Model:
    thing = Thing("furniture")
    front, top, handle = _schemed(thing, variant)
    _body(thing, thing.matter(WHITE, 0.5), top)
    _front(thing, front, handle, _PLINTH, _H - _THICK - 0.02, level=False)
    return thing.model("cupboard", 35.0, kind="cupboard", variant=variant)


def _drawers(rng: Stream, variant: int) -> Model:
    thing = Thing("furniture")
    front, top, handle = _schemed(thing, variant)
    _body(thing, thing.matter(WHITE, 0.5), top)
    edges = (_PLINTH, 0.4, 0.68, _H - _THICK - 0.02)
    for low, high in pairwise(edges):
        _front(thing, front, handle, low, high, level=True)
    return thing.model("drawers", 45.0, kind="drawers", variant=variant)


def _filler(rng: Stream, variant: int) -> Model:
    """A worktop on a plain front."""
    thing = Thing("furniture")
    front, top, _ = _schemed(thing, variant)
    _body(thing, front, top)
    return thing.model("filler", 25.0, kind="filler", variant=variant)


def _sink(rng: Stream, variant: int) -> Model:
    """A basin of 0.5 x 0.4 m, 0.17 m deep, under a mixer tap (EN 13310)."""
    thing = Thing("furniture")
    front, top, handle = _schemed(thing, variant)
    depth, rim = 0.17, _H - _THICK
    _body(thing, thing.matter(WHITE, 0.5), None, high=_H - depth - 0.02)
    x0, x1, y = 0.12, 0.52, 0.25
    for a, b in ((0.0, x0), (x1, _TOP + 0.02)):
        thing.add(box((b - a, _W, _THICK)).moved((0.5 * (a + b), 0, _H - 0.5 * _THICK)), top, solid="box")
    for s in (1.0, -1.0):
        strip = box((x1 - x0, 0.5 * _W - y, _THICK)).moved(
            (0.5 * (x0 + x1), s * (0.25 * _W + 0.5 * y), _H - 0.5 * _THICK)
        )
        thing.add(strip, top, solid="box")
        side = box((_BODY, 0.018, depth + 0.02)).moved((0.5 * _BODY, s * (0.5 * _W - 0.009), rim - 0.5 * depth - 0.01))
        thing.add(side, thing.matter(WHITE, 0.5), solid="box")
    steel = thing.metal((0.6, 0.6, 0.6), 0.25)
    m = 0.5 * (x0 + x1)
    rows = [
        (0.0, _H - 0.004),
        (0.0, _H + 0.002),
        (0.012, _H + 0.002),
        (0.02, _H - 0.02),
        (0.035, _H - depth),
        (0.2, _H - depth - 0.003),
    ]
    flat = [rounded_rectangle(0.43 - 2 * w, 0.53 - 2 * w, max(0.06 - w, 0.02)) for w, _ in rows]
    rings = [np.c_[p + np.array([m, 0.0]), np.full(20, z)] for p, (_, z) in zip(flat, rows, strict=True)]
    thing.add(loft(np.stack(rings), caps=False), steel, smooth_deg=40.0, solid="none")
    thing.add(box((x1 - x0, 2 * y, 0.01)).moved((m, 0, _H - depth - 0.008)), steel, solid="box")
    for s in (1.0, -1.0):
        thing.shapes += (
            Thing("x")
            .add(box((0.012, 2 * y, depth)).moved((m + s * 0.5 * (x1 - x0), 0, _H - 0.5 * depth)), steel, solid="box")
            .shapes
        )
        thing.shapes += (
            Thing("x").add(box((x1 - x0, 0.012, depth)).moved((m, s * y, _H - 0.5 * depth)), steel, solid="box").shapes
        )
    thing.add(cylinder(0.03, 0.004, 20).moved((m, 0, _H - depth)), thing.matter((0.1, 0.1, 0.1), 0.4), solid="none")
    tap = [[0.06, 0, _H], [0.06, 0, _H + 0.26], [0.1, 0, _H + 0.31], [0.18, 0, _H + 0.31], [0.22, 0, _H + 0.26]]
    thing.add(tube(tap, 0.012, 10), handle, smooth_deg=60.0, solid="none")
    thing.add(cylinder(0.024, 0.05, 18, 0.003).moved((0.06, 0, _H + 0.025)), handle)
    thing.add(tube([[0.06, -0.02, _H + 0.05], [0.06, -0.08, _H + 0.08]], 0.007, 8), handle, solid="none")
    thing.add(tube([[0.06, 0, _H], [0.06, 0, _H + 0.3]], 0.013, 8), handle, solid="hull")
    _front(thing, front, handle, _PLINTH, _H - _THICK - 0.02, level=False)
    return thing.model("sink", 30.0, kind="sink", variant=variant)


def _stove(rng: Stream, variant: int) -> Model:
    """An oven with a hob of glass ceramic (EN 60335-2-6)."""
    thing = Thing("appliance")
    _, top, handle = _schemed(thing, variant)
    steel = thing.metal((0.5, 0.5, 0.5), 0.3) if rng.random() < 0.6 else thing.matter(WHITE, 0.35)
    _body(thing, steel, top)
    hob = box((0.5, 0.56, 0.008), 0.002).moved((0.31, 0, _H + 0.002))
    thing.add(hob, thing.matter((0.008, 0.008, 0.009), 0.05, clearcoat=1.0), solid="box")
    ring = thing.matter((0.06, 0.06, 0.062), 0.3)
    for x, y, r in ((0.2, 0.14, 0.09), (0.2, -0.14, 0.075), (0.42, 0.14, 0.075), (0.42, -0.14, 0.1)):
        outer, inner = cylinder(r, 0.0006, 32).moved((x, y, _H + 0.0062)), cylinder(r - 0.006, 0.0008, 32)
        thing.add(outer, ring, solid="none")
        thing.add(inner.moved((x, y, _H + 0.0064)), thing.matter((0.01, 0.01, 0.011), 0.06), solid="none")
    door = box((0.022, _W - 0.006, 0.5), 0.002).moved((_BODY + 0.011, 0, 0.4))
    thing.add(door, thing.matter((0.012, 0.012, 0.013), 0.08), smooth_deg=20.0, solid="box")
    thing.add(box((0.018, _W - 0.006, 0.1), 0.001).moved((_BODY + 0.009, 0, 0.77)), steel, solid="box")
    for y in (-0.22, -0.14, 0.14, 0.22):
        knob = (
            cylinder(0.02, 0.024, 18, 0.003).moved(quaternion=(0.5**0.5, 0, 0.5**0.5, 0)).moved((_BODY + 0.03, y, 0.77))
        )
        thing.add(knob, thing.matter(BLACK, 0.3), solid="none")
    thing.add(
        box((0.002, 0.1, 0.03)).moved((_BODY + 0.0185, 0, 0.77)), thing.matter((0.01, 0.02, 0.03), 0.05), solid="none"
    )
    bar_ = tube([[_BODY + 0.06, -0.24, 0.61], [_BODY + 0.06, 0.24, 0.61]], 0.009, 8)
    thing.add(bar_, handle, solid="none")
    for y in (-0.22, 0.22):
        thing.add(tube([[_BODY + 0.02, y, 0.61], [_BODY + 0.06, y, 0.61]], 0.007, 6), handle, solid="none")
    return thing.model("stove", 45.0, kind="stove", variant=variant)


def _dishwasher(rng: Stream, variant: int) -> Model:
    thing = Thing("appliance")
    front, top, handle = _schemed(thing, variant)
    _body(thing, thing.matter(WHITE, 0.5), top)
    steel = rng.random() < 0.5
    _front(thing, thing.metal((0.5, 0.5, 0.5), 0.35) if steel else front, handle, _PLINTH, 0.72, level=True)
    panel = box((0.019, _W - 0.004, 0.11), 0.001).moved((_BODY + 0.0095, 0, 0.785))
    thing.add(panel, thing.matter((0.05, 0.05, 0.052), 0.3), solid="box")
    thing.add(
        box((0.002, 0.07, 0.02)).moved((_BODY + 0.02, 0.2, 0.79)), thing.matter((0.1, 0.12, 0.14), 0.1), solid="none"
    )
    return thing.model("dishwasher", 38.0, kind="dishwasher", variant=variant)


def _fridge(rng: Stream, variant: int) -> Model:
    """A fridge over a freezer: 0.6 x 0.65 m, 1.75 to 2.0 m high, 65 to 80 kg."""
    thing = Thing("appliance")
    h = float(rng.uniform(1.75, 2.0))
    color = one_of(rng, (WHITE, WHITE, linear(176, 28, 34), linear(34, 36, 40)))
    skin = thing.metal((0.5, 0.5, 0.51), 0.35) if rng.random() < 0.5 else thing.matter(color, 0.3, clearcoat=0.4)
    thing.add(box((_BODY, _W, h - 0.03)).moved((0.5 * _BODY, 0, 0.5 * h + 0.015)), skin, solid="box")
    thing.add(
        box((_BODY - 0.04, _W - 0.04, 0.03)).moved((0.5 * _BODY, 0, 0.015)), thing.matter(BLACK, 0.6), solid="box"
    )
    split = 0.38 * h
    for low, high in ((0.06, split), (split + 0.006, h)):
        door = box((0.06, _W, high - low), 0.008).moved((_BODY + 0.032, 0, 0.5 * (low + high)))
        thing.add(door, skin, smooth_deg=30.0, solid="box")
        z = (split - 0.32, split - 0.06) if low < 0.5 else (split + 0.08, split + 0.5)
        x, y = _BODY + 0.1, 0.5 * _W - 0.06
        thing.add(tube([[x, y, z[0]], [x, y, z[1]]], 0.009, 8), thing.metal(roughness=0.2), solid="none")
        for end in z:
            thing.add(tube([[_BODY + 0.06, y, end], [x, y, end]], 0.007, 6), thing.metal(roughness=0.2), solid="none")
    return thing.model("fridge", float(rng.uniform(65.0, 80.0)), kind="fridge", variant=variant)


def _wall_cupboard(rng: Stream, variant: int) -> Model:
    """0.35 m deep, 0.7 m high; hang it 0.5 m above the worktop."""
    thing = Thing("furniture")
    front, _, handle = _schemed(thing, variant)
    thing.add(box((0.33, _W, 0.7)).moved((0.165, 0, 0.35)), thing.matter(WHITE, 0.5), solid="box")
    thing.add(box((0.019, _W - 0.004, 0.696), 0.0015).moved((0.3395, 0, 0.35)), front, smooth_deg=20.0, solid="box")
    y = 0.5 * _W - 0.05
    thing.add(tube([[0.385, y, 0.06], [0.385, y, 0.2]], 0.006, 8), handle, solid="none")
    for z in (0.06, 0.2):
        thing.add(tube([[0.345, y, z], [0.385, y, z]], 0.005, 6), handle, solid="none")
    return thing.model("wall_cupboard", 20.0, kind="wall_cupboard", variant=variant)


def _hood(rng: Stream, variant: int) -> Model:
    """An extractor hood with its flue: hang it 0.65 m above the hob."""
    thing = Thing("appliance")
    tone = float(rng.uniform(0.5, 0.6)) if rng.random() < 0.7 else float(rng.uniform(0.02, 0.06))
    steel = thing.metal((tone, tone, tone), float(rng.uniform(0.2, 0.4)))
    thing.add(box((0.5, _W, 0.05)).moved((0.25, 0, 0.025)), steel, solid="box")
    rings = [np.c_[rounded_rectangle(a, b, 0.004) + np.array([0.5 * a, 0.0]), np.full(20, z)] for a, b, z in
             ((0.5, _W, 0.05), (0.28, 0.28, 0.2), (0.28, 0.28, 0.7))]  # fmt: skip
    thing.add(loft(np.stack(rings[:2])), steel, smooth_deg=20.0)
    thing.add(loft(np.stack(rings[1:])), steel, smooth_deg=20.0)
    return thing.model("hood", 15.0, kind="hood", variant=variant)


@register("asset", "kitchen_unit")
@dataclass(frozen=True, kw_only=True)
class KitchenUnit(Family):
    """A unit of a fitted kitchen, 0.6 m wide, its back at x = 0 and its front towards +x; worktops at 0.9 m (EN 1116).

    Cupboards, drawers and sink are of class furniture; stove, dishwasher, fridge and hood of class appliance. Units of
    one variant have the same fronts, worktop and handles. The sink's basin is hollow in physics too.
    """

    kind: str = param("cupboard", doc="what it is", choices=KINDS)

    kinds: ClassVar[Mapping[str, Maker]] = {
        "cupboard": _cupboard, "drawers": _drawers, "sink": _sink, "stove": _stove, "dishwasher": _dishwasher,
        "fridge": _fridge, "wall_cupboard": _wall_cupboard, "hood": _hood, "filler": _filler,
    }  # fmt: skip
