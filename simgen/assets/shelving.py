"""Shelves: of shops, stores and offices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.assets.base import Asset
from simgen.errors import UserError
from simgen.records.mesh import Surface
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.colors import PAINTS, linear, resolve
from simgen.shapes.primitives import bar, box
from simgen.shapes.thing import BLACK, Thing

STYLES: Final = ("gondola", "rack", "bookcase")


@register("asset", "shelving")
@dataclass(frozen=True, kw_only=True)
class Shelving(Asset):
    """A shelf that looks to +x, its boards along y (class shelf).

    ``gondola``: a shop's, of sheet steel, with a back and price rails; ``rack``: a store's, of upright frames and beams
    with boards of mesh, for pallets (EN 15512; a bay for three EUR pallets is 2.7 m wide and 1.1 m deep);
    ``bookcase``: of wood. The origin is on the floor below its middle.
    """

    style: str = param("gondola", doc="how it is built", choices=STYLES)
    length_m: float = param(1.0, ge=0.3, le=6.0, doc="along y, inside the uprights")
    depth_m: float = param(0.45, ge=0.15, le=1.5, doc="along x")
    levels_m: tuple[float, ...] = param((0.15, 0.5, 0.85, 1.2, 1.55), doc="heights of the boards' upper sides, rising")
    height_m: float = param(1.9, ge=0.3, le=12.0, doc="of the uprights")
    color: str | tuple[float, float, float] = param("white", doc="a colour's name, or linear sRGB reflectances")
    board: bool = param(True, doc="boards on the beams of a rack (pallets need none)")

    def __post_init__(self) -> None:
        resolve("color", self.color, PAINTS)
        if not self.levels_m or any(b <= a for a, b in zip(self.levels_m, self.levels_m[1:], strict=False)):
            raise UserError("shelving: levels_m must rise; sort them and remove repeated ones")
        if self.levels_m[-1] > self.height_m:
            raise UserError("shelving: the highest of levels_m lies above height_m; raise height_m")

    def build(self) -> Model:
        """Uprights, boards and what belongs to the style."""
        thing = Thing("shelf")
        paint = thing.matter(resolve("color", self.color, PAINTS), 0.4)
        getattr(self, f"_{self.style}")(thing, paint)
        volume = self.length_m * self.depth_m * self.height_m
        return thing.model("shelving", 12.0 + 40.0 * volume, friction=0.5, restitution=0.0, style=self.style)

    def _gondola(self, thing: Thing, paint: Surface) -> None:
        x, y, h = self.depth_m, self.length_m, self.height_m
        back = thing.matter(linear(206, 206, 202), 0.5)
        thing.add(box((0.02, y, h - 0.02)).moved((-0.5 * x + 0.01, 0, 0.5 * h)), back, solid="box")
        rail = thing.matter(linear(236, 236, 236), 0.35)
        for s in (1.0, -1.0):
            thing.add(box((0.06, 0.03, h)).moved((-0.5 * x + 0.03, s * (0.5 * y + 0.015), 0.5 * h)), paint, solid="box")
        for z in self.levels_m:
            thing.add(box((x - 0.02, y, 0.03), 0.002).moved((0.01, 0, z - 0.015)), paint, smooth_deg=20.0, solid="box")
            thing.add(box((0.008, y, 0.04)).moved((0.5 * x + 0.004, 0, z - 0.022)), rail, solid="box")
            for s in (1.0, -1.0):
                arm = bar(
                    [-0.5 * x + 0.03, s * (0.5 * y - 0.01), z - 0.06],
                    [0.3 * x, s * (0.5 * y - 0.01), z - 0.03],
                    0.004,
                    0.04,
                )
                thing.add(arm, paint, solid="none")
            for k, at in enumerate(np.arange(-0.5 * y + 0.08, 0.5 * y - 0.05, 0.16)):
                card = thing.matter((0.75, 0.7, 0.1) if k % 5 == 2 else (0.78, 0.78, 0.78), 0.6)
                thing.add(box((0.002, 0.05, 0.028)).moved((0.5 * x + 0.0085, float(at), z - 0.022)), card, solid="none")
        foot = box((x - 0.02, y, self.levels_m[0] - 0.03)).moved((0.0, 0, 0.5 * (self.levels_m[0] - 0.03)))
        thing.add(foot, thing.matter(BLACK, 0.6), solid="box")

    def _rack(self, thing: Thing, paint: Surface) -> None:
        x, y, h = self.depth_m, self.length_m, self.height_m
        beam = thing.matter(linear(226, 92, 20), 0.45)
        mesh = thing.metal((0.45, 0.46, 0.47), 0.5)
        for s in (1.0, -1.0):
            at = s * (0.5 * y + 0.05)
            for q in (1.0, -1.0):
                thing.add(box((0.08, 0.1, h)).moved((q * (0.5 * x - 0.04), at, 0.5 * h)), paint, solid="box")
                thing.add(box((0.12, 0.14, 0.008)).moved((q * (0.5 * x - 0.04), at, 0.004)), paint, solid="none")
            rungs = np.arange(0.15, h - 0.2, 0.6)
            for k, z in enumerate(rungs):
                end = min(z + 0.6, h - 0.1)
                side = 1.0 if k % 2 else -1.0
                thing.add(
                    bar([-side * (0.5 * x - 0.08), at, z], [side * (0.5 * x - 0.08), at, end], 0.03, 0.03),
                    paint,
                    solid="none",
                )
                thing.add(box((x - 0.16, 0.03, 0.03)).moved((0, at, z)), paint, solid="none")
            guard = thing.matter((0.66, 0.44, 0.03), 0.5)
            thing.add(box((0.02, 0.16, 0.4)).moved((0.5 * x + 0.04, at, 0.2)), guard, solid="box")
        for z in self.levels_m:
            for q in (1.0, -1.0):
                thing.add(box((0.05, y, 0.12)).moved((q * (0.5 * x - 0.045), 0, z - 0.06)), beam, solid="box")
            if self.board:
                thing.add(box((x - 0.14, y, 0.006)).moved((0, 0, z - 0.01)), mesh, solid="box")
            else:
                for at in (-0.42 * y, -0.22 * y, 0.22 * y, 0.42 * y, 0.08 * y, -0.08 * y):
                    thing.add(box((x - 0.14, 0.04, 0.03)).moved((0, at, z - 0.015)), mesh, solid="box")

    def _bookcase(self, thing: Thing, paint: Surface) -> None:
        x, y, h = self.depth_m, self.length_m, self.height_m
        wood = thing.matter(paint.base_color, 0.5, texture="wood", texture_scale_m=0.5)
        for s in (1.0, -1.0):
            thing.add(box((x, 0.02, h)).moved((0, s * (0.5 * y + 0.01), 0.5 * h)), wood, solid="box")
        thing.add(box((0.008, y, h)).moved((-0.5 * x + 0.004, 0, 0.5 * h)), wood, solid="box")
        for z in (*self.levels_m, h):
            thing.add(box((x - 0.01, y, 0.02)).moved((0.005, 0, z - 0.01)), wood, solid="box")
