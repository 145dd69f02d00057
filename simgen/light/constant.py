"""A uniform dome and, if wanted, one directional lamp: studios, rooms, furnace tests."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.light._sun import sun_vector
from simgen.light.base import Light
from simgen.records.lights import LUMINANCE_RGB, LightField
from simgen.registry import param, register

_ROWS, _COLUMNS = 32, 64


@register("light", "constant")
@dataclass(frozen=True, kw_only=True)
class Constant(Light):
    """The same luminance from every direction, and a lamp far away.

    A matt white surface under a dome of luminance ``L`` alone shows exactly ``L`` (illuminance ``pi L``). The lamp
    stands for a studio light or a window: ``lamp_lux`` on a plane that faces it, 0 = none.
    """

    luminance_cd_m2: float = param(120.0, ge=0.0, doc="luminance of the dome (120 = 377 lx, a bright office)")
    color: tuple[float, float, float] = param((1.0, 1.0, 1.0), doc="linear RGB of dome and lamp; only ratios count")
    lamp_lux: float = param(500.0, ge=0.0, doc="illuminance of the lamp on a plane that faces it; 0 = no lamp")
    lamp_elevation_deg: float = param(55.0, ge=-90.0, le=90.0, doc="height of the lamp over the horizon")
    lamp_azimuth_deg: float = param(215.0, ge=-360.0, le=360.0, doc="direction of the lamp from north, clockwise")
    lamp_radius_deg: float = param(1.5, gt=0.0, le=20.0, doc="half the angle under which the lamp is seen")

    def __post_init__(self) -> None:
        if min(self.color) < 0.0 or self._scale <= 0.0:
            raise ValueError("color needs three parts of 0 or more, not all of them 0")

    @property
    def _scale(self) -> float:
        return float(sum(c * w for c, w in zip(self.color, LUMINANCE_RGB, strict=True)))

    def field(self) -> LightField:
        """Dome and lamp in photometric units."""
        tint = np.array(self.color) / self._scale
        sky = np.broadcast_to(tint * self.luminance_cd_m2, (_ROWS, _COLUMNS, 3))
        return LightField(
            sun_direction=sun_vector(math.radians(self.lamp_elevation_deg), math.radians(self.lamp_azimuth_deg)),
            sun_illuminance=np.asarray(tint * self.lamp_lux, np.float32),
            sky=np.ascontiguousarray(sky, np.float32),
            sun_radius_rad=math.radians(self.lamp_radius_deg),
        )
