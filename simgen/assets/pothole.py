"""A hole broken out of a road's surface."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from simgen.assets._kit import Kit
from simgen.assets.base import Asset
from simgen.records.base import F8
from simgen.records.mesh import Surface
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.rng import Stream, stream
from simgen.shapes.ground_surfaces import ASPHALT
from simgen.shapes.lattice import lattice
from simgen.shapes.outlines import grown, ragged, shrunk
from simgen.shapes.primitives import sphere, triangulate
from simgen.shapes.soup import Soup

#: broken asphalt shows its stones; below lies the base course of crushed stone
_EDGE = replace(ASPHALT, class_name="pothole", base_color=(0.055, 0.054, 0.053), texture_scale_m=0.5)
_BASE = Surface(
    class_name="pothole", base_color=(0.105, 0.095, 0.082), roughness=0.97, lidar_reflectance=0.2, texture="gravel",
    texture_scale_m=0.5,
)  # fmt: skip
#: standing rain water over mud: what it sends back itself, and its smooth face
_WATER = Surface(class_name="pothole", base_color=(0.03, 0.027, 0.022), roughness=0.02, lidar_reflectance=0.02)
#: rings between rim and middle: share of the outline, and share of the depth
_RINGS = ((1.0, 0.0), (0.985, 0.3), (0.93, 0.62), (0.84, 0.8), (0.62, 0.94), (0.35, 1.0))
#: how far its rim reaches below the road around it, and how deep there
_UNDER_M, _BELOW_M = 0.04, 0.003


@register("asset", "pothole")
@dataclass(frozen=True, kw_only=True)
class Pothole(Asset):
    """A pothole (class pothole): a bowl below the road's surface with a broken rim, crushed stone at its bottom.

    Its origin lies on the road. It is seen where the road has the hole: the world ``pitted`` cuts it, as the edge case
    ``pothole`` does. Distress manuals call 25 mm to 50 mm of depth moderate and more severe, 0.15 m to 0.9 m across
    usual (FHWA-HRT-13-092, Distress Identification Manual, 2014). Stones lie around it; nothing collides with it.
    """

    length_m: float = param(0.9, ge=0.15, le=4.0, doc="along its x axis")
    width_m: float = param(0.7, ge=0.15, le=3.0, doc="across")
    depth_m: float = param(0.09, ge=0.02, le=0.3, doc="from the road down to its bottom")
    water_share: float = param(0.0, ge=0.0, le=0.95, doc="how far it is filled with water; 0 = dry")
    stones: int = param(24, ge=0, le=200, doc="crumbs of asphalt that lie around it")
    variant: int = param(0, ge=0, le=100000, doc="how it is broken")

    @property
    def outline(self) -> F8:
        """Its rim, (C, 2) in its own frame."""
        return ragged(self.length_m, self.width_m, self.variant)

    def build(self) -> Model:
        """Rim, bowl, water and crumbs."""
        kit, rng = Kit("pothole"), stream(self.variant, "pothole")
        kit.add(self._bowl(rng), _EDGE, _BASE, shape="none", smooth_deg=35.0)
        if self.water_share > 0.0:
            z = -self.depth_m * (1.0 - self.water_share)
            rim = shrunk(self.outline, 0.995)
            corners = np.concatenate([rim, np.full((len(rim), 1), z)], -1)
            kit.add(Soup.of(corners, triangulate(rim)), _WATER, shape="none")
        for soup in self._crumbs(rng):
            kit.add(soup, _EDGE, shape="none")
        fields = {"depth_m": f"{self.depth_m:g}", "water_share": f"{self.water_share:g}"}
        return kit.model("pothole", 1.0, attributes=tuple(fields.items()))

    def _bowl(self, rng: Stream) -> Soup:
        rim = self.outline
        under = np.concatenate([grown(rim, _UNDER_M), np.full((len(rim), 1), -_BELOW_M)], -1)
        rings = [under]
        for k, (share, deep) in enumerate(_RINGS):
            rough = 0.12 * self.depth_m * rng.normal(0.0, 1.0, len(rim)).clip(-1.5, 1.5) if k > 1 else 0.0
            z = -self.depth_m * deep + rough
            inner = shrunk(rim, share) + (rng.normal(0.0, 0.008, rim.shape).clip(-0.012, 0.012) if k > 0 else 0.0)
            rings.append(np.concatenate([inner, np.broadcast_to(z, (len(rim),))[:, None].clip(-self.depth_m, 0.0)], -1))
        tags = np.repeat([[0], [0], [0], [1], [1], [1]], len(rim), axis=1)
        # from the rim inwards, so that it faces up
        side = lattice(np.stack(rings)[::-1], wrap=True, tags=tags[::-1])
        middle = rings[-1].mean(0, keepdims=True) * [1.0, 1.0, 0.0] - [0.0, 0.0, self.depth_m]
        corner = np.arange(len(rim))
        floor = np.stack([np.full_like(corner, len(rim)), corner, (corner + 1) % len(rim)], -1)
        lid = Soup.of(np.concatenate([rings[-1], middle]), floor, 1)
        return _joined(side, lid)

    def _crumbs(self, rng: Stream) -> list[Soup]:
        """Loose pieces outside the rim, most on the side to which wheels throw them."""
        found = []
        for _ in range(self.stones):
            size = float(rng.uniform(0.008, 0.022))
            corner = self.outline[int(rng.integers(len(self.outline)))]
            at = corner * (1.0 + rng.exponential(0.25)) + np.array([rng.exponential(0.15), 0.0])
            form = sphere(size, 6, 4).scaled(rng.uniform(0.6, 1.1, 3))
            found.append(form.moved((float(at[0]), float(at[1]), 0.5 * size)))
        return found


def _joined(side: Soup, lid: Soup) -> Soup:
    vertices = np.concatenate([side.vertices, lid.vertices])
    triangles = np.concatenate([side.triangles, lid.triangles + len(side.vertices)])
    return Soup.of(vertices, triangles, np.concatenate([side.tags, lid.tags]))
