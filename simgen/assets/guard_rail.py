"""A steel guard rail."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.assets._kit import Kit, sheeting, steel
from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.lattice import lattice
from simgen.shapes.primitives import box
from simgen.shapes.soup import Soup, join

#: half a W-beam: depth towards the road and height, 312 mm tall and 81 mm deep (AASHTO M180; EN 1317 systems likewise)
_PROFILE = (
    (0.0, 0.0), (0.02, 0.012), (0.081, 0.048), (0.081, 0.078), (0.012, 0.125), (0.004, 0.156), (0.012, 0.187),
    (0.081, 0.234), (0.081, 0.264), (0.02, 0.3), (0.0, 0.312),
)  # fmt: skip


@register("asset", "guard_rail")
@dataclass(frozen=True, kw_only=True)
class GuardRail(Asset):
    """A W-beam on posts along y, its waves towards +x (class guard_rail); upper edge at 0.75 m (EN 1317 systems).

    Lengths that are whole numbers of the post spacing join without a gap.
    """

    length_m: float = param(4.0, ge=1.0, le=60.0, doc="along y")
    spacing_m: float = param(2.0, ge=1.0, le=4.0, doc="from post to post")
    height_m: float = param(0.75, ge=0.5, le=1.1, doc="ground to the rail's upper edge")
    reflectors: bool = param(True, doc="retro-reflectors in the rail's hollow at every other post")

    def build(self) -> Model:
        """Rail, posts, spacers."""
        zinc = steel("guard_rail")
        kit, half, low = Kit("guard_rail"), 0.5 * self.length_m, self.height_m - 0.312
        front = np.array(_PROFILE)
        outline = np.concatenate([front, (front - [0.004, 0.0])[::-1]])
        ends = np.stack(
            [np.stack([outline[:, 0], np.full(len(outline), y), outline[:, 1] + low], -1) for y in (-half, half)]
        )
        rail = lattice(ends, wrap=True)
        rail = rail if _points_out(rail) else rail.flipped()
        kit.add(rail, zinc, shape="box", smooth_deg=25.0)
        count = max(round(self.length_m / self.spacing_m), 1)
        posts = (np.arange(count) + 0.5) * self.length_m / count - half
        for y in posts:
            kit.beam((-0.155, y - 0.05, 0.0), (-0.095, y + 0.05, self.height_m), zinc)
            kit.beam((-0.095, y - 0.06, low + 0.06), (0.0, y + 0.06, low + 0.26), zinc)
        if self.reflectors:
            amber = sheeting("guard_rail", (0.7, 0.45, 0.03))
            marks = [box((0.012, 0.05, 0.05)).moved((0.016, y, low + 0.156)) for y in posts[::2]]
            kit.add(join(marks), amber, shape="none")
        return kit.model("guard_rail", 22.0 * self.length_m)


def _points_out(rail: Soup) -> bool:
    p = rail.vertices[rail.triangles]
    normal = np.stack(
        [(p[:, 1] - p[:, 0])[:, 1] * (p[:, 2] - p[:, 0])[:, 2] - (p[:, 1] - p[:, 0])[:, 2] * (p[:, 2] - p[:, 0])[:, 1]]
    )
    front = p.mean(1)[:, 0] > 0.06
    return float(normal[0][front].sum()) > 0.0
