"""Crockery, cutlery and cookware."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.assets._family import BRIGHT, CALM, Family, Maker, between, one_of
from simgen.records.base import F8
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.rng import Stream
from simgen.shapes.lattice import curve, loft, revolve, tube
from simgen.shapes.primitives import box, cylinder, rounded_rectangle, sphere
from simgen.shapes.thing import BLACK, Thing

KINDS = ("mug", "glass", "bowl", "plate", "fork", "knife", "spoon", "pan", "pot", "kettle")


def _rim(outer: F8, wall: float, floor: float) -> tuple[F8, F8]:
    """The inner profile of a vessel: the outer one drawn in by its wall, and up by its floor at the bottom."""
    inner = outer.copy()
    inner[:, 0] = np.maximum(inner[:, 0] - wall, 0.3 * inner[:, 0])
    inner[:-1, 1] = np.maximum(inner[:-1, 1], outer[0, 1] + floor)
    inner[0, 0] = min(inner[0, 0], inner[1, 0] - 1e-4)
    return outer, inner


def _mug(rng: Stream, variant: int) -> Model:
    """0.25 to 0.4 l: 80 to 105 mm high, 76 to 92 mm wide, 0.3 to 0.4 kg."""
    thing = Thing("cup")
    r, h = between(rng, 0.038, 0.046), between(rng, 0.08, 0.105)
    taper = between(rng, 0.82, 1.0)
    glaze = thing.glazed(one_of(rng, CALM + BRIGHT[:6]))
    inside = glaze if rng.random() < 0.5 else thing.glazed((0.74, 0.73, 0.7))
    outer = np.array([[taper * r - 0.004, 0.0], [taper * r, 0.005], [r, 0.6 * h], [r, h]])
    thing.hollow(*_rim(outer, 0.004, 0.007), glaze, inside)
    reach, top, low = between(rng, 0.026, 0.032), between(rng, 0.78, 0.86) * h, between(rng, 0.2, 0.3) * h
    t = np.linspace(0.0, np.pi, 9)
    x, z = r - 0.003 + reach * np.sin(t) ** 0.7, 0.5 * (top + low) + 0.5 * (top - low) * np.cos(t)
    x = np.where(z < 0.5 * h, x - (1.0 - taper) * r * (1.0 - z / (0.6 * h)), x)
    handle = tube(np.stack([x, np.zeros(9), z], -1), 0.0052, 8)
    thing.add(handle, glaze, smooth_deg=60.0, solid="none")
    for a, b in ((0, 3), (3, 5), (5, 8)):
        thing.shapes += Thing("cup").add(tube(np.stack([x, np.zeros(9), z], -1)[a : b + 1], 0.0052, 6), glaze).shapes
    return thing.model("mug", 0.3 + 4.0 * (h - 0.08), kind="mug", variant=variant)


def _glass(rng: Stream, variant: int) -> Model:
    """A tumbler: 85 to 150 mm high, 60 to 80 mm wide, 0.15 to 0.35 kg."""
    thing = Thing("cup")
    r, h = between(rng, 0.03, 0.04), between(rng, 0.085, 0.15)
    tint = (0.02, 0.025, 0.025) if rng.random() < 0.8 else (0.01, 0.03, 0.06)
    outer = np.array([[0.82 * r, 0.0], [0.86 * r, 0.004], [r, h]])
    thing.hollow(*_rim(outer, 0.0025, 0.01), thing.clear(tint, 0.92), wedges=10)
    return thing.model("glass", 0.15 + 1.6 * (h - 0.085), friction=0.4, kind="glass", variant=variant)


def _bowl(rng: Stream, variant: int) -> Model:
    """130 to 180 mm wide, 50 to 75 mm high."""
    thing = Thing("container")
    r, h = between(rng, 0.065, 0.09), between(rng, 0.05, 0.075)
    foot = between(rng, 0.4, 0.5) * r
    outer = np.stack([[foot, foot + 0.004, 0.82 * r, r], np.array([0.0, 0.006, 0.42 * h, h])], -1)
    color = one_of(rng, CALM)
    inside = one_of(rng, CALM) if rng.random() < 0.5 else color
    thing.hollow(*_rim(outer, 0.004, 0.007), thing.glazed(color), thing.glazed(inside))
    return thing.model("bowl", 0.25 + 6.0 * (r - 0.065), kind="bowl", variant=variant)


def _plate(rng: Stream, variant: int) -> Model:
    """180 to 280 mm wide, 20 to 28 mm high, 0.35 to 0.8 kg."""
    thing = Thing("container")
    r, h = between(rng, 0.09, 0.14), between(rng, 0.02, 0.028)
    outer = np.array([[0.55 * r, 0.0], [0.6 * r, 0.002], [0.74 * r, 0.35 * h], [r, h]])
    inner = np.array([[0.54 * r, 0.006], [0.62 * r, 0.0065], [0.735 * r, 0.35 * h + 0.005], [r - 0.002, h + 0.001]])
    glaze = thing.glazed(one_of(rng, CALM))
    thing.hollow(outer, inner, glaze, segments=36, wedges=10)
    return thing.model("plate", 0.35 + 9.0 * (r - 0.09), kind="plate", variant=variant)


def _shaft(length: float, x0: float, widths: F8, thick: F8, lift: F8) -> F8:
    """Rings (R, 12, 3) of a flat bar along x: half widths, half thicknesses and heights at even stations."""
    x = x0 + np.linspace(0.0, length, len(widths))
    angle = 2.0 * np.pi * np.arange(12) / 12
    y, z = widths[:, None] * np.cos(angle), thick[:, None] * np.sin(angle) + lift[:, None]
    return np.stack([np.broadcast_to(x[:, None], y.shape), y, z], -1)


def _cutlery(kind: str, rng: Stream, variant: int) -> Model:
    """Table size: 195 to 230 mm long, 40 to 70 g, steel 2 to 3 mm thick."""
    thing = Thing("tool")
    length = between(rng, 0.195, 0.225)
    steel = thing.metal((0.6, 0.6, 0.58), between(rng, 0.12, 0.3))
    handle_color = steel if rng.random() < 0.6 else thing.matter(one_of(rng, (BLACK, *BRIGHT)), 0.4)
    grip, head = 0.52 * length, 0.48 * length
    s = np.linspace(0.0, 1.0, 9)
    wide = curve(s, [0.0, 0.15, 0.6, 1.0], [0.006, 0.0105, 0.0055, 0.0035])
    lift = np.full(9, 0.0016)
    thing.add(loft(_shaft(grip, -grip, wide, np.full(9, 0.0016), lift)), handle_color, smooth_deg=50.0)
    if kind == "knife":
        wide = curve(s, [0.0, 0.2, 0.8, 1.0], [0.0035, 0.009, 0.0095, 0.002])
        thing.add(loft(_shaft(head, 0.0, wide, np.full(9, 0.0011), lift)), steel, smooth_deg=50.0)
    elif kind == "spoon":
        neck = 0.42 * head
        thing.add(loft(_shaft(neck, 0.0, np.full(4, 0.0033), np.full(4, 0.0016), np.linspace(0.0016, 0.006, 4))), steel)
        bowl = sphere(1.0, 18, 8)
        keep = (bowl.vertices[bowl.triangles][..., 2] <= 1e-9).all(1)
        half = type(bowl)(bowl.vertices, bowl.triangles[keep], bowl.tags[keep])
        outside = half.scaled((0.5 * (head - neck), 0.02, 0.008))
        middle = (neck + 0.5 * (head - neck), 0.0, 0.008)
        thing.add(outside.moved(middle), steel, smooth_deg=60.0)
        thing.add(outside.scaled((0.985, 0.96, 0.86)).flipped().moved(middle), steel, smooth_deg=60.0, solid="none")
    else:
        neck = 0.45 * head
        thing.add(loft(_shaft(neck, 0.0, np.full(4, 0.0032), np.full(4, 0.0015), np.linspace(0.0016, 0.004, 4))), steel)
        palm = box((0.02, 0.024, 0.0026), 0.001).moved((neck + 0.008, 0.0, 0.004))
        thing.add(palm, steel, smooth_deg=30.0)
        for y in np.linspace(-0.0098, 0.0098, 4):
            a, b = neck + 0.017, head
            tine = tube([[a, y, 0.004], [0.5 * (a + b), y, 0.0028], [b, y, 0.0055]], [0.0015, 0.0014, 0.0008], 6)
            thing.add(tine, steel, smooth_deg=60.0, solid="none")
        thing.shapes += (
            Thing("tool")
            .add(box((head - neck - 0.012, 0.022, 0.003)).moved((0.5 * (head + neck) + 0.008, 0.0, 0.0038)), steel)
            .shapes
        )
    return thing.model(kind, 0.045 + 0.4 * (length - 0.195), friction=0.4, kind=kind, variant=variant)


def _pan(rng: Stream, variant: int) -> Model:
    """A frying pan: 200 to 280 mm wide, 0.8 to 1.5 kg."""
    thing = Thing("container")
    r, h = between(rng, 0.1, 0.14), between(rng, 0.04, 0.055)
    outer = np.array([[0.76 * r, 0.0], [0.8 * r, 0.004], [r, h]])
    body = (
        thing.metal((0.5, 0.5, 0.5), 0.35) if rng.random() < 0.4 else thing.matter(one_of(rng, (BLACK, *BRIGHT)), 0.35)
    )
    thing.hollow(*_rim(outer, 0.003, 0.005), body, thing.matter(BLACK, 0.4), segments=36)
    long = between(rng, 0.15, 0.19)
    path = [[r - 0.004, 0.0, 0.8 * h], [r + 0.05, 0.0, h + 0.012], [r + long, 0.0, h + 0.024]]
    thing.add(tube(path, [0.007, 0.0105, 0.011], 10), thing.matter(BLACK, 0.5), smooth_deg=60.0)
    return thing.model("pan", 0.8 + 17.0 * (r - 0.1), friction=0.35, kind="pan", variant=variant)


def _pot(rng: Stream, variant: int) -> Model:
    """160 to 240 mm wide, with its lid on."""
    thing = Thing("container")
    r, h = between(rng, 0.08, 0.12), between(rng, 0.09, 0.15)
    steel = thing.metal((0.6, 0.6, 0.58), between(rng, 0.1, 0.25))
    body = steel if rng.random() < 0.6 else thing.glazed(one_of(rng, BRIGHT))
    thing.add(
        revolve(np.array([[0, 0], [0.97 * r, 0], [r, 0.006], [r, h], [1.03 * r, h + 0.003], [0, h + 0.003]]), 36), body
    )
    lid = [[0, h + 0.002], [r, h + 0.004], [0.98 * r, h + 0.009], [0.5 * r, h + 0.022], [0, h + 0.026]]
    thing.add(revolve(lid, 36), steel)
    knob_side = [[0.0, 0.0], [0.007, 0], [0.007, 0.012], [0.018, 0.018], [0.018, 0.026], [0.012, 0.03], [0, 0.03]]
    knob = revolve(np.array(knob_side), 20)
    thing.add(knob.moved((0.0, 0.0, h + 0.022)), thing.matter(BLACK, 0.4))
    for side in (1.0, -1.0):
        x = side * r
        path = [[x - side * 0.006, -0.045, 0.78 * h], [x + side * 0.03, -0.036, 0.82 * h],
                [x + side * 0.03, 0.036, 0.82 * h], [x - side * 0.006, 0.045, 0.78 * h]]  # fmt: skip
        thing.add(tube(path, 0.006, 8), thing.matter(BLACK, 0.4), smooth_deg=60.0)
    return thing.model("pot", 1.2 + 25.0 * (r - 0.08), friction=0.35, kind="pot", variant=variant)


def _kettle(rng: Stream, variant: int) -> Model:
    """An electric kettle of 1.5 to 1.7 l: 220 to 250 mm high, about 1 kg."""
    thing = Thing("container")
    r, h = between(rng, 0.07, 0.08), between(rng, 0.2, 0.225)
    body = thing.metal((0.6, 0.6, 0.58), 0.25) if rng.random() < 0.5 else thing.glazed(one_of(rng, CALM + BRIGHT))
    dark = thing.matter(BLACK, 0.4)
    thing.add(cylinder(r + 0.006, 0.022, 32, 0.004).moved((0.0, 0.0, 0.011)), dark)
    side = [[0, 0.022], [r, 0.022], [r, 0.05], [0.86 * r, 0.8 * h], [0.74 * r, h], [0, h]]
    thing.add(revolve(side, 32), body, smooth_deg=35.0)
    lid = [[0, h], [0.7 * r, h], [0.66 * r, h + 0.012], [0.2 * r, h + 0.018], [0, h + 0.018]]
    thing.add(revolve(lid, 32), dark)
    spout = loft([np.c_[rounded_rectangle(0.03, 0.05, 0.012) + np.array([x, 0.0]), np.full(20, z)] for x, z in
                  ((0.6 * r, 0.72 * h), (0.86 * r, 0.85 * h), (r + 0.01, 0.97 * h))])  # fmt: skip
    thing.add(spout, body)
    x = -0.8 * r
    path = [
        [x, 0.0, 0.93 * h],
        [x - 0.05, 0.0, 0.95 * h],
        [x - 0.062, 0.0, 0.6 * h],
        [x - 0.04, 0.0, 0.25 * h],
        [-r + 0.003, 0.0, 0.22 * h],
    ]
    thing.add(tube(path, 0.0115, 10), dark, smooth_deg=70.0, solid="none")
    for a in range(4):
        thing.shapes += Thing("tool").add(tube(path[a : a + 2], 0.0115, 6), dark).shapes
    return thing.model("kettle", between(rng, 0.9, 1.2), kind="kettle", variant=variant)


def _fork(rng: Stream, variant: int) -> Model:
    return _cutlery("fork", rng, variant)


def _knife(rng: Stream, variant: int) -> Model:
    return _cutlery("knife", rng, variant)


def _spoon(rng: Stream, variant: int) -> Model:
    return _cutlery("spoon", rng, variant)


@register("asset", "tableware")
@dataclass(frozen=True, kw_only=True)
class Tableware(Family):
    """A mug, glass (class cup), bowl, plate, pan, pot, kettle (container), fork, knife or spoon (tool).

    Vessels are hollow in physics too, in wedges of wall and a floor; pots come with their lids on. Sizes and masses
    of household ware as sold (EN 631-1 and makers' sheets for the sizes of plates, pots and cutlery).
    """

    kind: str = param("mug", doc="what it is", choices=KINDS)

    kinds: ClassVar[Mapping[str, Maker]] = {
        "mug": _mug, "glass": _glass, "bowl": _bowl, "plate": _plate, "fork": _fork, "knife": _knife, "spoon": _spoon,
        "pan": _pan, "pot": _pot, "kettle": _kettle,
    }  # fmt: skip
