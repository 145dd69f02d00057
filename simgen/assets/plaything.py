"""Toys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.assets._family import BRIGHT, Family, Maker, between, one_of
from simgen.records.base import F8
from simgen.records.model import Model, Shape
from simgen.registry import param, register
from simgen.rng import Stream
from simgen.shapes.lattice import loft
from simgen.shapes.primitives import box, cylinder, ellipsoid, rounded_rectangle, sphere
from simgen.shapes.soup import Soup
from simgen.shapes.thing import BLACK, WHITE, Thing

KINDS = ("brick", "duck", "car", "ball", "blocks", "ring_stack")


def _brick(rng: Stream, variant: int) -> Model:
    """A building brick on an 8 mm grid, 9.6 mm high, studs of 4.8 mm: two by two to two by six, or the large size."""
    scale = 2.0 if rng.random() < 0.4 else 1.0
    across, along = int(rng.integers(1, 3)), int(rng.integers(2, 7))
    grid, h = 0.008 * scale, 0.0096 * scale
    thing = Thing("toy")
    gloss = thing.matter(one_of(rng, (WHITE, BLACK, *BRIGHT)), 0.25, clearcoat=0.6)
    body = box((along * grid - 0.0002, across * grid - 0.0002, h), 0.0003).moved((0.0, 0.0, 0.5 * h))
    thing.add(body, gloss, smooth_deg=20.0)
    for i in range(along):
        for j in range(across):
            at = ((i - 0.5 * (along - 1)) * grid, (j - 0.5 * (across - 1)) * grid, h + 0.0009 * scale)
            thing.add(cylinder(0.0024 * scale, 0.0018 * scale, 14).moved(at), gloss, solid="none")
    studs = box((along * grid - 0.003, across * grid - 0.003, 0.0018 * scale)).moved((0.0, 0.0, h + 0.0009 * scale))
    thing.shapes += Thing("toy").add(studs, gloss, solid="box").shapes
    return thing.model(
        "brick", 0.0006 * across * along * scale**3 + 0.0005, friction=0.4, kind="brick", variant=variant
    )


def _blob(half: tuple[float, float, float], at: tuple[float, float, float], segments: int = 20) -> Soup:
    return ellipsoid(half, segments, 12).moved(at)


def _duck(rng: Stream, variant: int) -> Model:
    """A bath duck: 70 to 110 mm long."""
    s = between(rng, 0.7, 1.1)
    thing = Thing("toy")
    yellow = thing.matter((0.85, 0.52, 0.02) if rng.random() < 0.7 else one_of(rng, BRIGHT), 0.3, clearcoat=0.4)
    beak = thing.matter((0.75, 0.16, 0.01), 0.35)
    body = _blob((0.048 * s, 0.036 * s, 0.03 * s), (0.0, 0.0, 0.028 * s), 24)
    flat = body.vertices.copy()
    flat[:, 2] = np.maximum(flat[:, 2], 0.0)
    thing.add(Soup(flat, body.triangles, body.tags), yellow, smooth_deg=60.0)
    thing.add(_blob((0.02 * s, 0.014 * s, 0.012 * s), (-0.044 * s, 0.0, 0.048 * s)), yellow, smooth_deg=60.0)
    thing.add(_blob((0.026 * s, 0.025 * s, 0.025 * s), (0.026 * s, 0.0, 0.07 * s)), yellow, smooth_deg=60.0)
    thing.add(_blob((0.014 * s, 0.013 * s, 0.0045 * s), (0.053 * s, 0.0, 0.066 * s), 14), beak)
    for side in (1.0, -1.0):
        thing.add(_blob((0.026 * s, 0.008 * s, 0.016 * s), (-0.008 * s, side * 0.034 * s, 0.034 * s), 14), yellow)
        eye = _blob((0.0045 * s, 0.004 * s, 0.0055 * s), (0.045 * s, side * 0.014 * s, 0.077 * s), 12)
        thing.add(eye, thing.matter(BLACK, 0.1), solid="none")
    return thing.model("duck", 0.05 * s**3, friction=0.6, restitution=0.3, kind="duck", variant=variant)


def _car(rng: Stream, variant: int) -> Model:
    """A toy car: 75 to 160 mm long."""
    s = between(rng, 0.075, 0.16)
    thing = Thing("toy")
    body = thing.glazed(one_of(rng, BRIGHT))
    half, high = 0.21 * s, 0.36 * s * between(rng, 0.8, 1.1)

    def ring(length: float, width: float, z: float, x: float = 0.0) -> F8:
        flat = rounded_rectangle(length, width, 0.12 * s) + np.array([x, 0.0])
        return np.concatenate([flat, np.full((20, 1), z)], 1)

    low = loft(
        np.stack(
            [
                ring(0.96 * s, 1.8 * half, 0.09 * s),
                ring(s, 2 * half, 0.14 * s),
                ring(0.97 * s, 1.9 * half, 0.55 * high + 0.03 * s),
            ]
        )
    )
    thing.add(low, body, smooth_deg=40.0)
    z = 0.55 * high + 0.03 * s
    top = loft(np.stack([ring(0.62 * s, 1.8 * half, z, -0.05 * s), ring(0.4 * s, 1.45 * half, high, -0.07 * s)]))
    thing.add(top, thing.matter((0.03, 0.04, 0.05), 0.08), smooth_deg=40.0)
    roof = loft(
        np.stack(
            [
                ring(0.41 * s, 1.47 * half, high - 0.012 * s, -0.07 * s),
                ring(0.38 * s, 1.4 * half, high + 0.008 * s, -0.07 * s),
            ]
        )
    )
    thing.add(roof, body, smooth_deg=40.0)
    turn, r = (0.5**0.5, 0.5**0.5, 0.0, 0.0), 0.105 * s
    for x in (-0.3 * s, 0.3 * s):
        for side in (1.0, -1.0):
            wheel = cylinder(r, 0.1 * s, 20, 0.012 * s).moved(quaternion=turn).moved((x, side * 0.9 * half, r))
            thing.add(wheel, thing.matter(BLACK, 0.6))
            hub = cylinder(0.5 * r, 0.104 * s, 14).moved(quaternion=turn).moved((x, side * 0.9 * half, r))
            thing.add(hub, thing.metal(roughness=0.25), solid="none")
    return thing.model("car", 0.03 + 60.0 * s**3, friction=0.4, kind="car", variant=variant)


def _ball(rng: Stream, variant: int) -> Model:
    """A tennis ball (66 mm, 58 g; ITF rules), a table tennis ball (40 mm, 2.7 g), or one of foam of 60 to 200 mm."""
    which = int(rng.integers(3))
    thing = Thing("ball")
    if which == 0:
        r, mass, look = 0.033, 0.058, thing.matter((0.55, 0.7, 0.08), 0.95, texture="fabric", texture_scale_m=0.02)
    elif which == 1:
        r, mass, look = 0.02, 0.0027, thing.matter(WHITE if rng.random() < 0.6 else (0.75, 0.3, 0.02), 0.4)
    else:
        r = between(rng, 0.03, 0.1)
        mass, look = 90.0 * r**3 * 4.2, thing.matter(one_of(rng, BRIGHT), 0.6)
    soup = sphere(r, 32, 16).moved((0.0, 0.0, r))
    stripe = which == 2 and rng.random() < 0.6
    if stripe:
        middle = soup.vertices[soup.triangles].mean(1)[:, 2]
        soup = Soup(soup.vertices, soup.triangles, (np.abs(middle - r) < 0.3 * r).astype(np.int64))
    thing.add(soup, look, thing.matter(one_of(rng, BRIGHT), 0.5), smooth_deg=60.0, solid="none")
    thing.shapes.append(Shape(kind="sphere", size=(r, 0.0, 0.0), center=(0.0, 0.0, r)))
    return thing.model("ball", mass, friction=0.6, restitution=0.7, rolling_m=0.02 * r, kind="ball", variant=variant)


def _blocks(rng: Stream, variant: int) -> Model:
    """A wooden building block of 25 to 60 mm."""
    thing = Thing("toy")
    size = tuple(float(rng.choice([0.025, 0.03, 0.04, 0.06])) for _ in range(3))
    color = (0.55, 0.38, 0.2) if rng.random() < 0.3 else one_of(rng, BRIGHT)
    wood = thing.matter(color, 0.5, texture="wood", texture_scale_m=0.05)
    thing.add(box(size, 0.0018).moved((0.0, 0.0, 0.5 * size[2])), wood, smooth_deg=20.0)
    return thing.model("block", 600.0 * size[0] * size[1] * size[2], friction=0.5, kind="blocks", variant=variant)


def _ring_stack(rng: Stream, variant: int) -> Model:
    """Rings of falling size on a peg: 150 to 200 mm high."""
    thing = Thing("toy")
    s = between(rng, 0.9, 1.2)
    z = 0.0
    for k, r in enumerate((0.06, 0.055, 0.05, 0.045, 0.04, 0.035, 0.03)):
        color = BRIGHT[(k + variant) % len(BRIGHT)]
        ring = ellipsoid((r * s, r * s, 0.0115 * s), 28, 8).moved((0.0, 0.0, z + 0.011 * s))
        thing.add(ring, thing.matter(color, 0.35, clearcoat=0.4), smooth_deg=60.0)
        z += 0.02 * s
    thing.add(sphere(0.018 * s, 20, 10).moved((0.0, 0.0, z + 0.013 * s)), thing.matter(one_of(rng, BRIGHT), 0.3))
    return thing.model("ring_stack", 0.35 * s**3, friction=0.5, kind="ring_stack", variant=variant)


@register("asset", "plaything")
@dataclass(frozen=True, kw_only=True)
class Plaything(Family):
    """A building brick, bath duck, toy car, wooden block, stack of rings (class toy) or ball (ball).

    Bricks keep to the common 8 mm grid; tennis and table tennis balls to the rules of the ITF and ITTF; the others
    have sizes and masses as sold.
    """

    kind: str = param("brick", doc="what it is", choices=KINDS)

    kinds: ClassVar[Mapping[str, Maker]] = {
        "brick": _brick, "duck": _duck, "car": _car, "ball": _ball, "blocks": _blocks, "ring_stack": _ring_stack,
    }  # fmt: skip
