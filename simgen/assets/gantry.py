"""A gantry over the road."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from simgen.assets._canvas import BLUE, GREEN, WHITE, Canvas, Ink, arrow, check_words, rect
from simgen.assets._kit import DARK, Kit, concrete, painted, sheeting, steel
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.primitives import bar, box
from simgen.shapes.soup import join


@register("asset", "gantry")
@dataclass(frozen=True, kw_only=True)
class Gantry(Asset):
    """A lattice beam over the road along y on two legs (class pole), with guide signs that face +x (traffic_sign).

    It clears 5.5 m (4.7 to 5.5 m are asked for in Europe, 17 ft by the MUTCD 2A.18); the origin is below the middle.
    """

    width_m: float = param(14.0, ge=5.0, le=40.0, doc="between the legs, along y")
    clearance_m: float = param(5.5, ge=4.5, le=8.0, doc="ground to the signs' lower edges")
    text: str = param("Altdorf|Neustadt", doc="what the signs say: one sign for each part between ||, lines end with |")
    set: str = param("vienna", doc="blue signs or green ones", choices=("vienna", "us"))

    def __post_init__(self) -> None:
        check_words(self.text)

    def build(self) -> Model:
        """Legs, beam, signs."""
        kit, half, low = Kit("pole"), 0.5 * self.width_m, self.clearance_m
        zinc = steel("pole")
        for y in (-half, half):
            kit.beam((-0.25, y - 0.25, 0.0), (0.25, y + 0.25, 0.6), concrete("pole"))
            kit.beam((-0.14, y - 0.14, 0.6), (0.14, y + 0.14, low + 1.9), zinc)
        chords = [bar([x, -half, z], [x, half, z], 0.09, 0.09) for x in (-0.3, 0.3) for z in (low + 0.9, low + 1.7)]
        count = max(round(self.width_m / 1.2), 3)
        ys = np.linspace(-half, half, count + 1)
        braces = [
            bar([x, a, low + (0.9 if k % 2 else 1.7)], [x, b, low + (1.7 if k % 2 else 0.9)], 0.05, 0.05)
            for x in (-0.3, 0.3)
            for k, (a, b) in enumerate(pairwise(ys))
        ]
        kit.add(join([*chords, *braces]), zinc, shape="box")
        signs = self.text.split("||")
        step = self.width_m / len(signs)
        for k, words in enumerate(signs):
            # the first one is on the left of those who read them, which is +y here
            self._sign(kit, -half + (k + 0.5) * step, words, min(0.8 * step, 5.0))
        return kit.model("gantry", 4000.0, attributes=(("text", self.text),))

    def _sign(self, kit: Kit, y: float, words: str, wide: float) -> None:
        tall, ground = 0.62 * wide, BLUE if self.set == "vienna" else GREEN
        canvas = guide(words, ground, wide, tall)
        back = painted("traffic_sign", (0.35, 0.36, 0.37), 0.5)
        kit.add(box((0.06, wide, tall)).moved((0.4, y, self.clearance_m + 0.5 * tall)), back)
        x, z = 0.4305, self.clearance_m
        w = 0.5 * wide
        corners = np.array([[x, y - w, z], [x, y + w, z], [x, y + w, z + tall], [x, y - w, z + tall]])
        kit.picture(corners, canvas, sheeting("traffic_sign", DARK))


def guide(words: str, ground: Ink, wide: float, tall: float) -> Canvas:
    """A guide sign: white rim, lines of words, an arrow down to the lane."""
    canvas = Canvas((0.0, 0.0), (wide, tall), WHITE, 512)
    rim = 0.012 * wide
    canvas.draw([rect(rim, rim, wide - rim, tall - rim)], ground)
    rows = words.split("|")
    height = min(0.15 * tall, 0.6 * tall / (1.6 * len(rows)))
    for k, row in enumerate(rows):
        canvas.write(row, WHITE, 0.5 * wide, tall * 0.88 - 1.6 * height * (k + 0.3), height, 0.86 * wide)
    canvas.draw(arrow(0.05 * wide, [[0.5 * wide, 0.3 * tall], [0.5 * wide, 0.06 * tall]]), WHITE)
    return canvas
