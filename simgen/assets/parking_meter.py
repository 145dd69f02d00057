"""A parking meter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.assets._canvas import Canvas, rect
from simgen.assets._kit import DARK, Kit, painted, steel
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.lattice import revolve
from simgen.shapes.primitives import box, cylinder


@register("asset", "parking_meter")
@dataclass(frozen=True, kw_only=True)
class ParkingMeter(Asset):
    """A meter on a post, or a ticket machine, that faces +x (class street_furniture).

    Meters stand about 1.4 m tall; ticket machines (EN 12414) about 1.7 m.
    """

    kind: str = param("meter", doc="for one space, or for a street", choices=("meter", "machine"))

    def build(self) -> Model:
        """Post and head, or a cabinet with a display."""
        kit, name = Kit("street_furniture"), "street_furniture"
        if self.kind == "machine":
            kit.add(box((0.26, 0.34, 1.55), 0.02).moved((0.0, 0.0, 0.775)), painted(name, (0.08, 0.1, 0.14)))
            kit.add(box((0.3, 0.38, 0.16), 0.04).moved((0.0, 0.0, 1.62)), painted(name, (0.02, 0.12, 0.35)))
            canvas = Canvas((0, 0), (1, 1.6), (44, 52, 64), 128)
            canvas.draw([rect(0.15, 1.0, 0.85, 1.4)], (120, 140, 120))
            canvas.draw(
                [rect(0.15, 0.62, 0.5, 0.88), rect(0.6, 0.62, 0.85, 0.7), rect(0.2, 0.2, 0.8, 0.34)], (18, 18, 20)
            )
            canvas.write("P", (250, 250, 250), 0.72, 0.46, 0.18)
            corners = np.array([[0.131, -0.15, 0.95], [0.131, 0.15, 0.95], [0.131, 0.15, 1.43], [0.131, -0.15, 1.43]])
            kit.picture(corners, canvas, painted(name, DARK))
        else:
            kit.add(cylinder(0.03, 1.06, 14).moved((0.0, 0.0, 0.53)), steel(name))
            head = [[0, 1.04], [0.06, 1.04], [0.085, 1.1], [0.085, 1.24], [0.08, 1.32], [0.05, 1.39], [0, 1.41]]
            kit.add(revolve(head, 16).scaled((0.8, 1.0, 1.0)), painted(name, (0.11, 0.12, 0.13)), smooth_deg=35.0)
            kit.add(
                box((0.02, 0.1, 0.07)).moved((0.06, 0.0, 1.27)), painted(name, (0.25, 0.3, 0.26), 0.1), shape="none"
            )
        return kit.model("parking_meter", 40.0, attributes=(("kind", self.kind),))
