"""Letter boxes of the street."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.assets._canvas import Canvas
from simgen.assets._kit import BLUE, DARK, RED, WHITE, YELLOW, Kit, painted, steel
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.lattice import loft, revolve
from simgen.shapes.primitives import box, cylinder


@register("asset", "mailbox")
@dataclass(frozen=True, kw_only=True)
class Mailbox(Asset):
    """A letter box that faces +x (class street_furniture): blue with a round top, yellow on a post, or a red pillar.

    The USPS box is about 1.25 m tall and 0.5 m wide, the British pillar box type B about 1.5 m.
    """

    kind: str = param("eu", doc="whose post", choices=("eu", "us", "uk"))

    def build(self) -> Model:
        """Body, slot, legs or plinth."""
        kit, name = Kit("street_furniture"), "street_furniture"
        dark = painted(name, DARK)
        if self.kind == "uk":
            red = painted(name, RED)
            kit.add(revolve([[0.0, 0.0], [0.24, 0], [0.24, 0.14], [0.22, 0.16], [0.22, 1.32]], 24), red)
            kit.add(revolve([[0.22, 1.32], [0.26, 1.36], [0.26, 1.42], [0.18, 1.49], [0, 1.52]], 24), red)
            kit.add(box((0.03, 0.2, 0.035)).moved((0.215, 0.0, 1.2)), dark, shape="none")
            kit.add(box((0.02, 0.15, 0.2)).moved((0.216, 0.0, 0.98)), painted(name, WHITE), shape="none")
        elif self.kind == "us":
            angle = np.linspace(0.0, np.pi, 13)
            arch = np.stack([0.24 * np.cos(angle), 0.96 + 0.24 * np.sin(angle)], -1)
            outline = np.concatenate([[[0.24, 0.16]], arch, [[-0.24, 0.16]]])
            rings = np.stack(
                [np.stack([outline[:, 0], np.full(len(outline), y), outline[:, 1]], -1) for y in (-0.25, 0.25)]
            )
            soup = loft(rings[:, ::-1])
            kit.add(soup, painted(name, BLUE), smooth_deg=30.0)
            kit.add(box((0.04, 0.34, 0.02)).moved((0.222, 0.0, 1.02)), dark, shape="none")
            for x in (-0.19, 0.19):
                for y in (-0.2, 0.2):
                    kit.beam((x - 0.03, y - 0.03, 0.0), (x + 0.03, y + 0.03, 0.17), dark)
        else:
            kit.add(box((0.28, 0.42, 0.55), 0.02).moved((0.0, 0.0, 1.16)), painted(name, YELLOW))
            kit.add(box((0.03, 0.3, 0.03)).moved((0.13, 0.0, 1.34)), dark, shape="none")
            canvas = Canvas((0, 0), (1, 1), (240, 190, 10), 64)
            canvas.write("POST", (20, 20, 22), 0.5, 0.5, 0.3, 0.9)
            corners = np.array([[0.142, -0.12, 1.0], [0.142, 0.12, 1.0], [0.142, 0.12, 1.2], [0.142, -0.12, 1.2]])
            kit.picture(corners, canvas, painted(name, YELLOW))
            kit.add(cylinder(0.045, 0.9, 14).moved((0.0, 0.0, 0.45)), steel(name))
        return kit.model("mailbox", 60.0, attributes=(("kind", self.kind),))
