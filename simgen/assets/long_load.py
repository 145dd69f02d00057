"""Bundles of planks and pipes: longer than the pallet that they lie on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from simgen.assets._family import Family, Maker, between
from simgen.records.model import Model, Shape
from simgen.registry import param, register
from simgen.rng import Stream
from simgen.shapes.primitives import box, cylinder
from simgen.shapes.thing import PINE, Thing

KINDS = ("planks", "pipes")
_ALONG = (0.5**0.5, 0.0, 0.5**0.5, 0.0)


def _straps(thing: Thing, long: float, wide: float, high: float) -> None:
    band = thing.matter((0.02, 0.02, 0.02), 0.5)
    for x in (-0.3 * long, 0.3 * long):
        thing.add(box((0.02, wide + 0.006, high + 0.003)).moved((x, 0.0, 0.5 * high)), band, solid="none")


def _planks(rng: Stream, variant: int) -> Model:
    """Four layers of battens of 24 x 95 mm, 2.4 to 3.0 m long (EN 1313-1), strapped; about 450 kg/m3."""
    thing = Thing("container")
    long, count = between(rng, 2.4, 3.0), 4
    tone = between(rng, 0.7, 1.1)
    wood = thing.matter((PINE[0] * tone, PINE[1] * tone, PINE[2] * tone), 0.8, texture="wood", texture_scale_m=0.4)
    for layer in range(4):
        for k in range(count):
            shift = between(rng, -0.02, 0.02)
            at = (shift, (k - 0.5 * (count - 1)) * 0.097, 0.012 + layer * 0.025)
            thing.add(box((long, 0.095, 0.024), 0.001).moved(at), wood, smooth_deg=20.0, solid="none")
    thing.shapes.append(Shape(kind="box", size=(long, 0.386, 0.1), center=(0.0, 0.0, 0.05)))
    _straps(thing, long, 0.386, 0.1)
    return thing.model("planks", 450.0 * long * 0.386 * 0.1, friction=0.5, kind="planks", variant=variant)


def _pipes(rng: Stream, variant: int) -> Model:
    """Seven steel tubes of 48.3 mm (EN 10219; scaffold tube EN 39), 2.4 to 3.2 m long, in three rows, strapped."""
    thing = Thing("container")
    long, r = between(rng, 2.4, 3.2), 0.02415
    zinc, hole = thing.matter((0.35, 0.36, 0.37), 0.5, metallic=0.6), thing.matter((0.01, 0.01, 0.01), 0.9)
    rows = [(-1.0, 0), (0.0, 0), (1.0, 0), (-0.5, 1), (0.5, 1), (-1.5, 0), (1.5, 0)]
    for y, row in rows:
        at = (between(rng, -0.03, 0.03), 2.04 * r * y, r + row * 1.75 * r)
        thing.add(cylinder(r, long, 20).moved(quaternion=_ALONG).moved(at), zinc, smooth_deg=60.0, solid="none")
        bore = cylinder(0.86 * r, long + 0.002, 16).moved(quaternion=_ALONG).moved(at)
        thing.add(bore, hole, solid="none")
    wide, high = 6.1 * r, 3.75 * r
    thing.shapes.append(Shape(kind="box", size=(long, float(wide), float(high)), center=(0.0, 0.0, float(0.5 * high))))
    _straps(thing, long, float(np.round(6.1 * r, 4)), float(2.0 * r))
    return thing.model("pipes", 7 * 3.5 * long, friction=0.5, kind="pipes", variant=variant)


@register("asset", "long_load")
@dataclass(frozen=True, kw_only=True)
class LongLoad(Family):
    """A strapped bundle of planks or of steel pipes, 2.4 to 3.2 m long, that lies along x (class container)."""

    kind: str = param("planks", doc="what it is", choices=KINDS)

    kinds: ClassVar[Mapping[str, Maker]] = {"planks": _planks, "pipes": _pipes}
