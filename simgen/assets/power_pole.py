"""Poles with wires."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.assets._kit import DARK, Kit, painted, steel, wooden
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.lattice import revolve, tube
from simgen.shapes.primitives import box, cone, cylinder
from simgen.shapes.soup import join


@register("asset", "power_pole")
@dataclass(frozen=True, kw_only=True)
class PowerPole(Asset):
    """A wooden pole (class pole) with a cross-arm along y and wires that sag along x to where the next would stand.

    Poles of classes 3 to 5 are 9 to 12 m tall (ANSI O5.1). Wires are thin: they do not collide. ``span_m`` 0 leaves
    them out.
    """

    height_m: float = param(10.0, ge=6.0, le=18.0, doc="ground to top")
    span_m: float = param(0.0, ge=0.0, le=120.0, doc="to the next pole ahead: wires reach as far; 0 = none")
    transformer: bool = param(False, doc="carries one")

    def build(self) -> Model:
        """Pole, arms, insulators, wires."""
        kit, h = Kit("pole"), self.height_m
        wood, dark = wooden("pole", (0.17, 0.115, 0.07)), painted("pole", DARK, 0.5)
        kit.add(cone(0.15, 0.1, h, 14).moved((0.0, 0.0, 0.5 * h)), wood)
        kit.beam((0.08, -1.1, h - 0.45), (0.18, 1.1, h - 0.33), wood)
        places = (-1.0, -0.45, 0.45, 1.0)
        profile = [[0.0, 0.0], [0.035, 0], [0.05, 0.04], [0.03, 0.07], [0.045, 0.1], [0, 0.14]]
        kit.add(
            join([revolve(profile, 10).moved((0.13, y, h - 0.33)) for y in places]),
            painted("pole", (0.3, 0.16, 0.1), 0.2),
            shape="box",
        )
        if self.transformer:
            kit.add(cylinder(0.26, 0.8, 18, 0.03).moved((-0.4, 0.0, h - 1.5)), steel("pole", (0.4, 0.42, 0.42)))
            kit.add(box((0.2, 0.12, 0.5)).moved((-0.14, 0.0, h - 1.5)), dark)
        if self.span_m > 0.0:
            x = np.linspace(0.0, 1.0, 13)
            sag = 0.02 * self.span_m * 4.0 * x * (1.0 - x)
            wires = [
                tube(np.stack([0.13 + x * self.span_m, np.full(13, y), h - 0.2 - sag], -1), 0.011, 5) for y in places
            ]
            kit.add(join(wires), dark, shape="none")
        return kit.model("power_pole", 350.0)
