"""A fire hydrant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.assets._kit import RED, Kit, painted, steel
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.colors import PAINTS, Color, resolve
from simgen.shapes.lattice import revolve
from simgen.shapes.primitives import cylinder
from simgen.shapes.soup import Soup, join


@register("asset", "fire_hydrant")
@dataclass(frozen=True, kw_only=True)
class FireHydrant(Asset):
    """A hydrant (class street_furniture): the American dry barrel (AWWA C502, about 0.75 m), or a European pillar.

    The pillar is of EN 14384: about 1 m above the ground.
    """

    kind: str = param("us", doc="dry barrel with a bonnet, or a slim pillar", choices=("us", "eu"))
    color: str | Color = param("", doc="a colour's name or linear reflectances; empty = red")

    def __post_init__(self) -> None:
        if self.color != "":
            resolve("color", self.color, PAINTS)

    def build(self) -> Model:
        """Flange, barrel, bonnet, outlets with caps."""
        paint = painted("street_furniture", RED if self.color == "" else resolve("color", self.color, PAINTS))
        cap = steel("street_furniture", (0.5, 0.5, 0.48))
        kit = Kit("street_furniture")
        if self.kind == "us":
            kit.add(revolve([[0.0, 0.0], [0.16, 0], [0.16, 0.04], [0.11, 0.05]], 20), paint)
            kit.add(revolve([[0.11, 0.05], [0.1, 0.1], [0.095, 0.45], [0.1, 0.5]], 20), paint)
            kit.add(revolve([[0.14, 0.5], [0.14, 0.53]], 20), paint)
            top = [
                [0.14, 0.5],
                [0.14, 0.535],
                [0.125, 0.55],
                [0.11, 0.62],
                [0.06, 0.675],
                [0.03, 0.69],
                [0.03, 0.73],
                [0, 0.73],
            ]
            kit.add(revolve(top, 20), paint, smooth_deg=35.0)
            kit.add(join([_outlet(0.0, 0.4, 0.075, 0.19)]), cap)
            for side in (90.0, -90.0):
                kit.add(_outlet(side, 0.42, 0.05, 0.17), cap)
        else:
            kit.add(revolve([[0.0, 0.0], [0.11, 0], [0.11, 0.05], [0.08, 0.07], [0.075, 0.55]], 20), paint)
            kit.add(
                revolve(
                    [[0.075, 0.55], [0.11, 0.6], [0.11, 0.82], [0.07, 0.92], [0.025, 0.94], [0.02, 0.99], [0, 0.99]], 20
                ),
                paint,
            )
            for side in (60.0, -60.0):
                kit.add(_outlet(side, 0.72, 0.045, 0.17), cap)
        return kit.model("fire_hydrant", 90.0)


def _outlet(turn_deg: float, z: float, radius: float, reach: float) -> Soup:
    half = 0.5 * np.radians(turn_deg)
    lying = (
        cylinder(radius, reach, 12, 0.01)
        .moved((0, 0, 0.5 * reach), (1, 0, 0, 0))
        .moved(quaternion=(0.5**0.5, 0, 0.5**0.5, 0))
    )
    return lying.moved((0.0, 0.0, z), (float(np.cos(half)), 0.0, 0.0, float(np.sin(half))))
