"""Exposure: aperture, time and sensitivity, set by hand or by the camera itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from simgen.records.base import U1, U2
from simgen.registry import param
from simgen.units import NS_PER_S


@dataclass(frozen=True, kw_only=True)
class Exposure:
    """How much light a picture gets.

    By hand: ``EV100 = log2(N^2 / t * 100 / S)`` (ISO 2720) from the aperture, ``time_s`` and ``iso``. Automatic: from
    the average luminance, ``EV100 = log2(L 100 / 12.5)``; the time gets longer as it gets darker, up to ``time_s``,
    then the sensitivity rises up to ``iso_max``. Without ``time_s`` automatic exposure knows no limit.
    """

    mode: Literal["auto", "manual"] = param("auto", doc="who sets it")
    time_s: float | None = param(None, gt=0.0, le=60.0, doc="manual: how long; auto: the longest")
    shortest_s: float = param(2e-5, gt=0.0, le=1.0, doc="auto: the shortest time")
    iso: float | None = param(None, gt=0.0, le=1e6, doc="sensitivity; auto: the lowest; none = the imager's own")
    iso_max: float = param(3200.0, gt=0.0, le=1e6, doc="auto: the highest sensitivity")
    bias_ev: float = param(0.0, ge=-10.0, le=10.0, doc="auto: brighter by so many steps of factor 2")
    lag_s: float = param(0.0, ge=0.0, le=60.0, doc="auto: time constant with which it follows; 0 = at once")
    metering: Literal["average", "centre"] = param("average", doc="auto: where it looks")

    def __post_init__(self) -> None:
        if self.mode == "manual" and self.time_s is None:
            raise ValueError("mode manual needs time_s")
        if self.mode == "manual" and (self.bias_ev != 0.0 or self.lag_s != 0.0):
            raise ValueError("bias_ev and lag_s are for mode auto: a manual exposure does not follow anything")
        if self.mode == "auto" and self.time_s is not None and self.time_s < self.shortest_s:
            raise ValueError(f"time_s {self.time_s:g} must be at least shortest_s {self.shortest_s:g}")
        if self.mode == "auto" and self.iso is not None and self.iso > self.iso_max:
            raise ValueError(f"iso {self.iso:g} must be at most iso_max {self.iso_max:g}")

    @property
    def longest_s(self) -> float:
        """The longest that the shutter is ever open, s; 0 = the picture is of one instant."""
        return self.time_s or 0.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Memory:
    """What a camera remembers of its last frame: its exposure, what it metered, and the picture."""

    time_ns: int = 0
    ev: float | None = None
    metered: float | None = None
    rgb: U1 | None = None
    raw: U2 | None = None

    def exposure(self, time_ns: int, lag_s: float) -> float | None:
        """The EV of a frame, ``1 - exp(-dt / lag)`` of the way to what the last one metered; None = at once."""
        if self.ev is None or self.metered is None or lag_s <= 0.0:
            return None
        way = 1.0 - math.exp(-(time_ns - self.time_ns) / (lag_s * NS_PER_S))
        return self.ev + (self.metered - self.ev) * way


__all__ = ["Exposure", "Memory"]
