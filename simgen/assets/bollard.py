"""Bollards and delineator posts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.assets._kit import DARK, WHITE, Kit, concrete, painted, sheeting, steel
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.lattice import revolve
from simgen.shapes.primitives import box, prism, sphere

KINDS: Final = ("steel", "cast", "concrete", "flexible", "delineator")


@register("asset", "bollard")
@dataclass(frozen=True, kw_only=True)
class Bollard(Asset):
    """A post that keeps vehicles out or marks a road's edge (class pole).

    Bollards of steel, cast iron, concrete, or flexible with bands of sheeting (about 0.9 m); ``delineator``: the white
    roadside post with a black band and reflectors (EN 12899-3, D1: 1.0 m above the ground), 0.12 m wide.
    """

    kind: str = param("steel", doc="which post", choices=KINDS)
    height_m: float = param(0.0, ge=0.0, le=1.6, doc="ground to top; 0 = usual for its kind")

    def build(self) -> Model:
        """The post and its bands."""
        kit = Kit("pole")
        h = self.height_m or {"concrete": 0.6, "flexible": 0.75, "delineator": 1.0}.get(self.kind, 0.9)
        if self.kind == "delineator":
            self._delineator(kit, h)
        elif self.kind == "flexible":
            orange = painted("pole", (0.5, 0.09, 0.012))
            kit.add(revolve([[0.0, 0.0], [0.1, 0], [0.1, 0.03], [0.045, 0.05], [0.04, h], [0, h]], 16), orange)
            for z in (0.62, 0.84):
                band = revolve([[0.0435, z * h - 0.04], [0.0435, z * h + 0.04]], 16)
                kit.add(band, sheeting("pole", WHITE), shape="none")
        elif self.kind == "concrete":
            kit.add(revolve([[0.0, 0.0], [0.2, 0], [0.19, 0.75 * h], [0.14, 0.95 * h], [0, h]], 20), concrete("pole"))
        elif self.kind == "cast":
            black = painted("pole", DARK, 0.5)
            profile = [
                [0.0, 0.0],
                [0.11, 0],
                [0.11, 0.12],
                [0.075, 0.16],
                [0.06, 0.78 * h],
                [0.08, 0.8 * h],
                [0.08, 0.83 * h],
                [0.045, 0.86 * h],
            ]
            kit.add(revolve(profile, 16), black)
            kit.add(sphere(0.07, 14, 8).moved((0.0, 0.0, h - 0.07)), black)
        else:
            post = revolve([[0.0, 0.0], [0.057, 0], [0.057, h - 0.015], [0.045, h], [0, h]], 18)
            kit.add(post, steel("pole"))
            kit.add(revolve([[0.0585, h - 0.16], [0.0585, h - 0.08]], 18), sheeting("pole", WHITE), shape="none")
        return kit.model("bollard", 25.0, attributes=(("kind", self.kind),))

    def _delineator(self, kit: Kit, h: float) -> None:
        outline = np.array([[0.0, -0.06], [0.06, 0.0], [0.0, 0.06], [-0.03, 0.045], [-0.03, -0.045]])
        kit.add(prism(outline, 0.0, h), painted("pole", (0.75, 0.75, 0.73), 0.5), smooth_deg=20.0)
        kit.add(prism(outline * 1.03, 0.72 * h, 0.9 * h), painted("pole", DARK, 0.5), shape="none", smooth_deg=20.0)
        kit.add(box((0.01, 0.05, 0.16)).moved((0.062, 0.0, 0.81 * h)), sheeting("pole", WHITE), shape="none")
