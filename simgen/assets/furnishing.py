"""Furniture, and what hangs on walls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from simgen.assets._family import BRIGHT, CALM, Family, Maker, between, one_of
from simgen.assets._labels import pictured
from simgen.records.base import F8
from simgen.records.mesh import Surface
from simgen.records.model import Model, Shape
from simgen.registry import param, register
from simgen.rng import Stream
from simgen.shapes.colors import linear
from simgen.shapes.lattice import loft, revolve, tube
from simgen.shapes.primitives import bar, box, cylinder, rounded_rectangle
from simgen.shapes.soup import Soup
from simgen.shapes.thing import BLACK, PINE, WHITE, Thing, uv_round

KINDS = (
    "chair", "office_chair", "stool", "sofa", "floor_lamp", "robot_stand", "workbench", "door", "glass_door",
    "exit_sign", "extinguisher", "notice_board", "door_plate", "fence_panel", "dock_door", "waste_bin",
)  # fmt: skip


def cushion(x: float, y: float, z: float, at: tuple[float, float, float], r: float = 0.04) -> Soup:
    """A block with round corners and soft edges, its underside's middle at a place."""
    rows = ((0.93, 0.0), (1.0, 0.2), (1.0, 0.75), (0.96, 0.95), (0.85, 1.0))
    return loft(np.stack([np.c_[rounded_rectangle(k * x, k * y, r), np.full(20, t * z)] for k, t in rows])).moved(at)


def _wood(thing: Thing, rng: Stream) -> Surface:
    tone = between(rng, 0.35, 1.1)
    return thing.matter((PINE[0] * tone, PINE[1] * tone, PINE[2] * tone), 0.45, texture="wood", texture_scale_m=0.4)


def _chair(rng: Stream, variant: int) -> Model:
    """Seat 0.44 to 0.47 m high (EN 1729), back to -x: wood, or a plastic shell on steel legs."""
    thing = Thing("chair")
    seat, w = between(rng, 0.44, 0.47), between(rng, 0.4, 0.46)
    shell = rng.random() < 0.5
    legs = thing.metal() if shell else _wood(thing, rng)
    body = thing.matter(one_of(rng, CALM + BRIGHT), 0.4) if shell else legs
    thing.add(cushion(w, w, 0.03, (0.0, 0.0, seat - 0.03)), body, smooth_deg=30.0)
    d = 0.5 * w - 0.03
    for s in (1.0, -1.0):
        for q in (1.0, -1.0):
            leg = tube(
                [[s * d, q * d, seat - 0.02], [s * (d + 0.03), q * (d + 0.02), 0.0]], 0.013 if shell else 0.019, 8
            )
            thing.add(leg, legs, smooth_deg=60.0)
    top = seat + between(rng, 0.36, 0.46)
    if shell:
        rows = [
            (-d + 0.02, seat, 0.36),
            (-d - 0.02, seat + 0.12, 0.42),
            (-d - 0.05, top - 0.05, 0.42),
            (-d - 0.06, top, 0.3),
        ]
        sheet = loft(
            np.stack(
                [np.c_[rounded_rectangle(0.02, y, 0.009) + np.array([x, 0.0]), np.full(20, z)] for x, z, y in rows]
            )
        )
        thing.add(sheet, body, smooth_deg=50.0)
    else:
        for q in (1.0, -1.0):
            thing.add(bar([-d, q * d, seat - 0.02], [-d - 0.06, q * d, top], 0.03, 0.03), legs)
        for z in np.linspace(seat + 0.14, top - 0.03, 3):
            x = -d - 0.06 * (z - seat) / (top - seat)
            thing.add(box((0.016, 2 * d, 0.055), 0.004).moved((x, 0.0, z)), legs)
    return thing.model("chair", between(rng, 4.0, 7.0), friction=0.5, kind="chair", variant=variant)


def _office_chair(rng: Stream, variant: int) -> Model:
    """On five castors, seat 0.45 to 0.52 m high (EN 1335), 0.95 to 1.2 m in all."""
    thing = Thing("chair")
    seat = between(rng, 0.45, 0.52)
    cloth = thing.matter(one_of(rng, (BLACK, BLACK, *CALM[3:], BRIGHT[5])), 0.9, texture="fabric", texture_scale_m=0.05)
    dark = thing.matter(BLACK, 0.5)
    for k in range(5):
        a = 2.0 * np.pi * k / 5
        c, s = float(np.cos(a)), float(np.sin(a))
        thing.add(bar([0.03 * c, 0.03 * s, 0.1], [0.3 * c, 0.3 * s, 0.075], 0.045, 0.03), dark)
        wheel = (
            cylinder(0.03, 0.045, 14, 0.006)
            .moved(quaternion=(0.5**0.5, 0.5**0.5, 0, 0))
            .moved((0.3 * c, 0.3 * s, 0.03))
        )
        thing.add(wheel, dark)
    thing.add(cylinder(0.028, seat - 0.16, 16).moved((0, 0, 0.5 * seat + 0.02)), thing.metal())
    thing.add(cushion(0.48, 0.5, 0.08, (0.02, 0, seat - 0.06), 0.1), cloth, smooth_deg=40.0)
    high = between(rng, 0.48, 0.66)
    lean = (float(np.cos(-0.07)), 0.0, float(np.sin(-0.07)), 0.0)
    turn = (0.5**0.5, 0.0, 0.5**0.5, 0.0)
    back = (
        cushion(high, 0.46, 0.06, (0, 0, 0), 0.08)
        .moved(quaternion=turn)
        .moved((-0.03, 0, 0.5 * high))
        .moved(quaternion=lean)
    )
    thing.add(back.moved((-0.22, 0.0, seat + 0.08)), cloth, smooth_deg=40.0)
    thing.add(bar([-0.12, 0, seat - 0.06], [-0.25, 0, seat + 0.25], 0.06, 0.02), dark)
    for q in (1.0, -1.0):
        thing.add(box((0.25, 0.06, 0.03), 0.01).moved((0.0, q * 0.29, seat + 0.2)), dark, smooth_deg=30.0)
        thing.add(box((0.05, 0.03, 0.24)).moved((0.0, q * 0.29, seat + 0.08)), dark)
        thing.add(box((0.05, 0.12, 0.02)).moved((0.0, q * 0.24, seat - 0.05)), dark)
    return thing.model("office_chair", 14.0, friction=0.3, kind="office_chair", variant=variant)


def _stool(rng: Stream, variant: int) -> Model:
    """Three or four legs, 0.44 to 0.75 m high."""
    thing = Thing("chair")
    h, r = between(rng, 0.44, 0.75), between(rng, 0.15, 0.18)
    wood = _wood(thing, rng)
    top = wood if rng.random() < 0.6 else thing.matter(one_of(rng, BRIGHT), 0.5)
    thing.add(cylinder(r, 0.035, 32, 0.006).moved((0, 0, h - 0.0175)), top)
    count = int(rng.integers(3, 5))
    for k in range(count):
        a = 2.0 * np.pi * (k + 0.5) / count
        c, s = np.cos(a), np.sin(a)
        leg = tube([[0.7 * r * c, 0.7 * r * s, h - 0.03], [1.1 * r * c, 1.1 * r * s, 0.0]], 0.016, 8)
        thing.add(leg, wood, smooth_deg=60.0)
    return thing.model("stool", 4.0, friction=0.5, kind="stool", variant=variant)


def _sofa(rng: Stream, variant: int) -> Model:
    """Two or three seats: 1.5 to 2.2 m wide, 0.85 to 0.95 m deep, back to -x."""
    thing = Thing("furniture")
    seats = int(rng.integers(2, 4))
    wide, arm = 0.62 * seats + 0.36, 0.18
    cloth = thing.matter(one_of(rng, (*CALM, BRIGHT[5], BRIGHT[4])), 0.95, texture="fabric", texture_scale_m=0.08)
    thing.add(cushion(0.86, wide - 2 * arm, 0.24, (0, 0, 0.08)), cloth, smooth_deg=40.0)
    for s in (1.0, -1.0):
        thing.add(cushion(0.88, arm, 0.54, (0, s * 0.5 * (wide - arm), 0.06)), cloth, smooth_deg=40.0)
    thing.add(cushion(0.22, wide - 2 * arm + 0.02, 0.7, (-0.34, 0, 0.1)), cloth, smooth_deg=40.0)
    step = (wide - 2 * arm) / seats
    for k in range(seats):
        y = (k - 0.5 * (seats - 1)) * step
        thing.add(cushion(0.66, step - 0.01, 0.15, (0.09, y, 0.3), 0.06), cloth, smooth_deg=40.0)
        thing.add(cushion(0.16, step - 0.03, 0.4, (-0.2, y, 0.42), 0.06), cloth, smooth_deg=40.0)
    for s in (1.0, -1.0):
        for q in (1.0, -1.0):
            leg = cylinder(0.025, 0.08, 12).moved((0.36 * s, q * (0.5 * wide - 0.08), 0.04))
            thing.add(leg, thing.matter(BLACK, 0.5))
    return thing.model("sofa", 20.0 * seats, friction=0.6, kind="sofa", variant=variant)


def _floor_lamp(rng: Stream, variant: int) -> Model:
    """A shade on a pole, 1.5 to 1.7 m high; off."""
    thing = Thing("furniture")
    h = between(rng, 1.5, 1.7)
    metal = thing.metal((0.1, 0.1, 0.1)) if rng.random() < 0.5 else thing.metal()
    thing.add(cylinder(0.14, 0.025, 32, 0.004).moved((0, 0, 0.0125)), metal)
    thing.add(cylinder(0.011, h - 0.2, 12).moved((0, 0, 0.5 * h - 0.08)), metal)
    shade = revolve(np.array([[0.0, h - 0.27], [0.19, h - 0.27], [0.15, h], [0.0, h]]), 32)
    thing.add(shade, thing.matter(one_of(rng, CALM), 0.9, texture="fabric", texture_scale_m=0.03))
    return thing.model("floor_lamp", 5.0, friction=0.5, kind="floor_lamp", variant=variant)


def _robot_stand(rng: Stream, variant: int) -> Model:
    """A steel column on a plate for an arm: 0.7 m high, its top plate 0.3 m square."""
    thing = Thing("furniture")
    paint = thing.matter(one_of(rng, (linear(70, 74, 80), linear(220, 222, 222), BRIGHT[1], BRIGHT[5])), 0.4)
    thing.add(box((0.5, 0.5, 0.02), 0.003).moved((0, 0, 0.01)), paint, smooth_deg=20.0)
    thing.add(box((0.2, 0.2, 0.66), 0.004).moved((0, 0, 0.35)), paint, smooth_deg=20.0)
    thing.add(box((0.3, 0.3, 0.02), 0.003).moved((0, 0, 0.69)), thing.metal(), smooth_deg=20.0)
    for a in range(4):
        c, s = round(np.cos(a * np.pi / 2)), round(np.sin(a * np.pi / 2))
        rib = box((0.01 + 0.11 * abs(c), 0.01 + 0.11 * abs(s), 0.14)).moved((c * 0.155, s * 0.155, 0.09))
        thing.add(rib, paint)
    return thing.model("robot_stand", 60.0, friction=0.6, kind="robot_stand", variant=variant)


def _workbench(rng: Stream, variant: int) -> Model:
    """1.5 x 0.75 m, 0.75 m high, steel frame and a top of beech, its board to -x."""
    thing = Thing("table")
    frame = thing.matter(one_of(rng, (linear(60, 66, 74), BRIGHT[5], BRIGHT[4])), 0.4)
    thing.add(box((0.75, 1.5, 0.04), 0.004).moved((0, 0, 0.73)), _wood(thing, rng), smooth_deg=20.0)
    for s in (1.0, -1.0):
        for q in (1.0, -1.0):
            thing.add(box((0.05, 0.05, 0.71)).moved((s * 0.33, q * 0.7, 0.355)), frame)
        thing.add(box((0.61, 0.04, 0.05)).moved((0, s * 0.7, 0.18)), frame)
    thing.add(box((0.45, 0.42, 0.3), 0.004).moved((0.08, 0.44, 0.55)), frame, smooth_deg=20.0)
    for z in (0.47, 0.57, 0.66):
        thing.add(box((0.02, 0.3, 0.012)).moved((0.315, 0.44, z)), thing.metal(), solid="none")
    return thing.model("workbench", 60.0, friction=0.6, kind="workbench", variant=variant)


def _door(rng: Stream, variant: int) -> Model:
    """A leaf of 0.9 x 2.05 m in its frame, flat against a wall at x = 0 and looking to +x; closed."""
    thing = Thing("wall")
    leaf_color = one_of(
        rng, (WHITE, linear(150, 104, 62), linear(96, 66, 44), linear(70, 92, 110), linear(180, 184, 186))
    )
    wooden = leaf_color[0] > 1.4 * leaf_color[2]
    leaf = thing.matter(leaf_color, 0.4, **({"texture": "wood", "texture_scale_m": 0.5} if wooden else {}))
    frame = thing.matter(one_of(rng, (WHITE, linear(90, 94, 98))), 0.4)
    thing.add(box((0.03, 0.9, 2.05), 0.002).moved((0.015, 0, 1.03)), leaf, smooth_deg=20.0, solid="box")
    for s in (1.0, -1.0):
        thing.add(box((0.05, 0.07, 2.13)).moved((0.025, s * 0.485, 1.065)), frame, solid="box")
    thing.add(box((0.05, 0.9, 0.07)).moved((0.025, 0, 2.095)), frame, solid="box")
    metal = thing.metal()
    thing.add(box((0.008, 0.045, 0.2), 0.002).moved((0.034, 0.37, 1.05)), metal, solid="none")
    thing.add(tube([[0.034, 0.37, 1.08], [0.08, 0.37, 1.08]], 0.009, 8), metal, solid="none")
    thing.add(tube([[0.08, 0.378, 1.08], [0.08, 0.25, 1.08]], 0.009, 8), metal, solid="none")
    for z in (0.3, 1.75):
        thing.add(cylinder(0.009, 0.09, 10).moved((0.036, -0.445, z)), metal, solid="none")
    return thing.model("door", 30.0, kind="door", variant=variant)


def _glass_door(rng: Stream, variant: int) -> Model:
    """Two leaves of glass in a frame of aluminium, 1.9 x 2.2 m, across x = 0."""
    thing = Thing("wall")
    color = one_of(rng, ((0.5, 0.51, 0.52), (0.06, 0.06, 0.065), (0.6, 0.55, 0.45)))
    frame, pane = thing.metal(color, between(rng, 0.25, 0.5)), thing.clear((0.015, 0.02, 0.02), 0.88)
    for y in (-0.93, -0.02, 0.02, 0.93):
        thing.add(box((0.06, 0.05, 2.2)).moved((0, y, 1.1)), frame, solid="box")
    for s in (1.0, -1.0):
        for z in (0.06, 2.17):
            thing.add(box((0.05, 0.86, 0.1)).moved((0, s * 0.475, z)), frame, solid="box")
        thing.add(box((0.008, 0.86, 2.0)).moved((0, s * 0.475, 1.12)), pane, solid="box")
        for z in (0.9, 1.5):
            dots = [box((0.01, 0.03, 0.03)).moved((0, s * (0.12 + 0.1 * k), z)) for k in range(8)]
            for dot in dots:
                thing.add(dot, thing.matter(WHITE, 0.6), solid="none")
        for side in (1.0, -1.0):
            grip = tube([[side * 0.045, s * 0.1, 0.85], [side * 0.045, s * 0.1, 1.35]], 0.012, 8)
            thing.add(grip, frame, solid="none")
            for z in (0.88, 1.32):
                thing.add(tube([[0, s * 0.1, z], [side * 0.045, s * 0.1, z]], 0.008, 8), frame, solid="none")
    return thing.model("glass_door", 120.0, kind="glass_door", variant=variant)


def _sheet(
    thing: Thing, style: str, variant: int, size: tuple[float, float, float], z: float, px: int, **more: Any
) -> None:
    """A flat box on a wall at x = 0 with a picture on the side towards +x; its underside at a height."""
    t, w, h = size
    thing.add(box((t, w, h)).moved((0.5 * t, 0.0, z + 0.5 * h)), thing.matter((0.5, 0.5, 0.5), 0.5), solid="box")
    corners: F8 = np.array([[t + 4e-4, a * 0.5 * w, z + b * h] for a, b in ((-1, 0), (1, 0), (1, 1), (-1, 1))])
    uv = np.array([[[0, 0], [1, 0], [1, 1]], [[0, 0], [1, 1], [0, 1]]], np.float64)
    skin = pictured(style, variant, px, max(round(px * h / w / 8) * 8, 16), class_name=thing.class_name, **more)
    thing.pictured(Soup.of(corners, [[0, 1, 2], [0, 2, 3]]), uv, skin, solid=False)


def _exit_sign(rng: Stream, variant: int) -> Model:
    """A lit box of 0.3 x 0.15 m (EN 1838): white on green; on a wall at x = 0."""
    thing = Thing("traffic_sign")
    w = between(rng, 0.26, 0.4)
    _sheet(thing, "exit", 0, (0.035, w, 0.5 * w), 0.0, 192, roughness=0.4, glow_cd_m2=180.0)
    return thing.model("exit_sign", 1.0, kind="exit_sign", variant=variant)


def _notice_board(rng: Stream, variant: int) -> Model:
    """0.6 to 1.2 m wide, on a wall at x = 0."""
    thing = Thing("object")
    w = between(rng, 0.4, 0.9)
    _sheet(thing, "notice", variant, (0.02, w, 0.7 * w + 0.2), 0.0, 256, roughness=0.7)
    return thing.model("notice_board", 3.0, kind="notice_board", variant=variant)


def _door_plate(rng: Stream, variant: int) -> Model:
    """A room's number of 0.15 x 0.1 m, on a wall at x = 0."""
    thing = Thing("object")
    _sheet(thing, "door", variant, (0.006, 0.15, 0.11), 0.0, 128, roughness=0.4)
    return thing.model("door_plate", 0.2, kind="door_plate", variant=variant)


def _extinguisher(rng: Stream, variant: int) -> Model:
    """6 kg of powder (EN 3): 160 mm wide, 520 mm high, red (RAL 3000), 9.5 kg."""
    thing = Thing("object")
    red = thing.matter(linear(167, 25, 30), 0.3, clearcoat=0.6)
    body = [
        [0.0, 0.0],
        [0.07, 0.0],
        [0.08, 0.015],
        [0.08, 0.36],
        [0.06, 0.41],
        [0.022, 0.43],
        [0.022, 0.45],
        [0.0, 0.45],
    ]
    thing.add(revolve(np.array(body), 28), red, smooth_deg=40.0)
    dark, metal = thing.matter(BLACK, 0.5), thing.metal()
    thing.add(cylinder(0.02, 0.03, 14).moved((0, 0, 0.462)), metal)
    thing.add(box((0.13, 0.022, 0.014), 0.003).moved((-0.03, 0, 0.485)), dark)
    thing.add(bar([0.0, 0, 0.49], [-0.11, 0, 0.52], 0.022, 0.012), dark)
    hose = [[0.02, 0, 0.46], [0.085, 0, 0.44], [0.1, 0, 0.34], [0.098, 0, 0.14]]
    thing.add(tube(hose, 0.009, 8), dark, smooth_deg=70.0)
    label = revolve(np.array([[0.0802, 0.13], [0.0805, 0.131], [0.0805, 0.289], [0.0802, 0.29]]), 28)
    thing.pictured(
        label,
        uv_round(label, 0.13, 0.29),
        pictured("round", variant, 256, 96, class_name="object", roughness=0.4),
        solid=False,
    )
    return thing.model("extinguisher", 9.5, friction=0.5, kind="extinguisher", variant=variant)


def _fence_panel(rng: Stream, variant: int) -> Model:
    """Machine guarding (ISO 14120): mesh of 50 mm between posts 1.5 m apart, 2 m high, along y."""
    thing = Thing("furniture")
    post = thing.matter(
        one_of(rng, ((0.7, 0.45, 0.02), linear(70, 74, 80), BRIGHT[5], BRIGHT[1])), between(rng, 0.3, 0.5)
    )
    wire = thing.matter(BLACK if rng.random() < 0.7 else linear(150, 154, 158), 0.5)
    for y in (-0.75, 0.75):
        thing.add(box((0.05, 0.05, 2.0)).moved((0, y, 1.0)), post, solid="box")
        thing.add(box((0.1, 0.1, 0.01)).moved((0, y, 0.005)), post, solid="none")
    for z in (0.15, 1.98):
        thing.add(box((0.025, 1.45, 0.025)).moved((0, 0, z)), wire, solid="none")
    for y in np.linspace(-0.7, 0.7, 29):
        thing.add(box((0.004, 0.004, 1.83)).moved((0.002, y, 1.065)), wire, solid="none")
    for z in np.linspace(0.2, 1.93, 19):
        thing.add(box((0.004, 1.45, 0.004)).moved((-0.002, 0, z)), wire, solid="none")
    thing.shapes.append(Shape(kind="box", size=(0.012, 1.45, 1.85), center=(0.0, 0.0, 1.065)))
    return thing.model("fence_panel", 18.0, kind="fence_panel", variant=variant)


def _dock_door(rng: Stream, variant: int) -> Model:
    """A sectional door of 3 x 3.2 m with its seal and a levelling plate, on a wall at x = 0, looking to +x; closed."""
    thing = Thing("wall")
    panel = thing.matter(one_of(rng, (linear(210, 212, 212), linear(150, 156, 162), BRIGHT[5])), between(rng, 0.3, 0.5))
    dark, warn = thing.matter(BLACK, 0.8), thing.matter((0.66, 0.44, 0.03), 0.5)
    for k in range(6):
        thing.add(box((0.05, 3.0, 0.5), 0.012).moved((0.03, 0, 0.27 + 0.53 * k)), panel, smooth_deg=20.0, solid="box")
    for s in (1.0, -1.0):
        thing.add(box((0.16, 0.14, 3.3)).moved((0.08, s * 1.58, 1.65)), dark, solid="box")
        thing.add(box((0.18, 0.2, 1.0)).moved((0.09, s * 1.85, 0.5)), warn, solid="box")
    thing.add(box((0.16, 3.3, 0.2)).moved((0.08, 0, 3.3)), dark, solid="box")
    window = [box((0.012, 0.5, 0.2)).moved((0.056, y, 1.86)) for y in (-0.9, 0.0, 0.9)]
    for pane in window:
        thing.add(pane, thing.matter((0.02, 0.03, 0.035), 0.08), solid="none")
    return thing.model("dock_door", 200.0, kind="dock_door", variant=variant)


def _waste_bin(rng: Stream, variant: int) -> Model:
    """A paper bin of 10 to 30 l."""
    thing = Thing("container")
    r, h = between(rng, 0.11, 0.16), between(rng, 0.26, 0.38)
    outer = np.array([[0.72 * r, 0.0], [0.73 * r, 0.004], [r, h]])
    inner = np.array([[0.71 * r, 0.004], [0.715 * r, 0.005], [r - 0.003, h]])
    thing.hollow(outer, inner, thing.matter(one_of(rng, (BLACK, *CALM[4:], *BRIGHT)), 0.5))
    return thing.model("waste_bin", 0.8, friction=0.5, kind="waste_bin", variant=variant)


@register("asset", "furnishing")
@dataclass(frozen=True, kw_only=True)
class Furnishing(Family):
    """Chairs, sofa, lamp, stands and benches, and what hangs on walls (their back at x = 0, looking to +x).

    Sizes after EN 1729 and EN 1335 (chairs), EN 3 (extinguisher), EN 1838 and ISO 7010 (exit sign), ISO 14120 (fence).
    Classes: chair, furniture, table (workbench), wall (doors), traffic_sign (exit sign), container (waste bin), object.
    """

    kind: str = param("chair", doc="what it is", choices=KINDS)

    kinds: ClassVar[Mapping[str, Maker]] = {
        "chair": _chair, "office_chair": _office_chair, "stool": _stool, "sofa": _sofa, "floor_lamp": _floor_lamp,
        "robot_stand": _robot_stand, "workbench": _workbench, "door": _door, "glass_door": _glass_door,
        "exit_sign": _exit_sign, "extinguisher": _extinguisher, "notice_board": _notice_board,
        "door_plate": _door_plate, "fence_panel": _fence_panel, "dock_door": _dock_door, "waste_bin": _waste_bin,
    }  # fmt: skip
