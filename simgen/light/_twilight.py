"""The sky after sunset: a glow along the horizon where the sun went down, under a dome that ozone turns deep blue."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simgen.colorimetry import tint
from simgen.records.base import F8

#: the dome overhead, the glow above the horizon and at it, the band opposite the sun that is still lit
_DOME: Final = np.array(tint(0.247, 0.245))
_HIGH: Final = np.array(tint(0.355, 0.365))
_LOW: Final = np.array(tint(0.500, 0.405))
_BELT: Final = np.array(tint(0.335, 0.305))


def twilight_sky(directions: F8, sun: F8, depression_rad: float) -> F8:
    """Relative linear RGB of a clear sky with the sun that far below the horizon, any level of scale.

    A plain description, not a simulation: the ratio of horizon to zenith grows from 6 at sunset to 25 at the end of
    civil twilight, and the glow narrows, as measured skies show it (Rozenberg, "Twilight", 1966).
    """
    degrees = min(max(math.degrees(depression_rad), 0.0), 12.0)
    flat = np.hypot(directions[..., 0], directions[..., 1])
    across = max(float(np.hypot(sun[0], sun[1])), 1e-9)
    toward = (directions[..., 0] * sun[0] + directions[..., 1] * sun[1]) / np.maximum(flat * across, 1e-9)
    height = np.degrees(np.arcsin(np.clip(directions[..., 2], 0.0, 1.0)))
    side = (0.5 + 0.5 * toward) ** (1.5 + 0.25 * degrees)
    glow = (5.0 + 3.0 * degrees) * side * np.exp(-height / (14.0 - 0.6 * degrees))
    belt = 1.2 * (0.5 - 0.5 * toward) ** 2 * np.exp(-(((height - 2.0 * degrees - 3.0) / 6.0) ** 2))
    belt = belt * max(1.0 - degrees / 6.0, 0.0)
    low = np.exp(-height / 6.0)[..., None]
    dome = 1.0 + 1.0 * np.exp(-height / 12.0)
    return np.asarray(
        dome[..., None] * _DOME + glow[..., None] * (low * _LOW + (1.0 - low) * _HIGH) + belt[..., None] * _BELT
    )
