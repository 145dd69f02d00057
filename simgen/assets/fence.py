"""Fences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.assets._kit import Kit, painted, steel, wooden
from simgen.assets.base import Asset
from simgen.records.base import F8
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.colors import PAINTS, Color, resolve
from simgen.shapes.finish import box_of
from simgen.shapes.primitives import bar, box, cylinder, prism
from simgen.shapes.soup import Soup, join

KINDS: Final = ("picket", "boards", "mesh", "railing", "rails")
_TALL: Final = {"picket": 1.0, "boards": 1.8, "mesh": 1.8, "railing": 1.1, "rails": 1.2}


@register("asset", "fence")
@dataclass(frozen=True, kw_only=True)
class Fence(Asset):
    """A fence along y (class fence): pickets, boards, wire mesh, a metal railing (EN 12767's heights), or field rails.

    Mesh is drawn with wires 10 mm thick every 0.15 m, so that a lidar looks through most of it; real ones of 3 mm
    every 50 mm let as much light by.
    """

    kind: str = param("picket", doc="how it is made", choices=KINDS)
    length_m: float = param(4.0, ge=0.8, le=40.0, doc="along y")
    height_m: float = param(0.0, ge=0.0, le=4.0, doc="ground to top; 0 = usual for its kind")
    color: str | Color = param("", doc="a colour's name or linear reflectances; empty = usual for its kind")

    def __post_init__(self) -> None:
        if self.color != "":
            resolve("color", self.color, PAINTS)

    def build(self) -> Model:
        """Posts, rails and what fills the fields between; one box collides."""
        tall = self.height_m or _TALL[self.kind]
        surface = steel("fence", (0.2, 0.24, 0.2)) if self.kind in ("mesh", "railing") else wooden("fence")
        if self.color != "":
            surface = painted("fence", resolve("color", self.color, PAINTS))
        elif self.kind == "picket":
            surface = painted("fence", (0.68, 0.67, 0.63), 0.7)
        count = max(round(self.length_m / (2.5 if self.kind == "mesh" else 2.0)), 1)
        posts = np.linspace(-0.5, 0.5, count + 1) * (self.length_m - 0.1)
        thick = 0.06 if self.kind in ("mesh", "railing") else 0.09
        stand = join([box((thick, thick, tall)).moved((0.0, y, 0.5 * tall)) for y in posts])
        fill = {"picket": _pickets, "boards": _boards, "mesh": _mesh, "railing": _railing, "rails": _rails}[self.kind]
        kit = Kit("fence").add(stand, surface, shape="none")
        kit.add(fill(self.length_m, tall), surface, shape="none", smooth_deg=30.0)
        points = kit.builder.soup.vertices
        kit.shapes.append(box_of(points))
        return kit.model("fence", 12.0 * self.length_m, attributes=(("kind", self.kind),))


def _even(length: float, step: float) -> F8:
    count = max(round(length / step), 1)
    return np.asarray((np.arange(count) + 0.5) / count * length - 0.5 * length)


def _pickets(length: float, tall: float) -> Soup:
    rails = [box((0.03, length, 0.07)).moved((-0.03, 0.0, z * tall)) for z in (0.25, 0.75)]
    outline = np.array([[-0.035, 0.05], [0.035, 0.05], [0.035, 0.93 * tall], [0.0, tall], [-0.035, 0.93 * tall]])
    flat = prism(outline, 0.0, 0.02)
    one = Soup(flat.vertices[:, [2, 0, 1]], flat.triangles, flat.tags)
    return join([*rails, *(one.moved((0.0, y, 0.0)) for y in _even(length, 0.13))])


def _boards(length: float, tall: float) -> Soup:
    return join([box((0.025, 0.118, tall - 0.05)).moved((0.03, y, 0.5 * tall + 0.025)) for y in _even(length, 0.125)])


def _mesh(length: float, tall: float) -> Soup:
    top = [bar([0.0, -0.5 * length, z], [0.0, 0.5 * length, z], 0.03, 0.03) for z in (0.06, tall - 0.02)]
    wires = []
    for slope in (1.0, -1.0):
        for y in np.arange(-0.5 * length - tall, 0.5 * length, 0.21 if length < 20 else 0.4):
            # a diagonal from the ground up, cut at both ends of the field
            a, b = np.array([y, 0.05]), np.array([y + tall, tall])
            t0 = max((-0.5 * length - a[0]) / (b[0] - a[0]), 0.0)
            t1 = min((0.5 * length - a[0]) / (b[0] - a[0]), 1.0)
            if t1 > t0 + 0.02:
                p, q = a + t0 * (b - a), a + t1 * (b - a)
                wires.append(bar([0.0, slope * p[0], p[1]], [0.0, slope * q[0], q[1]], 0.008, 0.008))
    return join([*top, *wires])


def _railing(length: float, tall: float) -> Soup:
    rails = [bar([0.0, -0.5 * length, z], [0.0, 0.5 * length, z], 0.045, 0.045) for z in (0.12, tall - 0.03)]
    bars = [cylinder(0.009, tall - 0.15, 6).moved((0.0, y, 0.5 * tall + 0.04)) for y in _even(length, 0.13)]
    return join([*rails, *bars])


def _rails(length: float, tall: float) -> Soup:
    return join([box((0.035, length, 0.13)).moved((0.05, 0.0, z * tall)) for z in (0.3, 0.6, 0.9)])
