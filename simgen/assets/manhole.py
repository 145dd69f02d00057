"""A manhole cover."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.assets._kit import Kit
from simgen.assets.base import Asset
from simgen.records.mesh import Surface
from simgen.records.model import Model
from simgen.registry import param, register
from simgen.shapes.primitives import box, cylinder

#: cast iron, polished by wheels where it stands out, and rust and dirt between
_IRON = Surface(
    class_name="street_furniture", base_color=(0.12, 0.115, 0.11), roughness=0.45, metallic=0.6, lidar_reflectance=0.18
)
_DIRT = Surface(class_name="street_furniture", base_color=(0.04, 0.036, 0.032), roughness=0.9, lidar_reflectance=0.08)
_RIM_M, _TOP_M = 0.006, 0.012


@register("asset", "manhole")
@dataclass(frozen=True, kw_only=True)
class Manhole(Asset):
    """A round manhole cover of cast iron in its frame, flush with the road (class street_furniture).

    Clear opening of 600 mm (EN 124), a pattern of studs. It rises 12 mm; nothing collides with it.
    """

    diameter_m: float = param(0.66, ge=0.4, le=1.2, doc="of the cover")
    open_share: float = param(0.0, ge=0.0, le=0.6, doc="how far the cover has slid off its frame")

    def build(self) -> Model:
        """Frame, cover, studs."""
        kit, half = Kit("street_furniture"), 0.5 * self.diameter_m
        kit.add(cylinder(half + 0.06, _RIM_M, 40).moved((0.0, 0.0, 0.5 * _RIM_M)), _IRON, shape="none")
        slid = self.open_share * self.diameter_m
        disc = cylinder(half, 0.003, 40).moved((slid, 0.0, _RIM_M + 0.0015))
        kit.add(disc, _DIRT, shape="none")
        if slid > 0.0:
            kit.add(cylinder(half, 0.001, 40).moved((0.0, 0.0, _RIM_M + 0.0005)), _DIRT, shape="none")
        for x, y in self._studs(half):
            kit.add(box((0.05, 0.025, 0.003)).moved((x + slid, y, _TOP_M - 0.0015)), _IRON, shape="none")
        return kit.model("manhole", 60.0)

    def _studs(self, half: float) -> list[tuple[float, float]]:
        """Rows of studs, every other one shifted."""
        step = 0.075
        rows = np.arange(-int(half / step), int(half / step) + 1)
        found = [((k + 0.5 * (abs(r) % 2)) * step, r * step) for r in rows.tolist() for k in rows.tolist()]
        return [(x, y) for x, y in found if x * x + y * y < (half - 0.05) ** 2]
