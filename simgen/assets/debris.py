"""Things lost on the road."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simgen.assets._kit import Kit, painted, steel, wooden
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.rng import Stream, stream
from simgen.shapes.lattice import loft, revolve
from simgen.shapes.primitives import bar, box, sphere
from simgen.shapes.soup import Soup, join

KINDS: Final = ("cardboard_box", "tyre", "tyre_tread", "ladder", "plastic_bag", "crate", "plank", "bumper", "rock")
_MASS_KG: Final = (1.0, 9.0, 4.0, 12.0, 0.05, 4.0, 6.0, 4.0, 15.0)


@register("asset", "debris")
@dataclass(frozen=True, kw_only=True)
class Debris(Asset):
    """Something lost on the road (class debris): boxes, tyres and pieces of them, ladders, bags, crates, planks, rocks.

    The kinds that highway authorities report most (Tefft, AAA Foundation 2016: parts of vehicles, loads, branches).
    """

    kind: str = param("cardboard_box", doc="what it is", choices=KINDS)
    size_share: float = param(1.0, ge=0.5, le=2.0, doc="against its usual size")
    variant: int = param(0, ge=0, le=100000, doc="how it is bent, torn or crumpled")

    def build(self) -> Model:
        """The thing, lying on the ground."""
        rng, kit = stream(self.variant, "debris", self.kind), Kit("debris")
        make = {
            "cardboard_box": self._cardboard, "tyre": self._tyre, "tyre_tread": self._tread, "ladder": self._ladder,
            "plastic_bag": self._bag, "crate": self._crate, "plank": self._plank, "bumper": self._bumper,
            "rock": self._rock,
        }[self.kind]  # fmt: skip
        make(kit, rng)
        mass = _MASS_KG[KINDS.index(self.kind)] * self.size_share**3
        return kit.model("debris", mass, attributes=(("kind", self.kind),))

    def _sized(self, soup: Soup) -> Soup:
        return soup.scaled((self.size_share,) * 3)

    def _cardboard(self, kit: Kit, rng: Stream) -> None:
        card = painted("debris", (0.36, 0.24, 0.13), 0.85)
        size = rng.uniform(0.85, 1.15, 3) * [0.4, 0.5, 0.35]
        kit.add(self._sized(box(size).moved((0, 0, 0.5 * size[2]))), card)
        kit.add(
            self._sized(box((size[0] + 0.002, 0.05, 0.002)).moved((0, 0, size[2]))),
            painted("debris", (0.5, 0.4, 0.25)),
            shape="none",
        )
        for s in (1.0, -1.0):
            lid = bar(
                [0.0, s * 0.5 * size[1], size[2]], [0.0, s * (0.5 * size[1] + 0.13), size[2] + 0.1], size[0], 0.006
            )
            kit.add(self._sized(lid), card)

    def _tyre(self, kit: Kit, rng: Stream) -> None:
        ring = [
            [0.19, 0.02],
            [0.24, 0.0],
            [0.3, 0.01],
            [0.32, 0.05],
            [0.32, 0.15],
            [0.3, 0.19],
            [0.24, 0.2],
            [0.19, 0.18],
            [0.19, 0.02],
        ]
        kit.add(self._sized(revolve(ring, 28)), painted("debris", (0.02, 0.02, 0.021), 0.92))

    def _tread(self, kit: Kit, rng: Stream) -> None:
        """A strip of a lorry's tyre: long, curled, frayed."""
        t = np.linspace(0.0, 1.0, 15)
        curl = rng.uniform(1.2, 2.4)
        x = 1.1 * (t - 0.5)
        y = 0.18 * np.sin(curl * 2.0 * t + rng.uniform(0.0, 6.0))
        wide = 0.11 * rng.uniform(0.75, 1.1, 15)
        z = 0.02 + 0.07 * np.sin(np.pi * t * curl) ** 2
        rubber = painted("debris", (0.022, 0.022, 0.023), 0.95)
        for a in range(14):
            kit.add(self._sized(_strip(x[a : a + 2], y[a : a + 2], z[a : a + 2], wide[a : a + 2])), rubber)

    def _ladder(self, kit: Kit, rng: Stream) -> None:
        metal = steel("debris", (0.55, 0.56, 0.57))
        rails = [bar([-1.3, y, 0.035], [1.3, y, 0.035], 0.03, 0.07) for y in (-0.2, 0.2)]
        rungs = [bar([x, -0.2, 0.035], [x, 0.2, 0.035], 0.028, 0.028) for x in np.linspace(-1.15, 1.15, 9)]
        kit.add(self._sized(join([*rails, *rungs])), metal, shape="box")

    def _bag(self, kit: Kit, rng: Stream) -> None:
        """Crumpled film."""
        ball = sphere(0.2, 14, 9)
        bump = 1.0 + 0.3 * np.sin(ball.vertices @ rng.uniform(-30.0, 30.0, 3)) * np.cos(
            ball.vertices @ rng.uniform(-30.0, 30.0, 3)
        )
        points = ball.vertices * bump[:, None] * [1.0, 0.85, 0.6]
        points[:, 2] -= points[:, 2].min()
        color = ((0.7, 0.7, 0.68), (0.05, 0.05, 0.06), (0.1, 0.25, 0.5))[int(rng.integers(3))]
        kit.add(self._sized(Soup(points, ball.triangles, ball.tags)), painted("debris", color, 0.35), smooth_deg=25.0)

    def _crate(self, kit: Kit, rng: Stream) -> None:
        wood = wooden("debris", (0.3, 0.21, 0.12))
        slats = [box((0.5, 0.012, 0.07)).moved((0.0, s * 0.17, 0.05 + 0.1 * k)) for s in (1, -1) for k in range(3)]
        slats += [box((0.012, 0.35, 0.07)).moved((s * 0.25, 0.0, 0.05 + 0.1 * k)) for s in (1, -1) for k in range(3)]
        slats += [box((0.5, 0.08, 0.012)).moved((0.0, y, 0.008)) for y in (-0.12, 0.0, 0.12)]
        slats += [box((0.03, 0.03, 0.29)).moved((s * 0.23, q * 0.15, 0.147)) for s in (1, -1) for q in (1, -1)]
        low = min(float(s.vertices[:, 2].min()) for s in slats)
        kit.add(self._sized(join(slats).moved((0.0, 0.0, -low))), wood, shape="box")

    def _plank(self, kit: Kit, rng: Stream) -> None:
        long = rng.uniform(1.2, 2.2)
        kit.add(self._sized(box((long, 0.16, 0.04)).moved((0, 0, 0.02))), wooden("debris", (0.32, 0.22, 0.12)))

    def _bumper(self, kit: Kit, rng: Stream) -> None:
        """A plastic bumper skin on its edge."""
        y = np.linspace(-0.8, 0.8, 9)
        x = -0.28 * (y / 0.8) ** 4
        paint = painted(
            "debris", ((0.03, 0.03, 0.03), (0.4, 0.4, 0.41), (0.25, 0.02, 0.02))[int(rng.integers(3))], 0.35
        )
        for k in range(8):
            kit.add(self._sized(bar([x[k], y[k], 0.16], [x[k + 1], y[k + 1], 0.16], 0.025, 0.32)), paint)

    def _rock(self, kit: Kit, rng: Stream) -> None:
        ball = sphere(0.16, 10, 6)
        bump = 1.0 + 0.22 * np.sin(ball.vertices @ rng.uniform(-14.0, 14.0, 3) + 1.0)
        points = ball.vertices * bump[:, None] * [1.1, 0.9, 0.75]
        points[:, 2] -= points[:, 2].min()
        kit.add(
            self._sized(Soup(points, ball.triangles, ball.tags)),
            painted("debris", (0.22, 0.21, 0.19), 0.95),
            smooth_deg=20.0,
        )


def _strip(x: np.ndarray, y: np.ndarray, z: np.ndarray, wide: np.ndarray) -> Soup:
    """A piece of a band 2 cm thick between two cross-sections."""
    rings = [
        [[x[k], y[k] - wide[k], z[k] - 0.01], [x[k], y[k] + wide[k], z[k] - 0.01],
         [x[k], y[k] + wide[k], z[k] + 0.01], [x[k], y[k] - wide[k], z[k] + 0.01]]
        for k in (0, 1)
    ]  # fmt: skip
    return loft(np.array(rings))
