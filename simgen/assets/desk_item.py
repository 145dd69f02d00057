"""What lies on desks and shelves at home and at work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from simgen.assets._family import BRIGHT, CALM, Family, Maker, between, one_of
from simgen.assets._labels import pictured
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.rng import Stream, stream
from simgen.shapes.lattice import loft, revolve, tube
from simgen.shapes.primitives import box, cylinder, rounded_rectangle
from simgen.shapes.soup import Soup, join
from simgen.shapes.thing import BLACK, WHITE, Thing, uv_box, uv_round

KINDS = (
    "book",
    "phone",
    "laptop",
    "keyboard",
    "monitor",
    "desk_lamp",
    "plant_pot",
    "sponge",
    "spray_bottle",
    "remote",
    "pen",
)

_ALUMINIUM = (0.55, 0.56, 0.57)


def _book(rng: Stream, variant: int) -> Model:
    """110 x 180 to 210 x 290 mm, 12 to 45 mm thick, lying; about 700 kg/m3."""
    h = between(rng, 0.18, 0.29)
    size = np.array([between(rng, 0.62, 0.75) * h, h, between(rng, 0.012, 0.045)])
    thing = Thing("object")
    soup = box(size, 0.0012).moved((0.0, 0.0, 0.5 * size[2]))
    cover = pictured("book", variant, 384, 192, class_name="object", roughness=0.45)
    thing.pictured(soup, uv_box(soup), cover, smooth_deg=20.0)
    return thing.model("book", 700.0 * float(size.prod()), friction=0.45, kind="book", variant=variant)


def _slab(x: float, y: float, z: float, r: float, at: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Soup:
    """A flat body with round corners and softened edges, its underside at z = 0 of ``at``."""
    rows = ((0.985, 0.0), (1.0, 0.15), (1.0, 0.85), (0.985, 1.0))
    rings = [np.c_[rounded_rectangle(k * x, k * y, r), np.full(20, h * z)] for k, h in rows]
    return loft(np.stack(rings)).moved(at)


def _face(thing: Thing, x: float, y: float, z: float, style: str, variant: int, at: tuple[float, float, float],
          turn: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0), **surface: Any) -> None:  # fmt: skip
    """A flat picture that looks up (its top towards +y), turned and moved."""
    corners = np.array([[-x, -y, z], [x, -y, z], [x, y, z], [-x, y, z]]) * [0.5, 0.5, 1.0]
    quad = Soup.of(corners, [[0, 1, 2], [0, 2, 3]])
    uv = np.array([[[0, 0], [1, 0], [1, 1]], [[0, 0], [1, 1], [0, 1]]], np.float64)
    wide = 256
    high = max(round(wide * y / x / 16) * 16, 16)
    skin = pictured(style, variant, wide, high, class_name=thing.class_name, **surface)
    thing.pictured(quad.moved(quaternion=turn).moved(at), uv, skin, solid=False)


def _phone(rng: Stream, variant: int) -> Model:
    """A smartphone: 68 to 78 x 142 to 164 mm, 7.5 to 8.5 mm thick, 165 to 225 g, face up."""
    x, y, z = between(rng, 0.068, 0.078), between(rng, 0.142, 0.164), between(rng, 0.0075, 0.0085)
    thing = Thing("object")
    thing.add(_slab(x, y, z, 0.01), thing.matter(one_of(rng, (BLACK, _ALUMINIUM, *CALM[3:6])), 0.3, metallic=0.4))
    lit = rng.random() < 0.6
    glass: dict[str, Any] = {"roughness": 0.06, "clearcoat": 1.0}
    if lit:
        _face(thing, 0.93 * x, 0.95 * y, z + 0.0002, "screen", variant, (0, 0, 0), glow_cd_m2=250.0, **glass)
    else:
        thing.add(
            _slab(0.94 * x, 0.96 * y, 0.0004, 0.008, (0, 0, z - 0.0002)),
            thing.matter((0.008, 0.008, 0.01), 0.05),
            solid="none",
        )
    return thing.model("phone", 0.17 + 10.0 * (y - 0.142) * x, friction=0.5, kind="phone", variant=variant)


def _laptop(rng: Stream, variant: int) -> Model:
    """13 to 16 inch: 300 to 360 x 212 to 250 mm, 1.2 to 2.1 kg, open by 95 to 120 degrees; its front looks to +x."""
    y = between(rng, 0.3, 0.36)
    x, z = 0.7 * y, between(rng, 0.012, 0.016)
    thing = Thing("object")
    case = thing.matter(one_of(rng, (_ALUMINIUM, _ALUMINIUM, (0.1, 0.1, 0.11), BLACK)), 0.35, metallic=0.6)
    thing.add(_slab(x, y, z, 0.012), case)
    quarter = (0.5**0.5, 0.0, 0.0, 0.5**0.5)
    _face(thing, 0.9 * y, 0.4 * x, z + 0.0002, "keys", variant, (-0.14 * x, 0, 0), quarter, roughness=0.6)
    thing.add(
        _slab(0.24 * x, 0.32 * y, 0.0004, 0.004, (0.3 * x, 0, z - 0.0001)),
        thing.matter((0.3, 0.3, 0.31), 0.3),
        solid="none",
    )
    lean = np.radians(between(rng, 5.0, 30.0))
    c, s = float(np.cos(0.5 * (np.pi / 2 - lean))), float(np.sin(0.5 * (np.pi / 2 - lean)))
    # the lid: hinged at the back edge, leaning away
    back = (c, 0.0, -s, 0.0)
    hinge = (-0.5 * x + 0.004, 0.0, z)
    lid = _slab(0.97 * x, y, 0.006, 0.012, (0.5 * 0.97 * x, 0.0, -0.006)).moved(quaternion=back).moved(hinge)
    thing.add(lid, case)
    up = np.array([np.cos(np.pi / 2 - lean), 0.0, np.sin(np.pi / 2 - lean)])
    out = np.array([np.sin(np.pi / 2 - lean), 0.0, -np.cos(np.pi / 2 - lean)])
    _panel(
        thing,
        np.array(hinge) + 0.5 * x * up + 0.0066 * out,
        np.array([0.0, 1.0, 0.0]),
        up,
        0.94 * y,
        0.86 * x,
        variant,
        250.0,
    )
    return thing.model("laptop", 1.2 + 15.0 * (y - 0.3), friction=0.5, kind="laptop", variant=variant)


def _panel(
    thing: Thing, middle: np.ndarray, right: np.ndarray, up: np.ndarray, x: float, y: float, variant: int, glow: float
) -> None:
    """A lit screen at a place, seen from ``right x up``."""
    corners = np.array([middle + 0.5 * (a * x * right + b * y * up) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))])
    uv = np.array([[[0, 0], [1, 0], [1, 1]], [[0, 0], [1, 1], [0, 1]]], np.float64)
    skin = pictured("screen", variant, 384, 224, class_name=thing.class_name, roughness=0.2, glow_cd_m2=glow)
    thing.pictured(Soup.of(corners, [[0, 1, 2], [0, 2, 3]]), uv, skin, solid=False)


def _keyboard(rng: Stream, variant: int) -> Model:
    """430 x 130 mm full size or 290 x 120 mm compact, 0.4 to 0.8 kg; typed from +x... its rows run along y."""
    y, x = (0.43, 0.13) if rng.random() < 0.6 else (0.29, 0.12)
    thing = Thing("object")
    case = thing.matter(
        (0.03, 0.03, 0.032) if stream(variant, "label", "keys").random() < 0.7 else (0.6, 0.6, 0.6), 0.5
    )
    thing.add(_slab(x, y, 0.018, 0.008), case)
    quarter = (0.5**0.5, 0.0, 0.0, 0.5**0.5)
    _face(thing, 0.96 * y, 0.88 * x, 0.0184, "keys", variant, (0, 0, 0), quarter, roughness=0.6)
    return thing.model("keyboard", 0.4 + 0.8 * (y - 0.29), friction=0.6, kind="keyboard", variant=variant)


def _monitor(rng: Stream, variant: int) -> Model:
    """22 to 27 inch: 490 to 610 mm wide on a stand, 3 to 6 kg; looks to +x."""
    w = between(rng, 0.49, 0.61)
    h = 0.575 * w
    thing = Thing("object")
    dark = thing.matter(BLACK, 0.4)
    middle = 0.14 + 0.5 * h
    thing.add(box((0.035, w, h), 0.004).moved((0.0, 0.0, middle)), dark, smooth_deg=20.0)
    right, up = np.array([0.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0])
    _panel(thing, np.array([0.0178, 0.0, middle + 0.004]), right, up, 0.97 * w, 0.93 * h, variant, 200.0)
    foot = thing.matter(one_of(rng, (BLACK, _ALUMINIUM)), 0.35, metallic=0.4)
    thing.add(box((0.03, 0.06, 0.2), 0.004).moved((-0.03, 0.0, 0.1)), foot, smooth_deg=20.0)
    thing.add(_slab(0.19, 0.26, 0.012, 0.03), foot)
    return thing.model("monitor", 3.0 + 20.0 * (w - 0.49), friction=0.6, kind="monitor", variant=variant)


def _desk_lamp(rng: Stream, variant: int) -> Model:
    """An arm of two parts on a foot, its shade over +x; 0.4 to 0.5 m high. It is off."""
    thing = Thing("object")
    color = thing.matter(one_of(rng, (BLACK, WHITE, *BRIGHT)), 0.35, clearcoat=0.5)
    thing.add(cylinder(0.085, 0.02, 32, 0.004).moved((-0.1, 0, 0.01)), color)
    elbow, head = [-0.16, 0.0, between(rng, 0.24, 0.28)], [0.04, 0.0, between(rng, 0.38, 0.44)]
    for a, b in (([-0.1, 0, 0.018], elbow), (elbow, head)):
        thing.add(tube([a, b], 0.0075, 8), color, smooth_deg=60.0)
    thing.add(cylinder(0.013, 0.03, 14).moved(quaternion=(0.5**0.5, 0.5**0.5, 0, 0)).moved(elbow), color)
    shade = revolve([[0.024, 0], [0.034, 0], [0.068, -0.085], [0.066, -0.086], [0.03, -0.006], [0.024, 0]][::-1], 28)
    tilt = (float(np.cos(0.2)), 0.0, -float(np.sin(0.2)), 0.0)
    thing.add(shade.moved(quaternion=tilt).moved((0.045, 0, head[2] + 0.01)), color, smooth_deg=35.0)
    return thing.model("desk_lamp", 1.3, friction=0.6, kind="desk_lamp", variant=variant)


def _plant_pot(rng: Stream, variant: int) -> Model:
    """A pot of 110 to 220 mm with a plant of broad leaves in it."""
    thing = Thing("object")
    r = between(rng, 0.055, 0.11)
    h = between(rng, 0.85, 1.05) * 2 * r
    glaze = thing.matter((0.42, 0.16, 0.08), 0.8) if rng.random() < 0.4 else thing.glazed(one_of(rng, CALM))
    side = [
        [0, 0],
        [0.7 * r, 0],
        [0.96 * r, 0.84 * h],
        [r, 0.84 * h],
        [r, h],
        [0.9 * r, h],
        [0.9 * r, 0.93 * h],
        [0, 0.93 * h],
    ]
    thing.add(revolve(np.array(side), 28), glaze, smooth_deg=30.0)
    soil = [[0, 0.932 * h], [0.9 * r, 0.932 * h], [0.5 * r, 0.95 * h], [0, 0.955 * h]]
    thing.add(revolve(soil, 20), thing.matter((0.03, 0.018, 0.01), 0.95), solid="none")
    leaf_color = thing.matter((0.03, between(rng, 0.09, 0.16), 0.02), 0.4, lidar_reflectance=0.45)
    leaves, count = [], int(rng.integers(14, 26))
    t = np.linspace(0.0, 1.0, 7)
    for k in range(count):
        turn, rise = 2.399963 * k + between(rng, -0.3, 0.3), between(rng, 0.5, 1.35)
        long, wide = between(rng, 1.6, 3.2) * r, between(rng, 0.25, 0.42) * r
        out = long * t * np.cos(rise) + 0.35 * long * t**2 * 0.6
        up = 0.94 * h + long * t * np.sin(rise) - 0.35 * long * t**2
        half = wide * np.sin(np.pi * np.clip(t * 1.02, 0.02, 1.0)) ** 0.8 + 0.0012
        mid = np.stack([out, np.zeros(7), up], -1)
        edge = np.stack([np.zeros(7), half, -0.25 * half], -1)
        c, s = np.cos(turn), np.sin(turn)
        rows = np.stack([mid - edge * [1, 1, -1], mid + np.array([0, 0, 0.004]), mid + edge, mid - [0, 0, 0.004]], 1)
        spun = np.stack([c * rows[..., 0] - s * rows[..., 1], s * rows[..., 0] + c * rows[..., 1], rows[..., 2]], -1)
        leaves.append(loft(spun[:, ::-1]))
    crown = join(leaves)
    thing.add(crown, leaf_color, smooth_deg=50.0)
    return thing.model("plant_pot", 1400.0 * r * r * h * 3.0, friction=0.6, kind="plant_pot", variant=variant)


def _sponge(rng: Stream, variant: int) -> Model:
    """A scouring sponge of 110 x 70 x 30 to 45 mm, 15 g."""
    thing = Thing("object")
    z = between(rng, 0.03, 0.045)
    foam = thing.matter(
        one_of(rng, (BRIGHT[2], BRIGHT[8], BRIGHT[5], BRIGHT[3])), 0.98, texture="fabric", texture_scale_m=0.02
    )
    pad = thing.matter((0.03, 0.13, 0.05), 0.98, texture="fabric", texture_scale_m=0.01)
    thing.add(_slab(0.11, 0.07, 0.8 * z, 0.006), foam)
    thing.add(_slab(0.11, 0.07, 0.21 * z, 0.006, (0, 0, 0.795 * z)), pad)
    return thing.model("sponge", 0.015, friction=0.8, restitution=0.3, kind="sponge", variant=variant)


def _spray_bottle(rng: Stream, variant: int) -> Model:
    """0.5 to 0.75 l with a trigger: 85 mm wide, 240 to 280 mm high."""
    thing = Thing("bottle")
    h = between(rng, 0.17, 0.2)
    clear = rng.random() < 0.3
    color = one_of(rng, (WHITE, *BRIGHT))
    body = thing.clear((color[0] * 0.2, color[1] * 0.2, color[2] * 0.2), 0.7) if clear else thing.matter(color, 0.35)
    rows = ((0.9, 0.0), (1.0, 0.03), (1.0, 0.6), (0.5, 0.9), (0.34, 1.0))
    rings = np.stack([np.c_[rounded_rectangle(k * 0.055, k * 0.085, 0.02), np.full(20, t * h)] for k, t in rows])
    thing.add(loft(rings), body, smooth_deg=50.0)
    print_ = pictured("round", variant, 512, 160, class_name="bottle", roughness=0.4)
    band = np.stack([np.c_[rounded_rectangle(0.056, 0.086, 0.02), np.full(20, t * h)] for t in (0.08, 0.58)])
    label = loft(band, caps=False)
    thing.pictured(label, uv_round(label, 0.08 * h, 0.58 * h), print_, smooth_deg=50.0, solid=False)
    head = thing.matter(one_of(rng, BRIGHT), 0.4)
    thing.add(cylinder(0.014, 0.02, 20, 0.001).moved((0, 0, h + 0.008)), head)
    thing.add(box((0.085, 0.024, 0.03), 0.006).moved((0.012, 0, h + 0.032)), head, smooth_deg=30.0)
    thing.add(box((0.014, 0.02, 0.014), 0.004).moved((0.06, 0, h + 0.034)), thing.matter(WHITE, 0.4), smooth_deg=30.0)
    trigger = tube([[0.045, 0, h + 0.02], [0.04, 0, h - 0.01], [0.05, 0, h - 0.03]], 0.006, 8)
    thing.add(trigger, head, smooth_deg=60.0)
    return thing.model("spray_bottle", 0.6, friction=0.4, kind="spray_bottle", variant=variant)


def _remote(rng: Stream, variant: int) -> Model:
    """A remote control of 45 x 170 mm, 0.1 kg."""
    thing = Thing("object")
    y = between(rng, 0.15, 0.2)
    thing.add(_slab(0.045, y, 0.018, 0.008), thing.matter(one_of(rng, (BLACK, BLACK, _ALUMINIUM)), 0.5))
    rubber = thing.matter((0.3, 0.3, 0.31), 0.7)
    for j in range(6):
        for i in (-1, 0, 1):
            thing.add(cylinder(0.0045, 0.003, 10).moved((0.013 * i, 0.013 * (j - 2.5), 0.0188)), rubber, solid="none")
    thing.add(cylinder(0.006, 0.003, 14).moved((0.012, 0.42 * y, 0.0188)), thing.matter(BRIGHT[0], 0.6), solid="none")
    return thing.model("remote", 0.1, friction=0.5, kind="remote", variant=variant)


def _pen(rng: Stream, variant: int) -> Model:
    """A ball pen of 140 to 150 mm, 9 to 11 mm thick, 10 g; lies along x."""
    thing = Thing("tool")
    long, r = between(rng, 0.14, 0.15), between(rng, 0.0045, 0.0055)
    along = (0.5**0.5, 0.0, 0.5**0.5, 0.0)
    color = thing.matter(one_of(rng, (BLACK, WHITE, *BRIGHT)), 0.3)
    body = revolve(np.array([[0, 0], [0.8 * r, 0], [r, 0.004], [r, 0.8 * long], [0.3 * r, 0.96 * long], [0, long]]), 12)
    thing.add(body.moved(quaternion=along).moved((-0.5 * long, 0, r)), color, smooth_deg=40.0)
    clip = box((0.04, 0.003, 0.0015)).moved((-0.5 * long + 0.022, 0, 2 * r + 0.0004))
    thing.add(clip, thing.metal(), solid="none")
    return thing.model("pen", 0.01, friction=0.4, kind="pen", variant=variant)


@register("asset", "desk_item")
@dataclass(frozen=True, kw_only=True)
class DeskItem(Family):
    """A book, phone, laptop, keyboard, monitor, desk lamp, plant in its pot, sponge, spray bottle, remote or pen.

    Sizes and masses as sold. Screens shine (150 to 350 cd/m2; ISO 9241-307 asks for 100 at least) but light nothing
    else. Classes: object, bottle (spray bottle), tool (pen).
    """

    kind: str = param("book", doc="what it is", choices=KINDS)

    kinds: ClassVar[Mapping[str, Maker]] = {
        "book": _book, "phone": _phone, "laptop": _laptop, "keyboard": _keyboard, "monitor": _monitor,
        "desk_lamp": _desk_lamp, "plant_pot": _plant_pot, "sponge": _sponge, "spray_bottle": _spray_bottle,
        "remote": _remote, "pen": _pen,
    }  # fmt: skip
