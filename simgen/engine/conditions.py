"""The weather of a rendering as a table of labels."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np

from simgen.records.base import F8, I8
from simgen.records.conditions import Conditions
from simgen.units import NS_PER_S
from simgen.weather.base import Air

#: from one row to the next
STEP_NS: Final = 100_000_000
#: height over the ego's or the world's origin at which visibility is told: that of an observer's eyes (WMO-No. 8)
EYES_M: Final = 1.5
#: contrast that is left at the meteorological optical range, and where in the spectrum
_CONTRAST: Final = 0.05
_GREEN_NM: Final = 550.0


def instants(duration_ns: int) -> I8:
    """When the conditions are told: every tenth of a second, and at the end."""
    return np.append(np.arange(0, duration_ns, STEP_NS, dtype=np.int64), duration_ns)


def conditions_of(air: Callable[[int], Air], times: I8, places: F8) -> Conditions:
    """The weather at instants (K,) at places (K, 3) of the world."""
    now = [air(int(t)) for t in times]
    extinction = np.array([_extinction(a, p) for a, p in zip(now, places, strict=True)])
    with np.errstate(divide="ignore"):
        visibility = -math.log(_CONTRAST) / extinction
    rates = {name: np.array([getattr(a.rates, name) for a in now]) for name in ("rain_mm_h", "snow_mm_h", "hail_mm_h")}
    surfaces = {n: np.array([getattr(a.surface, n) for a in now]) for n in ("wetness", "puddles", "snow_m", "ice")}
    wind = [np.zeros(3) if a.wind is None else a.wind.velocity(_seconds(t))[0] for a, t in zip(now, times, strict=True)]
    return Conditions(
        time_ns=times,
        visibility_m=visibility,
        **rates,
        **surfaces,
        uneven=np.array([float(len(a.volumes) > 0) for a in now]),
        wind=np.array(wind).reshape(-1, 3),
    )


def _extinction(air: Air, place: F8) -> float:
    """Of all the air that is there, 1/m."""
    parts = (v.medium.extinction_at(_GREEN_NM) * float(v.density(place)) for v in air.volumes)
    return air.medium.extinction_at(_GREEN_NM) + sum(parts)


def _seconds(time_ns: int) -> F8:
    return np.array([time_ns / NS_PER_S])


__all__ = ["EYES_M", "STEP_NS", "conditions_of", "instants"]
