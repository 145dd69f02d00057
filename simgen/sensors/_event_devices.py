"""Event cameras that can be bought: sizes and thresholds, as published.

Thresholds are the "minimum contrast sensitivity" of Gallego et al., Event-based Vision: A Survey (TPAMI 2020),
Table 1, taken to natural logarithms: a rise by 14.3 % is ln 1.143. Users set their devices less sensitive as a rule.
Noise figures are those of v2e (Hu, Liu, Delbruck 2021): sigma 0.03, leak 0.1 Hz and about 1 Hz of shot noise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class EventDevice:
    """What distinguishes one event camera from another; thresholds are steps of the natural logarithm."""

    width: int
    height: int
    threshold_on: float
    threshold_off: float
    threshold_sigma: float = 0.03
    refractory_s: float = 1e-4
    leak_rate_hz: float = 0.1
    shot_noise_hz: float = 1.0


def _both(contrast: float) -> tuple[float, float]:
    return math.log1p(contrast), -math.log1p(-contrast)


def _device(width: int, height: int, on: float, off: float, **fields: float) -> EventDevice:
    rise, fall = round(_both(on)[0], 4), round(_both(off)[1], 4)
    return EventDevice(width=width, height=height, threshold_on=rise, threshold_off=fall, **fields)


EVENT_DEVICES: Final[dict[str, EventDevice]] = {
    # no device: the thresholds that simulators use
    "generic": EventDevice(width=640, height=480, threshold_on=0.2, threshold_off=0.2),
    # iniVation, 18.5 um pixels
    "davis346": _device(346, 260, 0.143, 0.225, refractory_s=5e-4),
    # iniVation with Samsung's third generation, 9 um pixels
    "dvxplorer": _device(640, 480, 0.15, 0.15),
    # Prophesee's and Sony's fourth generation, 4.86 um pixels
    "gen4": _device(1280, 720, 0.11, 0.11),
    # Prophesee PPS3MVCD, 15 um pixels: the pair of DSEC (Gehrig et al., RA-L 2021)
    "dsec": _device(640, 480, 0.12, 0.12),
}
