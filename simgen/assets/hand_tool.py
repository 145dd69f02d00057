"""Hand tools and small parts of a workshop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.assets._family import BRIGHT, Family, Maker, between, one_of
from simgen.records.base import F8
from simgen.records.mesh import Surface
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.rng import Stream
from simgen.shapes.finish import hull
from simgen.shapes.lattice import lattice, revolve, tube
from simgen.shapes.primitives import box, cylinder, prism, rounded_rectangle
from simgen.shapes.soup import Soup, join
from simgen.shapes.thing import BLACK, BRASS, CHROME, STEEL, Thing

KINDS = ("screwdriver", "hammer", "wrench", "drill", "pliers", "bolt", "nut", "washer", "gear", "cable_coil")

_ALONG_X = (0.5**0.5, 0.0, 0.5**0.5, 0.0)
_ALONG_Y = (0.5**0.5, -(0.5**0.5), 0.0, 0.0)


def _lying(profile: F8, z: float, segments: int = 16) -> Soup:
    """A body of revolution laid along x at a height; heights of the profile become x."""
    return revolve(profile, segments).moved(quaternion=_ALONG_X).moved((0.0, 0.0, z))


def _screwdriver(rng: Stream, variant: int) -> Model:
    """180 to 260 mm long, blade of 5 to 8 mm (ISO 2380)."""
    thing = Thing("tool")
    blade, grip, r = between(rng, 0.09, 0.15), between(rng, 0.09, 0.11), between(rng, 0.013, 0.016)
    plastic = thing.matter(one_of(rng, BRIGHT), 0.3, clearcoat=0.5)
    x = np.array([0.0, 0.0, 0.05, 0.3, 0.72, 0.86, 1.0, 1.0]) * grip
    radius = np.array([0.0, 0.75, 1.0, 0.92, 1.0, 0.7, 0.8, 0.0]) * r
    thing.add(_lying(np.stack([radius, x - grip], -1), r, 12), plastic, smooth_deg=30.0)
    d = between(rng, 0.0025, 0.0035)
    shaft = np.array([[0, -0.002], [d, -0.002], [d, 0.88 * blade], [0, 0.88 * blade]])
    thing.add(_lying(shaft, r), thing.metal(CHROME, 0.2))
    tip = prism(np.array([[0.86 * blade, -d], [0.95 * blade, -1.2 * d], [blade, -1.1 * d], [blade, 1.1 * d],
                          [0.95 * blade, 1.2 * d], [0.86 * blade, d]]), r - 0.0009, r + 0.0009)  # fmt: skip
    thing.add(tip, thing.metal(STEEL, 0.3))
    return thing.model("screwdriver", 0.11, friction=0.5, kind="screwdriver", variant=variant)


def _hammer(rng: Stream, variant: int) -> Model:
    """An engineer's hammer of 300 to 800 g (DIN 1041): 300 to 350 mm long, head 105 to 130 mm."""
    thing = Thing("tool")
    long, head = between(rng, 0.3, 0.35), between(rng, 0.1, 0.125)
    wide = between(rng, 0.022, 0.03)
    iron = thing.matter((0.05, 0.05, 0.055), 0.4, metallic=0.8, lidar_reflectance=0.3)
    face = thing.metal(STEEL, 0.25)
    z = 0.5 * wide
    thing.add(box((wide, 0.6 * head, wide), 0.003).moved((0.0, 0.0, z)), iron, smooth_deg=30.0)
    poll = cylinder(0.5 * wide, 0.2 * head, 20, 0.002).moved(quaternion=_ALONG_Y).moved((0.0, 0.39 * head, z))
    thing.add(poll, face)
    wedge = prism(np.array([[-0.5 * wide, -0.3 * head], [-0.2 * wide, -0.62 * head], [0.2 * wide, -0.62 * head],
                            [0.5 * wide, -0.3 * head]]), 0.0, wide)  # fmt: skip
    thing.add(wedge, face)
    wooden = rng.random() < 0.6
    ash = thing.matter((0.5, 0.33, 0.17), 0.45, texture="wood", texture_scale_m=0.2)
    grip = ash if wooden else thing.matter(one_of(rng, BRIGHT), 0.4)
    x = np.array([0.02, -0.05, -0.12, -0.22, -0.3]) / 0.3 * (long - 0.01)
    size = np.array([0.008, 0.0085, 0.01, 0.0125, 0.013])
    path = np.stack([x, np.zeros(5), np.full(5, z)], -1)
    thing.add(tube(path, size, 10), grip, smooth_deg=60.0)
    return thing.model("hammer", 0.3 + 12.0 * (wide - 0.022) * 4, kind="hammer", variant=variant)


def _wrench(rng: Stream, variant: int) -> Model:
    """A combination spanner of 10 to 24 mm across flats (DIN 3113): 140 to 280 mm long."""
    thing = Thing("tool")
    flats = float(rng.integers(10, 25)) * 1e-3
    long, thick = 0.04 + 10.0 * flats, 0.003 + 0.2 * flats
    chrome = thing.metal(CHROME, 0.15)
    r = 1.05 * flats
    bar = prism(rounded_rectangle(long - 1.6 * r, 0.55 * flats, 0.2 * flats), 0.0, 0.7 * thick)
    thing.add(bar.moved((0.0, 0.0, 0.15 * thick)), chrome)
    ring = np.array(
        [[0.56 * flats, 0], [0.85 * flats, 0], [0.85 * flats, thick], [0.56 * flats, thick], [0.56 * flats, 0]]
    )
    x = 0.5 * long - 0.85 * flats
    thing.add(revolve(ring, 24).moved((x, 0, 0)), chrome, solid="none", smooth_deg=30.0)
    thing.shapes.append(hull(cylinder(0.85 * flats, thick, 12).moved((x, 0, 0.5 * thick)).vertices))
    a = np.radians(np.linspace(38.0, 322.0, 19))
    out = r * np.stack([np.cos(a), np.sin(a)], -1)
    h = 0.5 * flats
    jaw = np.concatenate([out, [[r * 0.8, -h], [-0.25 * r, -h], [-0.42 * r, 0.0], [-0.25 * r, h], [r * 0.8, h]]])
    turn = -np.array([[np.cos(0.26), -np.sin(0.26)], [np.sin(0.26), np.cos(0.26)]])
    end = prism((jaw[:, None, :] * turn[None]).sum(-1) + np.array([-(0.5 * long - r), 0.0]), 0.0, thick)
    thing.add(end, chrome, smooth_deg=30.0)
    return thing.model("wrench", 0.03 + 500.0 * flats**2, friction=0.4, kind="wrench", variant=variant)


def _drill(rng: Stream, variant: int) -> Model:
    """A cordless drill: about 190 mm long, 230 mm high, 1.3 to 1.8 kg; lies on its side."""
    thing = Thing("tool")
    color = one_of(rng, BRIGHT)
    case, dark = thing.matter(color, 0.4), thing.matter(BLACK, 0.5)
    r = 0.031
    body = np.array(
        [[0, -0.085], [0.8 * r, -0.085], [r, -0.06], [r, 0.03], [0.8 * r, 0.05], [0.8 * r, 0.06], [0, 0.06]]
    )
    thing.add(_lying(body, r, 24), case, smooth_deg=35.0)
    chuck = np.array([[0, 0.06], [0.72 * r, 0.06], [0.72 * r, 0.085], [0.3 * r, 0.11], [0, 0.11]])
    thing.add(_lying(chuck, r, 20), dark, smooth_deg=30.0)
    bit = np.array([[0, 0.11], [0.003, 0.11], [0.003, 0.16], [0, 0.165]])
    thing.add(_lying(bit, r, 10), thing.metal(STEEL, 0.25))
    outline = np.array([[-0.055, 0.02], [-0.012, 0.02], [-0.006, 0.09], [0.002, 0.13], [-0.055, 0.13], [-0.05, 0.08]])
    # the handle hangs towards -y: the drill lies on its flat side
    grip = prism(np.array([[x, -y] for x, y in outline])[::-1], r - 0.019, r + 0.019)
    thing.add(grip, dark, smooth_deg=30.0)
    pack = box((0.1, 0.05, 0.062), 0.005).moved((-0.022, -0.152, r))
    thing.add(pack, case if rng.random() < 0.4 else dark, smooth_deg=30.0)
    trigger = box((0.016, 0.03, 0.014), 0.004).moved((-0.004, -0.052, r))
    thing.add(trigger, thing.matter((0.3, 0.02, 0.02), 0.4))
    return thing.model("drill", between(rng, 1.3, 1.8), kind="drill", variant=variant)


def _pliers(rng: Stream, variant: int) -> Model:
    """Combination pliers of 160 to 200 mm (ISO 5746)."""
    thing = Thing("tool")
    s = between(rng, 0.16, 0.2) / 0.18
    iron, dip = thing.metal((0.4, 0.4, 0.4), 0.3), thing.matter(one_of(rng, BRIGHT), 0.4)
    z, h = 0.007 * s, 0.0045 * s
    for side in (1.0, -1.0):
        jaw = np.array([[0.0, 0.0006], [0.05, 0.0006], [0.05, 0.005], [0.02, 0.011], [0.0, 0.012]]) * s
        jaw = jaw * [1.0, side]
        thing.add(prism(jaw if side > 0.0 else jaw[::-1], z - h, z + h), iron, smooth_deg=30.0)
        path = np.array([[-0.01, 0.004, 0], [-0.04, 0.014, 0], [-0.08, 0.02, 0], [-0.125, 0.016, 0]]) * s * [1, side, 1]
        thing.add(
            tube(path + np.array([0, 0, z]), np.array([0.0055, 0.006, 0.0065, 0.006]) * s, 8), dip, smooth_deg=60.0
        )
    thing.add(cylinder(0.011 * s, 0.012 * s, 20, 0.001).moved((-0.002 * s, 0, z)), iron)
    return thing.model("pliers", 0.22 * s**3, kind="pliers", variant=variant)


#: ISO metric threads: diameter, across flats, head height (ISO 4017), nut height (ISO 4032), m
_M = np.array([[6, 10, 4, 5.2], [8, 13, 5.3, 6.8], [10, 16, 6.4, 8.4], [12, 18, 7.5, 10.8], [16, 24, 10, 14.8]]) * 1e-3


def _plating(thing: Thing, rng: Stream) -> Surface:
    return thing.metal(((0.6, 0.6, 0.6), BRASS, (0.08, 0.08, 0.085), (0.55, 0.5, 0.32))[int(rng.integers(4))], 0.3)


def _hexagon(flats: float) -> F8:
    angle = np.pi / 3 * np.arange(6) + np.pi / 6
    return np.asarray(flats / 3.0**0.5 * np.stack([np.cos(angle), np.sin(angle)], -1))


def _bolt(rng: Stream, variant: int) -> Model:
    """M6 to M16 hexagon head screws (ISO 4017), 25 to 70 mm long, standing on their heads."""
    thing = Thing("tool")
    d, flats, k, _ = _M[int(rng.integers(5))]
    long = between(rng, 3.0, 5.0) * d
    metal = _plating(thing, rng)
    thing.add(prism(_hexagon(flats), 0.0, k), metal)
    pitch = d / 6.0
    z = np.arange(0.0, long - pitch, 0.5 * pitch)
    radius = np.where(np.arange(len(z)) % 2 == 0, 0.5 * d, 0.44 * d)
    thread = np.concatenate([[[0, k - 1e-4]], np.stack([radius, k + z], -1), [[0.38 * d, k + long], [0, k + long]]])
    thing.add(revolve(thread, 14), metal, smooth_deg=60.0)
    volume = 0.87 * flats**2 * k + 0.72 * d * d * long
    return thing.model("bolt", 7850.0 * float(volume), friction=0.4, kind="bolt", variant=variant)


def _nut(rng: Stream, variant: int) -> Model:
    """M6 to M16 hexagon nuts (ISO 4032)."""
    d, flats, _, h = _M[int(rng.integers(5))]
    return _bored("nut", rng, variant, _hexagon(flats), d, h)


def _washer(rng: Stream, variant: int) -> Model:
    """M6 to M16 plain washers: twice the thread's diameter wide (ISO 7089)."""
    d = float(_M[int(rng.integers(5)), 0])
    angle = 2.0 * np.pi * np.arange(24) / 24
    return _bored("washer", rng, variant, np.stack([np.cos(angle), np.sin(angle)], -1) * d, 1.05 * d, 0.17 * d)


def _bored(kind: str, rng: Stream, variant: int, outline: F8, bore: float, height: float, mass: float = 0.0) -> Model:
    thing = Thing("tool")
    soup = _holed(outline, 0.5 * bore, height)
    thing.add(soup, _plating(thing, rng), smooth_deg=25.0)
    area = 0.5 * np.abs(outline[:, 0] * np.roll(outline[:, 1], -1) - outline[:, 1] * np.roll(outline[:, 0], -1)).sum()
    weight = mass or 7850.0 * height * (float(area) - 0.785 * bore**2)
    return thing.model(kind, weight, friction=0.4, kind=kind, variant=variant)


def _holed(outline: F8, radius: float, height: float) -> Soup:
    """A plate with a round hole: as many points on the hole as on the outline, which is star-shaped about it."""
    sub = np.concatenate([outline + (np.roll(outline, -1, 0) - outline) * t for t in (0.0, 0.5)])
    out = sub[np.argsort(np.arctan2(sub[:, 1], sub[:, 0]))]
    angle = np.arctan2(out[:, 1], out[:, 0])
    bore = radius * np.stack([np.cos(angle), np.sin(angle)], -1)
    rows = [np.c_[bore, np.zeros(len(out))], np.c_[out, np.zeros(len(out))],
            np.c_[out, np.full(len(out), height)], np.c_[bore, np.full(len(out), height)]]  # fmt: skip
    return lattice(np.stack([*rows, rows[0]]), wrap=True)


def _gear(rng: Stream, variant: int) -> Model:
    """A spur gear of module 1.5 to 3 with 16 to 36 teeth (ISO 54), 10 to 20 mm wide."""
    module, teeth = between(rng, 0.0015, 0.003), int(rng.integers(16, 37))
    pitch_r, width = 0.5 * module * teeth, between(rng, 0.01, 0.02)
    base = 2.0 * np.pi / teeth
    steps = np.array([-0.30, -0.14, 0.14, 0.30]) * base
    radius = np.array([-1.25, 1.0, 1.0, -1.25]) * module + pitch_r
    angle = (base * np.arange(teeth)[:, None] + steps).ravel()
    outline = np.tile(radius, teeth)[:, None] * np.stack([np.cos(angle), np.sin(angle)], -1)
    return _bored("gear", rng, variant, outline, 0.35 * pitch_r, width)


def _coil(rng: Stream, variant: int) -> Model:
    """A coiled extension lead: 200 to 280 mm wide, 1 to 2 kg."""
    thing = Thing("object")
    major, minor = between(rng, 0.085, 0.115), between(rng, 0.02, 0.027)
    wire = 0.0045
    strands = int(2.0 * np.pi * minor / (2.1 * wire))
    t = np.linspace(0.0, 2.0 * np.pi, 33)[:-1]
    jacket = thing.matter(one_of(rng, ((0.5, 0.12, 0.01), BLACK, BLACK, (0.55, 0.55, 0.53), (0.35, 0.02, 0.02))), 0.5)
    across = 2.0 * np.pi * np.arange(2 * strands) / (2 * strands)
    ridged = minor * (1.0 - 0.12 * (np.arange(2 * strands) % 2))
    r = major + ridged[None] * np.cos(across)[None] + 0.003 * np.sin(3 * t)[:, None]
    z = np.broadcast_to(minor + ridged * np.sin(across), r.shape)
    ring = np.stack([r * np.cos(t)[:, None], r * np.sin(t)[:, None], z], -1)
    body = lattice(np.concatenate([ring, ring[:1]]), wrap=True)
    body = body.flipped() if _turned_in(body) else body
    thing.add(body, jacket, solid="none", smooth_deg=60.0)
    for k in range(0, 32, 4):
        thing.shapes.append(hull(ring[[k, k + 1, k + 2, k + 3, (k + 4) % 32]]))
    for a in (0.4, 2.5, 4.6):
        c, s = np.cos(a), np.sin(a)
        turn = (float(np.cos(0.5 * a)), 0.0, 0.0, float(np.sin(0.5 * a)))
        band = box((2.06 * minor, 0.012, 2.06 * minor), 0.4 * minor).moved(quaternion=turn)
        thing.add(band.moved((major * c, major * s, 1.03 * minor)), thing.matter(BLACK, 0.6), solid="none")
    return thing.model("cable_coil", between(rng, 1.0, 2.0), friction=0.7, kind="cable_coil", variant=variant)


def _turned_in(soup: Soup) -> bool:
    from simgen.shapes.soup import signed_volume

    return signed_volume(join([soup])) < 0.0


@register("asset", "hand_tool")
@dataclass(frozen=True, kw_only=True)
class HandTool(Family):
    """A screwdriver, hammer, wrench, drill, pliers, bolt, nut, washer, gear (class tool) or cable coil (object).

    Sizes after ISO 2380, DIN 1041, DIN 3113, ISO 5746, ISO 4017, ISO 4032, ISO 7089 and ISO 54. Nuts, washers and
    gears have their holes in pictures only; in physics they are solid.
    """

    kind: str = param("hammer", doc="what it is", choices=KINDS)

    kinds: ClassVar[Mapping[str, Maker]] = {
        "screwdriver": _screwdriver, "hammer": _hammer, "wrench": _wrench, "drill": _drill, "pliers": _pliers,
        "bolt": _bolt, "nut": _nut, "washer": _washer, "gear": _gear, "cable_coil": _coil,
    }  # fmt: skip
