"""What goods travel in and on: cartons, crates, pallets, drums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.assets._family import BRIGHT, Family, Maker, between, one_of
from simgen.assets._labels import pictured
from simgen.records.base import F8
from simgen.records.mesh import Surface
from simgen.records.model import Model, Shape
from simgen.registry import param, register
from simgen.rng import Stream
from simgen.shapes.colors import linear
from simgen.shapes.finish import box_of, hull
from simgen.shapes.lattice import loft, revolve, tube
from simgen.shapes.primitives import box, cylinder, rounded_rectangle
from simgen.shapes.soup import join
from simgen.shapes.thing import BLACK, KRAFT, Thing, uv_box, uv_round

KINDS = ("carton", "open_carton", "crate", "tote", "bin_box", "pallet", "loaded_pallet", "drum", "jerrycan")

_BLUE, _GREY, _RED = linear(28, 66, 140), linear(112, 116, 122), linear(150, 30, 30)


def _board(thing: Thing, rng: Stream) -> Surface:
    return thing.matter((KRAFT[0] * between(rng, 0.85, 1.1), KRAFT[1], KRAFT[2]), 0.85)


def _carton(rng: Stream, variant: int) -> Model:
    """A closed box of corrugated board: 200 to 600 mm long; 60 to 180 kg/m3 filled."""
    size = np.array([between(rng, 0.2, 0.6), between(rng, 0.15, 0.4), between(rng, 0.1, 0.4)])
    thing = Thing("container")
    soup = box(size, 0.002).moved((0.0, 0.0, 0.5 * size[2]))
    print_ = pictured("carton", variant, 384, 160, class_name="container", roughness=0.85)
    thing.pictured(soup, uv_box(soup), print_, smooth_deg=20.0)
    mass = between(rng, 60.0, 180.0) * float(size.prod())
    return thing.model("carton", mass, friction=0.5, restitution=0.0, kind="carton", variant=variant)


def _open_box(thing: Thing, size: F8, wall: float, floor: float, outside: Surface, inside: Surface) -> None:
    """Floor and four walls, hit as five boxes."""
    x, y, z = size
    base = box((x, y, floor)).moved((0.0, 0.0, 0.5 * floor))
    thing.add(base, inside, smooth_deg=20.0, solid="box")
    h = z - floor
    for s in (1.0, -1.0):
        for soup in (
            box((wall, y, h)).moved((s * 0.5 * (x - wall), 0.0, floor + 0.5 * h)),
            box((x - 2.0 * wall, wall, h)).moved((0.0, s * 0.5 * (y - wall), floor + 0.5 * h)),
        ):
            thing.add(soup, outside, smooth_deg=20.0, solid="box")


def _open_carton(rng: Stream, variant: int) -> Model:
    """A box of board with its flaps out."""
    size = np.array([between(rng, 0.3, 0.5), between(rng, 0.2, 0.36), between(rng, 0.15, 0.3)])
    thing = Thing("container")
    board = _board(thing, rng)
    _open_box(thing, size, 0.005, 0.008, board, board)
    x, y, z = size
    for s, along in ((1.0, "x"), (-1.0, "x"), (1.0, "y"), (-1.0, "y")):
        tilt = np.radians(between(rng, 20.0, 70.0))
        flap = 0.45 * y
        d, up = flap * np.cos(tilt), -flap * np.sin(tilt) * 0.6
        foot, wide = (0.5 * x, y - 0.01) if along == "x" else (0.5 * y, x - 0.01)
        edge = np.array([[foot - 0.005, z], [foot, z], [foot + d, z + up], [foot + d - 0.004, z + up - 0.003]])
        ring = [np.stack([s * edge[:, 0], np.full(4, t * 0.5 * wide), edge[:, 1]], -1) for t in (-1.0, 1.0)]
        if along == "y":
            ring = [r[:, [1, 0, 2]] for r in ring]
        sheet = loft(np.stack(ring))
        from simgen.shapes.soup import signed_volume

        thing.add(sheet if signed_volume(sheet) > 0.0 else sheet.flipped(), board, smooth_deg=20.0)
    return thing.model("open_carton", 0.35, friction=0.5, kind="open_carton", variant=variant)


def _crate(rng: Stream, variant: int) -> Model:
    """A stacking crate of 400 x 300 or 600 x 400 mm (the grid of EN 13199), slatted sides, 1.2 to 2.6 kg."""
    x, y = (0.4, 0.3) if rng.random() < 0.5 else (0.6, 0.4)
    z = float(rng.choice([0.12, 0.17, 0.22, 0.32]))
    thing = Thing("container")
    plastic = thing.matter(one_of(rng, (_BLUE, _GREY, _RED, BLACK, BRIGHT[3])), 0.45)
    wall, post = 0.012, 0.03
    thing.add(box((x - 0.01, y - 0.01, 0.012), 0.002).moved((0.0, 0.0, 0.006)), plastic, smooth_deg=20.0, solid="box")
    bars = max(int(z / 0.045), 2)
    for s in (1.0, -1.0):
        for q in (1.0, -1.0):
            leg = box((post, post, z), 0.004).moved((s * 0.5 * (x - post), q * 0.5 * (y - post), 0.5 * z))
            thing.add(leg, plastic, smooth_deg=20.0, solid="box")
        for k in range(bars):
            high = 0.6 * z / bars
            at = (k + 0.5) * z / bars
            for soup in (
                box((wall, y - 2 * post, high), 0.002).moved((s * 0.5 * (x - wall), 0.0, at)),
                box((x - 2 * post, wall, high), 0.002).moved((0.0, s * 0.5 * (y - wall), at)),
            ):
                thing.add(soup, plastic, smooth_deg=20.0, solid="none")
        thing.shapes.append(box_of(box((wall, y - 2 * post, z)).moved((s * 0.5 * (x - wall), 0.0, 0.5 * z)).vertices))
        thing.shapes.append(box_of(box((x - 2 * post, wall, z)).moved((0.0, s * 0.5 * (y - wall), 0.5 * z)).vertices))
    return thing.model("crate", 4.5 * x * y * (1 + 4 * z), friction=0.4, kind="crate", variant=variant)


def _tub(kind: str, rng: Stream, variant: int, x: float, y: float, z: float, wall: float, mass: float) -> Model:
    """A smooth box of plastic with a rim, tapered a little, open above."""
    thing = Thing("container")
    plastic = thing.matter(one_of(rng, (_BLUE, _GREY, _RED, *BRIGHT[:6])), 0.4)
    t = 0.94
    rows = [(t, 0.0, 0.0), (t, 0.003, 0.0), (0.97, 0.93 * z, 0.0), (0.97, 0.95 * z, 0.0), (1.0, 0.96 * z, 0.0),
            (1.0, z, 0.0), (0.97, z, wall), (t, 0.006, wall)]  # fmt: skip
    rings = [np.c_[rounded_rectangle(k * x - 2 * w, k * y - 2 * w, 0.03), np.full(20, h)] for k, h, w in rows]
    thing.add(loft(np.stack(rings)), plastic, smooth_deg=35.0, solid="none")
    bottom = rounded_rectangle(t * x, t * y, 0.03)
    thing.shapes.append(hull(np.concatenate([np.c_[bottom, np.zeros(20)], np.c_[bottom, np.full(20, 0.006)]])))
    for s in (1.0, -1.0):
        for a, b, flip in ((x, y, False), (y, x, True)):
            feet = [(0.5 * t * a, 0.5 * t * b, 0.0), (0.5 * t * a - wall, 0.5 * t * b, 0.0),
                    (0.5 * 0.985 * a, 0.5 * b * 0.985, z), (0.5 * 0.97 * a - wall, 0.5 * b * 0.985, z)]  # fmt: skip
            points = np.array([[s * p, q * r, h] for p, r, h in feet for q in (1.0, -1.0)])
            thing.shapes.append(hull(points[:, [1, 0, 2]] if flip else points))
    return thing.model(kind, mass, friction=0.4, kind=kind, variant=variant)


def _tote(rng: Stream, variant: int) -> Model:
    """A tote of 400 x 300 or 600 x 400 mm, 120 to 320 mm high."""
    x, y = (0.4, 0.3) if rng.random() < 0.5 else (0.6, 0.4)
    z = float(rng.choice([0.12, 0.17, 0.22, 0.32]))
    return _tub("tote", rng, variant, x, y, z, 0.004, 6.0 * x * y * (1 + 3 * z))


def _bin_box(rng: Stream, variant: int) -> Model:
    """A small parts box: 160 to 300 mm long."""
    x = between(rng, 0.16, 0.3)
    return _tub("bin_box", rng, variant, x, 0.62 * x, 0.45 * x, 0.003, 1.6 * x)


def _planks(thing: Thing, wood: Surface, nails: Surface) -> None:
    """EUR pallet (EN 13698-1): 1200 x 800 x 144 mm; five boards above, three below, nine blocks between."""
    for y, w in ((0.3275, 0.145), (0.171, 0.1), (0.0, 0.145), (-0.171, 0.1), (-0.3275, 0.145)):
        thing.add(box((1.2, w, 0.022), 0.002).moved((0.0, y, 0.133)), wood, smooth_deg=20.0, solid="box")
    for x in (-0.5275, 0.0, 0.5275):
        thing.add(box((0.145, 0.8, 0.022), 0.001).moved((x, 0.0, 0.111)), wood, smooth_deg=20.0, solid="box")
        for y, w in ((0.35, 0.1), (0.0, 0.145), (-0.35, 0.1)):
            block = box((0.145, w, 0.078), 0.001).moved((x, y, 0.061))
            thing.add(block, wood, smooth_deg=20.0, solid="box")
            for y_off in (-0.3 * w, 0.3 * w):
                head = cylinder(0.005, 0.0012, 8).moved((x, y + y_off, 0.1444))
                thing.add(head, nails, solid="none")
    for y, w in ((0.35, 0.1), (0.0, 0.145), (-0.35, 0.1)):
        thing.add(box((1.2, w, 0.022), 0.002).moved((0.0, y, 0.011)), wood, smooth_deg=20.0, solid="box")


def _timber(thing: Thing, rng: Stream) -> Surface:
    age = between(rng, 0.45, 1.0)
    color = (0.5 * age, (0.36 + 0.02 * (1 - age)) * age, (0.2 + 0.12 * (1 - age)) * age)
    return thing.matter(color, 0.85, texture="wood", texture_scale_m=0.5, lidar_reflectance=0.55)


def _pallet(rng: Stream, variant: int) -> Model:
    """Empty: 25 kg."""
    thing = Thing("pallet")
    _planks(thing, _timber(thing, rng), thing.metal((0.25, 0.24, 0.22), 0.6))
    return thing.model("pallet", 25.0, friction=0.5, restitution=0.0, kind="pallet", variant=variant)


def _loaded(rng: Stream, variant: int) -> Model:
    """A EUR pallet with layers of equal cartons, some with stretch film around them: up to 1.7 m high."""
    thing = Thing("pallet")
    _planks(thing, _timber(thing, rng), thing.metal((0.25, 0.24, 0.22), 0.6))
    nx, ny, nz = int(rng.integers(2, 5)), int(rng.integers(2, 4)), int(rng.integers(2, 6))
    a, b, c = 1.19 / nx, 0.79 / ny, between(rng, 0.2, 0.3)
    print_ = pictured("carton", variant, 384, 160, class_name="container", roughness=0.85)
    parts = []
    for k in range(nz):
        last = k == nz - 1 and rng.random() < 0.4
        for i in range(nx):
            for j in range(ny):
                if last and (i + j) % 2:
                    continue
                jit = rng.uniform(-0.003, 0.003, 2)
                at = ((i - 0.5 * (nx - 1)) * a + jit[0], (j - 0.5 * (ny - 1)) * b + jit[1], 0.144 + (k + 0.5) * c)
                parts.append(box((a - 0.006, b - 0.006, c - 0.001)).moved(at))
                thing.shapes.append(box_of(parts[-1].vertices))
    load = join(parts)
    uv = np.concatenate([uv_box(part) for part in parts])
    thing.pictured(load, uv, print_, smooth_deg=20.0, solid=False)
    if rng.random() < 0.5:
        top = 0.144 + (nz - 1) * c
        film = loft(
            np.stack([np.c_[rounded_rectangle(1.205, 0.805, 0.02), np.full(20, z)] for z in (0.13, top)]), caps=False
        )
        thing.add(film, thing.clear((0.2, 0.2, 0.2), 0.75), smooth_deg=30.0, solid="none")
    mass = 25.0 + 110.0 * len(parts) * a * b * c
    return thing.model("loaded_pallet", mass, friction=0.5, restitution=0.0, kind="loaded_pallet", variant=variant)


def _drum(rng: Stream, variant: int) -> Model:
    """A steel drum of 216.5 l (ISO 15750-2): 585 mm wide over its hoops, 880 mm high; empty 18 kg."""
    thing = Thing("container")
    paint = thing.matter(one_of(rng, (_BLUE, _BLUE, BLACK, _RED, BRIGHT[4], _GREY)), 0.35, metallic=0.2, clearcoat=0.4)
    r = 0.2855
    z = [0.0, 0.012, 0.016, 0.2867, 0.293, 0.2993, 0.58, 0.5867, 0.593, 0.864, 0.868, 0.88]
    out = [0.288, 0.288, r, r, 0.2925, r, r, 0.2925, r, r, 0.288, 0.288]
    side = np.stack([out, z], -1)
    ends = [[0.0, 0.02], [0.278, 0.02], [0.28, 0.0]], [[0.28, 0.88], [0.278, 0.862], [0.0, 0.862]]
    thing.add(revolve(np.concatenate([ends[0], side, ends[1]]), 40), paint, smooth_deg=35.0, solid="none")
    thing.shapes.append(Shape(kind="cylinder", size=(0.289, 0.88, 0.0), center=(0.0, 0.0, 0.44)))
    for x, bung in ((0.21, 0.035), (-0.21, 0.02)):
        thing.add(cylinder(bung, 0.016, 16, 0.002).moved((x, 0.0, 0.868)), thing.metal(), solid="none")
    print_ = pictured("round", variant, 512, 128, class_name="container", roughness=0.4)
    wrap = np.array([[r + 0.0004, 0.36], [r + 0.001, 0.362], [r + 0.001, 0.518], [r + 0.0004, 0.52]])
    soup = revolve(wrap, 40)
    thing.pictured(soup, uv_round(soup, 0.36, 0.52), print_, solid=False)
    return thing.model("drum", 18.0 if rng.random() < 0.5 else 190.0, friction=0.4, kind="drum", variant=variant)


def _jerrycan(rng: Stream, variant: int) -> Model:
    """A canister of 5 to 20 l with its grip."""
    s = between(rng, 0.65, 1.0)
    x, y, z = 0.35 * s, 0.18 * s, 0.42 * s
    thing = Thing("container")
    plastic = thing.matter(one_of(rng, (BRIGHT[0], _BLUE, BLACK, (0.75, 0.75, 0.72), (0.09, 0.12, 0.04))), 0.4)
    rows = ((0.94, 0.0), (1.0, 0.02), (1.0, 0.78), (0.9, 0.85), (0.88, 0.855))
    rings = [np.c_[rounded_rectangle(k * x, k * y, 0.03 * s), np.full(20, h * z)] for k, h in rows]
    thing.add(loft(np.stack(rings)), plastic, smooth_deg=35.0)
    path = [[-0.3 * x, 0, 0.84 * z], [-0.28 * x, 0, 0.96 * z], [0.14 * x, 0, 0.98 * z], [0.2 * x, 0, 0.84 * z]]
    thing.add(tube(path, 0.014 * s, 8), plastic, smooth_deg=60.0)
    cap = cylinder(0.026 * s, 0.05 * s, 20, 0.003).moved((0.36 * x, 0.0, 0.89 * z))
    thing.add(cap, thing.matter(one_of(rng, BRIGHT), 0.4))
    panel = box((0.7 * x, 1.006 * y, 0.4 * z)).moved((0.0, 0.0, 0.42 * z))
    print_ = pictured("pack", variant, 384, 160, class_name="container", roughness=0.5)
    thing.pictured(panel, uv_box(panel), print_, smooth_deg=20.0, solid=False)
    return thing.model("jerrycan", 20.0 * s**3, friction=0.4, kind="jerrycan", variant=variant)


@register("asset", "load_carrier")
@dataclass(frozen=True, kw_only=True)
class LoadCarrier(Family):
    """A carton, open carton, crate, tote, small parts box, drum, jerrycan (class container) or EUR pallet (pallet).

    Sizes after EN 13698-1 (pallet 1200 x 800 x 144 mm), EN 13199 (crates on the 600 x 400 mm grid) and ISO 15750-2
    (drum). Open ones are hollow in physics too. A loaded pallet is one body.
    """

    kind: str = param("carton", doc="what it is", choices=KINDS)

    kinds: ClassVar[Mapping[str, Maker]] = {
        "carton": _carton, "open_carton": _open_carton, "crate": _crate, "tote": _tote, "bin_box": _bin_box,
        "pallet": _pallet, "loaded_pallet": _loaded, "drum": _drum, "jerrycan": _jerrycan,
    }  # fmt: skip
