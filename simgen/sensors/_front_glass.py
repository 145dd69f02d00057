"""The pane in front of a lens that weather meets: where it is, and what keeps it clean."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.records.base import F8
from simgen.registry import param

#: advancing and receding contact angles lie so far above and below the one at rest, rad
_HYSTERESIS = math.radians(12.0)


@dataclass(frozen=True, kw_only=True)
class FrontGlass:
    """A pane, a windscreen or a camera's own window, on which drops of rain and melted snow gather."""

    distance_m: float = param(
        0.06, ge=0.002, le=1.0, doc="from the lens's pupil: a windscreen 0.03 to 0.1, a camera's own window 0.005"
    )
    tilt_deg: float = param(
        30.0, ge=-80.0, le=85.0, doc="how far it leans back, facing up, from across the lens's axis"
    )
    shelter: float = param(0.0, ge=0.0, le=1.0, doc="share of what would hit it that a hood keeps off")
    contact_angle_deg: float = param(
        45.0,
        ge=10.0,
        le=120.0,
        doc="of water on it: flat drops on clean glass, 20 to 50; round ones where it is waxed, 95",
    )
    wiper_s: float | None = param(None, ge=0.4, le=120.0, doc="from one wipe to the next; no wiper if absent")
    blade_mm: float = param(8.0, ge=0.0, le=60.0, doc="width of the wiper's blade in the picture; 0 = not seen")
    before_s: float = param(20.0, ge=0.0, le=600.0, doc="how long it has been out in the weather at time 0")

    def __post_init__(self) -> None:
        if self.shelter == 1.0:
            raise ValueError("shelter: 1 keeps everything off: leave glass away instead")

    @property
    def facing(self) -> F8:
        """Right, down and outward along and from the pane, in the camera's frame, as rows (3, 3)."""
        c, s = math.cos(math.radians(self.tilt_deg)), math.sin(math.radians(self.tilt_deg))
        return np.array([[1.0, 0.0, 0.0], [0.0, c, s], [0.0, -s, c]])

    @property
    def form(self) -> float:
        """Volume of a drop by the cube of its wetted radius: ``pi (2 - 3 c + c^3) / (3 s^3)``, a cap of a sphere."""
        c, s = math.cos(self._contact), math.sin(self._contact)
        return math.pi * (2.0 - 3.0 * c + c**3) / (3.0 * s**3)

    @property
    def hold(self) -> float:
        """Difference of the cosines of the receding and the advancing contact angle."""
        return math.cos(max(self._contact - _HYSTERESIS, 0.0)) - math.cos(min(self._contact + _HYSTERESIS, math.pi))

    @property
    def steep(self) -> float:
        """Sine of the slope at a drop's outline, as seen from the pane: 1 where it is rounder than half a ball."""
        return math.sin(min(self._contact, 0.5 * math.pi))

    @property
    def wide(self) -> float:
        """Radius of a drop's outline by that of its wetted disc: more than 1 where it is rounder than half a ball."""
        return max(1.0, 1.0 / math.sin(self._contact)) if self._contact > 0.5 * math.pi else 1.0

    @property
    def _contact(self) -> float:
        return math.radians(self.contact_angle_deg)


__all__ = ["FrontGlass"]
