"""What a shop sells and a kitchen keeps: packs, cans, bottles, fruit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.assets._family import BRIGHT, Family, Maker, between, one_of
from simgen.assets._labels import pictured
from simgen.records.base import F8
from simgen.records.mesh import Surface
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.rng import Stream
from simgen.shapes.colors import linear
from simgen.shapes.finish import hull
from simgen.shapes.lattice import curve, loft, revolve, tube
from simgen.shapes.primitives import box, cylinder
from simgen.shapes.soup import Soup
from simgen.shapes.thing import STEEL, WHITE, Thing, uv_box, uv_round

KINDS = (
    "cereal", "food_box", "milk_carton", "can", "drink_can", "jar", "water_bottle", "glass_bottle", "detergent",
    "apple", "orange", "banana", "pear",
)  # fmt: skip


def _boxed(kind: str, rng: Stream, variant: int, low: F8, high: F8, mass: float) -> Model:
    size = np.array([between(rng, a, b) for a, b in zip(low, high, strict=True)])
    thing = Thing("object")
    soup = box(size, 0.0012).moved((0.0, 0.0, 0.5 * size[2]))
    print_ = pictured("pack", variant, 384, 192, class_name="object", roughness=0.45)
    thing.pictured(soup, uv_box(soup), print_, smooth_deg=20.0)
    return thing.model(kind, mass * float(size.prod()), friction=0.45, kind=kind, variant=variant)


def _cereal(rng: Stream, variant: int) -> Model:
    """300 to 750 g: faces 180 to 210 x 260 to 330 mm."""
    return _boxed("cereal", rng, variant, np.array([0.05, 0.18, 0.26]), np.array([0.075, 0.21, 0.33]), 125.0)


def _food_box(rng: Stream, variant: int) -> Model:
    """Tea, biscuits, pasta, crackers."""
    return _boxed("food_box", rng, variant, np.array([0.035, 0.08, 0.08]), np.array([0.07, 0.17, 0.2]), 320.0)


def _milk(rng: Stream, variant: int) -> Model:
    """A litre in a brick of board: 60 to 74 mm square, 195 to 240 mm high, with a screw cap."""
    side, h = between(rng, 0.06, 0.074), between(rng, 0.195, 0.24)
    thing = Thing("bottle")
    soup = box((side, side + 0.02, h), 0.0015).moved((0.0, 0.0, 0.5 * h))
    print_ = pictured("pack", variant, 384, 192, class_name="bottle", roughness=0.3)
    thing.pictured(soup, uv_box(soup), print_, smooth_deg=20.0)
    cap = thing.matter(one_of(rng, (WHITE, *BRIGHT)), 0.4)
    thing.add(cylinder(0.013, 0.014, 20, 0.001).moved((0.0, 0.018, h + 0.006)), cap)
    return thing.model("milk_carton", 1.06, friction=0.45, kind="milk_carton", variant=variant)


def _wrapped(thing: Thing, profile: F8, low: float, high: float, print_: Surface, segments: int = 32) -> None:
    """A band of label around a body of revolution, and nothing to collide with: the body says where it is."""
    soup = revolve(profile, segments)
    thing.pictured(soup, uv_round(soup, low, high), print_, smooth_deg=35.0, solid=False)


def _tin(rng: Stream, variant: int) -> Model:
    """A food can of 425 or 800 ml: 73 or 99 mm wide, 110 to 118 mm high (ISO 3004)."""
    r, h = (0.0365, 0.11) if rng.random() < 0.7 else (0.0495, 0.118)
    thing = Thing("container")
    metal = thing.metal(STEEL, 0.3)
    rim = [[0, 0.002], [r - 0.003, 0.002], [r - 0.003, 0], [r, 0], [r, 0.003], [r - 0.001, 0.005],
           [r - 0.001, h - 0.005], [r, h - 0.003], [r, h], [r - 0.003, h], [r - 0.003, h - 0.003],
           [0.6 * r, h - 0.003], [0.57 * r, h - 0.002], [0, h - 0.002]]  # fmt: skip
    thing.add(revolve(rim, 32), metal, smooth_deg=30.0)
    print_ = pictured("round", variant, 512, 128, class_name="container", roughness=0.35, clearcoat=0.5)
    wrap = np.array([[r - 0.0006, 0.006], [r - 0.0004, 0.0065], [r - 0.0004, h - 0.0065], [r - 0.0006, h - 0.006]])
    _wrapped(thing, wrap, 0.006, h - 0.006, print_)
    return thing.model("can", 0.5 if r < 0.04 else 0.95, friction=0.4, kind="can", variant=variant)


def _drink_can(rng: Stream, variant: int) -> Model:
    """0.33 l: 66 mm wide and 115 mm high, or 0.25 l slim: 53 mm and 134 mm; full."""
    r, h, mass = (0.033, 0.115, 0.345) if rng.random() < 0.7 else (0.0265, 0.134, 0.265)
    thing = Thing("container")
    print_ = pictured("round", variant, 512, 160, class_name="container", roughness=0.3, metallic=0.6, clearcoat=0.6)
    metal = thing.metal((0.65, 0.65, 0.65), 0.25)
    ends = [[0, 0.008], [0.6 * r, 0.006], [0.74 * r, 0], [0.78 * r, 0], [r, 0.009], [r, 0.01]]
    thing.add(revolve(ends, 32), metal, solid="none")
    body = np.array([[r, 0.0098], [r, h - 0.016], [0.93 * r, h - 0.008], [0.84 * r, h - 0.003]])
    _wrapped(thing, body, 0.0098, h - 0.003, print_)
    lid = [[0.84 * r, h - 0.0031], [0.84 * r, h], [0.8 * r, h], [0.77 * r, h - 0.005], [0, h - 0.005]]
    thing.add(revolve(lid, 32), metal, solid="none", smooth_deg=30.0)
    thing.add(box((0.022, 0.014, 0.0012), 0.0003).moved((0.0, 0.0, h - 0.0043)), metal, solid="none")
    whole = revolve(np.array([[0, 0], [0.78 * r, 0], [r, 0.009], [r, h - 0.016], [0.84 * r, h], [0, h]]), 16)
    thing.shapes.append(hull(whole.vertices))
    return thing.model("drink_can", mass, friction=0.4, kind="drink_can", variant=variant)


def _jar(rng: Stream, variant: int) -> Model:
    """Jam, honey, pickles: 60 to 85 mm wide, 80 to 130 mm high."""
    r, h = between(rng, 0.03, 0.0425), between(rng, 0.08, 0.13)
    thing = Thing("container")
    inside = thing.matter(
        one_of(rng, (linear(120, 20, 24), linear(196, 132, 30), linear(92, 104, 40), linear(70, 36, 18))), 0.25
    )
    glass = thing.clear(transmission=0.9)
    body = [[0, 0], [0.94 * r, 0], [r, 0.004], [r, 0.78 * h], [0.86 * r, 0.84 * h], [0.86 * r, 0.86 * h]]
    thing.add(revolve(np.array([*body, [0, 0.86 * h]]), 32), glass, smooth_deg=35.0)
    filled = [[0, 0.003], [0.93 * r, 0.003], [0.96 * r, 0.007], [0.96 * r, 0.74 * h], [0, 0.74 * h]]
    thing.add(revolve(filled, 24), inside, solid="none", smooth_deg=35.0)
    lid = thing.matter(one_of(rng, (WHITE, linear(190, 160, 60), *BRIGHT)), 0.3, metallic=0.4)
    thing.add(cylinder(0.92 * r, 0.14 * h, 32, 0.0015).moved((0.0, 0.0, 0.93 * h)), lid)
    print_ = pictured("round", variant, 512, 96, class_name="container", roughness=0.5)
    wrap = np.array([[r + 0.0002, 0.16 * h], [r + 0.0004, 0.165 * h], [r + 0.0004, 0.64 * h], [r + 0.0002, 0.645 * h]])
    _wrapped(thing, wrap, 0.16 * h, 0.645 * h, print_)
    return thing.model("jar", 1300.0 * np.pi * r * r * h, friction=0.4, kind="jar", variant=variant)


def _bottle(
    kind: str, rng: Stream, variant: int, r: float, h: float, neck: float, glass: Surface, fill: Surface
) -> Thing:
    """Body, shoulder, neck, cap and a wrap; full up to the shoulder."""
    thing = Thing("bottle")
    z = np.linspace(0.0, 1.0, 13)
    width = curve(z, [0.0, 0.03, 0.58, 0.82, 0.95, 1.0], [0.86 * r, r, r, neck, neck, neck])
    body = np.concatenate([[[0.0, 0.0]], np.stack([width, z * h], -1), [[0.0, h]]])
    thing.add(revolve(body, 28), glass, smooth_deg=60.0, solid="none")
    inner = np.concatenate([[[0.0, 0.004]], np.stack([0.96 * width[1:9], z[1:9] * h], -1), [[0.0, z[8] * h]]])
    thing.add(revolve(inner, 20), fill, smooth_deg=60.0, solid="none")
    cap = thing.matter(one_of(rng, (WHITE, *BRIGHT)), 0.4)
    thing.add(cylinder(neck + 0.002, 0.02, 20, 0.001).moved((0.0, 0.0, h - 0.006)), cap)
    low, top = 0.28 * h, 0.52 * h
    print_ = pictured("round", variant, 512, 128, class_name="bottle", roughness=0.35)
    wrap = np.array([[r + 0.0002, low], [r + 0.0005, low + 0.001], [r + 0.0005, top - 0.001], [r + 0.0002, top]])
    _wrapped(thing, wrap, low, top, print_)
    for a, b in ((0, 9), (8, 12), (11, 15)):
        thing.shapes.append(hull(revolve(body[a:b], 16).vertices))
    return thing


def _water_bottle(rng: Stream, variant: int) -> Model:
    """PET of 0.5 to 1.5 l: 65 to 90 mm wide, 200 to 330 mm high, full."""
    scale = float(rng.random())
    r, h = 0.0325 + 0.0125 * scale, 0.205 + 0.12 * scale
    blank = Thing("bottle")
    tint = (0.015, 0.03, 0.05) if rng.random() < 0.5 else (0.02, 0.024, 0.024)
    water = blank.clear((0.02, 0.035, 0.04), 0.8)
    thing = _bottle("water_bottle", rng, variant, r, h, 0.0125, blank.clear(tint, 0.9), water)
    return thing.model("water_bottle", 0.53 + scale, friction=0.35, kind="water_bottle", variant=variant)


def _glass_bottle(rng: Stream, variant: int) -> Model:
    """Wine and oil: 70 to 78 mm wide, 290 to 320 mm high, 1.2 kg full."""
    r, h = between(rng, 0.035, 0.039), between(rng, 0.29, 0.32)
    blank = Thing("bottle")
    color = ((0.012, 0.03, 0.01), (0.03, 0.012, 0.004), (0.02, 0.024, 0.022))[int(rng.integers(3))]
    dark = blank.matter(((0.02, 0.003, 0.006), (0.3, 0.22, 0.05), (0.03, 0.05, 0.012))[int(rng.integers(3))], 0.15)
    thing = _bottle("glass_bottle", rng, variant, r, h, 0.0145, blank.clear(color, 0.55), dark)
    return thing.model("glass_bottle", 1.25, friction=0.4, kind="glass_bottle", variant=variant)


def _detergent(rng: Stream, variant: int) -> Model:
    """An opaque flat bottle with a handle's bulge: 0.7 to 1.5 l."""
    w, d, h = between(rng, 0.1, 0.13), between(rng, 0.06, 0.075), between(rng, 0.22, 0.28)
    thing = Thing("bottle")
    color = one_of(rng, (WHITE, *BRIGHT))
    z = np.array([0.0, 0.01, 0.3, 0.66, 0.86, 0.9])
    a = 0.5 * d * np.array([0.9, 1.0, 1.0, 0.95, 0.4, 0.32])
    b = 0.5 * w * np.array([0.95, 1.0, 1.0, 0.9, 0.28, 0.2])
    angle = 2.0 * np.pi * np.arange(28) / 28
    c, s = np.cos(angle), np.sin(angle)
    ring = np.stack([np.sign(c) * np.abs(c) ** 0.6, np.sign(s) * np.abs(s) ** 0.6], -1)
    rings = np.stack([np.c_[ring * [p, q], np.full(28, k * h)] for p, q, k in zip(a, b, z, strict=True)])
    body = loft(rings)
    thing.add(body, thing.matter(color, 0.35), smooth_deg=50.0)
    thing.add(cylinder(0.016, 0.12 * h, 20, 0.002).moved((0.0, 0.0, 0.94 * h)), thing.matter(one_of(rng, BRIGHT), 0.4))
    print_ = pictured("round", variant, 512, 160, class_name="bottle", roughness=0.4)
    spans = ((0.5 * d, 0.5 * w, 0.12), (0.5 * d, 0.5 * w, 0.3), (0.486 * d, 0.475 * w, 0.5))
    band = loft(np.stack([np.c_[1.006 * ring * [p, q], np.full(28, k * h)] for p, q, k in spans]), caps=False)
    thing.pictured(band, uv_round(band, 0.12 * h, 0.5 * h), print_, smooth_deg=50.0, solid=False)
    return thing.model("detergent", 900.0 * w * d * h, friction=0.4, kind="detergent", variant=variant)


def _grown(kind: str, rng: Stream, variant: int, skin: str, profile: F8, mass: float, stem: bool) -> Model:
    thing = Thing("object")
    squeeze = between(rng, 0.94, 1.06)
    soup = revolve(profile, 26).scaled((squeeze, 1.0 / squeeze, 1.0))
    low, high = float(profile[:, 1].min()), float(profile[:, 1].max())
    surface = pictured(skin, variant, 128, 64, class_name="object", roughness=0.4, clearcoat=0.3)
    thing.pictured(soup.moved((0, 0, -low)), uv_round(soup, low, high), surface, smooth_deg=70.0)
    if stem:
        top = float(profile[-1, 1]) - low
        path = [[0, 0, top - 0.004], [0.001, 0, top + 0.008], [0.004, 0, top + 0.018]]
        thing.add(tube(path, 0.0014, 6), thing.matter((0.09, 0.05, 0.02), 0.8), solid="none")
    return thing.model(kind, mass, friction=0.5, restitution=0.2, rolling_m=0.001, kind=kind, variant=variant)


def _apple(rng: Stream, variant: int) -> Model:
    """70 to 85 mm wide, 150 to 220 g (EU marketing standard 2011/543: 60 mm or 90 g at least)."""
    r = between(rng, 0.034, 0.042)
    t = np.linspace(-np.pi / 2, np.pi / 2, 15)
    radius = r * np.cos(t) ** 0.72
    z = 0.9 * r * np.sin(t) - 0.22 * r * np.exp(-((radius / (0.3 * r)) ** 2)) * np.sign(t)
    radius[[0, -1]] = 0.0
    return _grown("apple", rng, variant, "apple", np.stack([radius, z], -1), 2900.0 * r**3, True)


def _orange(rng: Stream, variant: int) -> Model:
    """65 to 85 mm wide, 150 to 250 g."""
    r = between(rng, 0.033, 0.042)
    t = np.linspace(-np.pi / 2, np.pi / 2, 13)
    radius = r * np.cos(t)
    radius[[0, -1]] = 0.0
    return _grown("orange", rng, variant, "peel", np.stack([radius, 0.96 * r * np.sin(t)], -1), 3600.0 * r**3, False)


def _pear(rng: Stream, variant: int) -> Model:
    """60 to 75 mm wide, 90 to 110 mm high."""
    r, h = between(rng, 0.03, 0.037), between(rng, 0.09, 0.11)
    z = np.linspace(0.0, 1.0, 15)
    radius = r * curve(z, [0.0, 0.08, 0.33, 0.75, 0.95, 1.0], [0.0, 0.6, 1.0, 0.5, 0.34, 0.0])
    return _grown("pear", rng, variant, "apple", np.stack([radius, z * h], -1), 0.18, True)


def _banana(rng: Stream, variant: int) -> Model:
    """170 to 210 mm along its bend, 32 to 38 mm thick, 120 to 180 g; lies on its side."""
    thing = Thing("object")
    length, r = between(rng, 0.17, 0.21), between(rng, 0.016, 0.019)
    bend = between(rng, 0.95, 1.35)
    s = np.linspace(-0.5, 0.5, 15)
    radius = length / bend
    thick = r * curve(s + 0.5, [0.0, 0.1, 0.18, 0.5, 0.9, 1.0], [0.34, 0.36, 0.8, 1.0, 0.72, 0.2])
    angle = 2.0 * np.pi * np.arange(10) / 10
    across = np.stack([np.cos(angle), np.sin(angle)], -1) * (1.0 + 0.06 * np.cos(5 * angle))[:, None]
    a = bend * s
    middle = np.stack([radius * np.sin(a), radius * (1.0 - np.cos(a)) - 0.03, np.full(15, r)], -1)
    out = np.stack([np.sin(a), -np.cos(a), np.zeros(15)], -1)
    up = np.array([0.0, 0.0, 1.0])
    rings = middle[:, None] + thick[:, None, None] * (across[None, :, :1] * out[:, None] + across[None, :, 1:] * up)
    rings[..., 2] -= rings[..., 2].min()
    soup = loft(rings[:, ::-1] if _inward(rings) else rings)
    surface = pictured("banana", variant, 64, 128, class_name="object", roughness=0.45)
    along = soup.vertices[soup.triangles]
    v = np.arctan2(along[..., 0], radius - along[..., 1] - 0.03) / bend + 0.5
    thing.pictured(soup, np.stack([along[..., 2] / (2.2 * r), v], -1), surface, smooth_deg=50.0, solid=False)
    for k in range(0, 14, 3):
        thing.shapes.append(hull(rings[k : min(k + 4, 15)]))
    return thing.model("banana", 0.12 + 1.5 * (length - 0.17), friction=0.5, kind="banana", variant=variant)


def _inward(rings: F8) -> bool:
    from simgen.shapes.soup import signed_volume

    probe: Soup = loft(rings)
    return signed_volume(probe) < 0.0


@register("asset", "grocery")
@dataclass(frozen=True, kw_only=True)
class Grocery(Family):
    """Goods of a supermarket: boxes, cartons, cans, jars, bottles and fruit (classes object, bottle, container).

    Sizes and masses of retail packs as sold; cans after ISO 3004, fruit after the EU's marketing standards (2011/543).
    Labels are drawn from the variant; every brand on them is invented.
    """

    kind: str = param("cereal", doc="what it is", choices=KINDS)

    kinds: ClassVar[Mapping[str, Maker]] = {
        "cereal": _cereal, "food_box": _food_box, "milk_carton": _milk, "can": _tin, "drink_can": _drink_can,
        "jar": _jar, "water_bottle": _water_bottle, "glass_bottle": _glass_bottle, "detergent": _detergent,
        "apple": _apple, "orange": _orange, "banana": _banana, "pear": _pear,
    }  # fmt: skip
