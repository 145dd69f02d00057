"""Advertising columns and billboards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.assets._canvas import Canvas, skin_of
from simgen.assets._kit import DARK, Kit, painted, steel
from simgen.assets._photographs import person_picture
from simgen.assets._posters import poster
from simgen.assets.base import Asset
from simgen.records.base import U1
from simgen.records.mesh import Surface
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.builder import corner_normals
from simgen.shapes.lattice import lattice, revolve


@register("asset", "advertising")
@dataclass(frozen=True, kw_only=True)
class Advertising(Asset):
    """A column pasted with posters, a billboard, or a lit case on a foot; billboards face +x (class street_furniture).

    Columns are about 1.2 m wide and 3.4 m tall; billboards 3.6 x 2.6 m (18/1 sheets); city-light posters 1.2 x 1.75 m.
    """

    kind: str = param("column", doc="which carrier", choices=("column", "billboard", "case"))
    variant: int = param(0, ge=0, le=100000, doc="which posters")
    shows: str = param(
        "poster", doc="billboard, case: what is on it; a person is of life size", choices=("poster", "person")
    )

    def build(self) -> Model:
        """The carrier and its posters."""
        kit, name = Kit("street_furniture"), "street_furniture"
        grey = painted(name, (0.16, 0.17, 0.18))
        if self.kind == "column":
            foot = [[0.0, 0.0], [0.64, 0.0], [0.64, 0.25], [0.6, 0.28]]
            roof = [[0.6, 2.9], [0.66, 2.95], [0.66, 3.05], [0.3, 3.3], [0.0, 3.4]]
            for profile in (foot, [[0.6, 0.28], [0.6, 2.9]], roof):
                kit.add(revolve(profile, 28), grey, smooth_deg=30.0)
            for k in range(4):
                self._pasted(kit, k)
        elif self.kind == "billboard":
            kit.beam((-0.12, -1.85, 0.9), (0.0, 1.85, 3.6), grey)
            corners = np.array([[0.003, -1.78, 0.97], [0.003, 1.78, 0.97], [0.003, 1.78, 3.53], [0.003, -1.78, 3.53]])
            kit.picture(corners, self._printed(self.variant, 3.56, 2.56), painted(name, DARK, 0.5))
            for y in (-1.3, 1.3):
                kit.beam((-0.28, y - 0.06, 0.0), (-0.12, y + 0.06, 3.3), steel(name))
        else:
            kit.beam((-0.12, -0.2, 0.0), (0.12, 0.2, 0.7), grey)
            kit.beam((-0.1, -0.68, 0.7), (0.1, 0.68, 2.6), grey)
            for x, s in ((0.102, 1.0), (-0.102, -1.0)):
                corners = np.array([[x, -s * 0.6, 0.78], [x, s * 0.6, 0.78], [x, s * 0.6, 2.52], [x, -s * 0.6, 2.52]])
                kit.picture(corners, self._printed(self.variant + (s < 0), 1.2, 1.74), painted(name, DARK, 0.15))
        return kit.model("advertising", 400.0, attributes=(("kind", self.kind),))

    def _printed(self, variant: int, width_m: float, height_m: float) -> Canvas | U1:
        if self.shows == "person":
            return person_picture(variant, height_m / width_m, width_m)
        return poster(variant, height_m / width_m)

    def _pasted(self, kit: Kit, k: int) -> None:
        """A poster round a fifth of the column."""
        angle = np.linspace(0.0, 1.35, 8) + 1.57 * k + 0.05
        rows = [np.stack([0.604 * np.cos(angle), 0.604 * np.sin(angle), np.full(8, z)], -1) for z in (1.0, 2.2)]
        soup = lattice(np.stack(rows))
        u = np.linspace(0.0, 1.0, 8)
        uv = np.concatenate([np.stack([u, np.full(8, v)], -1) for v in (0.0, 1.0)])
        skin, mean = skin_of("poster", poster(self.variant + 7 * k, 1.2 / 0.82).rgba())
        paper = Surface(class_name=kit.class_name, base_color=mean, roughness=0.7, skin=skin)
        kit.builder.add_corners(soup, corner_normals(soup), paper, uv=uv[soup.triangles])
