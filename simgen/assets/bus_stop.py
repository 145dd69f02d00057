"""A bus shelter."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from simgen.assets._kit import DARK, Kit, glass, painted, wooden
from simgen.assets._photographs import person_picture
from simgen.assets._posters import poster
from simgen.assets._signs_us import UNITED_STATES
from simgen.assets._signs_vienna import VIENNA
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.primitives import box, cylinder


@register("asset", "bus_stop")
@dataclass(frozen=True, kw_only=True)
class BusStop(Asset):
    """A shelter along y that opens to +x (class street_furniture): glass walls, a flat roof, a bench, a poster, a sign.

    Usual shelters are 2.4 to 2.6 m tall, 1.3 to 1.6 m deep and 3 to 5 m long.
    """

    length_m: float = param(4.0, ge=2.0, le=10.0, doc="along y")
    depth_m: float = param(1.6, ge=1.4, le=2.4, doc="of the roof, along x")
    set: str = param("vienna", doc="whose bus stop sign", choices=("vienna", "us"))
    poster: bool = param(True, doc="an advertising case as its end wall, on the side of +y")
    variant: int = param(0, ge=0, le=100000, doc="which poster")
    shows: str = param("poster", doc="what the case shows; a person is of life size", choices=("poster", "person"))

    def build(self) -> Model:
        """Frame, panes, roof, bench, case, and a sign on a post beside it."""
        name, half, kit = "street_furniture", 0.5 * self.length_m, Kit("street_furniture")
        frame, pane = painted(name, (0.12, 0.13, 0.14)), glass(name)
        count = max(round(self.length_m / 1.3), 2)
        posts = np.linspace(-half + 0.04, half - 0.04, count + 1)
        for y in posts:
            kit.beam((-0.74, y - 0.03, 0.0), (-0.68, y + 0.03, 2.4), frame)
        for a, b in pairwise(posts):
            kit.beam((-0.715, a + 0.03, 0.25), (-0.705, b - 0.03, 2.2), pane)
        kit.beam((-0.72, -half + 0.02, 0.25), (0.3, -half + 0.03, 2.2), pane)
        for y in (-half + 0.03, half - 0.03):
            kit.beam((0.28, y - 0.03, 0.0), (0.34, y + 0.03, 2.4), frame)
        rear, front = -0.05 - 0.5 * self.depth_m, -0.05 + 0.5 * self.depth_m
        kit.beam((rear, -half - 0.1, 2.4), (front, half + 0.1, 2.5), painted(name, (0.2, 0.21, 0.22)))
        kit.beam((-0.62, -0.5 * half, 0.42), (-0.25, 0.5 * half, 0.46), wooden(name, (0.24, 0.15, 0.08)))
        for y in (-0.4 * half, 0.4 * half):
            kit.beam((-0.46, y - 0.02, 0.0), (-0.4, y + 0.02, 0.42), painted(name, DARK))
        if self.poster:
            self._case(kit, half)
        else:
            kit.beam((-0.72, half - 0.03, 0.25), (0.3, half - 0.02, 2.2), pane)
        self._sign(kit, half)
        return kit.model("bus_stop", 600.0)

    def _case(self, kit: Kit, half: float) -> None:
        case = painted(kit.class_name, (0.1, 0.1, 0.11))
        kit.beam((-0.68, half - 0.11, 0.25), (0.62, half + 0.01, 2.2), case)
        for y, s in ((half - 0.112, -1.0), (half + 0.012, 1.0)):
            corners = np.array(
                [
                    [-0.03 + s * 0.58, y, 0.4],
                    [-0.03 - s * 0.58, y, 0.4],
                    [-0.03 - s * 0.58, y, 2.1],
                    [-0.03 + s * 0.58, y, 2.1],
                ]
            )
            tall = 1.7 / 1.16
            print_ = person_picture(self.variant, tall, 1.16) if self.shows == "person" else poster(self.variant, tall)
            kit.picture(corners, print_, painted(kit.class_name, DARK, 0.15))

    def _sign(self, kit: Kit, half: float) -> None:
        face = {"vienna": VIENNA, "us": UNITED_STATES}[self.set]["bus_stop"]
        y, x = half + 0.6, 0.2
        kit.add(cylinder(0.03, 2.7, 12).moved((x, y, 1.35)), painted(kit.class_name, (0.35, 0.36, 0.37)))
        low, high = face.points.min(0) * 0.5 * face.width_m, face.points.max(0) * 0.5 * face.width_m
        kit.add(
            box((0.02, float(high[0] - low[0]), float(high[1] - low[1]))).moved((x, y, 2.5)),
            painted(kit.class_name, (0.5, 0.5, 0.5)),
        )
        for side in (1.0, -1.0):
            at = x + 0.0105 * side
            corners = np.array(
                [
                    [at, y + side * u, 2.5 + v]
                    for u, v in ((low[0], low[1]), (high[0], low[1]), (high[0], high[1]), (low[0], high[1]))
                ]
            )
            kit.picture(corners, face.canvas(face.words), painted(kit.class_name, DARK, 0.4))
